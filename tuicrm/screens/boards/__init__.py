"""Boards: cards in columns of stages, or of days."""
