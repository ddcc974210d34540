"""Documents: what a placeholder can stand for, and how that is printed."""
