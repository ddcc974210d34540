"""Mail: bytes read into plain values, folders and servers that it is taken from."""
