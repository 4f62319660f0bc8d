"""The screens that show many cases: today, the coordinator's list, reminders."""
