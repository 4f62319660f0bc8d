"""The screens: thin, one module for each family. Every view says at its door who may come in."""
