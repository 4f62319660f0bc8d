"""Accounts: how often one may try to sign in, browsers that are known, and mail for a new
password.
"""
