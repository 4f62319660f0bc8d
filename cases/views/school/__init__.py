"""The screens of the school: its days, settings, windows and logo."""
