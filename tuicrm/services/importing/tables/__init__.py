"""Files of any kind as tables of one shape."""
