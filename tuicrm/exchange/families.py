"""Columns that belong together: `Phone 1 - Value`, `E-mail 2`, `Phone (2)`, `Other phone` are several values of one field, and
`Phone 1 - Label` says of which sort one of them is. A cell may hold several values itself (`+39 06 1 ::: +39 06 2`)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import NamedTuple

from tuicrm.domain.kinds import ByKind
from tuicrm.domain.kinds.contact_points import SORTS, sort_and_value
from tuicrm.exchange.presets import ColumnTarget, fold
from tuicrm.regex import regex

_VALUE = frozenset({"value", "valore", "wert", "valeur"})
_LABEL = frozenset({"label", "type", "tipo", "etichetta", "kind"})
_FURTHER = frozenset(
    {
        *(
            "other",
            "others",
            "second",
            "secondary",
            "additional",
            "alternate",
            "alternative",
            "alt",
            "further",
            "autre",
        ),
        *("altro", "altra", "altri", "secondario", "secondaria", "weitere", "weiterer", "zweite"),
    }
)
_DIGITS = 2
_SORT_WORDS = {
    "fax": "fax telefax факс",
    "mobile": "mobile mobil cell cellular cellulare iphone handy portable movil móvil komórka мобильный",
    "pager": "pager",
    "home": "home private personal casa privat privato domicile домашний",
    "work": "work office business main company ufficio lavoro arbeit bureau trabajo рабочий",
}


class FamilyMember(NamedTuple):
    """A column of a family: what all its members are called (folded), which one it is, and whether it says the sort of the value."""

    base: str
    number: int
    is_label: bool


def member(column: str) -> FamilyMember:
    """What a column's name says, without its number and the words that only tell members apart."""
    words = re.findall(r"[^\W\d_]+|\d+", fold(column))
    number, rest = 0, []
    for word in words:
        if word.isdecimal() and not number and len(word) <= _DIGITS and int(word):
            number = int(word)
        elif word in _FURTHER and not number:
            number = 2
        else:
            rest.append(word)
    ends = rest[-1] if len(rest) > 1 else ""
    if ends in _VALUE | _LABEL:
        rest = rest[:-1]
    return FamilyMember(" ".join(rest), number or 1, ends in _LABEL)


def members(
    columns: Sequence[str],
    known: Mapping[str, ColumnTarget],
    find: Callable[[str], Sequence[ColumnTarget]],
    several: set[str],
) -> dict[str, ColumnTarget]:
    """The further columns of families, and what each goes into: a field of the keys `several` as often as there are columns, any
    other once. `known` are the columns that have a target already; `find` gives those of a name."""
    found: dict[str, ColumnTarget] = {}
    used = set(known.values())
    for column in columns:
        told = member(column)
        if column in known or told.is_label or told.base == fold(column):
            continue
        target = next(
            (
                one
                for one in find(told.base)
                if one.field in several
                or (told.number == 1 and one not in used and ColumnTarget(one.field) not in used)
            ),
            None,
        )
        if target is not None:
            found[column] = target
            used.add(target)
    return found


def labels(columns: Sequence[str], several: Mapping[str, ColumnTarget]) -> dict[str, str]:
    """Which column says the sort of the values of which other one: `Phone 1 - Value` → `Phone 1 - Label`. `several` are the columns
    that go into fields of several values."""
    told = {(one.base, one.number): column for column in columns if (one := member(column)).is_label}
    found = {column: told.get(member(column)[:2], "") for column in several}
    return {column: label for column, label in found.items() if label}


_BETWEEN = ByKind(
    {
        "email": r":::|\n|;|,\s*(?=(?:[^\s@,:]+:\s*)?[^\s@,]+@)",
        "phone": r":::|\n|;(?!\w*=)",
        "web": r":::|\n",
        "messenger": r":::|\n",
    },
    only=lambda traits: traits.reaches,
)
"""What stands between several ways to reach someone in one cell."""

_QUOTED = regex(r'[^\S\n]*"((?:[^"]++|"")*+)"[^\S\n]*')


def parts(text: str, kind: str) -> list[str]:
    """The values that a cell holds: between `:::`, on lines of their own, between semicolons; addresses also between commas. One in
    quotes is whole, as `several.joined` writes it."""
    return [part for part in _pieces(text, re.compile(_BETWEEN[kind])) if part]


def _pieces(text: str, between: re.Pattern[str]) -> Iterator[str]:
    at: int | None = 0
    while at is not None:
        quoted = _QUOTED.match(text, at)
        if quoted and quoted.end() < len(text) and not between.match(text, quoted.end()):
            quoted = None
        found = between.search(text, quoted.end() if quoted else at)
        piece = text[at : found.start() if found else len(text)].strip()
        yield quoted[1].replace('""', '"') if quoted else piece
        at = found.end() if found else None


def sorted_parts(text: str, told: str, kind: str, default: str) -> list[tuple[str, str]]:
    """(value, sort) of each value of a cell. A value may tell its sort itself (`home: ada@example.com`, as we export it); else it is
    what the column of sorts beside it has, `told`; without either `default`."""
    values, sorts = parts(text, kind), told.split(":::")
    if len(sorts) == 1:
        sorts = sorts * len(values)
    found = []
    for value, beside in zip_longest(values, sorts[: len(values)], fillvalue=""):
        own, rest = sort_and_value(value, kind)
        found.append((rest, own or _sort(beside, kind) or default))
    return found


def _sort(text: str, kind: str) -> str:
    words = set(fold(text).split())
    if not words:
        return ""
    own = next((sort for sort in SORTS[kind] if sort in words), "")
    found = next((sort for sort, named in _SORT_WORDS.items() if words & set(named.split())), "")
    sort = own if own and found != "fax" else found
    return sort if sort in SORTS[kind] else "other"
