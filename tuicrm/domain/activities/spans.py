"""Spans of time, half open: what ends at ten leaves ten free."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """From `start` on and before `end`, both aware and in UTC. One without length is a moment, and is where it begins."""

    start: datetime
    end: datetime

    @property
    def length(self) -> timedelta:
        """How long it lasts."""
        return self.end - self.start


def overlaps(one: Span, other: Span) -> bool:
    """Whether two have a moment in common. What has no length is in a span from its beginning on and before its end."""
    if one.start == one.end:
        return other.start <= one.start < other.end or one == other
    if other.start == other.end:
        return one.start <= other.start < one.end
    return one.start < other.end and other.start < one.end


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time in as few spans as can be, soonest first: what touches becomes one, what has no length is left out."""
    found: list[Span] = []
    for span in sorted(spans):
        if span.start >= span.end:
            continue
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        else:
            found.append(span)
    return found


def free(busy: Iterable[Span], within: Iterable[Span] | Span, least: timedelta = timedelta()) -> list[Span]:
    """What is left of `within` (one span or several) beside what is busy, soonest first, of at least that length."""
    taken, found = merged(busy), []
    first = 0
    for whole in merged([within] if isinstance(within, Span) else within):
        while first < len(taken) and taken[first].end <= whole.start:
            first += 1
        begin = whole.start
        for span in taken[first:]:
            if span.start >= whole.end:
                break
            found.append(Span(begin, span.start))
            begin = span.end
        found.append(Span(begin, whole.end))
    return [span for span in found if span.end > span.start and span.length >= least]
