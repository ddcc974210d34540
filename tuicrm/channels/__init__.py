"""Mail, phone and messengers: empty so far."""
