"""Commands for card layouts, views and tabs."""
