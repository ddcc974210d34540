"""A workspace, its people and where it lies."""
