"""When something is to be done."""

from __future__ import annotations

from datetime import UTC

import pytest
from msgspec.structs import replace

from tests.conftest import NOW
from tuicrm.domain.kinds.base import BadValue
from tuicrm.services.items.activities import read_time, timing
from tuicrm.services.kernel.session import Session


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-12-18", "2026-12-18T11:00:00Z"),
        ("+3d", "2026-11-26T11:00:00Z"),
        ("today", "2026-11-23T11:00:00Z"),
        ("2026-12-18T09:30", "2026-12-18T09:30:00Z"),
        ("+3d 9:30", "2026-11-26T09:30:00Z"),
        ("+2h", "2026-11-23T12:00:00Z"),
        ("now", "2026-11-23T10:00:00Z"),
    ],
)
def test_a_day_alone_means_the_hour_that_it_is_now(workspace: Session, text: str, at: str) -> None:
    assert read_time(text, workspace.context(canonical=True)) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("fri", "2026-11-27T13:30:00Z"),
        ("+3d", "2026-11-26T13:30:00Z"),
        ("18 dec 2026", "2026-12-18T13:30:00Z"),
        ("fri 9", "2026-11-27T09:00:00Z"),
    ],
)
def test_a_day_alone_keeps_the_time_that_is_planned(workspace: Session, text: str, at: str) -> None:
    context = replace(workspace.context(), zone=UTC)
    assert read_time(text, context, "2026-11-25T13:30:00Z") == at


def test_what_is_planned_for_today_is_not_late_today(workspace: Session) -> None:
    for hour in (0, 10, 22, 23):
        context = replace(workspace.context(), now=NOW.replace(hour=hour), zone=UTC)
        assert timing(read_time("today", context), context) == "today"


def test_what_is_no_moment_is_refused(workspace: Session) -> None:
    with pytest.raises(BadValue):
        read_time("whenever", workspace.context())
