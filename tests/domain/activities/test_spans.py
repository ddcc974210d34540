"""Half-open spans of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain.activities.spans import Span, free, merged, overlaps

NINE = datetime(2027, 1, 11, 9, tzinfo=UTC)
SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 20)).map(lambda of: span(of[0], of[0] + of[1])), max_size=12
)


def span(begin: int, end: int) -> Span:
    return Span(NINE + timedelta(minutes=begin), NINE + timedelta(minutes=end))


def minutes(spans: list[Span]) -> set[int]:
    """Each minute that is in one of them."""
    return {
        at
        for one in spans
        for at in range(int((one.start - NINE).total_seconds() // 60), int((one.end - NINE).total_seconds() // 60))
    }


def test_what_ends_at_ten_leaves_ten_free() -> None:
    assert not overlaps(span(0, 60), span(60, 90))
    assert overlaps(span(0, 61), span(60, 90))
    assert overlaps(span(0, 90), span(10, 20))
    # What has no length is where it begins.
    assert overlaps(span(60, 60), span(60, 90))
    assert overlaps(span(60, 90), span(60, 60))
    assert not overlaps(span(90, 90), span(60, 90))
    assert overlaps(span(5, 5), span(5, 5))
    assert not overlaps(span(5, 5), span(6, 6))


@given(SPANS)
def test_merged_spans_are_the_same_time_apart(spans: list[Span]) -> None:
    found = merged(spans)
    assert minutes(found) == minutes(spans)
    assert all(one.end < other.start for one, other in pairwise(found))


@given(SPANS, SPANS, st.integers(0, 10))
def test_free_is_all_that_is_left(busy: list[Span], within: list[Span], least: int) -> None:
    found = free(busy, within, timedelta(minutes=least))
    assert minutes(found) <= minutes(within) - minutes(busy)
    assert all(one.length >= timedelta(minutes=max(least, 1)) for one in found)
    assert minutes(free(busy, within)) == minutes(within) - minutes(busy)
    assert free(busy, span(0, 50)) == free(busy, [span(0, 50)])
