"""What a view of a type's items shows."""

from __future__ import annotations

from typing import NamedTuple

from tuicrm.domain.conditions import Condition


class ViewSpec(NamedTuple):
    """What a view shows: the items of a type, in a pipeline ("" for all), that a filter leaves."""

    type: str
    pipeline: str = ""
    where: Condition | None = None
    text: str = ""
