"""A calendar at any size: a month, a week and a day of it, the days of a month that has 5,000, and the next free time:

    python -m benchmarks.calendar [--activities 100 300000] [--folder DIR]

A workspace of each size is written straight to the store: the month that is looked at holds the same hundred activities in each, the
others lie evenly in ten years around it; twenty of all repeat. Figures are in ms of the processor: the first read of a process, and
the fastest of ten after it; then how many times as long the largest takes as the smallest.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path
from time import process_time
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from tuicrm.domain.activities.lasting import marked
from tuicrm.domain.stamps import stamp
from tuicrm.services.calendar.free_busy import next_free
from tuicrm.services.calendar.occurrences import Whose, between, days
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.environment import system_login
from tuicrm.services.workspace.start import Maker, Settings, create_workspace, indexes, open_session
from tuicrm.store import JournalStore
from tuicrm.store.protocol import Op

MONTH, FULL = datetime(2027, 6, 1, tzinfo=UTC), datetime(2028, 6, 1, tzinfo=UTC)
"""The month that is looked at, and the one that has 5,000 where there are so many."""
_IN_MONTH, _IN_FULL, _SERIES, _ITEMS = 80, 5_000, 20, 500
_LINE = 2_000
Figures: TypeAlias = dict[str, tuple[float, float]]


def records(count: int) -> Iterator[Op]:
    """All of a workspace of so many activities."""
    for n in range(1, _ITEMS + 1):
        yield Op("deal", n, {"title": f"Deal {n}", "responsible": "anna", "pipeline": "general", "stage": "new"})
    full = min(_IN_FULL, max(count - _IN_MONTH - _SERIES, 0))
    for n in range(1, count + 1):
        if n <= _SERIES:
            yield Op(ACTIVITIES, n, _activity(n, MONTH - timedelta(days=n), rule="FREQ=WEEKLY", wall=_wall(n)))
        elif n <= _SERIES + _IN_MONTH:
            yield Op(ACTIVITIES, n, _activity(n, MONTH + timedelta(minutes=n * 397 % 41_000)))
        elif n <= _SERIES + _IN_MONTH + full:
            yield Op(ACTIVITIES, n, _activity(n, FULL + timedelta(minutes=n * 397 % 41_000)))
        else:
            away = n * 48_271 % 2_147_483_647 % (3650 * 1440)
            at = MONTH - timedelta(days=1825) + timedelta(minutes=away)
            # Not in the two months that are looked at.
            yield Op(ACTIVITIES, n, _activity(n, at + timedelta(days=70) if _is_looked_at(at) else at))


def _is_looked_at(at: datetime) -> bool:
    return any(begin - timedelta(days=2) <= at < begin + timedelta(days=32) for begin in (MONTH, FULL))


def _wall(n: int) -> str:
    return (MONTH - timedelta(days=n)).astimezone(ZoneInfo("Europe/Rome")).strftime("%Y-%m-%dT%H:%M")


def _activity(n: int, at: datetime, **more: Any) -> dict[str, Any]:
    doc = {
        "owner": f"deal:{n % _ITEMS + 1}",
        "what": f"Call {n}",
        "at": stamp(at),
        "end": stamp(at + timedelta(hours=30 if n % 200 == 0 else 1)),
        "kind": "meeting",
        "done": at < MONTH - timedelta(days=60) and not more,
        "zone": "Europe/Rome",
        "responsible": ("anna", "luca", "eva")[n % 3],
        **({"people": {"anna": "asked"}} if n % 7 == 0 else {}),
    }
    if n % 11 == 0 and not more:
        doc = {name: value for name, value in doc.items() if name != "end"} | {"day": at.date().isoformat()}
    return marked({**doc, **more})


def make(path: Path, count: int) -> None:
    """Write a workspace of so many activities."""
    create_workspace(path, person=Maker(system_login(), "Anna Bianchi"), settings=Settings("Test company"))
    store = JournalStore(path, indexes=indexes(), compact_at=0)
    found = records(count)
    while line := list(islice(found, _LINE)):
        store.commit(line, by="anna", note="generate", meta={"fixed": True})
    store.files.compact()
    store.close()


def looks(session: Session) -> Iterator[tuple[str, Callable[[], object]]]:
    """What is asked, by name."""
    mine, everybody = Whose(people=("anna",)), Whose()
    month = MONTH + timedelta(days=30)
    yield "month, mine", lambda: between(session, MONTH, month, mine)
    yield "month, everybody", lambda: between(session, MONTH, month, everybody)
    yield "week, everybody", lambda: between(session, MONTH, MONTH + timedelta(days=7), everybody)
    yield "day, mine", lambda: between(session, MONTH, MONTH + timedelta(days=1), mine)
    yield "days of the month", lambda: days(session, date(2027, 6, 1), date(2027, 6, 30), everybody, 4)
    yield "days of a month of 5,000", lambda: days(session, date(2028, 6, 1), date(2028, 6, 30), everybody, 4)
    yield "next free for two", lambda: next_free(session, Whose(people=("anna", "luca")), timedelta(hours=2), MONTH)


def measure(path: Path) -> Figures:
    """By what is asked: ms at first, and the fastest of ten after."""
    session = open_session(path, zone=ZoneInfo("Europe/Rome"))
    figures = {what: (_took(ask), min(_took(ask) for _n in range(10))) for what, ask in looks(session)}
    session.close()
    return figures


def _took(ask: Callable[[], object]) -> float:
    began = process_time()
    ask()
    return (process_time() - began) * 1000


def main() -> None:
    """Measure each size, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, nargs="+", default=[100, 300_000])
    parser.add_argument("--folder", type=Path)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found: dict[int, Figures] = {}
        for count in given.activities:
            path = (given.folder or Path(folder)) / f"calendar-{count}"
            if not path.exists():
                make(path, count)
            found[count] = measure(path)
    small, large = found[given.activities[0]], found[given.activities[-1]]
    heads = "".join(f"{count:>12,} first {'after':>7}" for count in given.activities)
    sys.stdout.write(f"{'':<26}{heads}{'ratio':>8}\n")
    for what in small:
        cells = "".join(f"{figures[what][0]:>18.1f} {figures[what][1]:>7.2f}" for figures in found.values())
        sys.stdout.write(f"{what:<26}{cells}{large[what][1] / max(small[what][1], 0.01):>8.2f}\n")


if __name__ == "__main__":
    main()
