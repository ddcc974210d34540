"""Moments as records hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tuicrm.domain.stamps import read_stamp, stamp


@given(st.datetimes(timezones=st.just(UTC)), st.datetimes(timezones=st.just(UTC)))
def test_texts_are_read_back_and_sort_as_the_moments_do(one: datetime, other: datetime) -> None:
    one, other = one.replace(microsecond=0), other.replace(microsecond=0)
    assert read_stamp(stamp(one)) == one
    assert (stamp(one) < stamp(other)) == (one < other)


def test_other_clocks_are_told_in_utc() -> None:
    rome = timezone(timedelta(hours=1))
    assert stamp(datetime(2027, 1, 12, 10, 0, 59, 999_999, rome)) == "2027-01-12T09:00:59Z"
    assert read_stamp("2027-01-12T10:00:00+01:00") == datetime(2027, 1, 12, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    "value",
    [None, 7, "", "2027-01-12T09:00:00", "2027-01-12", "soon", "0001-01-01T00:00:00+01:00", ["2027-01-12T09:00:00Z"]],
)
def test_what_is_no_moment_is_not_read(value: object) -> None:
    assert read_stamp(value) is None
