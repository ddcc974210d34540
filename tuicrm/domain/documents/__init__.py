"""Documents made from templates: what a template can say, and how values are printed."""
