"""What fills the terminal: a module or a room a screen, each put together of controllers over a narrow host (`host.py`)."""
