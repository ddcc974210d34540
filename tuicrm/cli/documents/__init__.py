"""The commands about documents and their templates."""
