"""Planned work: what an activity holds, when it is, how it is read."""
