"""`tuicrm activity answer`: who takes part says so."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_who_was_asked_answers(crm: Crm) -> None:
    assert crm("activity", "add", "D-2", "Meet", "--at", "+3d", "--with", "luca").code == 0
    assert crm("activity", "answer", "1", "no").code == 4
    for word, kept in (("yes", "accepted"), ("forse", "maybe"), ("NO", "declined")):
        assert crm("--as", "luca", "activity", "answer", "1", word, "--json").json["answer"] == kept
        assert crm("activity", "show", "1", "--json").json["activity"]["people"] == {"luca": kept}
    assert crm("--as", "luca", "activity", "answer", "1", "yes").err == "You take part.\n"
    assert crm("--as", "luca", "activity", "answer", "1", "perhaps \x1b[31m").code == 4
    assert crm("activity", "answer", "99", "yes").code == 3
    assert crm("--as", "luca", "undo").code == 0
    assert crm("activity", "show", "1", "--json").json["activity"]["people"] == {"luca": "declined"}
