"""Boards, lists and their filters."""
