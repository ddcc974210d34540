"""The calendar on screen at any size: `python -m benchmarks.calendar_screen [--activities 0 100 5000 --of 300000] [--folder DIR]`.

A workspace of so many activities in this month (`--activities`, a column for each number), and of so many in all (`--of`, spread over
six years): written straight to the store, an hour each, a third of them with an end, one in fifty for whole days, on as many deals as
a tenth of them. What takes how long is told in ms of the processor: the page of a look read and its lines drawn, as the screen does
it, at 140 cells by 40; the first time in a process, again, after another's change; and one press of an arrow.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import sys
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import process_time

from tuicrm.domain.calendar import CalendarLook, CalendarSpot
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.stamps import stamp
from tuicrm.keymap import keymap
from tuicrm.render.calendar import CalendarPicture
from tuicrm.render.palette import Palette
from tuicrm.services.boards.view_spec import ViewSpec
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, indexes, open_session
from tuicrm.store import JournalStore
from tuicrm.store.protocol import Op

NOW = datetime(2026, 11, 16, 10, tzinfo=UTC)
CELLS, HEIGHT = 140, 37
LOOKS: tuple[CalendarLook, ...] = ("month", "week", "day", "agenda")
_LINE = 2_000


def records(here: int, everywhere: int) -> Iterator[Op]:
    """Deals, and activities on them: so many in this month, and so many in all."""
    deals = max(max(here, everywhere) // 10, 1)
    for n in range(1, deals + 1):
        yield Op(
            "deal", n, {"title": f"Deal {n}", "responsible": system_login(), "stage": "new", "created": stamp(NOW)}
        )
    first = datetime(2026, 11, 1, 6, tzinfo=UTC)
    for n in range(1, max(here, everywhere) + 1):
        drawn = n * 48_271 % 2_147_483_647
        if n <= here:
            begin = first + timedelta(days=drawn % 29, minutes=15 * (drawn // 29 % 56))
        else:
            away = drawn % 2_000 + 40
            begin = first + timedelta(days=away if drawn % 2 else -away, minutes=15 * (drawn % 56))
        doc = {
            "owner": f"deal:{drawn % deals + 1}",
            "what": f"Call number {n}",
            "at": stamp(begin),
            "kind": ("todo", "call", "meeting")[drawn % 3],
            "done": begin < NOW - timedelta(days=2),
            "responsible": system_login(),
            "by": system_login(),
            "created": stamp(NOW),
        }
        if n % 3 == 0:
            doc["end"] = stamp(begin + timedelta(hours=1))
        if n % 50 == 0:
            doc = {**doc, "day": begin.date().isoformat()}
            doc.pop("end", None)
        yield Op(ACTIVITIES, n, doc)


def make(path: Path, here: int, everywhere: int) -> None:
    """Write such a workspace."""
    create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
    store = JournalStore(path, indexes=indexes(), compact_at=0)
    gc.disable()
    try:
        found = records(here, everywhere)
        while line := list(islice(found, _LINE)):
            store.commit(line, by="anna", note="generate", meta={"fixed": True})
        store.files.compact()
    finally:
        gc.enable()
        store.close()


class Calendar:
    """The parts of the screen, without Textual around them."""

    def __init__(self, session: Session, look: CalendarLook) -> None:
        from tuicrm.screens.calendar.page import CalendarPage
        from tuicrm.widgets.calendar_view import CalendarView
        from tuicrm.widgets.surface import TerminalLook

        self.page = CalendarPage(session, ViewSpec(""), look, keymap().key("activity.new"))
        self.look = TerminalLook(Palette("dark", "true"))
        self._view = CalendarView(self.page.drawn(), CalendarSpot(NOW.date(), 600), self.look)

    def lines(self, cursor: CalendarSpot) -> CalendarPicture:
        """Draw all of them."""
        view = self._view
        view.shown = self.page.drawn()
        picture = view.made(CELLS, HEIGHT, 14)
        self.move(picture, cursor)
        return picture

    def move(self, picture: CalendarPicture, cursor: CalendarSpot) -> None:
        """Draw what the cursor moved over, as the view does: all lines are made, those that differ are sent."""
        for y in range(HEIGHT):
            self.look.strip(picture.line(y, cursor), CELLS)


async def on_screen(session: Session) -> float:
    """The calendar opened as a month over another screen, drawn: ms of the processor, the least of three."""
    from tuicrm.app import CrmApp
    from tuicrm.screens.boards.board import BoardScreen
    from tuicrm.screens.calendar.screen import CALENDAR, CalendarScreen
    from tuicrm.services.workspace import preferences
    from tuicrm.widgets.surface import Surface, TerminalLook

    preferences.choose_view(session, LayoutPlace(CALENDAR), "month")
    surface = Surface(keymap(), TerminalLook(Palette("dark", "true")))
    app = CrmApp(session, surface, BoardScreen)
    took = []
    async with app.run_test(size=(140, 40)) as pilot:
        await pilot.pause(0.5)
        for _times in range(3):
            began = process_time()
            screen = CalendarScreen(session, surface)
            _shown = app.push_screen(screen)
            while not screen.settling.is_done:
                await pilot.pause()
            await pilot.pause()
            took.append((process_time() - began) * 1000)
            _closed = app.pop_screen()
            await pilot.pause(0.2)
    return min(took)


def measure(path: Path) -> dict[str, float]:
    """The figures of a workspace, in ms."""
    session = open_session(path, login=system_login(), clock=lambda: NOW, zone=UTC)
    other = open_session(path, login=system_login(), clock=lambda: NOW, zone=UTC)
    found: dict[str, float] = {}
    cursor = CalendarSpot(NOW.date(), 600)
    try:
        for look in LOOKS:
            for times in ("first", "again"):
                began = process_time()
                calendar = Calendar(session, look)
                picture = calendar.lines(cursor)
                found[f"{look}, opened {times}"] = (process_time() - began) * 1000
            began = process_time()
            calendar.move(picture, picture.moved(cursor, 0, 1))
            found[f"{look}, an arrow"] = (process_time() - began) * 1000
            with other.change("another's") as change:
                change.put(
                    ACTIVITIES, {"owner": "deal:1", "what": "new", "at": stamp(NOW), "kind": "todo", "done": False}
                )
            session.store.refresh()
            began = process_time()
            calendar.page.read_again()
            calendar.lines(cursor)
            found[f"{look}, after another's change"] = (process_time() - began) * 1000
        found["month, the screen opened and drawn"] = asyncio.run(on_screen(session))
    finally:
        session.close()
        other.close()
    return found


def _shown(counts: Sequence[int], columns: Sequence[dict[str, float]]) -> None:
    print(f"{'ms':40}" + "".join(f"{count:>14,}" for count in counts) + f"{'ratio':>10}")
    for what in columns[0]:
        took = [column[what] for column in columns]
        print(f"{what:40}" + "".join(f"{one:14,.1f}" for one in took) + f"{took[-1] / max(took[0], 0.1):10.1f}")


def main() -> None:
    """Print a table: a column for each number of activities in the month."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--activities", type=int, nargs="+", default=[0, 100, 5_000])
    parser.add_argument("--of", type=int, default=0)
    parser.add_argument("--folder", type=Path)
    asked = parser.parse_args()
    columns = []
    with tempfile.TemporaryDirectory(dir=asked.folder) as temporary:
        for count in asked.activities:
            path = Path(temporary) / f"calendar-{count}"
            make(path, count, asked.of)
            print(f"{count:,} of {max(count, asked.of):,} written", file=sys.stderr)
            columns.append(measure(path))
    _shown(asked.activities, columns)


if __name__ == "__main__":
    main()
