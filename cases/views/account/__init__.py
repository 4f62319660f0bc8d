"""The screens of one's own account: signing in, settings, the session."""
