"""Short texts: SMS by a command, a daemon's folders or a gateway; WhatsApp and Telegram by what they offer to programs."""
