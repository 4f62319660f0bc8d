"""The verbs: the only way a case changes. Each takes ``by=`` (a user), is atomic, and is
journaled.
"""
