"""Files of other programs and our own: read into plain rows, written from plain values."""
