"""What a new item begins with."""

from __future__ import annotations

from typing import Any

import pytest

from tests.doors import add_field
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


@pytest.mark.parametrize(
    ("kind", "many", "days", "expected"),
    [
        ("date", False, 0, "2026-11-23"),
        ("date", False, 7, "2026-11-30"),
        ("date", True, 7, ["2026-11-30"]),
        ("datetime", False, 0, "2026-11-23T10:00:00Z"),
        ("datetime", False, 7, "2026-11-30T10:00:00Z"),
        ("datetime", True, 1, ["2026-11-24T10:00:00Z"]),
    ],
)
def test_defaults_of_now_and_so_many_days_on(
    workspace: Session, kind: str, many: bool, days: int, expected: Any
) -> None:
    field = add_field(workspace, "deal", "When", kind, many=many, default={"now": days})
    assert items.add(workspace, "deal", {"title": "x"}).fields[field.key] == expected
