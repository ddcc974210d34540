"""The card of an item: its fields, timeline and tabs, each a controller of its own."""
