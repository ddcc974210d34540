"""Commands for what was done: undo, the log, an item as it was, how much room the past takes."""
