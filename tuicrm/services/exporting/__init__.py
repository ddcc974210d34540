"""Items as files."""
