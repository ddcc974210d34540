"""Messages of every channel: what was said, to whom, on which items."""
