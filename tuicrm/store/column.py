"""One column of a table: each value decoded once, kept dictionary-encoded.

A column holds for each row a small number that stands for a distinct value, so that a comparison runs once a distinct value and is
then looked up: a filter over 100,000 rows takes milliseconds. Values are narrow (`ColumnForm`): what comparing needs, never the
document.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import chain
from operator import itemgetter
from types import NoneType
from typing import Any, TypeAlias

import msgspec

from tuicrm.domain import matching, reach
from tuicrm.domain.kinds import KINDS, traits_of

Entry: TypeAlias = Any
"""What a row has in a column: None, one reading, or `SeveralReadings`."""


class Kept(msgspec.Struct, frozen=True):
    """A column as it is kept on disk: entries by code, and a code a row in `width` bytes each."""

    entries: list[Any]
    codes: bytes
    width: int


class SeveralReadings(tuple[Any, ...]):
    """The readings of a multi-valued field that holds more than one."""

    __slots__ = ()


class ColumnForm(msgspec.Struct, frozen=True):
    """How a column reads values: `read` one of them (None: nothing there), `combine` several readings into an entry. `name` tells
    forms apart in what is kept."""

    name: str
    read: Callable[[Any], Any]
    combine: Callable[[Sequence[Any]], Entry] = SeveralReadings


def _scalar(value: object) -> str | int | float | None:
    return value if isinstance(value, (str, int, float)) else None


def _there(value: object) -> bool:  # noqa: ARG001 - values are asked for only where there are some
    return True


def of_kind(kind: str) -> ColumnForm:
    """The form that tests and sort keys of a kind run on. Kinds that read alike share their columns."""
    read = matching.reader(kind)
    return ColumnForm(read.__name__, read)


SEARCH = ColumnForm("search", matching.search_text, "\0".join)
FILLED = ColumnForm("filled", _there, lambda _: True)
RAW = ColumnForm("raw", _scalar)


def readings(entry: Entry) -> tuple[Any, ...]:
    """An entry as the tuple that `matching.test_read` takes."""
    if entry is None:
        return ()
    return entry if entry.__class__ is SeveralReadings else (entry,)


def entry_of(path: str, form: ColumnForm) -> Callable[[Mapping[str, Any]], Entry]:
    """Compile: document → its entry in the column."""
    values, read, combine = matching.values_at(path), form.read, form.combine

    def entry(doc: Mapping[str, Any]) -> Entry:
        found = values(doc)
        if not found:
            return None
        if len(found) == 1:
            return read(found[0])
        all_read = [reading for value in found if (reading := read(value)) is not None]
        return combine(all_read) if len(all_read) > 1 else next(iter(all_read), None)

    return entry


def _key(entry: Entry) -> Hashable:
    # 1, True and 1.0 are one key to a dict, but not one value.
    return entry if entry.__class__ is str else (entry.__class__, entry)


def _pair(value: dict[str, Any]) -> tuple[str, str] | None:
    """Money as a key; None for a dict that is no amount of money."""
    amount, currency = value.get("amount"), value.get("currency")
    return (amount, currency) if len(value) == 2 and amount.__class__ is currency.__class__ is str else None


def _pairs(values: Sequence[dict[str, Any]]) -> list[tuple[str, str]] | None:
    """Money as keys; None where one is no amount of money."""
    try:
        pairs: list[tuple[str, str]] = list(map(itemgetter("amount", "currency"), values))
    except KeyError:
        return None
    plain = set(map(len, values)) == {2} and set(map(type, chain.from_iterable(pairs))) == {str}
    return pairs if plain else None


_REPEATING = frozenset(matching.reader(kind) for kind, traits in KINDS.items() if traits.has_currency)
"""Readings of money, whose values come again and again."""

_AS_IT_IS = frozenset((matching.reader("date"), _scalar))
"""Readings that leave a text as it is."""


class PathColumn:
    """One path in one form: `entries[codes[row]]` is a row's entry. Entries that no row has any more stay until a rebuild."""

    __slots__ = (
        "_code_of", "_entry", "_form", "_known", "_plain", "_ranks", "_rates", "_worths", "codes", "entries", "field", "several",
    )  # fmt: skip

    def __init__(self, path: str, form: ColumnForm) -> None:
        self.field = path if "." not in path and path != reach.PATH else ""
        """The field that alone it is read from; "" where there is more to it."""
        self.codes: bytearray | array[int] = bytearray()
        self.entries: list[Entry] = []
        self.several = False
        self._entry = entry_of(path, form)
        self._form = form
        self._known: dict[Any, int] = {}
        self._code_of: dict[Any, int] | None = {}
        self._rates: dict[str, str] | None = None
        self._worths: list[Any] = []
        self._plain: list[str] = []
        self._ranks: tuple[Any, array[int], int] | None = None

    def _code(self, doc: Mapping[str, Any]) -> int:
        """The number that stands for the document's entry here."""
        return self._number(self._entry(doc))

    def _number(self, entry: Entry) -> int:
        """The number that stands for an entry, a new one when it is new."""
        key = entry if entry.__class__ is str else _key(entry)
        codes = self._code_of if self._code_of is not None else self._codes()
        code = codes.get(key)
        if code is None:
            code = codes[key] = len(self.entries)
            self.entries.append(entry)
            self.several = self.several or entry.__class__ is SeveralReadings
            self._widen()
        return code

    def extend(self, docs: Iterable[Mapping[str, Any]]) -> None:
        """Append the rows of these documents."""
        if self.field:
            field = self.field
            self.extend_values([doc.get(field) for doc in docs])
        else:
            code = self._code
            codes = [code(doc) for doc in docs]
            self.codes.extend(codes)

    def extend_values(self, values: Sequence[Any]) -> None:
        """Append a row for each value that a document has at `field`; None for none. Values of one type go through together: a row
        is then a step of a loop that Python does not see."""
        if values and values.count(None) == len(values):  # a field that hardly anybody fills
            self._extend_with(self._number(None), len(values))
            return
        found = set(map(type, values))
        if found <= {str, NoneType}:
            codes = self._codes_of_texts(values)
        elif self._form.read in _REPEATING and found <= {dict, NoneType}:
            codes = self._codes_of_amounts(values)
        else:
            field, code = self.field, self._code
            codes = [code({field: value}) for value in values]
        self.codes.extend(codes)

    def _extend_with(self, code: int, times: int) -> None:
        """Append as many rows with the same."""
        if isinstance(self.codes, bytearray):
            self.codes += bytes((code,)) * times
        else:
            self.codes += array("I", (code,)) * times

    def _codes_of_texts(self, values: Sequence[str | None]) -> list[int]:
        read = self._form.read
        entries: Sequence[Entry] = values
        if read not in _AS_IT_IS:
            entries = [read(value) if value else None for value in values]
        elif values.count(""):  # which is as if there was nothing
            entries = [value or None for value in values]
        if not set(map(type, entries)) <= {str, NoneType}:
            return [self._number(entry) for entry in entries]
        nothing = self._number(None) if None in entries else -1
        known = self._code_of if self._code_of is not None else self._codes()
        if new := [entry for entry in dict.fromkeys(entries) if entry is not None and entry not in known]:
            known.update(zip(new, range(len(self.entries), len(self.entries) + len(new)), strict=True))
            self.entries += new
            self._widen()
        if nothing >= 0:
            return [nothing if entry is None else known[entry] for entry in entries]
        return list(map(known.__getitem__, entries))

    def _codes_of_amounts(self, values: Sequence[dict[str, Any] | None]) -> list[int]:
        """What was seen before needs no reading, which is most of the time spent here."""
        known, nothing = self._known, self._number(None) if None in values else -1
        filled = [value for value in values if value is not None]
        pairs: Sequence[tuple[str, str] | None] = _pairs(filled) or [_pair(value) for value in filled]
        for pair, value in zip(pairs, filled, strict=True):
            if pair is not None and pair not in known:
                known[pair] = self._number(self._form.read(value))
        if nothing < 0 and None not in pairs:
            return [known[pair] for pair in pairs if pair is not None]
        # What is no amount of money is read alone.
        codes = (
            self._code({self.field: value}) if pair is None else known[pair]
            for pair, value in zip(pairs, filled, strict=True)
        )
        return [nothing if value is None else next(codes) for value in values]

    def _widen(self) -> None:
        """Up to 256 entries one byte does, and `bytes.translate` looks codes up a hundred times faster."""
        if len(self.entries) > 256 and isinstance(self.codes, bytearray):
            self.codes = array("I", list(self.codes))

    def replace(self, row: int, doc: Mapping[str, Any]) -> None:
        """Read the value at `row` anew, from the document that the row holds now."""
        code = self._code(doc)
        self.codes[row] = code

    def insert(self, row: int, doc: Mapping[str, Any]) -> None:
        """Put a row in before `row`, with the value of its document."""
        code = self._code(doc)
        self.codes.insert(row, code)

    def take(self, places: Sequence[int]) -> None:
        """Other rows: each that of a place; -1 for one without anything."""
        codes, nothing = self.codes, -1
        if -1 in places:
            nothing = self._code({})
            codes = self.codes
        moved = (codes[place] if place >= 0 else nothing for place in places)
        self.codes = bytearray(moved) if isinstance(codes, bytearray) else array("I", moved)

    def picked(self, rows: Iterable[int]) -> PathColumn:
        """Only these rows, with only their entries. Not to be written to."""
        some = PathColumn("", RAW)
        number: dict[int, int] = {}
        codes = [number.setdefault(self.codes[row], len(number)) for row in rows]
        some.entries = [self.entries[code] for code in number]
        some.codes = bytearray(codes) if len(number) <= 256 else array("I", codes)
        some.several = self.several
        return some

    def kept(self) -> Kept:
        """As it is kept on disk."""
        return Kept(self.entries, bytes(self.codes), 1 if isinstance(self.codes, bytearray) else self.codes.itemsize)

    def restore(self, kept: Kept) -> None:
        """Take what was kept."""
        self.entries, self._plain = kept.entries, []
        self.several = any(entry.__class__ is SeveralReadings for entry in kept.entries)
        self.codes = bytearray(kept.codes) if kept.width == 1 else array("I", kept.codes)
        self._code_of = None

    def _codes(self) -> dict[Any, int]:
        """The code of each entry; not kept on disk, and needed only to write."""
        if self._code_of is None:
            self._code_of = {_key(entry): code for code, entry in enumerate(self.entries)}
        return self._code_of

    def arrange(self, rows: Sequence[int]) -> None:
        """Keep only these rows, in this order."""
        moved = map(self.codes.__getitem__, rows)
        self.codes = bytearray(moved) if isinstance(self.codes, bytearray) else array("I", moved)

    def spread(self, truths: list[bool]) -> bytes:
        """From a truth a code to one a row."""
        by_code = bytes(truths)
        if isinstance(self.codes, bytearray):
            return bytes(self.codes.translate(by_code.ljust(256, b"\0")))
        return bytes(map(by_code.__getitem__, self.codes))

    def plain_texts(self) -> list[str]:
        """By code: the text of an entry that a search reads, without accents; "" where there is none. Folded once: for a million
        that takes longer than to look through them."""
        further = matching.without_accents()
        fresh = self.entries[len(self._plain) :]
        self._plain += ["" if entry is None else entry if entry.isascii() else further(entry) for entry in fresh]
        return self._plain

    def comparables(self, kind: str, rates: dict[str, str]) -> list[Any]:
        """By code: the first comparable of the entry, None where it has none. Money is converted once for the same rates."""
        if not traits_of(kind).has_currency:
            if not self.several:
                return self.entries
            return [entry[0] if entry.__class__ is SeveralReadings else entry for entry in self.entries]
        if self._rates != rates:
            self._rates, self._worths = rates, []
        convert = matching.converter(rates)
        for entry in self.entries[len(self._worths) :]:
            worths = (worth for money in readings(entry) if (worth := convert(money)) is not None)
            self._worths.append(next(worths, None))
        return self._worths

    def ranks(self, kind: str, rates: dict[str, str]) -> tuple[array[int], int]:
        """By code: the place of the entry's comparable among all, equals sharing one; and the count of places, which stands
        for None. Kept, because sorting by small ints is four times faster than by Decimals."""
        made_for = (kind, rates, len(self.entries))
        if self._ranks is None or self._ranks[0] != made_for:
            found = self.comparables(kind, rates)[: len(self.entries)]
            there = [code for code, one in enumerate(found) if one is not None]
            there.sort(key=found.__getitem__)
            ranks, rank, last = [-1] * len(found), -1, None
            for code in there:
                one = found[code]
                if rank < 0 or one != last:
                    rank, last = rank + 1, one
                ranks[code] = rank
            if len(there) < len(found):
                ranks = [rank + 1 if place < 0 else place for place in ranks]
            self._ranks = made_for, array("q", ranks), rank + 1
        return self._ranks[1:]

    def sorts_sooner_as_it_is(self, kind: str, rates: dict[str, str]) -> bool:
        """Whether hardly two rows have the same, so that finding the places of values (`ranks`) takes as long as sorting rows."""
        found = self._ranks is not None and self._ranks[0] == (kind, rates, len(self.entries))
        return not found and 2 * len(self.entries) > len(self.codes)

    def copied(self) -> PathColumn:
        """As it is now, to read from while others go on writing to this one."""
        copy = PathColumn("", RAW)
        copy.entries, copy.codes, copy.several = self.entries[:], self.codes[:], self.several
        copy._ranks = self._ranks
        return copy

    def take_ranks(self, copy: PathColumn) -> None:
        """The places that were found on a copy: they hold for as long as no entry is new."""
        if copy._ranks is not None and copy._ranks[0][-1] == len(self.entries):
            self._ranks = copy._ranks

    @property
    def bloated(self) -> bool:
        """Whether most entries have gone out of use."""
        return len(self.entries) > 2 * len(self.codes) + 1000
