"""Documents made from templates: the files themselves."""
