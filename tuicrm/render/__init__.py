"""Items as lines of styled text. Pure: neither Textual nor Rich is imported here."""
