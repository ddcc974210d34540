"""`tuicrm lead create L-7 deal,contact`: one from another, several at once, tried first."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.cli.conftest import ROOT, Crm
from tests.terminal import Terminal

LEAD = ("title=Fair contact", "last_name=Neri", "company_title=Rossi Srl", "amount=500 EUR", "phone=+390255550142")


@pytest.fixture
def lead(crm: Crm) -> str:
    return crm("lead", "add", *LEAD).out.strip()


def test_a_deal_from_a_lead(crm: Crm, lead: str) -> None:
    ran = crm("lead", "create", lead, "deal", "title=Stand")
    assert (ran.code, ran.out, ran.err) == (0, "D-4\n", "")
    assert "Stand" in crm("deal", "show", "D-4").out
    assert crm("lead", "show", lead, "--json").fields["stage"] == "converted"
    assert "Deal created from this: D-4 Stand" in crm("timeline", lead).out
    assert "Undone: create deal from L-1" in crm("undo").out
    assert crm("deal", "show", "D-4").code == 3


def test_as_a_process_of_its_own(process: Crm) -> None:
    assert process("deal", "create", "D-1", "quote").out == "Q-1\n"
    made = process("quote", "create", "Q-1", "invoice", "--json").json
    assert [(one["from"], list(one["made"]), one["taken"]) for one in made["created"]] == [("Q-1", ["invoice"], {})]
    assert made["items"][0]["fields"]["deal"] == "deal:1"


def test_the_answer_as_json(crm: Crm, lead: str) -> None:
    told = crm("lead", "create", lead, "contact,company", "--json").json
    assert told["created"] == [{"from": "L-1", "made": {"company": "CO-3", "contact": "C-2"}, "taken": {}}]
    assert [one["ref"] for one in told["items"]] == ["CO-3", "C-2"]
    assert told["total"] == 2


@pytest.mark.parametrize(
    "words", [("contact,company",), ("company", "contact"), ("Contact,", "Company"), ("company,contact,",)]
)
def test_what_is_made_as_one_word_or_several(crm: Crm, lead: str, words: tuple[str, ...]) -> None:
    assert crm("lead", "create", lead, *words).out == "CO-3\nC-2\n"


def test_several_items_and_several_words(crm: Crm, lead: str) -> None:
    other = crm("lead", "add", *LEAD).out.strip()
    assert crm("lead", "create", lead, other, "deal", "company", "--new").out.split() == ["CO-3", "D-4", "CO-4", "D-5"]


def test_one_that_is_here_already(crm: Crm, lead: str) -> None:
    ran = crm("lead", "create", lead, "deal,company", "--take", "CO-1")
    assert (ran.out, ran.err) == ("D-4\n", "Used: CO-1 Rossi Srl\n")
    assert crm("deal", "show", "D-4", "--json").fields["company"] == "company:1"


def test_who_may_be_meant_is_told(crm: Crm, lead: str) -> None:
    ran = crm("lead", "create", lead, "company")
    assert (ran.out, ran.err) == ("CO-3\n", "Company: may already exist: CO-1 Rossi Srl (use it with --take).\n")


def test_the_leads_own_company_is_taken_unless_a_new_one_is_wanted(crm: Crm) -> None:
    for number in (1, 2):
        crm("lead", "add", f"title=L{number}", "company=CO-2", "company_title=Other Srl")
    assert crm("lead", "create", "L-1", "deal,company").err == "Used: CO-2 Ferrari Legnami\n"
    assert crm("lead", "create", "L-2", "deal,company", "--new").out.split() == ["CO-3", "D-5"]


def test_tried_first(crm: Crm, lead: str) -> None:
    before = crm("log", "--json").out
    ran = crm("lead", "create", lead, "deal,company", "--dry-run")
    assert ran.code == 0
    assert [line.split() for line in ran.out.splitlines() if "Rossi" in line] == [
        ["Company", "name", "Rossi", "Srl", "Company", "name"]
    ]
    assert "Nothing was changed" in ran.err
    told = crm("lead", "create", lead, "deal,company", "--dry-run", "--json").json["proposed"]
    assert told["stage"] == "converted"
    company = told["items"][0]
    assert (company["copied"]["title"], company["existing"]) == ("company_title", ["CO-1"])
    assert crm("log", "--json").out == before


def test_what_is_lacking(crm: Crm) -> None:
    crm("lead", "add", "title=Fair")
    for more in ((), ("--dry-run",)):
        ran = crm("lead", "create", "L-1", "deal,contact,company", *more)
        assert ran.code == 4
        assert "Contact: Required: First name or Last name" in ran.err
    told = crm("lead", "create", "L-1", "contact,company", "--json").json["error"]
    assert (told["code"], {one["field"] for one in told["fields"]}) == (
        "required",
        {"contact.first_name", "contact.last_name", "company.title"},
    )
    assert crm("lead", "create", "L-1", "contact,company", "contact.last_name=Neri", "company.title=X").code == 0


def test_several_at_once(crm: Crm, lead: str) -> None:
    crm("lead", "add", "title=Nameless")
    crm("lead", "add", "title=Third", "last_name=Verdi")
    ran = crm("lead", "create", "L-1", "L-2", "L-3", "deal,contact")
    assert (ran.code, ran.out.split()) == (4, ["C-2", "D-4", "C-3", "D-5"])
    assert "L-2 Nameless: Contact: Required: First name or Last name" in ran.err
    assert "Created from 2 items; not from 1." in ran.err
    named = "C-2 Neri, L-1 Fair contact, D-4 Fair contact, …"
    assert crm("undo").out == f"Undone: create deal + contact from 2 leads ({named})\n"
    told = crm("lead", "create", "L-1", "L-2", "L-3", "deal,contact", "--json").json
    assert (told["status"], told["error"]["message"]) == ("error", "Nothing can be created from: L-2")
    assert [one["ref"] for one in told["stayed"]] == ["L-2"]
    assert len(told["created"]) == 2


def test_from_all_that_match(crm: Crm, lead: str) -> None:
    crm("lead", "add", "title=Other")
    ran = crm("lead", "create", "--where", 'title ~ "fair"', "deal", "title=Found")
    assert (ran.code, ran.out, ran.err) == (0, "D-4\n", "Created from 1 item.\n")
    assert crm("lead", "create", "L-1", "deal", "--where", "title ~ x").code == 2
    assert crm("lead", "create", "--where", "title ~ nothing", "deal").out == ""


def test_several_tried_first(crm: Crm, lead: str) -> None:
    crm("lead", "add", "title=Nameless")
    told = crm("lead", "create", "1", "2", "deal", "deal.title=Both", "--dry-run", "--json").json
    assert [one["items"][0]["fields"]["title"] for one in told["proposed"]] == ["Both", "Both"]
    assert crm("deal", "list", "--json").json["total"] == 3


def test_a_field_that_is_missing_is_made(crm: Crm) -> None:
    crm("field", "add", "lead", "Stand", "--key", "stand")
    crm("lead", "add", "title=x", "stand=B 7")
    assert "Stand is not copied: there is no similar field" in crm("lead", "create", "L-1", "deal", "--dry-run").err
    assert crm("lead", "create", "L-1", "deal", "--make-fields").code == 0
    assert crm("deal", "show", "D-4", "--json").fields["stand"] == "B 7"


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        ((), 2, "L-42 deal,contact,company"),
        (("L-1", "deal", "quote"), 4, "“deal,quote” cannot be created from this type (lead)"),
        (("deal", "contact"), 2, "Say what to create"),
        (("L-1",), 2, "Say what to create"),
        (("L-1", "quote"), 4, "choose from: deal,contact,company"),
        (("L-9", "deal"), 3, "There is no L-9"),
        (("D-1", "deal"), 3, "D-1 is not of type lead"),
        (("L-1", "deal,company", "title=x"), 4, "title: say for which item: deal., company., own."),
        (("L-1", "deal", "nothing=x"), 4, "deal.nothing"),
        (("L-1", "deal,company", "deal.amount=much"), 4, "deal.amount"),
        (("L-1", "deal", "--take", "D-1"), 4, "D-1 cannot be used"),
        (("L-1", "company", "--take", "C-1"), 4, "C-1 cannot be used"),
        (("L-1", "company", "--take", "CO-9"), 3, "There is no CO-9"),
        (("L-1", "company", "title=x", "--take", "CO-1"), 4, "CO-1 is used as it is"),
        (("L-1", "L-2", "deal", "own.comment=x"), 2, "one item at a time"),
    ],
)
def test_wrong_words(crm: Crm, lead: str, words: tuple[str, ...], code: int, told: str) -> None:
    for more in ((), ("--json",)):
        ran = crm("lead", "create", *words, *more)
        assert ran.code == code
        assert told in (ran.json["error"]["message"] if more else ran.err)
    assert crm("deal", "list", "--json").json["total"] == 3


def test_it_needs_the_right_to_change_the_source(crm: Crm, lead: str) -> None:
    ran = crm("lead", "create", lead, "deal", "--as", "luca")
    assert (ran.code, ran.err) == (5, "Error: You may not change this lead.\n")
    crm("lead", "add", "title=Second")
    ran = crm("lead", "create", lead, "L-2", "deal", "--as", "luca")
    assert (ran.code, ran.out) == (5, "")


def test_in_italian(crm: Crm, lead: str, data: Path) -> None:
    ran = crm("lead", "create", lead, "azienda", "--dry-run", env={"LANG": "it_IT.UTF-8", "LC_ALL": "it_IT.UTF-8"})
    assert "Nulla è cambiato" in ran.err


def test_the_same_from_one_item_a_second_time_is_told_and_goes_on_with_a_flag(crm: Crm) -> None:
    assert crm("deal", "create", "D-1", "quote").out == "Q-1\n"
    ran = crm("deal", "create", "D-1", "quote")
    assert (ran.code, ran.out) == (4, "")
    assert "Q-1 was already made from this on " in ran.err
    assert "--again" in ran.err
    assert crm("deal", "create", "D-1", "quote", "--json").json["error"]["code"] == "refused"
    assert "Q-1 was already made from this" in crm("deal", "create", "D-1", "quote", "--dry-run").err
    ran = crm("deal", "create", "D-1", "quote", "--again")
    assert (ran.code, ran.out) == (0, "Q-2\n")
    assert "already made" in ran.err
    # Of several, from the one that has none yet.
    ran = crm("deal", "create", "D-1", "D-2", "quote")
    assert (ran.code, ran.out) == (4, "Q-3\n")
    assert "--again" in ran.err
    assert crm("deal", "create", "D-1", "D-2", "quote", "--again").out == "Q-4\nQ-5\n"
    # An invoice is another thing than a quote.
    assert crm("deal", "create", "D-1", "invoice").code == 0


@pytest.mark.parametrize(
    ("answer", "language", "code"),
    [
        (b"y\r", "en", 0),
        ("Sì\r".encode(), "it", 0),
        (b"si\r", "it", 0),
        (b"\r", "en", 4),
        (b"yes, \x1b[31mplease\r", "en", 4),
        (b"\x04", "en", 4),
        (b"\x03", "en", 130),
    ],
    ids=["yes", "in Italian", "without its accent", "enter", "another word", "end of input", "interrupted"],
)
def test_at_a_terminal_it_is_asked_and_only_yes_makes_another_one(
    crm: Crm, data: Path, monkeypatch: pytest.MonkeyPatch, answer: bytes, language: str, code: int
) -> None:
    crm("deal", "edit", "D-1", "title=Web [/]\u202e site")
    assert crm("deal", "create", "D-1", "quote").out == "Q-1\n"
    assert crm("settings", f"language={language}").code == 0
    for name, value in {"TUICRM_DATA": str(data), "PYTHONPATH": str(ROOT)}.items():
        monkeypatch.setenv(name, value)
    terminal = Terminal([sys.executable, "-m", "tuicrm", "deal", "create", "D-1", "quote"], size=(100, 24))
    try:
        terminal.seen_after(0, r"Q-1 .*\. .*\? \(\w/N\) ")
        assert len(crm("quote", "list", "--json").json["items"]) == 1, "nothing before it is answered"
        terminal.send(answer)
        assert terminal.wait() == code
        told = terminal.raw().decode()
    finally:
        terminal.close()
    assert ("--again" in told) == (code == 4), told
    assert "\u202e" not in told
    assert ("Q-2" in told) == (code == 0)
    assert len(crm("quote", "list", "--json").json["items"]) == (2 if code == 0 else 1)
