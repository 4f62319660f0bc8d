"""Encryption: the keys, and columns that are readable only through their own row."""
