"""Numbered, repeated and listed values become several values of one field, each of its sort."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.exchange.types import COMPANY, CONTACT, DEAL
from tests.hostile import HOSTILE
from tuicrm.exchange.assemble import assemble
from tuicrm.exchange.families import FamilyMember, labels, member, parts, sorted_parts
from tuicrm.exchange.mapping import ColumnMap, guess_mapping
from tuicrm.exchange.presets import ColumnTarget


@pytest.mark.parametrize(
    ("column", "base", "number", "is_label"),
    [
        ("Phone 2 - Value", "phone", 2, False),
        ("Phone 1 - Label", "phone", 1, True),
        ("Phone 1 - Type", "phone", 1, True),
        ("E-mail 2", "e mail", 2, False),
        ("E-mail 3 Address", "e mail address", 3, False),
        ("phone_2", "phone", 2, False),
        ("Phone2", "phone", 2, False),
        ("Phone (2)", "phone", 2, False),
        ("Other phone", "phone", 2, False),
        ("Secondary email", "email", 2, False),
        ("Mobile phone", "mobile phone", 1, False),
        ("Type", "type", 1, False),
        ("Value", "value", 1, False),
        ("2024", "2024", 1, False),
        ("", "", 1, False),
    ],
)
def test_what_a_name_says(column: str, base: str, number: int, is_label: bool) -> None:
    assert member(column) == FamilyMember(base, number, is_label)


def targets(mapping: ColumnMap) -> dict[str, str]:
    return {guess.column: str(guess.target or "") for guess in mapping.guesses}


def test_google_contacts() -> None:
    columns = [
        "First name", "Last name", "Organization 1 - Name", "E-mail 1 - Label", "E-mail 1 - Value", "E-mail 2 - Label",
        "E-mail 2 - Value", "Phone 1 - Label", "Phone 1 - Value", "Address 1 - City", "Address 2 - City", "Website 1 - Value",
    ]  # fmt: skip
    mapping = guess_mapping(columns, CONTACT, ())
    assert targets(mapping) == {
        "First name": "first_name",
        "Last name": "last_name",
        "Organization 1 - Name": "company",
        "E-mail 1 - Label": "",
        "E-mail 1 - Value": "email",
        "E-mail 2 - Label": "",
        "E-mail 2 - Value": "email",
        "Phone 1 - Label": "",
        "Phone 1 - Value": "phone",
        "Address 1 - City": "address.city",
        "Address 2 - City": "",
        "Website 1 - Value": "web.work",
    }
    assert mapping.labels == {
        "E-mail 1 - Value": "E-mail 1 - Label",
        "E-mail 2 - Value": "E-mail 2 - Label",
        "Phone 1 - Value": "Phone 1 - Label",
    }
    told = {guess.column: guess.reason for guess in mapping.guesses}
    assert told["Phone 1 - Label"] == "gives the kind of Phone 1 - Value"


def put(columns: list[str], *cells: str) -> Mapping[str, Any]:
    mapping = guess_mapping(columns, CONTACT, ())
    values, problems = assemble(mapping, CONTACT, dict(zip(columns, cells, strict=True)), {}, "EUR")
    assert problems == ()
    return values


def reached(values: Mapping[str, Any], field: str) -> list[tuple[str, str]]:
    return [(one["value"], one["type"]) for one in values[field]]


def test_lists_in_cells_with_their_sorts() -> None:
    values = put(
        ["Phone 1 - Label", "Phone 1 - Value", "Phone 2 - Value"],
        "* Mobile ::: Work Fax ::: Reception",
        "+390612345 ::: +390612346 ::: +390612347",
        "+390612348",
    )
    assert reached(values, "phone") == [
        ("+390612345", "mobile"),
        ("+390612346", "fax"),
        ("+390612347", "other"),
        ("+390612348", "work"),
    ]


def test_one_sort_holds_for_all_and_too_few_for_those_they_stand_beside() -> None:
    assert sorted_parts("1 ::: 2", "Home", "phone", "work") == [("1", "home"), ("2", "home")]
    assert sorted_parts("1 ::: 2 ::: 3", "Home ::: Mobile", "phone", "work") == [
        ("1", "home"), ("2", "mobile"), ("3", "work"),
    ]  # fmt: skip
    assert sorted_parts("a@b.c", "Mobile", "email", "work") == [("a@b.c", "other")]
    assert sorted_parts("x.test", "LinkedIn", "web", "work") == [("x.test", "linkedin")]
    assert sorted_parts("", "Home", "phone", "work") == []


def test_a_value_tells_its_sort_before_the_column_beside_it_does() -> None:
    assert sorted_parts("home: a@b.c\nd@e.f", "Mailing", "email", "work") == [("a@b.c", "home"), ("d@e.f", "mailing")]
    assert sorted_parts("Fax: 02 1; 02 2 mobile; 02 3", "", "phone", "home") == [
        ("02 1", "fax"), ("02 2", "mobile"), ("02 3", "home"),
    ]  # fmt: skip
    assert sorted_parts("https://x.test", "", "web", "work") == [("https://x.test", "work")]
    assert sorted_parts("home:", "", "messenger", "other") == [("home:", "other")]


def test_one_cell_may_hold_the_same_of_two_sorts() -> None:
    values = put(["E-mail", "E-mail 2"], "a@x.test\nhome: a@x.test\nhome: a@x.test", "mailing: a@x.test")
    assert reached(values, "email") == [("a@x.test", "work"), ("a@x.test", "home")]


def test_the_same_value_twice_is_one() -> None:
    assert reached(put(["Phone", "Phone (2)"], "+390612345", "+390612345"), "phone") == [("+390612345", "work")]


def test_two_usual_names_of_a_field_of_several_values_fill_it_both() -> None:
    assert targets(guess_mapping(["Phone", "Telephone", "Mobile", "Cell"], CONTACT, ())) == {
        "Phone": "phone", "Telephone": "phone.work", "Mobile": "phone.mobile", "Cell": "phone.mobile",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("phone", "+39 06 1 ::: +39 06 2", ["+39 06 1", "+39 06 2"]),
        ("phone", "+39 06 1; +39 06 2", ["+39 06 1", "+39 06 2"]),
        ("phone", "+39 06 1;ext=7", ["+39 06 1;ext=7"]),
        ("email", "a@x.test, b@x.test;c@x.test\nd@x.test", ["a@x.test", "b@x.test", "c@x.test", "d@x.test"]),
        ("email", "Byron, Ada <ada@x.test>", ["Byron, Ada <ada@x.test>"]),
        ("web", "https://x.test/a;b?c=1,2", ["https://x.test/a;b?c=1,2"]),
        ("email", "home: a@x.test, work: b@x.test", ["home: a@x.test", "work: b@x.test"]),
        ("messenger", '"telegram: a;b"\n"say ""hi"""', ["telegram: a;b", 'say "hi"']),
        ("messenger", '"a" and "b"', ['"a" and "b"']),
        ("phone", '"+39061;ext=7"\nhome: +39062', ["+39061;ext=7", "home: +39062"]),
        ("phone", '"+39061', ['"+39061']),
        ("phone", " ::: ", []),
    ],
)
def test_what_parts_the_values_of_a_cell(kind: str, text: str, expected: list[str]) -> None:
    assert parts(text, kind) == expected


