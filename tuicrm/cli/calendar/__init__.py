"""Time on the command line: what is due, reminders."""
