"""`tuicrm type`: item types of one's own from the outside."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Crm


def test_a_type_is_made_shown_changed_and_removed(crm: Crm) -> None:
    ran = crm(
        "type",
        "add",
        "Site visit",
        "plural=Site visits",
        "prefix=SV",
        "client=no",
        "parents=deal, company several no-tab",
    )
    assert (ran.code, ran.out) == (0, "site_visit\n")
    assert crm("site_visit", "add", "title=Look", "parent_deal=D-1", "parent_company=CO-1,CO-2").out == "SV-1\n"
    shown = crm("type", "show", "site visits").out
    assert "Parents (parents=)               deal, company several no-tab" in shown
    assert crm("type", "edit", "site_visit", "dates=yes").code == 0
    listed = crm("type", "list", "--own").out
    assert "site_visit" in listed
    assert "Stages, Start and finish, Observers" in listed
    ran = crm("type", "remove", "site_visit")
    assert ran.code == 4
    assert "It has 1 item (Start 1)" in ran.err
    assert crm("site_visit", "delete", "SV-1").code == 0
    ran = crm("type", "remove", "site_visit")
    assert (ran.code, ran.out) == (0, "site_visit\n")
    assert crm("site_visit", "list").code == 2
    assert crm("undo").code == 0
    assert crm("site_visit", "list", "--json").json["total"] == 0


def test_a_type_as_programs_read_it(crm: Crm) -> None:
    made = crm("type", "add", "Delivery", "plural=Deliveries", "parents=deal several", "stages=no", "--json").json[
        "type"
    ]
    assert made == {
        "key": "delivery",
        "label": "Delivery",
        "plural": "Deliveries",
        "prefix": "DEL",
        "symbol": "▷",
        "own": True,
        "has": {
            "stages": False, "pipelines": False, "client": True, "products": False, "dates": False, "source": False,
            "observers": True, "own_company": False, "documents": False,
        },
        "parents": [{"type": "deal", "several": True, "tab": True}],
        "children": [],
        "pipelines": [],
        "items": 0,
    }  # fmt: skip
    assert crm("type", "show", "delivery", "--json").json["type"] == made
    built_in = crm("type", "show", "deal", "--json").json["type"]
    assert (built_in["own"], built_in["has"], built_in["parents"]) == (False, None, None)
    assert [one["key"] for one in crm("type", "list", "--json").json["types"]][-1] == "delivery"
    assert crm("type", "list", "--own", "--json").json["total"] == 1


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (("label=Log",), "label"),
        (("prefix=D",), "prefix"),
        (("symbol=X",), "symbol"),
        (("stages=maybe",), "stages"),
        (("pipelines=yes", "stages=no"), "has"),
        (("parents=ghost",), "parents"),
        (("wings=yes",), "wings"),
        (("has=wings",), "has"),
    ],
)
def test_what_cannot_be_is_refused_with_the_word(crm: Crm, words: tuple[str, ...], field: str) -> None:
    assert crm("type", "add", "Delivery", "plural=Deliveries").code == 0
    ran = crm("type", "edit", "delivery", *words, "--json")
    assert ran.code == 4
    assert [problem["field"] for problem in ran.json["error"]["fields"]] == [field]


def test_what_is_not_said_is_a_usage_error(crm: Crm) -> None:
    crm("type", "add", "Delivery")
    assert crm("type", "edit", "delivery").code == 2
    assert crm("type", "add", "Visit", "label=Other").code == 2
    assert crm("type", "edit", "ghost", "label=x").code == 3
    assert crm("type", "edit", "deal", "label=x").code == 4


def test_a_dry_run_removes_nothing(crm: Crm) -> None:
    crm("type", "add", "Delivery")
    crm("field", "add", "delivery", "Carrier")
    ran = crm("type", "remove", "delivery", "--dry-run", "--json")
    assert (ran.code, ran.json["fields"], ran.json["removed"]) == (0, 1, False)
    assert crm("type", "show", "delivery").code == 0
    crm("delivery", "add", "title=x")
    assert crm("type", "remove", "delivery", "--dry-run").code == 4


def test_types_are_put_in_order(crm: Crm) -> None:
    for name in ("One", "Two", "Three"):
        crm("type", "add", name)
    assert crm("type", "order", "three", "one").out.split() == ["three", "one", "two"]
    assert crm("type", "order", "deal").code == 4
    assert crm("undo").code == 0
    assert [one["key"] for one in crm("type", "list", "--own", "--json").json["types"]] == ["one", "two", "three"]


def test_who_may_not_change_settings_may_look(crm: Crm) -> None:
    crm("type", "add", "Delivery")
    assert crm("type", "show", "delivery", "--as", "luca").code == 0
    for words in (("add", "Visit"), ("edit", "delivery", "label=x"), ("remove", "delivery"), ("order", "delivery"),
                  ("remove", "delivery", "--dry-run")):  # fmt: skip
        assert crm("type", *words, "--as", "luca").code in (4, 5), words
    assert crm("type", "add", "Visit", "--as", "luca").code == 5


def test_a_noun_is_looked_for_in_the_workspace_that_is_named_behind_it(crm: Crm, data: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    assert crm("init", str(other), "--quiet").code == 0
    assert crm("type", "add", "Job").code == 0
    assert crm("type", "add", "Job", "--data", str(other)).code == 0
    assert crm("type", "add", "Visit", "--data", str(other)).code == 0
    for words in (("--data", str(other)), (f"--data={other}",)):
        assert crm("job", "add", "title=There", *words).code == 0
        assert crm("visit", "list", "--json", *words).json["total"] == 0
    assert crm("job", "list", "--json").json["total"] == 0, "it went where it was to go"
    assert crm("job", "list", "--json", env={"TUICRM_DATA": str(other)}).json["total"] == 2
    assert crm("job", "add", "title=--data", "--as", "luca", "--json").fields["created_by"] == "luca"
    assert crm("visit", "list", "--", "--data", str(other)).code == 2
