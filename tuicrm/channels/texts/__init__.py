"""SMS and messengers: how a text is handed over, and what comes back."""
