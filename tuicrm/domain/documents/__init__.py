"""Documents, pure: templates and what was made of them, placeholders, values and how they are printed."""
