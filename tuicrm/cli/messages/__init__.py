"""Commands of messages: channels, mail."""
