"""What cards show, and to whom."""
