"""Finding anything by what was typed."""
