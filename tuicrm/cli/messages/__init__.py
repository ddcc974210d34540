"""Commands of messages: calls, SMS."""
