"""The numbers that new items and documents get: in the very commit that makes them, so that no two share one and a failed commit
leaves no gap.

What was given last is counted in one record, which every item that gets or brings a number writes: of two at once, the later one is
drafted again. A number once given stays given: undo takes the item back, not the number. A big change cannot write a record that
others write meanwhile; it has numbers reserved, and gives back what it did not use unless others took later ones.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from tuicrm.domain.conditions import Aggregate, And, Condition, Empty, Not, OneOf, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import fold
from tuicrm.domain.numbering import formatted, period
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Numerator
from tuicrm.errors import Conflict, FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.conflicts import step_aside
from tuicrm.services.kernel.drafts import Draft, NewIds
from tuicrm.store.protocol import Doc, Key

if TYPE_CHECKING:
    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.kernel.reader import Reader

COUNTERS = "counter"
COUNTER = Key(COUNTERS, 1)
"""The one record of items: by type, the last number of each period (`last`), and how many were typed (`typed`)."""

_KEPT_PERIODS = 6
_FEW = 3
"""Numbers found taken one by one; then all that there are are looked at."""
_LEAST, _MOST = 10, 500
_ATTEMPTS = 100


class NumberSeries(msgspec.Struct, frozen=True):
    """Numbers that are counted together: in `numerator.field` of the records of `table`; of a table in which several are counted, of
    those that hold one of `values` in `by`. `key` is the part of the record `counter` that counts them."""

    table: str
    numerator: Numerator
    key: str
    counter: Key = COUNTER
    by: str = ""
    values: tuple[str, ...] = ()

    def among(self, where: Condition) -> Condition:
        """A condition that leaves only what is counted here."""
        return And((OneOf(self.by, "string", self.values), where)) if self.by else where

    def has(self, doc: Doc) -> bool:
        """Whether a record of the table is counted here."""
        return not self.by or doc.get(self.by) in self.values


def of_type(type_key: str, numerator: Numerator) -> NumberSeries:
    """The numbers of the items of a type."""
    return NumberSeries(type_key, numerator, type_key)


def give(draft: Draft, ref: Ref, doc: Doc) -> None:
    """Give a new item its number; one that it brings must be its own."""
    numerator = numerator_of(draft.workspace, ref.type)
    if numerator is None:
        return
    brought = doc.get(numerator.field)
    if is_empty(brought):
        doc[numerator.field] = draft.numbers.take(ref.type, numerator, draft)
    else:
        draft.numbers.claim(ref.type, numerator, ref.id, str(brought), draft)


def keep_apart(draft: Draft, ref: Ref, before: Doc, doc: Doc) -> None:
    """Refuse a number that another item has."""
    numerator = numerator_of(draft.workspace, ref.type)
    number = doc.get(numerator.field) if numerator is not None else None
    if numerator is not None and not is_empty(number) and number != before.get(numerator.field):
        draft.numbers.claim(ref.type, numerator, ref.id, str(number), draft)


def numerator_of(workspace: Workspace, type_key: str) -> Numerator | None:
    """How the items of a type are numbered; None where they are not, or their field is gone."""
    numerator = workspace.numerator(type_key)
    return numerator if numerator is not None and workspace.field(type_key, numerator.field) is not None else None


def twin(session: Reader, type_key: str, field: str, number: str, but: int = 0) -> int:
    """The id of another item that has a number; 0 for none."""
    found = session.whole.ids(type_key, _numbered(field, number))
    return next((item_id for item_id in found if item_id != but), 0)


def refuse_twin(session: Reader, type_key: str, field: str, number: str, item_id: int) -> Refused:
    """What is said where another item has a number: which one, to those who may read it."""
    ref = Ref(type_key, item_id)
    shown = session.workspace.show_ref(ref) if item_id and session.peek(ref) is not None else ""
    message = _("{ref} already has this number").format(ref=shown) if shown else _("this number is already in use")
    label = session.workspace.field(type_key, field)
    return Refused(
        f"{session.label(label.label) if label else field}: {message}", [FieldProblem(field, message, number)]
    )


def today(session: Reader) -> date:
    """The day that numbers are of: the person's own."""
    return session.clock().astimezone(session.zone).date()


