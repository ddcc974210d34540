"""Messages: taken in, bound to items, read by who may; the inbox of those that are bound to nothing."""
