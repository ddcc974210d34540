"""The numbers that new items get: in the very commit that makes them, so that no two share one and a failed commit leaves no gap.

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

from tuicrm.domain.conditions import Aggregate, Empty, Not, Test
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
"""The one record: by type, the last number of each period (`last`), and how many were typed (`typed`)."""

_KEPT_PERIODS = 6
_FEW = 3
"""Numbers found taken one by one; then all that there are are looked at."""
_LEAST, _MOST = 10, 500
_ATTEMPTS = 100


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
    found = session.whole.ids(type_key, Test(field, "string", "=", fold(number)))
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
    """What is counted of one type, as a draft sees it."""

    draft: Draft
    type_key: str

    @property
    def _mine(self) -> dict[str, Any]:
        found = (self.draft.get(COUNTER) or {}).get(self.type_key)
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
        for old in sorted(kept)[:-_KEPT_PERIODS]:
            del kept[old]
        self._put(last=kept)

    def note_typed(self) -> None:
        """Write the record, so that two who bring a number at once cannot both."""
        self._put(typed=int(self._mine.get("typed") or 0) + 1)

    def _put(self, **said: object) -> None:
        self.draft.put(COUNTER, {**(self.draft.get(COUNTER) or {}), self.type_key: {**self._mine, **said}})


def set_next(draft: Draft, type_key: str, numerator: Numerator, number: int) -> None:
    """Have the counter go on with a number."""
    _Counter(draft, type_key).set_last(period(numerator, today(draft.session)), number - numerator.step)


def next_number(draft: Draft, type_key: str, numerator: Numerator, taken: frozenset[str] = frozenset()) -> int:
    """The number that comes next: past those that somebody typed. `taken` are some besides, folded."""
    day, counter = today(draft.session), _Counter(draft, type_key)
    last = counter.last(period(numerator, day))
    number = numerator.start if last is None else last + numerator.step
    own = {str(doc.get(numerator.field)).casefold() for _id, doc in draft.written(type_key)} | taken
    met, present = 0, frozenset[str]()
    while True:
        text = formatted(numerator, number, day)
        met += 1
        if met == _FEW:
            present = _all_numbers(draft.session, type_key, numerator.field)
        there = text.casefold() in present if met >= _FEW else twin(draft.session, type_key, numerator.field, text)
        if not there and text.casefold() not in own:
            return number
        number += numerator.step


def _all_numbers(session: Reader, type_key: str, field: str) -> frozenset[str]:
    there = session.whole.fold(type_key, Not(Empty(field)), field, [Aggregate("count")])
    return frozenset(str(group.key).casefold() for group in there)


class InCommit:
    """The next number in the very commit that makes the item."""

    def take(self, type_key: str, numerator: Numerator, draft: Draft) -> str:
        number = next_number(draft, type_key, numerator)
        day = today(draft.session)
        _Counter(draft, type_key).set_last(period(numerator, day), number)
        return formatted(numerator, number, day)

    def claim(self, type_key: str, numerator: Numerator, item_id: int, number: str, draft: Draft) -> None:
        there = twin(draft.session, type_key, numerator.field, number, item_id)
        own = (one for one, doc in draft.written(type_key) if _same(doc.get(numerator.field), number))
        if there or any(one != item_id for one in own):
            raise refuse_twin(draft.session, type_key, numerator.field, number, there)
        _Counter(draft, type_key).note_typed()


def _same(one: object, other: str) -> bool:
    return isinstance(one, str) and one.casefold() == other.casefold()


# -- reserving ---------------------------------------------------------------------------------------------------------
class _Block(msgspec.Struct, frozen=True):
    """Numbers reserved for one type: those left, the last one taken of them, and the last of all."""

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
        size, numbers = self._size, list[int]()
        self._size = min(self._size * 2, _MOST)

        def count(counting: Draft) -> None:
            numbers.clear()
            counter = _Counter(counting, type_key)
            self._before.setdefault((type_key, of), counter.last(of))
            for _number in range(size):
                number = next_number(counting, type_key, numerator, taken)
                counter.set_last(of, number)
                numbers.append(number)

        self._count(count, draft.workspace)
        used = self._blocks[type_key].used if type_key in self._blocks else None
        made = self._blocks[type_key] = _Block(of, numbers, used, numbers[-1])
        return made

    def give_back(self, *, all_of_it: bool = False) -> None:
        """Have the counters go on after the last number that was used (`all_of_it`: none was), unless others took later ones."""
        blocks, self._blocks = self._blocks, {}
        for type_key, block in blocks.items():
            used = self._before[type_key, block.period] if all_of_it or block.used is None else block.used
            if used != block.end:
                self._count(partial(_set_back, type_key=type_key, block=block, last=used))
        self._before.clear()

    def _count(self, count: Callable[[Draft], object], workspace: Workspace | None = None) -> None:
        session = self._session
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


def _set_back(draft: Draft, type_key: str, block: _Block, last: int | None) -> None:
    counter = _Counter(draft, type_key)
    if counter.last(block.period) == block.end:
        counter.set_last(block.period, last)
