"""Texts as templates: what is filled in is no part of them, what falls away takes its lines along, nothing grows without an end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from tests.hostile_workspace import PAYLOADS
from tuicrm.documents.plain_text import TextTooLong, fill_text, read_template
from tuicrm.errors import Refused

ROWS: Mapping[str, Sequence[Mapping[str, str]]] = {
    "Products": [{"ProductsName": "Nail", "ProductsPrice": "1"}, {"ProductsName": "Saw"}],
    "Visits": [],
}


class Values:
    """Knows some names, and two lists."""

    def __init__(self, **texts: str) -> None:
        self._texts = {"Title": "Aurora", "Amount": "100", **texts}

    def text(self, name: str, modifier: str, row: int | None) -> str:
        owner = self.list_of(name)
        if owner is not None and row is not None:
            return ROWS[owner][row].get(name, "")
        if owner is not None:
            return ", ".join(one[name] for one in ROWS[owner] if name in one)
        return self._texts.get(name, "") + (f"~{modifier}" if modifier else "")

    def list_of(self, name: str) -> str | None:
        return next((one for one in ROWS if name.startswith(one)), None)

    def count(self, list_name: str) -> int:
        return len(ROWS[list_name])

    def holds(self, name: str, row: int | None) -> bool:
        return bool(self.text(name, "", row))

    def picture(self, name: str, row: int | None) -> bytes | None:
        raise AssertionError(name, row)


def filled(text: str, most: int = 1000, **texts: str) -> str:
    return fill_text(read_template(text), Values(**texts), most)


@pytest.mark.parametrize(("text", "told"), [
    ("", ""),
    ("no {name} { Title } {1}", "no {name} { Title } {1}"),
    ("{Title}: {Amount~W=Y}, {Nothing}.", "Aurora: 100~W=Y, ."),
    ("a\n{#Title}\n{Title}\n{/Title}\nb", "a\nAurora\nb"),
    ("a\n{#Nothing}\nx\n{/Nothing}\nb", "a\nb"),
    ("a\n{^Nothing}\nx\n  {/Nothing}\t\nb", "a\nx\nb"),
    ("a {#Nothing}x{/Nothing}b {^Title}y{/Title}", "a b "),
    ("{#Products}\n- {ProductsName}{#ProductsPrice} {ProductsPrice}{/ProductsPrice}\n{/Products}\nend", "- Nail 1\n- Saw\nend"),
    ("{ProductsName}", "Nail, Saw"),
    ("{^Visits}no visit{/Visits}{#Visits}x{/Visits}", "no visit"),
    ("{#Products}{#Products}{ProductsName} {/Products}{/Products}", "Nail Saw "),
    ("{#Title}{#Amount}1{/Title}{/Amount}", "{#Amount}1{/Amount}"),
    ("x {/Title} {#Title}", "x {/Title} {#Title}"),
])  # fmt: skip
def test_a_text_becomes(text: str, told: str) -> None:
    assert filled(text) == told


@pytest.mark.parametrize("evil", [*PAYLOADS, "{Amount}", "{#Products}", "{/Title}", "\n{#Title}\n"])
def test_what_is_filled_in_is_not_looked_at_again(evil: str) -> None:
    assert (
        filled("<{Title}>{#Title}[{Title}]{/Title}", most=10**6, Title=evil) == f"<{evil}>[{evil}]" * bool(evil)
        or not evil
    )


def test_marks_without_another_end_are_told_with_their_line() -> None:
    found = read_template("{#A}\n\n{/B} {^C}\n{/A}").faults
    assert [(one.line, one.message) for one in found] == [
        (3, "{/B} closes what was never opened"),
        (3, "{^C} is never closed"),
    ]


def test_nothing_grows_without_an_end() -> None:
    with pytest.raises(TextTooLong, match="at most 10 characters"):
        filled("{#Products}123456{/Products}", most=10)
    assert filled("{#Products}12345{/Products}", most=10) == "1234512345"
    with pytest.raises(Refused, match="100"):
        read_template("{#A}" * 101 + "{/A}" * 101)
    assert not read_template("{#A}" * 100 + "{/A}" * 100).faults
    assert len(read_template("{" * 100_000).pieces) == 1
