"""Lists of items, and what several screens do with items: add, edit, move, plan, merge, export."""
