"""What a text names among items: their whole name, their code, and last their name without its accents."""

from __future__ import annotations

import pytest

from tests.hostile import HOSTILE
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def named(session: Session, text: str, *types: str) -> list[str]:
    return [choice.label for choice in session.names.items(text, types or ("product",))]


@pytest.fixture
def shelf(workspace: Session) -> Session:
    for name, code in (
        ("Perché Café", "PC-1"),
        ("Cafe", "C-1"),
        ("Café", ""),
        ("Łódź  Øl", ""),
        ("Resume", "Perche Cafe 2"),
    ):
        items.add(workspace, "product", {"title": name, **({"code": code} if code else {})})
    return workspace


@pytest.mark.parametrize("text", ["perche cafe", "PERCHÉ CAFE", " perché   café ", "Perche\u0301 Cafe\u0301", "pc-1"])
def test_case_accents_and_blanks_do_not_matter(shelf: Session, text: str) -> None:
    assert named(shelf, text) == ["Perché Café"]


def test_what_is_written_exactly_comes_before_what_differs_by_accents(shelf: Session) -> None:
    assert named(shelf, "cafe") == ["Cafe"]
    assert named(shelf, "CAFÉ") == ["Café"]
    assert sorted(named(shelf, "càfe")) == ["Cafe", "Café"]
    assert named(shelf, "perche cafe 2") == ["Resume"]


def test_letters_that_are_no_accents_fold_too_and_a_part_names_nothing(shelf: Session) -> None:
    assert named(shelf, "lodz ol") == ["Łódź  Øl"]
    assert [named(shelf, text) for text in ("perche", "", "  ", "\u0301")] == [[], [], [], []]


@pytest.mark.parametrize("text", [one for one in HOSTILE if "\0" not in one])
def test_hostile_texts_name_nothing(shelf: Session, text: str) -> None:
    assert named(shelf, text) == []
