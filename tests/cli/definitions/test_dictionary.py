"""`tuicrm dictionary` and `numbering` from the outside."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_a_dictionary_is_made_filled_and_deleted(crm: Crm) -> None:
    assert crm("dictionary", "add", "Colours", "--entry", "Red", "--entry", "Blue").out == "colours\n"
    ran = crm("dictionary", "entries", "Colours", "--add", "Green", "--rename", "red=Ruby", "--up", "green", "--json")
    assert [(row["key"], row["label"]) for row in ran.json["entries"]] == [
        ("red", "Ruby"), ("green", "Green"), ("blue", "Blue")
    ]  # fmt: skip
    assert crm("dictionary", "rename", "colours", "Paints").code == 0
    assert crm("dictionary", "delete", "Paints", "--dry-run").code == 0
    assert crm("dictionary", "delete", "Paints").out == "colours\n"
    assert crm("dictionary", "entries", "Paints").code == 3


def test_what_is_in_use_is_retired_and_what_came_with_the_program_stays(crm: Crm) -> None:
    crm("dictionary", "entries", "source", "--add", "Podcast")
    crm("deal", "edit", "D-1", "source=Podcast")
    ran = crm("dictionary", "entries", "source", "--delete", "Podcast")
    assert "Retired instead of deleted because they are in use: Podcast." in ran.err
    assert " ".join(ran.out.splitlines()[-1].split()) == "podcast Podcast 1 retired"
    for words, code in (
        (("entries", "source", "--delete", "call"), 4),
        (("delete", "source"), 4),
        (("add", "Sources"), 4),
        (("add", "x", "--as", "luca"), 5),
        (("entries", "source", "--add", "x", "--as", "luca"), 5),
        (("delete", "nothing"), 3),
    ):
        assert crm("dictionary", *words).code == code
    rows = {row["key"]: row for row in crm("dictionary", "list", "--json").json["dictionaries"]}
    assert {"type": "deal", "field": "source"} in rows["source"]["used_by"]


def test_counts_and_uses_are_of_what_one_may_see(crm: Crm) -> None:
    crm("field", "add", "deal", "Herkunft", "--kind", "dictionary", "--dictionary", "source", "visible_to=Anna Bianchi")
    crm("deal", "edit", "D-1", "herkunft=call")
    for more, count, used in (((), 1, True), (("--as", "luca"), 0, False)):
        ran = crm("dictionary", "entries", "source", "--json", *more)
        assert {row["key"]: row["items"] for row in ran.json["entries"]}["call"] == count
        rows = {row["key"]: row for row in crm("dictionary", "list", "--json", *more).json["dictionaries"]}
        assert ({"type": "deal", "field": "herkunft"} in rows["source"]["used_by"]) is used


def test_numbers(crm: Crm) -> None:
    assert crm("quote", "add", "title=Offer", "--json").fields["number"].endswith("-0001")
    ran = crm("numbering", "edit", "quote", "pattern=OFF-{NUMBER:3}", "reset=never", "next=12", "--json")
    assert ran.json["numbering"] == {
        "type": "quote", "field": "number", "pattern": "OFF-{NUMBER:3}", "start": 1, "step": 1, "reset": "never",
        "next": 12, "next_text": "OFF-012",
    }  # fmt: skip
    assert crm("quote", "add", "--json").fields["number"] == "OFF-012"
    assert "OFF-013" in crm("numbering", "list").out
    assert crm("quote", "add", "number=OFF-012").code == 4
    assert crm("quote", "show", "off-012", "--json").json["items"][0]["ref"] == "Q-2"
    assert crm("quote", "show", "OFF-099").code == 3


def test_what_is_wrong_with_numbers_is_told(crm: Crm) -> None:
    assert "12 → " in crm("numbering", "edit", "invoice", "next=12").out
    for words, code, told in (
        (("edit", "quote"), 2, "Nothing to change"),
        (("edit", "quote", "pattern={NUMBER}"), 4, "{YEAR}"),
        (("edit", "quote", "width=3"), 4, "pattern, start"),
        (("show", "deal"), 3, "no numbers"),
        (("edit", "quote", "start=2", "--as", "luca"), 5, "settings"),
    ):
        ran = crm("numbering", *words)
        assert (ran.code, told in ran.err) == (code, True), ran.err
