"""A card of 300 fields in 12 sections beside one of 20 fields in 2: `python -m benchmarks.large_card [--rounds 10]`.

Both are deals of one workspace, in two pipelines with a layout each, every field filled. Measured through a pty, in turns, at both
sizes of terminal: opening the card from its board, one move of the cursor, one step of customise mode (a field moved down, back up),
and what each sends in bytes. Issue 4 asks that the large one be at most 1.3 times as slow to open and to move in.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.__main__ import CRM, TERMINALS
from benchmarks.probe import Answer, Probe
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.schema import Layout, Pipeline, Placed, Section, Stage
from tuicrm.services.definitions import fields
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, open_session

SHAPES = {"small": (20, 2), "large": (300, 12)}
"""Pipeline: fields of the card, in how many sections."""
_QUIET = 0.3
_OPENINGS = 5
"""How often a card is opened a round."""


def make(folder: Path) -> None:
    """A workspace with one deal in each of two pipelines."""
    create_workspace(folder, person=Maker(system_login(), "Anna Neri"), settings=Settings("Large cards"))
    session = open_session(folder)
    try:
        keys = [_field(session, f"Property {n:03}") for n in range(SHAPES["large"][0])]
        for name, (count, sections) in SHAPES.items():
            _pipeline(session, name)
            _layout(session, name, keys[:count], sections)
            items.add(
                session,
                "deal",
                {"title": f"The {name} card", "pipeline": name, **{key: f"value of {key}" for key in keys[:count]}},
            )
    finally:
        session.close()


def _field(session: Session, label: str) -> str:
    """A new field of deals; its key."""
    field = fields.new_field(session, "deal", label)
    fields.keep_new(session, "deal", field)
    return field.key


def _pipeline(session: Session, name: str) -> None:
    import msgspec

    stages = [
        Stage("new", "New", "#39A8EF", system=True),
        Stage("won", "Won", "#7BD500", "success", system=True),
        Stage("lost", "Lost", "#FF5752", "failure", system=True),
    ]
    with session.change("a pipeline") as change:
        change.put("pipeline", msgspec.to_builtins(Pipeline(name, "deal", name.title(), stages)))


def _layout(session: Session, name: str, keys: Sequence[str], sections: int) -> None:
    each = len(keys) // sections
    layout = Layout(
        [
            Section(f"part{n}", f"Part {n + 1}", [Placed(key) for key in keys[n * each : (n + 1) * each]])
            for n in range(sections)
        ]
    )
    layouts.edit(session, LayoutPlace("deal", name), "a layout", lambda _before: layout)


class Tried:
    """What was measured of one card at one size."""

    def __init__(self) -> None:
        self.opened: list[Answer] = []
        self.moved: list[Answer] = []
        self.steps: list[Answer] = []

    def run(self, folder: Path, size: tuple[int, int], name: str) -> None:
        """Once: the board of the pipeline, its card opened several times (the first does not count), walked, customised."""
        probe = Probe([*CRM, "--data", str(folder)], size)
        try:
            probe.first(r"deal")
            probe.press(b"p", quiet=_QUIET)
            probe.press(name.encode(), quiet=_QUIET)
            probe.press(b"\r", quiet=_QUIET)
            assert f"The {name} card" in probe.text()
            probe.press(b"\r", quiet=_QUIET)
            for _turn in range(_OPENINGS):
                probe.press(b"q", quiet=_QUIET)
                self.opened.append(probe.press(b"\r", quiet=_QUIET))
            self.moved += [probe.press(b"jk"[turn % 2 :][:1]) for turn in range(20)]
            probe.press(b"C", quiet=_QUIET)
            probe.press(b"j", quiet=_QUIET)
            probe.press(b"j", quiet=_QUIET)
            self.steps += [probe.press(b"JK"[turn % 2 :][:1], quiet=_QUIET) for turn in range(4)]
            probe.quit(b"Q")
        finally:
            probe.close()


def _told(answers: Sequence[Answer]) -> tuple[float, float]:
    """The median milliseconds and bytes of what was answered."""
    there = [answer for answer in answers if answer.ms is not None]
    return (
        (median(one.ms for one in there if one.ms is not None), median(one.bytes for one in there))
        if there
        else (float("nan"), 0)
    )


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "workspace"
        make(folder)
        print(f"{'':42}{'20 fields':>12}{'300 fields':>12}{'ratio':>8}{'bytes':>14}")
        for size in TERMINALS:
            tried = {name: Tried() for name in SHAPES}
            for _round in range(rounds):
                for name, one in tried.items():
                    one.run(folder, size, name)
            small, large = tried.values()
            for what, pair in (
                ("card opened, ms", (small.opened, large.opened)),
                ("one move of the cursor, ms", (small.moved, large.moved)),
                ("one step of customising, ms", (small.steps, large.steps)),
            ):
                (ms, sent), (more_ms, more_sent) = (_told(answers) for answers in pair)
                screen = "×".join(map(str, size))
                print(
                    f"{screen:8}{what:34}{ms:>12.1f}{more_ms:>12.1f}{more_ms / ms:>8.2f}{sent:>7,.0f}{more_sent:>7,.0f}"
                )


if __name__ == "__main__":
    main()
