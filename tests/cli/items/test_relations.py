"""`tuicrm relations`, `link`, `unlink`."""

from __future__ import annotations

from tests.cli.conftest import Crm


def test_the_family_of_a_deal(crm: Crm) -> None:
    crm("deal", "create", "D-1", "quote")
    crm("quote", "create", "Q-1", "invoice")
    ran = crm("relations", "D-1")
    lines = [line.split() for line in ran.out.splitlines()[2:]]
    assert [[word for word in line if "-" in word][:1] for line in lines] == [["D-1"], ["Q-1"], ["INV-1"], ["CO-1"]]
    assert "this one" in ran.out
    told = crm("relations", "INV-1", "--json").json
    assert [(one["ref"], one["depth"], one["as"]) for one in told["family"]] == [
        ("D-1", 0, ""),
        ("Q-1", 1, "Deal"),
        ("INV-1", 2, "Quote"),
    ]
    assert told["family"][0]["amount"] == {"amount": "12500.00", "currency": "EUR"}
    assert [one["ref"] for one in told["names"]] == ["CO-1"]
    assert told["more"] is False


def test_one_that_has_none(crm: Crm) -> None:
    ran = crm("relations", "D-3")
    assert (ran.code, ran.out, ran.err) == (0, "", "Nothing here.\n")


def test_linked_and_unlinked(crm: Crm) -> None:
    ran = crm("link", "D-1", "D-3", "see  also")
    assert (ran.code, ran.err) == (0, "D-1 and D-3 are now linked.\n")
    for ref, other in (("D-1", "D-3"), ("D-3", "D-1")):
        links = crm("relations", ref, "--json").json["links"]
        assert [(one["ref"], one["as"]) for one in links] == [(other, "see also")]
        assert f"Linked: {other}" in crm("timeline", ref).out
    assert crm("link", "D-3", "D-1").code == 4
    assert crm("link", "D-3", "D-3").code == 4
    assert crm("unlink", "D-3", "D-1").err == "D-1 and D-3 are no longer linked.\n"
    assert crm("relations", "D-1", "--json").json["links"] == []
    assert crm("undo").out == "Undone: unlink D-1 and D-3 (Website redesign, Annual support)\n"
    assert len(crm("relations", "D-1", "--json").json["links"]) == 1


def test_unlinking_what_a_field_names_says_which(crm: Crm) -> None:
    told = crm("unlink", "CO-1", "D-1", "--json").json["removed"]
    assert told == {"refs": ["CO-1", "D-1"], "link": None, "field": {"ref": "D-1", "key": "company"}}
    assert "company" not in crm("deal", "show", "D-1", "--json").fields
    crm("undo")
    assert crm("unlink", "D-1", "CO-1").err == "Company of D-1 no longer refers to CO-1.\n"
    ran = crm("unlink", "D-1", "CO-1")
    assert (ran.code, ran.err) == (3, "Error: D-1 and CO-1 are not related.\n")


def test_as_json(crm: Crm) -> None:
    told = crm("link", "D-1", "D-3", "-5%", "--json").json["link"]
    assert told == {"id": 1, "refs": ["D-1", "D-3"], "word": "-5%"}


def test_wrong_words(crm: Crm) -> None:
    assert crm("relations", "D-9").code == 3
    assert crm("relations").code == 2
    assert crm("link", "D-1").code == 2
    assert crm("link", "D-1", "x").code == 3
    assert crm("unlink", "D-1", "D-9").code == 3


def test_fsck_knows_of_links(crm: Crm) -> None:
    crm("link", "D-1", "D-3")
    crm("deal", "delete", "D-3")
    assert crm("fsck").code == 0
    assert "D-3 Annual support (deleted)" in crm("relations", "D-1").out
