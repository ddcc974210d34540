"""Commands of the calendar: files of it, servers that keep it, what is due, reminders."""
