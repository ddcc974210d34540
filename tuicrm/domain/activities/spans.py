"""Stretches of time, half open, and what is free between them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """[start, end) of time, both aware, in UTC."""

    start: datetime
    end: datetime


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same time without overlaps, soonest first."""
    found: list[Span] = []
    for span in sorted(spans):
        if found and span.start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, span.end))
        elif span.start < span.end:
            found.append(span)
    return found


def free(busy: Iterable[Span], within: Span, least: timedelta = timedelta()) -> list[Span]:
    """What is left of `within` beside what is busy, no part of it shorter than `least`."""
    found, at = [], within.start
    for span in merged(busy):
        if span.start > at:
            found.append(Span(at, min(span.start, within.end)))
        at = max(at, span.end)
        if at >= within.end:
            break
    if at < within.end:
        found.append(Span(at, within.end))
    return [span for span in found if span.end - span.start >= max(least, timedelta(microseconds=1))]
