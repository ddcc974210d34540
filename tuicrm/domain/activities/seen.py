"""Who sees an activity whole: of a private one others know that somebody is busy then, and no more."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

SHOWN_OF_PRIVATE = frozenset((
    "owner", "at", "start", "end", "day", "last_day", "zone", "done", "done_at", "responsible", "by", "created",
    "private", "rooms", "rule", "wall", "skipped", "more", "of", "occurrence"
))  # fmt: skip
"""Of one that is private, what others know: that somebody is busy then."""


def is_of(doc: Mapping[str, Any], person: str) -> bool:
    """Whether what a record holds is somebody's own activity: planned by them, for them or with them."""
    people = doc.get("people")
    return person in (doc.get("responsible"), doc.get("by")) or (isinstance(people, dict) and person in people)


def as_seen(doc: dict[str, Any], person: str, busy: str) -> dict[str, Any]:
    """A record as somebody may see it: of a private one of others only when and whose it is, and `busy` for what."""
    if not doc.get("private") or is_of(doc, person):
        return doc
    return {"what": busy, **{name: value for name, value in doc.items() if name in SHOWN_OF_PRIVATE}}
