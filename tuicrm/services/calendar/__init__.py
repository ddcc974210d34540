"""The calendar: series, what is when, who is busy."""
