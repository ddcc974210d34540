"""What a condition means on one document, and how values compare. Every backend must agree with this (`matcher`, `sort_key`).

Values are read leniently: one that is not in its kind's JSON form counts as empty here (only `is empty` sees it), never an error.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, TypeAlias

from tuicrm.domain import reach
from tuicrm.domain.conditions import And, Condition, Empty, Not, OneOf, Or, Search, Sort, Test
from tuicrm.domain.kinds import KINDS, ByKind, traits_of
from tuicrm.domain.kinds.declared import ADDRESS_PARTS
from tuicrm.domain.money import Money, decimal_of, money_of

ReadOnlyDoc: TypeAlias = Mapping[str, Any]
ReadValue: TypeAlias = Callable[[Any], Any]

COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}

fold: Callable[[str], str] = str.casefold
"""The one way in which texts are made comparable: what documents hold and what is looked for in them. A store whose own lower case is
another (PostgreSQL has no case folding: `ß`, `ẞ`, `ﬁ`, `ς`) keeps texts folded by this, compared by code point."""

# Digits of a phone are kept apart from all other text, so that "02 55" finds +390255… and never an article number.
_PHONE_DIGITS = str.maketrans({str(digit): chr(0xE000 + digit) for digit in range(10)})
_PHONE_SIGNS = frozenset("0123456789 +-./()")
_BREAK = "\0"


# -- how one value is read ---------------------------------------------------------------------------------------------
def _text(value: object) -> str | None:
    return fold(value) if isinstance(value, str) else None


def _key(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _integer(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _boolean(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _contact(value: object) -> str | None:
    return _text(value.get("value") if isinstance(value, dict) else value) or None


def _address(value: object) -> str | None:
    if not isinstance(value, dict):
        return _text(value)
    return fold(", ".join(str(value[part]) for part in ADDRESS_PARTS if value.get(part))) or None


def _named(value: object) -> str | None:
    return _text(value.get("name") if isinstance(value, dict) else value)


def _booking(value: object) -> str | None:
    """When it is, for how long, and what: so that bookings sort as they follow each other."""
    if not isinstance(value, dict) or not isinstance(value.get("start"), str):
        return None
    minutes, rooms = value.get("minutes"), value.get("rooms")
    long = f"{minutes:07}" if isinstance(minutes, int) else ""
    return f"{value['start']} {long} {','.join(map(str, rooms)) if isinstance(rooms, list) else ''}"


def search_text(value: object) -> str | None:
    """What a search finds in one value: its texts, case-folded; of a file or a product row its name; of a phone also its digits, in a
    form of their own."""
    if isinstance(value, str):
        return fold(value)
    if not isinstance(value, dict):
        return None if value is None else str(value)
    if isinstance(value.get("name"), str):
        return fold(value["name"]) or None
    texts = [text for name, text in value.items() if name != "type" and isinstance(text, str)]
    if "typed" in value:
        texts += [_phone_digits(text) for name, text in value.items() if name in ("value", "typed")]
    return fold(_BREAK.join(texts)) or None


def _phone_digits(text: object) -> str:
    return "".join(filter(str.isdecimal, str(text))).translate(_PHONE_DIGITS)


def needles(text: str) -> tuple[str, ...]:
    """What a search text looks for in `search_text`: itself and, when it may be part of a phone number, its digits."""
    digits = _phone_digits(text)
    return (text, digits) if len(digits) > 2 and _PHONE_SIGNS.issuperset(text) else (text,)


READERS: ByKind[ReadValue] = ByKind(
    {
        **dict.fromkeys(("string", "text", "link"), _text),
        **dict.fromkeys(("phone", "email", "web", "messenger"), _contact),
        **dict.fromkeys(("date", "datetime", "list", "dictionary", "person", "item", "stage", "pipeline"), _key),
        **dict.fromkeys(("integer", "duration"), _integer),
        "number": decimal_of,
        "boolean": _boolean,
        "money": money_of,
        "address": _address,
        **dict.fromkeys(("file", "products"), _named),
        "booking": _booking,
    }
)
"""One value in JSON form → what comparisons run on (money: `Money`, not converted); None: empty or unreadable."""


def reader(kind: str) -> ReadValue:
    """The reader of a kind. Of a kind that only a newer program knows, records hold values too: they compare by their stored text."""
    return READERS[kind] if kind in KINDS else _key


def converter(rates: Mapping[str, str]) -> Callable[[Money], Decimal | None]:
    """Money → its worth in the base currency, None without a rate. `rates` as in `conditions.Test`."""
    worth = {currency: rate for currency, text in rates.items() if (rate := decimal_of(text)) is not None}

    def convert(money: Money) -> Decimal | None:
        rate = worth.get(money.currency)
        return None if rate is None else money.amount * rate

    return convert


def comparable_of(kind: str, value: object, rates: Mapping[str, str] = MappingProxyType({})) -> object:
    """One value as `conditions.Test.value` has it: money in base currency, text case-folded. None: empty or without a rate."""
    read = reader(kind)(value)
    return converter(rates)(read) if traits_of(kind).has_currency and read is not None else read


# -- values of a document ----------------------------------------------------------------------------------------------
def is_filled(value: object) -> bool:
    """Whether one value counts as there: False and 0 do, None, "", [] and {} do not."""
    return bool(value) or (value is not None and not isinstance(value, (str, list, dict)))


@lru_cache(maxsize=1024)
def values_at(path: str) -> Callable[[ReadOnlyDoc], Sequence[Any]]:
    """Compile a path into: document → its filled values there, a multi-valued field's one by one."""
    if path == reach.PATH:
        return reach.reach
    first, *rest = path.split(".")

    def direct(doc: ReadOnlyDoc) -> Sequence[Any]:
        found = doc.get(first)
        if not isinstance(found, list):
            return (found,) if found or is_filled(found) else ()
        return [value for value in found if is_filled(value)]

    def values(doc: ReadOnlyDoc) -> Sequence[Any]:
        found = doc.get(first)
        if found is None:
            return ()
        many = found if isinstance(found, list) else (found,)
        for part in rest:
            inner = [value.get(part) for value in many if isinstance(value, dict)]
            many = [one for value in inner for one in (value if isinstance(value, list) else (value,))]
        return [value for value in many if is_filled(value)]

    return values if rest else direct


