"""Reminders: who is to be mailed, the mail of the day, the check of running cases, and the sweep
that does it all.
"""

from .mail_sweep import SweepResult, sweep

__all__ = ["SweepResult", "sweep"]
