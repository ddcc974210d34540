"""Documents made from templates: empty so far."""
