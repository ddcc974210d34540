"""The outside world: calendars on CalDAV servers."""