# -- counting ----------------------------------------------------------------------------------------------------------
class _Counter(msgspec.Struct, frozen=True):
    """What is counted of one series, as a draft sees it."""

    draft: Draft
    series: NumberSeries

    @property
    def _mine(self) -> dict[str, Any]:
        found = (self.draft.get(self.series.counter) or {}).get(self.series.key)
        return dict(found) if isinstance(found, dict) else {}

    def last(self, of: str) -> int | None:
        """The last number of a period; None where none was given yet."""
        counted = self._mine.get("last")
        found = counted.get(of) if isinstance(counted, dict) else None
        return found if isinstance(found, int) and not isinstance(found, bool) else None

    def set_last(self, of: str, number: int | None) -> None:
        """Say which was the last; None: none was."""
        counted = self._mine.get("last")
        kept = dict(counted) if isinstance(counted, dict) else {}
        kept.pop(of, None)
        if number is not None:
            kept[of] = number
        # What is counted for ever comes first in this order, and is no old period.
        for old in sorted(filter(None, kept))[:-_KEPT_PERIODS]:
            del kept[old]
        self._put(last=kept)

    def note_typed(self) -> None:
        """Write the record, so that two who bring a number at once cannot both."""
        self._put(typed=int(self._mine.get("typed") or 0) + 1)

    def _put(self, **said: object) -> None:
        counter, key = self.series.counter, self.series.key
        self.draft.put(counter, {**(self.draft.get(counter) or {}), key: {**self._mine, **said}})


def set_next(draft: Draft, series: NumberSeries, number: int) -> None:
    """Have the counter go on with a number."""
    numerator = series.numerator
    _Counter(draft, series).set_last(period(numerator, today(draft.session)), number - numerator.step)


def next_number(draft: Draft, series: NumberSeries, taken: frozenset[str] = frozenset()) -> int:
    """The number that comes next: past those that somebody typed. `taken` are some besides, folded."""
    numerator = series.numerator
    day, counter = today(draft.session), _Counter(draft, series)
    last = counter.last(period(numerator, day))
    number = numerator.start if last is None else last + numerator.step
    written = (doc for _id, doc in draft.written(series.table) if series.has(doc))
    own = {str(doc.get(numerator.field)).casefold() for doc in written} | taken
    met, present = 0, frozenset[str]()
    while True:
        text = formatted(numerator, number, day)
        met += 1
        if met == _FEW:
            present = _all_numbers(draft.session, series)
        there = text.casefold() in present if met >= _FEW else _is_there(draft.session, series, text)
        if not there and text.casefold() not in own:
            return number
        number += numerator.step


def _is_there(session: Reader, series: NumberSeries, number: str) -> bool:
    return bool(session.whole.ids(series.table, series.among(_numbered(series.numerator.field, number))))


def _numbered(field: str, number: str) -> Test:
    return Test(field, "string", "=", fold(number))


def _all_numbers(session: Reader, series: NumberSeries) -> frozenset[str]:
    field = series.numerator.field
    there = session.whole.fold(series.table, series.among(Not(Empty(field))), field, [Aggregate("count")])
    return frozenset(str(group.key).casefold() for group in there)


def take(draft: Draft, series: NumberSeries) -> str:
    """The next number of a series, given in the very commit that the draft is for."""
    number, day = next_number(draft, series), today(draft.session)
    _Counter(draft, series).set_last(period(series.numerator, day), number)
    return formatted(series.numerator, number, day)


def next_of(session: Reader, series: NumberSeries) -> int:
    """The number that comes next, not taken."""
    return next_number(Draft(session, session.workspace, NewIds(session), InCommit()), series)


def next_text(session: Reader, series: NumberSeries) -> str:
    """The number that comes next, as it is written; it is not given."""
    draft = Draft(session, session.workspace, NewIds(session), InCommit())
    return formatted(series.numerator, next_number(draft, series), today(session))


class InCommit:
    """The next number in the very commit that makes the item."""

    def take(self, type_key: str, numerator: Numerator, draft: Draft) -> str:
        return take(draft, of_type(type_key, numerator))

    def claim(self, type_key: str, numerator: Numerator, item_id: int, number: str, draft: Draft) -> None:
        there = twin(draft.session, type_key, numerator.field, number, item_id)
        own = (one for one, doc in draft.written(type_key) if _same(doc.get(numerator.field), number))
        if there or any(one != item_id for one in own):
            raise refuse_twin(draft.session, type_key, numerator.field, number, there)
        _Counter(draft, of_type(type_key, numerator)).note_typed()


def _same(one: object, other: str) -> bool:
    return isinstance(one, str) and one.casefold() == other.casefold()


# -- reserving ---------------------------------------------------------------------------------------------------------
class _Block(msgspec.Struct, frozen=True):
    """Numbers reserved of one series: those left, the last one taken of them, and the last of all."""

    series: NumberSeries
    period: str
    numbers: list[int]
    used: int | None
    end: int


