"""Messages: channels and their accounts, what goes out, what comes in."""
