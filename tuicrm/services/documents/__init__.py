"""Documents made from items: what can be named, and what an item prints."""
