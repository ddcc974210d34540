"""What people do, a module each; all of them take a `Session`, the one door to the store."""
