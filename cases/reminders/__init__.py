"""Reminders: who is to be mailed, the mail of the day, the watch, and the sweep that does it all."""

from .mail_sweep import SweepResult, sweep

__all__ = ["SweepResult", "sweep"]
