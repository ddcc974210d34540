"""Filters as data: what a parsed and resolved filter is, and what a store is asked to find.

A condition carries everything it needs (kinds, canonical values, rates), so that one backend runs it on columns and another
turns it into SQL. `domain/filters` makes them from text; `matches` in `domain/matching.py` is their meaning on one document.
"""

from __future__ import annotations

from typing import Any, ClassVar, Literal, TypeAlias

from msgspec import Struct, field

Operator: TypeAlias = Literal["=", "!=", "<", "<=", ">", ">=", "~"]


class Test(Struct, frozen=True):
    """One comparison. `path` is a field's key, dotted into an object (`amount.currency`).

    `kind` is the field's kind; `value` its canonical comparable: text case-folded for text kinds, Decimal in the base currency
    for money and Decimal for numbers, int, bool, ISO text for dates and UTC date-times, the stored key for list,
    dictionary, person, item (`company:7`). On a multi-valued field a test holds when any value passes (and `!=` when none
    equals). An empty value passes only `!=`. Money without a rate matches nothing.
    `rates` gives, for money, the worth of one unit of each currency in the base currency.
    """

    __test__: ClassVar[bool] = False  # pytest takes a class of this name for a test

    path: str
    kind: str
    op: Operator
    value: Any
    rates: dict[str, str] = field(default_factory=dict)


class OneOf(Struct, frozen=True):
    """`path in (…)`: the same canonical values as `Test`."""

    path: str
    kind: str
    values: tuple[Any, ...]
    rates: dict[str, str] = field(default_factory=dict)


class Empty(Struct, frozen=True):
    """`path is empty`: missing, null, "", [] or {}."""

    path: str


class Search(Struct, frozen=True):
    """A bare word: case-folded text contained in any of `paths` (values' texts; phones by their digits too). `plain`: accents do not
    matter either; the text is then folded by `words.fold`."""

    text: str
    paths: tuple[str, ...]
    plain: bool = False


class Not(Struct, frozen=True):
    """The part does not hold."""

    part: Condition


class And(Struct, frozen=True):
    """All parts hold. No parts: always true."""

    parts: tuple[Condition, ...]


class Or(Struct, frozen=True):
    """Any part holds. No parts: never true."""

    parts: tuple[Condition, ...]


Condition: TypeAlias = Test | OneOf | Empty | Search | Not | And | Or

ALWAYS = And(())
NEVER = Or(())


class Sort(Struct, frozen=True):
    """One sort key. Nulls come last in both directions; text compares case-folded; the id is always the last key."""

    path: str
    kind: str
    descending: bool = False
    rates: dict[str, str] = field(default_factory=dict)


class Aggregate(Struct, frozen=True):
    """What to fold a group into.

    `count`; `sum`: of a money path by currency, or of a number; `weighted`: the sum of money × per cent, where the per cent is at
    `weight`, else (where that is empty) `weights[group key]`; `min`, `max`: of a date or date-time path.
    """

    what: Literal["count", "sum", "weighted", "min", "max"]
    path: str = ""
    kind: str = ""
    weight: str = ""
    weights: dict[str, int] = field(default_factory=dict)
