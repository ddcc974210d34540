"""`tuicrm activity log`: what was done, its result and the next step in one command, undone as one."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm


def test_a_call_and_the_next_step(crm: Crm) -> None:
    ran = crm(
        "activity", "log", "D-1", "They take it", "--next", "Send it", "--at", "2026-12-18T09:30", "--who", "luca"
    )
    _logged, planned = ran.out.split()
    step = crm("activity", "list", "D-1", "--json").json["activities"][0]
    assert (step["id"], step["what"], step["at"], step["responsible"]) == (
        int(planned),
        "Send it",
        "2026-12-18T09:30:00Z",
        "luca",
    )
    shown = crm("timeline", "D-1").out
    assert "They take it" in shown
    assert "Send it" in shown
    assert crm("undo").code == 0
    shown = crm("timeline", "D-1").out
    assert "They take it" not in shown
    assert "Send it" not in shown
    told = crm("activity", "log", "D-1", "-", "--kind", "meeting", "--json", stdin="-5% agreed\n").json
    assert (told["activity"] > 0, told["next"], told["at"]) == (True, None, None)
    assert "-5% agreed" in crm("timeline", "D-1").out
    assert crm("activity", "log", "D-1", "-5% agreed").code == 0, "a text may begin with a dash"


def test_what_was_planned_is_done_with_it(crm: Crm) -> None:
    number = crm("activity", "add", "D-1", "Ring Bo", "--at", "2026-12-18T09:30").out.strip()
    assert crm("activity", "log", "D-1", "--finishing", number).out.split() == [number]
    assert crm("activity", "list", "D-1", "--json").json["activities"] == []


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("D-1",), 4, "What came of it?"),
        (("D-1", "yes", "--at", "today"), 2, "--next"),
        (("D-1", "yes", "--who", "luca"), 2, "--next"),
        (("D-1", "yes", "--next", "x", "--who", "nobody"), 3, "nobody"),
        (("D-1", "yes", "--next", "x", "--at", "whenever"), 4, "--at"),
        (("D-1", "yes", "--kind", "lunch"), 2, "lunch"),
        (("D-1", "yes", "--kind", "call", "--finishing", "1"), 2, "--finishing"),
        (("D-1", "yes", "--finishing", "99"), 3, "99"),
        (("D-99", "yes"), 3, "D-99"),
    ],
)
def test_what_is_refused_changes_nothing(crm: Crm, words: tuple[str, ...], code: int, told: str) -> None:
    before = crm("timeline", "D-1", "--json").json
    ran = crm("activity", "log", *words)
    assert ran.code == code, ran.err
    assert told in ran.err
    assert crm("timeline", "D-1", "--json").json == before
