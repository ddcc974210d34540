"""`tuicrm why`: the answer in sentences and as JSON; of what one may not see it tells nothing."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm


def test_why_is_answered_for_oneself_and_for_others(crm: Crm) -> None:
    mine = crm("why", "read", "D-1")
    assert (mine.code, mine.out.splitlines()[0]) == (0, "Yes.")
    theirs = crm("why", "edit", "D-1", "--as", "luca", "--json").json
    assert (theirs["allowed"], theirs["person"], theirs["of"]) == (False, "luca", "D-1")
    assert len(theirs["steps"]) > 0
    assert theirs["could_change"] == ["Anna Bianchi"]
    assert crm("why", "edit", "D-1", "Amount", "--json").json["field"] == "amount"
    assert crm("why", "add", "invoice").code == 0
    counted = crm("why", "reach", "--as", "luca", "--json").json
    assert {row["type"] for row in counted["reach"]} >= {"deal", "contact"}
    assert "Deals" in crm("why", "reach").out


def test_what_is_asked_wrongly_says_what_is_expected(crm: Crm) -> None:
    for words, code, told in (
        (("why", "fly", "D-1"), 2, "choose one of: read"),
        (("why", "read"), 2, "REF is missing"),
        (("why", "read", "D-999"), 3, "There is no D-999"),
        (("why", "read", "D-1", "nothing"), 4, "there is no field"),
        (("why", "read", "D-1", "--as", "nobody"), 3, "There is no person"),
    ):
        ran = crm(*words)
        assert (ran.code, told in ran.err) == (code, True), (words, ran)


def test_of_what_one_may_not_read_one_hears_what_one_hears_of_nothing(
    crm: Crm, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm("role", "add", "Own", "--set", "*.read=own")
    assert crm("user", "edit", "luca", "--role", "own", "--login", "luca").code == 0
    theirs = crm("deal", "list", "--where", "responsible = 'Anna Bianchi'", "--json").json["items"][0]["ref"]
    monkeypatch.setattr("tuicrm.services.workspace.start.system_login", lambda: "luca")
    hidden, never = crm("why", "read", theirs), crm("why", "read", "D-987")
    assert (hidden.code, hidden.err.replace(theirs, "X")) == (never.code, never.err.replace("D-987", "X"))
    asked = crm("why", "read", "deal", "--as", "Anna Bianchi")
    assert (asked.code, "Only administrators" in asked.err) == (5, True)
