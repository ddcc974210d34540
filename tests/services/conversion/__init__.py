"""Creating one item from another."""
