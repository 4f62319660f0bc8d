"""The screens: thin, one module for each family. Every view says by a decorator who may open it."""
