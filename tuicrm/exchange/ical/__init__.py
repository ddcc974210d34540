"""iCalendar (RFC 5545, 5546): files of other calendars, read into plain events and written from them."""
