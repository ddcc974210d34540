"""Commands for items: what is listed, added, changed, moved, found."""
