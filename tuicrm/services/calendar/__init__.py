"""Time: activities planned with all their parts, calendars, rooms, reminders."""
