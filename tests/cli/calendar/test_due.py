"""`tuicrm due`: what is late, soon, today; for people, scripts and status lines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Crm
from tuicrm.domain.stamps import stamp
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.workspace.start import open_session
from tuicrm.store.protocol import Op


@pytest.fixture
def planned(data: Path) -> Path:
    """Of Anna: one late, one in ten minutes; of Luca, with Anna asked: one that is late. What is done does not count."""
    session = open_session(data)
    me, now = session.person_key, datetime.now(UTC)
    docs: list[dict[str, Any]] = [
        {"what": "Late \x1b]0;x\x07", "at": stamp(now - timedelta(days=3)), "responsible": me},
        {"what": "Soon", "at": stamp(now + timedelta(minutes=10)), "responsible": me},
        {"what": "Together", "at": stamp(now - timedelta(days=1)), "responsible": "luca", "people": {me: "asked"}},
        {"what": "Declined", "at": stamp(now - timedelta(days=1)), "responsible": "luca", "people": {me: "declined"}},
        {"what": "Done", "at": stamp(now - timedelta(days=1)), "responsible": me, "done": True},
        {"what": "Far", "at": stamp(now + timedelta(days=3)), "responsible": me},
    ]
    session.store.commit(
        [
            Op(ACTIVITIES, n, {"owner": "deal:1", "kind": "call", "done": False, "by": me, **doc})
            for n, doc in enumerate(docs, 1)
        ],
        by=me,
    )
    session.close()
    return data


def test_it_lists_what_is_late_and_soon(planned: Path, crm: Crm) -> None:
    del planned
    listed = crm("due")
    assert (listed.code, listed.err) == (0, "")
    assert [line.split()[0] for line in listed.out.splitlines()[2:]] == ["1", "3", "2"]
    assert "\x1b" not in listed.out
    found = crm("due", "--json").json
    assert [(one["what"][:5], one["when"], one["asked"]) for one in found["due"]] == [
        ("Late ", "late", False), ("Toget", "late", True), ("Soon", "soon", False),
    ]  # fmt: skip
    assert (found["late"], found["soon"], found["today"], found["total"]) == (2, 1, 0, 3)
    assert [one["id"] for one in crm("due", "--json", "--limit", "1").json["due"]] == [1]
    assert crm("due", "--limit", "1").err == "1 of 3; --limit 0 shows all.\n"


def test_whose_it_is_can_be_said(planned: Path, crm: Crm) -> None:
    del planned
    assert [one["id"] for one in crm("due", "--who", "luca", "--json").json["due"]] == [3, 4]
    assert [one["id"] for one in crm("due", "--all", "--json").json["due"]] == [1, 3, 4, 2]
    assert crm("due", "--all", "--mine").code == 2
    assert crm("due", "--who", "nobody").code == 3


def test_a_status_line_and_a_script_get_what_they_need(planned: Path, process: Crm) -> None:
    del planned
    short = process("due", "--short", "--exit-code")
    assert (short.code, short.out, short.err) == (1, "!2 ◷1\n", "")
    quiet = process("due", "--exit-code", "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (1, "", "")


def test_nothing_due_ends_well(crm: Crm) -> None:
    assert crm("due", "--exit-code").code == 0
    assert crm("due", "--short").out == ""
    assert crm("due").err == "Nothing is due today.\n"


def test_how_many_minutes_are_soon_is_a_setting(planned: Path, crm: Crm) -> None:
    del planned
    assert crm("settings", "soon_minutes=5").code == 0
    assert crm("due", "--json").json["soon"] == 0
    for wrong in ("soon_minutes=x", "soon_minutes=-1", "soon_minutes=99999999999", "counter_of=people"):
        assert crm("settings", wrong).code == 4, wrong
    assert crm("settings", "counter_of=items", "--json").json["settings"]["counter_of"]["value"] == "items"
