"""Creating one item from another (reference §8): what can be made, what would be copied where, and making it as one change."""
