"""The colours that an activity, or a kind of activities, can have: in calendars and timelines alike."""

from __future__ import annotations

ACTIVITY_COLOURS = {
    "1": "#539bf5",
    "2": "#57ab5a",
    "3": "#d29922",
    "4": "#e0823d",
    "5": "#e5534b",
    "6": "#b083f0",
    "7": "#39c5cf",
}
"""`#rrggbb` by what records hold."""