def test_a_field_of_one_value_takes_one_column() -> None:
    assert targets(guess_mapping(["Title", "Title (2)", "Amount 2"], DEAL, ())) == {
        "Title": "title", "Title (2)": "", "Amount 2": "",
    }  # fmt: skip


def test_any_field_of_several_values_takes_its_columns() -> None:
    columns = ["Title", "Tags", "Tags 2", "Tags 2 - Type", "Contact 1", "Contact 2"]
    mapping = guess_mapping(columns, DEAL, ())
    assert targets(mapping) == {
        "Title": "title", "Tags": "tags", "Tags 2": "tags", "Tags 2 - Type": "", "Contact 1": "contacts",
        "Contact 2": "contacts",
    }  # fmt: skip
    assert mapping.labels == {}
    row = dict(zip(columns, ["x", "a; b", "b; c", "", "Ada", "Bob ::: Cid"], strict=True))
    values, _problems = assemble(mapping, DEAL, row, {}, "EUR")
    assert (values["tags"], values["contacts"]) == (["a", "b", "c"], ["Ada", "Bob", "Cid"])


def test_a_whole_name_is_not_laid_over_first_and_last_name() -> None:
    mapping = guess_mapping(["First name", "Last name", "Full name"], CONTACT, ())
    assert targets(mapping)["Full name"] == ""
    assert targets(guess_mapping(["Full name"], CONTACT, ()))["Full name"] == "@name"


def test_a_label_without_its_value_is_no_label() -> None:
    assert labels(["Phone 2 - Label", "Phone 1 - Value"], {"Phone 1 - Value": ColumnTarget("phone")}) == {}
    assert targets(guess_mapping(["Company type"], COMPANY, ()))["Company type"] == ""


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_names_and_cells_break_nothing(text: str) -> None:
    member(text)
    for kind in ("phone", "email", "web", "messenger"):
        sorted_parts(text, text, kind, "work")
    guess_mapping([text, f"{text} 2", f"{text} 2 - Label"], CONTACT, ())
