"""Numbers of quotes and invoices: given in the commit that makes the item, never twice, never with a gap that a failure left."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Clock, OpenAs
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.services.definitions import numbering
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

ROOT = Path(__file__).resolve().parents[3]


def quote(session: Session, **fields: Any) -> str:
    number: str = items.add(session, "quote", {"title": "An offer", **fields}).get("number")
    return number


def _add_several(session: Session, quotes: list[dict[str, str]]) -> None:
    with session.change("several") as change:
        for fields in quotes:
            change.add("quote", fields)


def _stopped(session: Session) -> None:
    with session.bulk("stopped") as bulk:
        with bulk.change() as change:
            change.add("quote", {"title": "x"})
        raise KeyboardInterrupt


def numbers(session: Session, type_key: str = "quote") -> list[str]:
    return [str(item.get("number")) for item in session.find(type_key).items]


def test_a_number_is_given_and_begins_anew_each_year(workspace: Session, clock: Clock) -> None:
    assert [quote(workspace), quote(workspace)] == ["2026-0001", "2026-0002"]
    assert items.add(workspace, "invoice", {}).get("number") == "2026-0001"
    clock.tick(days=60)
    assert quote(workspace) == "2027-0001"
    assert workspace.title_of(workspace.get(Ref("invoice", 1))) == "Invoice 2026-0001"


def test_the_day_is_the_persons_own(workspace: Session, clock: Clock) -> None:
    from zoneinfo import ZoneInfo

    clock.now = clock.now.replace(month=12, day=31, hour=23, minute=30)
    workspace.zone = ZoneInfo("Europe/Rome")
    assert quote(workspace) == "2027-0001"


def test_how_they_are_numbered_is_changed_and_undone(workspace: Session, open_as: OpenAs) -> None:
    quote(workspace)
    told = numbering.change_numbering(
        workspace, "quote", {"pattern": "Q-{NUMBER:3}", "reset": "never", "start": "10", "step": "5"}
    )
    assert (told.next, told.next_text) == (10, "Q-010")
    assert [quote(workspace), quote(workspace)] == ["Q-010", "Q-015"]
    assert numbering.change_numbering(workspace, "quote", {"next": "100"}).next_text == "Q-100"
    undo(workspace)
    assert quote(workspace) == "Q-020"
    with pytest.raises(Refused) as refused:
        numbering.change_numbering(workspace, "quote", {"pattern": "{YEAR}", "start": "x", "width": "3"})
    assert {problem.field for problem in refused.value.fields} == {"pattern", "start", "width"}
    with pytest.raises(NotFound, match="have no numbers"):
        numbering.change_numbering(workspace, "deal", {"start": "3"})
    from tuicrm.services.workspace.people import Details, add_person

    add_person(workspace, Details("Luca Riva", logins=["luca"], roles=["manager"]), key="luca")
    with pytest.raises(AccessDenied):
        numbering.change_numbering(open_as("luca"), "quote", {"start": "3"})


def test_a_typed_number_is_its_items_own(workspace: Session) -> None:
    assert quote(workspace, number="2026-0002") == "2026-0002"
    assert [quote(workspace), quote(workspace)] == ["2026-0001", "2026-0003"], "the typed one is passed over"
    for bad in ("2026-0003", "2026-0001"):
        with pytest.raises(Refused, match="already has this number"):
            quote(workspace, number=bad)
    with pytest.raises(Refused, match="Q-2 already has this number"):
        items.edit(workspace, Ref("quote", 1), {"number": "2026-0001"})
    assert items.edit(workspace, Ref("quote", 1), {"number": "Special"}).get("number") == "Special"
    with pytest.raises(Refused, match="Q-1 already has this number"):
        quote(workspace, number="SPECIAL")
    with pytest.raises(Refused):
        _add_several(workspace, [{"number": "same"}, {"number": "same"}])
    assert quote(workspace) == "2026-0004", "what failed left no gap"


def test_a_number_once_given_stays_given(workspace: Session) -> None:
    quote(workspace)
    undo(workspace)
    assert quote(workspace) == "2026-0002"
    undo(workspace)
    redo(workspace)
    assert numbers(workspace) == ["2026-0002"]
    items.delete(workspace, [Ref("quote", 2)])
    assert quote(workspace, number="2026-0002") == "2026-0002"
    undo(workspace)
    undo(workspace)
    assert numbers(workspace) == ["2026-0002"]


def test_what_comes_back_does_not_take_anothers_number(workspace: Session, open_as: OpenAs) -> None:
    quote(workspace)
    items.delete(workspace, [Ref("quote", 1)])
    other = open_as("anna")
    with other.change("fixed", fixed=True) as change:
        change.add("quote", {"number": "2026-0001"})
    with pytest.raises(Conflict) as refused:
        undo(workspace)
    assert "given to another" in refused.value.fields[0].message


def test_several_of_one_change_and_of_a_big_one_follow_each_other(workspace: Session) -> None:
    _add_several(workspace, [{"title": "x"}] * 3)
    with workspace.bulk("many") as bulk:
        for _line in range(4):
            with bulk.change() as change:
                for _n in range(4):
                    change.add("quote", {"title": "x"})
    assert sorted(numbers(workspace)) == [f"2026-{n:04}" for n in range(1, 20)]
    with pytest.raises(KeyboardInterrupt):
        _stopped(workspace)
    assert quote(workspace) == "2026-0020"


def test_an_import_keeps_its_numbers_and_gives_those_that_lack(workspace: Session, tmp_path: Path) -> None:
    quote(workspace)
    path = tmp_path / "quotes.csv"
    path.write_text("Subject,Number\nOld,Q-77\nNew,\nTwin,2026-0001\n", encoding="utf-8")
    report = run_import(workspace, [path], ImportOptions(type="quote"))
    assert report.made == 2
    assert "already has this number" in report.files[0].examples[0].reason
    assert numbers(workspace) == ["2026-0001", "Q-77", "2026-0002"]


_ADDS = """
import sys
from tuicrm.services.items import items
from tuicrm.services.workspace.start import open_session
session = open_session(sys.argv[1], login="anna")
for n in range(int(sys.argv[2])):
    items.add(session, "quote", {"title": str(n)})
session.close()
"""


def test_processes_that_add_at_once_never_share_a_number(workspace: Session, workspace_path: Path) -> None:
    count = 25
    running = [
        subprocess.Popen([sys.executable, "-c", _ADDS, str(workspace_path), str(count)], cwd=ROOT) for _n in range(3)
    ]
    assert [process.wait(60) for process in running] == [0, 0, 0]
    workspace.store.refresh()
    given = sorted(int(number.rpartition("-")[2]) for number in numbers(workspace))
    assert given == list(range(1, 3 * count + 1))