# -- conditions --------------------------------------------------------------------------------------------------------
def test_read(test: Test | OneOf) -> Callable[[Sequence[Any]], bool]:
    """Compile a test to one on the readings (`reader`) of a document's values at its path."""
    convert = converter(test.rates) if traits_of(test.kind).has_currency else None
    if isinstance(test, OneOf):
        wanted = frozenset(test.values)
        if convert is None:
            return lambda values: not wanted.isdisjoint(values)
        return lambda values: any(convert(value) in wanted for value in values)
    target = test.value
    if test.op == "=":
        if convert is None:
            return lambda values: target in values
        return lambda values: any(convert(value) == target for value in values)
    if test.op == "!=":
        if convert is None:
            return lambda values: target not in values
        return lambda values: not values or _differs([convert(value) for value in values], target)
    compare = COMPARE[test.op]
    if convert is None:
        return lambda values: any(compare(value, target) for value in values)
    return lambda values: any((worth := convert(value)) is not None and compare(worth, target) for value in values)


def _differs(worths: list[Decimal | None], target: object) -> bool:
    # Without any rate nothing is known about the amount, so that not even "different" holds.
    return target not in worths and any(worth is not None for worth in worths)


def matcher(condition: Condition) -> Callable[[ReadOnlyDoc], bool]:
    """Compile a condition to a predicate on documents."""
    match condition:
        case Test(op="~", path=path, value=text):
            return _contains(str(text), (path,))
        case Test(path=path, kind=kind) | OneOf(path=path, kind=kind):
            return _tested(values_at(path), reader(kind), test_read(condition))
        case Search(text=text, paths=paths, plain=plain):
            return _contains(text, paths, plain=plain)
        case Empty(path=path):
            values = values_at(path)
            return lambda doc: not values(doc)
        case Not(part=part):
            holds = matcher(part)
            return lambda doc: not holds(doc)
        case And(parts=parts):
            every = [matcher(part) for part in parts]
            return lambda doc: all(holds(doc) for holds in every)
        case Or(parts=parts):
            some = [matcher(part) for part in parts]
            return lambda doc: any(holds(doc) for holds in some)


def _tested(
    values: Callable[[ReadOnlyDoc], Sequence[Any]], read: ReadValue, holds: Callable[[Sequence[Any]], bool]
) -> Callable[[ReadOnlyDoc], bool]:
    return lambda doc: holds([reading for value in values(doc) if (reading := read(value)) is not None])


def without_accents() -> Callable[[str], str]:
    """What folds a text further, for a `Search` that is plain."""
    from tuicrm.domain.words import fold  # 10 ms, which opening a workspace need not pay

    return fold


def _contains(text: str, paths: Iterable[str], *, plain: bool = False) -> Callable[[ReadOnlyDoc], bool]:
    wanted, places = needles(text), [values_at(path) for path in paths]
    further = without_accents() if plain else str

    def holds(doc: ReadOnlyDoc) -> bool:
        found = [text for values in places for value in values(doc) if (text := search_text(value)) is not None]
        texts = list(map(further, found))
        return any(needle in text for text in texts for needle in wanted)

    return holds


# -- order -------------------------------------------------------------------------------------------------------------
class Descending:
    """A sort key turned round."""

    __slots__ = ("key",)

    def __init__(self, key: Any) -> None:  # noqa: ANN401 - whatever compares with its like
        self.key = key

    def __lt__(self, other: Descending) -> bool:
        return bool(other.key < self.key)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Descending) and bool(self.key == other.key)

    __hash__ = None  # type: ignore[assignment]  # a key to compare, never to look up


def order_key(comparables: Sequence[Any], sorts: Sequence[Sort], item_id: int) -> tuple[Any, ...]:
    """One tuple that sorts as `sorts` say from the comparables of one record: nulls last, the id the last key."""
    parts: list[Any] = []
    for comparable, sort in zip(comparables, sorts, strict=True):
        if comparable is None:
            parts.append((1,))
        else:
            parts.append((0, Descending(comparable) if sort.descending else comparable))
    return (*parts, item_id)


def sort_key(sorts: Sequence[Sort]) -> Callable[[ReadOnlyDoc, int], tuple[Any, ...]]:
    """Compile sort keys to: document and id → a tuple to sort by. A multi-valued field sorts by its first readable value."""
    getters = [comparable_at(sort) for sort in sorts]
    return lambda doc, item_id: order_key([get(doc) for get in getters], sorts, item_id)


def comparable_at(sort: Sort) -> Callable[[ReadOnlyDoc], Any]:
    """Compile one sort key to: document → its comparable, None when it has none."""
    values = values_at(sort.path)

    def comparable(doc: ReadOnlyDoc) -> object:
        readings = (comparable_of(sort.kind, value, sort.rates) for value in values(doc))
        return next((reading for reading in readings if reading is not None), None)

    return comparable
