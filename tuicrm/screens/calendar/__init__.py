"""Calendars: day, week, month, agenda, several side by side."""
