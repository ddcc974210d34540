"""Planned work: what an activity is, how one typed line of it is read, and the time in which people work."""
