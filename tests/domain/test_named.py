"""What a word names: keys, labels in any language, and beginnings only where something is read."""

from __future__ import annotations

import pytest

from tuicrm.domain import named
from tuicrm.domain.named import Named, NotNamed, labelled

STAGES = [
    labelled("new", "new", {"en": "New", "it": "Nuova"}, "en"),
    labelled("nego", "negotiation", {"en": "Negotiation", "it": "Trattativa"}, "en"),
    labelled("sent", "sent", {"en": "Proposal sent", "it": "Proposta inviata"}, "en"),
    labelled("lost", "lost", {"en": "Lost", "it": "Persa"}, "en"),
    labelled("peru", "peru", "Perù", "en"),
    labelled("straße", "strasse", "Große Straße", "en"),
    labelled("gone", "gone", "Proposal sent", "en", retired=True),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("negotiation", "nego"),
        ("NEGOTIATION", "nego"),
        ("  Trattativa ", "nego"),
        ("proposal   SENT", "sent"),
        ("PERU", "peru"),
        ("perú", "peru"),
        ("grosse strasse", "straße"),
        ("gone", "gone"),
    ],
)
def test_by_key_or_label_in_any_language(text: str, found: str) -> None:
    assert named.find(text, STAGES) == [found]
    assert named.the(text, STAGES, "nothing") == found


@pytest.mark.parametrize("text", ["l", "neg", "Tratta", "n", "", " ", "*", "Los t", "N"])
def test_a_beginning_is_no_name(text: str) -> None:
    assert named.find(text, STAGES) == []
    with pytest.raises(NotNamed, match=r"^nothing; choose one of: ") as caught:
        named.the(text, STAGES, "nothing")
    assert not caught.value.several


def test_where_something_is_read_a_beginning_will_do_as_long_as_it_is_one_things_alone() -> None:
    assert named.find("neg", STAGES, begins=True) == ["nego"]
    assert named.find("tratta", STAGES, begins=True) == ["nego"]
    assert named.find("n", STAGES, begins=True) == ["new", "nego"]
    assert named.find("lost", STAGES, begins=True) == ["lost"], "a whole name comes before what it is the beginning of"
    assert named.find("inv", STAGES, begins=True) == ["sent"], "a word of a name too"
    assert named.find("", STAGES, begins=True) == []
    with pytest.raises(NotNamed, match=r"“n” may be: New, Negotiation$") as caught:
        named.the("n", STAGES, "nothing", begins=True)
    assert caught.value.several


def test_the_exact_label_comes_before_one_that_differs_in_accents() -> None:
    islands = [Named(text, text, (text,), text) for text in ("Ile", "Île")]
    assert named.find("île", islands) == ["Île"]
    assert named.find("ILE", islands) == ["Ile"]


def test_what_is_called_the_same_is_told_with_what_tells_it_apart() -> None:
    people = [
        Named("a", "anna", ("Anna Bianchi",), "Anna Bianchi"),
        Named("m", "mc", ("Marco Conti", "m@x.it"), "Marco Conti", detail="m@x.it"),
        Named("n", "mc2", ("Marco Conti", "m2@x.it"), "Marco Conti", detail="m2@x.it"),
    ]
    with pytest.raises(NotNamed, match=r"“marco conti” may be: Marco Conti \(m@x.it\), Marco Conti \(m2@x.it\)"):
        named.the("marco conti", people, "nothing")
    assert named.the("M2@X.IT", people, "nothing") == "n"


@pytest.mark.parametrize(
    ("typed", "first"),
    [("negociation", "Negotiation"), ("propsal sent", "Proposal sent"), ("lsot", "Lost"), ("perru", "Perù")],
)
def test_what_is_near_comes_first(typed: str, first: str) -> None:
    assert named.there_are(typed, STAGES).startswith(f"; choose one of: {first}, ")


def test_of_many_the_nearest_dozen_is_told_and_how_many_more_there_are() -> None:
    many = [Named(n, f"k{n}", (f"Thing {n:03}",), f"Thing {n:03}") for n in range(500)]
    told = named.there_are("thing 499", many)
    assert told.startswith("; choose one of: Thing 499, ")
    assert told.endswith(" and 488 more")
    assert named.there_are("x", []) == ""


def test_what_is_retired_is_neither_offered_nor_meant_where_anything_else_is() -> None:
    assert named.find("Proposal sent", STAGES) == ["sent"]
    assert "gone" not in named.there_are("gon", STAGES)


@pytest.mark.parametrize("text", ["\x1b[31m", "\u202e", "[/]", "a" * 100_000, "%s{0}{text}"])
def test_hostile_texts_name_nothing(text: str) -> None:
    with pytest.raises(NotNamed):
        named.the(text, STAGES, "nothing", begins=True)
