"""Reminders: which are due, claiming them, the mails, and the sweep that does it all."""

from .sweeping import SweepResult, sweep

__all__ = ["SweepResult", "sweep"]
