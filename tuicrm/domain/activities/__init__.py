"""Planned work: what an activity is, when it is, how often."""
