"""Rows become items: read, compared, linked, written, reported."""
