"""A layout as lines: fitted to a terminal without losing what is said, whole anywhere else."""

from __future__ import annotations

import contextlib
from functools import partial

import pytest

from tests.doors import add_field, require_field
from tests.hostile import HOSTILE_FEW
from tests.hostile_workspace import whole
from tuicrm.cli.layouts.layout_output import lines
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.layouts import add_section, place_fields
from tuicrm.errors import Refused
from tuicrm.render.line import Line
from tuicrm.render.text import width
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts

PLACE = LayoutPlace("deal", "general")


def text(line: Line) -> str:
    return "".join(run.text for run in line)


def drawn(session: Session, cells: int = 0) -> list[str]:
    return [text(line) for line in lines(session, PLACE, layouts.in_use(session, PLACE), cells)]


@pytest.mark.parametrize("cells", [20, 40, 80, 140])
def test_no_line_is_wider_than_the_terminal(seeded: Session, cells: int) -> None:
    for n, given in enumerate(text.replace("\0", "") for text in HOSTILE_FEW):  # which no store keeps
        key, name = f"own{n}", whole(given) or "x"
        with contextlib.suppress(Refused):
            add_field(seeded, "deal", name, key=key)
            layouts.edit(seeded, PLACE, "show", partial(place_fields, fields=[key], section=0))
        layouts.edit(seeded, PLACE, "add", partial(add_section, key=f"s{n}", title=name))
    assert max(map(width, drawn(seeded, cells))) <= cells


def test_what_is_said_goes_on_beneath_itself(seeded: Session) -> None:
    stages = [stage.key for stage in seeded.workspace.pipelines("deal")[0].stages]
    require_field(seeded, "deal", "source", always=False, pipeline="general", stages=stages)
    told = next(line for line in drawn(seeded) if " source " in line).split("  ")[-1].strip()
    assert told.startswith("required: New, Document preparation")
    fitted = drawn(seeded, 70)
    at = next(at for at, line in enumerate(fitted) if " source " in line)
    said = fitted[at : at + 6]
    edge = said[0].index("required:")
    assert said[1][:edge].strip() == ""
    assert " ".join(line[edge:].strip() for line in said).startswith(told)
