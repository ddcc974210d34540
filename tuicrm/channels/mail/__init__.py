"""Mail: composed, handed to a server."""