class Reserved:
    """Numbers for a big change, reserved in commits of their own."""

    def __init__(self, session: Reader) -> None:
        self._session = session
        self._blocks: dict[str, _Block] = {}
        self._before: dict[tuple[str, str], int | None] = {}
        self._taken: dict[str, set[str]] = {}
        self._size = _LEAST

    def take(self, type_key: str, numerator: Numerator, draft: Draft) -> str:
        taken = self._taken.setdefault(type_key, set())
        day = today(self._session)
        while True:
            block = self._blocks.get(type_key)
            if block is None or not block.numbers or block.period != period(numerator, day):
                block = self._reserve(type_key, numerator, draft)
            number = block.numbers.pop(0)
            self._blocks[type_key] = replace(block, used=number)
            text = formatted(numerator, number, day)
            if text.casefold() not in taken:
                taken.add(text.casefold())
                return text

    def claim(self, type_key: str, numerator: Numerator, item_id: int, number: str, draft: Draft) -> None:
        del draft  # reserved numbers and those of the batch are not in one draft
        taken = self._taken.setdefault(type_key, set())
        there = twin(self._session, type_key, numerator.field, number, item_id)
        if there or number.casefold() in taken:
            raise refuse_twin(self._session, type_key, numerator.field, number, there)
        taken.add(number.casefold())

    def _reserve(self, type_key: str, numerator: Numerator, draft: Draft) -> _Block:
        """Have the counter go on by some, at once."""
        of, taken = period(numerator, today(self._session)), frozenset(self._taken.get(type_key, ()))
        size, numbers, series = self._size, list[int](), of_type(type_key, numerator)
        self._size = min(self._size * 2, _MOST)

        def count(counting: Draft) -> None:
            numbers.clear()
            counter = _Counter(counting, series)
            self._before.setdefault((type_key, of), counter.last(of))
            for _number in range(size):
                number = next_number(counting, series, taken)
                counter.set_last(of, number)
                numbers.append(number)

        self._count(count, draft.workspace)
        used = self._blocks[type_key].used if type_key in self._blocks else None
        made = self._blocks[type_key] = _Block(series, of, numbers, used, numbers[-1])
        return made

    def give_back(self, *, all_of_it: bool = False) -> None:
        """Have the counters go on after the last number that was used (`all_of_it`: none was), unless others took later ones."""
        blocks, self._blocks = self._blocks, {}
        for type_key, block in blocks.items():
            used = self._before[type_key, block.period] if all_of_it or block.used is None else block.used
            if used != block.end:
                self._count(partial(_set_back, block=block, last=used))
        self._before.clear()

    def _count(self, count: Callable[[Draft], object], workspace: Workspace | None = None) -> None:
        _count(self._session, count, workspace)


def _count(session: Reader, count: Callable[[Draft], object], workspace: Workspace | None = None) -> None:
    """Count in a commit of its own."""
    for attempt in range(_ATTEMPTS):
        draft = Draft(session, workspace or session.workspace, NewIds(session), InCommit())
        count(draft)
        ops, expect = draft.operations()
        try:
            # No step of anyone's undo: the change that they are for is.
            session.store.commit(ops, expect, session.person_key, _("reserve numbers"), {"fixed": True})
        except Conflict:
            if attempt == _ATTEMPTS - 1:
                raise
            step_aside()
            session.store.refresh()
        else:
            return


class ReservedNumber:
    """One number of a series, reserved in a commit of its own when it is asked for: for what takes long to make with it."""

    def __init__(self, session: Reader, series: NumberSeries) -> None:
        self._session, self._series = session, series
        self._of, self._number = "", 0

    @property
    def text(self) -> str:
        """The number as it is written, reserved once."""
        day = today(self._session)
        if not self._number:
            self._of = period(self._series.numerator, day)
            _count(self._session, self._take)
        return formatted(self._series.numerator, self._number, day)

    def give_back(self) -> None:
        """Nothing was made with it: the next one gets it, unless others took later ones."""
        if self._number:
            _count(self._session, self._set_back)
            self._number = 0

    def _take(self, draft: Draft) -> None:
        self._number = next_number(draft, self._series)
        _Counter(draft, self._series).set_last(self._of, self._number)

    def _set_back(self, draft: Draft) -> None:
        counter = _Counter(draft, self._series)
        if counter.last(self._of) == self._number:
            counter.set_last(self._of, self._number - self._series.numerator.step)


def _set_back(draft: Draft, block: _Block, last: int | None) -> None:
    counter = _Counter(draft, block.series)
    if counter.last(block.period) == block.end:
        counter.set_last(block.period, last)
