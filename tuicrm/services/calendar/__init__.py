"""When people and rooms are taken, and by what."""
