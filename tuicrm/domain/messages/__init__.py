"""Messages of every channel: mail, calls, SMS, messengers. Pure."""
