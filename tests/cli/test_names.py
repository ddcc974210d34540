"""Names on the command line: no write takes a beginning, reading does, and what is wrong is told with what there is."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Crm


def state(crm: Crm) -> object:
    return [crm(noun, "list", "--json").json["items"] for noun in ("deal", "company", "contact")]


@pytest.mark.parametrize(
    "words",
    [
        ("deal", "move", "D-1", "prep"),
        ("deal", "move", "D-1", "d"),
        ("deal", "move", "D-1", "Deal l"),
        ("deal", "move", "D-1", "D-2", "fin"),
        ("deal", "move", "D-1", "preparation", "--pipeline", "gen"),
        ("deal", "edit", "D-1", "stage=prep"),
        ("deal", "edit", "D-1", "D-2", "stage=prep"),
        ("deal", "edit", "D-1", "pipeline=gen"),
        ("deal", "edit", "D-1", "responsible=lu"),
        ("deal", "edit", "D-1", "responsible=Luca R"),
        ("deal", "edit", "D-1", "source=adv"),
        ("deal", "edit", "D-1", "amo=1"),
        ("deal", "add", "title=x", "source=adv"),
        ("deal", "add", "title=x", "stage=prep"),
        ("deal", "edit", "--where", "stage = n", "title=x"),
        ("deal", "edit", "--where", "responsible = lu", "title=x"),
        ("deal", "delete", "--where", "stage = n"),
        ("deal", "delete", "--where", "amo > 0"),
        ("deal", "create", "--where", "stage = n", "quote"),
        ("activity", "add", "D-1", "call", "--who", "lu"),
        ("stage", "rename", "deal", "prep", "Other"),
        ("stage", "delete", "deal", "prep"),
        ("stage", "edit", "deal", "preparation", "--asks", "amo"),
        ("pipeline", "rename", "deal", "gen", "Other"),
        ("dictionary", "rename", "sour", "Other"),
        ("dictionary", "entries", "source", "--retire", "adv"),
        ("user", "edit", "lu", "--name", "Other"),
        ("user", "retire", "lu"),
        ("user", "edit", "luca", "--role", "man"),
        ("layout", "place", "deal", "amount", "abo"),
        ("tab", "hide", "deal", "prod"),
        ("filter", "save", "deal", "kept", "stage = n"),
    ],
    ids=" ".join,
)
def test_no_write_takes_a_beginning_and_what_there_is_is_told(crm: Crm, words: tuple[str, ...]) -> None:
    before = state(crm)
    ran = crm(*words)
    assert ran.code in (2, 3, 4), ran
    assert "choose one of: " in ran.err or "is expected: " in ran.err, ran.err
    assert state(crm) == before
    assert "kept" not in crm("filter", "list", "deal").out


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (("deal", "move", "D-1", "preparaton"), "Document preparation"),
        (("deal", "move", "D-1", "l"), "Deal lost"),
        (("deal", "edit", "D-1", "responsible=Luca Rova"), "Luca Riva"),
        (("deal", "edit", "D-1", "source=advertisng"), "Advertising"),
        (("deal", "edit", "D-1", "amuont=1"), "amount"),
        (("deal", "list", "--where", "stage = Preparaton"), "Document preparation"),
        (("deal", "list", "--where", "responsible = Luka"), "Luca Riva"),
        (("deal", "list", "--where", "source = Advertisment"), "Advertising"),
        (("deal", "list", "--where", "amuont > 1"), "amount"),
        (("deal", "list", "--sort", "amuont"), "amount"),
        (("board", "deals!"), "deal"),
        (("user", "retire", "Luka Riva"), "Luca Riva"),
        (("dictionary", "delete", "sorces"), "source"),
        (("tab", "hide", "deal", "prodcts"), "Products"),
    ],
    ids=str,
)
def test_what_is_near_is_told_first_everywhere(crm: Crm, words: tuple[str, ...], first: str) -> None:
    told = crm(*words).err
    listed = told.partition("choose one of: ")[2] or told.partition("is expected: ")[2]
    assert listed.startswith(first), told


def test_keys_and_labels_of_any_language_are_names(crm: Crm) -> None:
    for name in ("preparation", "Document preparation", "DOCUMENT  preparation", "Preparazione documenti"):
        assert crm("deal", "move", "D-1", "new").code == 0
        assert crm("deal", "move", "D-1", name).code == 0, name
        assert crm("deal", "list", "--where", f'stage = "{name}"', "--json").json["total"] == 1


def test_what_is_only_read_takes_a_beginning_that_is_clear(crm: Crm) -> None:
    whole = crm("deal", "list", "--where", "stage = New", "--json").json
    assert crm("deal", "list", "--where", "stage = ne", "--json").json == whole
    assert crm("deal", "list", "--where", "responsible = riva", "--json").json["total"] == 1
    assert crm("export", "deal", "--where", "stage = ne").out.count("\n") == 4
    assert crm("board", "deal", "--pipeline", "gen", "--json").json["pipeline"] == "general"
    ran = crm("deal", "list", "--where", "stage = Deal")
    assert ran.code == 2
    assert "“Deal” may be: Deal won, Deal lost" in ran.err


def test_a_person_is_named_by_key_login_name_or_address(crm: Crm) -> None:
    """As a value, in a filter, in a form for many and in a file alike; somebody's key is theirs, and a login goes before a name."""
    assert (
        crm("user", "add", "Bruno Verdi", "--login", "bverdi", "--email", "bruno@example.com", "--key", "bruno").code
        == 0
    )
    for name in ("bruno", "bverdi", "BVERDI", "Bruno Verdi", "bruno  verdí", "bruno@example.com"):
        assert crm("deal", "edit", "D-1", "responsible=luca").code == 0
        assert crm("deal", "edit", "D-1", f"responsible={name}").code == 0, name
        assert crm("deal", "show", "D-1", "--json").fields["responsible"] == "bruno"
        assert crm("deal", "list", "--where", f'responsible = "{name}"', "--format", "ids").out == "D-1\n", name
        assert crm("deal", "edit", "D-2", f"observers=luca, {name}").code == 0, name
        assert crm("activity", "add", "D-1", "call", "--at", "+1d", "--who", name).code == 0
    assert crm("deal", "edit", "D-1", "responsible=bver").code == 4
    assert crm("user", "add", "bverdi", "--key", "other").code == 0
    assert crm("user", "add", "Carla", "--login", "other", "--key", "carla").code == 0
    for name, key in (("bverdi", "bruno"), ("other", "other"), ("Carla", "carla")):
        assert crm("deal", "edit", "D-1", f"responsible={name}").code == 0, name
        assert crm("deal", "show", "D-1", "--json").fields["responsible"] == key


def test_hostile_names_are_told_cleaned(crm: Crm) -> None:
    for name in ("\x1b]52;c;AAAA\x07", "[/]", "\u202eevil", "x" * 5000):
        ran = crm("deal", "move", "D-1", name)
        assert ran.code == 4
        assert "\x1b" not in ran.err
        assert "\u202e" not in ran.err
