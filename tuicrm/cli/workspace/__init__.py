"""Commands for a workspace as a whole, its people, and tuicrm itself."""
