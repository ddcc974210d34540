"""What is likely the same, and making one of several."""
