"""Another kind for a field: its kind never changes, so a new field is made with the values converted (reference §2.2).

What cannot be converted is told before anything is made; the old field and its values stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from msgspec.structs import replace

from tuicrm.domain.conditions import Empty, Not
from tuicrm.domain.context import Context
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.numbers import number_of
from tuicrm.domain.kinds.values import format_field, is_empty, parse_field
from tuicrm.domain.money import money_of
from tuicrm.domain.schema import Field
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.services.field_changes import living
from tuicrm.services.fields import MOST_OPTIONS, field_record, new_field
from tuicrm.services.session import Session
from tuicrm.store.protocol import Key, Op, Record

_CHUNK = 200
_LISTED = 20
_NOT_CONVERTED = ("stage", "pipeline", "file")

Progress = Callable[[int, int], None]
"""Told how many of how many items are done. What it raises ends the work, and nothing was done."""


class Failed(NamedTuple):
    """A value that cannot be converted: whose, as people read it, and why."""

    ref: Ref
    text: str
    reason: str


class Converted(NamedTuple):
    """What converting would do or did: how many items get a value, how many do not, the first of these."""

    taken: int
    failed: int
    first: tuple[Failed, ...]


class _Tally:
    """Counts what was converted and keeps the first failures."""

    def __init__(self) -> None:
        self.taken = 0
        self.failed = 0
        self._first: list[Failed] = []

    def fail(self, failure: Failed) -> None:
        self.failed += 1
        if len(self._first) < _LISTED:
            self._first.append(failure)

    @property
    def result(self) -> Converted:
        return Converted(self.taken, self.failed, tuple(self._first))


def other_field(session: Session, type_key: str, key: str, label: str, kind: str, **said: Any) -> Field:
    """The new field, checked and not written; whoever may see the old one may see it. A list without options gets one for each value
    there is. Raises Refused, NotFound."""
    field = living(session, type_key, key)
    name = session.label(field.label)
    if field.derived or field.kind in _NOT_CONVERTED:
        raise Refused(_("The values of {label} cannot be converted.").format(label=name))
    if kind == field.kind and bool(said.get("many")) == field.many:
        raise Refused(_("{label} is of this kind already.").format(label=name))
    if kind == "list" and not said.get("options"):
        said["options"] = _texts(session, type_key, field)
    return replace(new_field(session, type_key, label, kind, **said), visible_to=field.visible_to)


def preview(session: Session, type_key: str, key: str, made: Field, progress: Progress | None = None) -> Converted:
    """What converting all values would come to; nothing is written."""
    tally = _Tally()
    for record, value in _converted(session, type_key, living(session, type_key, key), made, progress):
        if isinstance(value, Failed):
            tally.fail(value)
        elif record:
            tally.taken += 1
    return tally.result


def convert(session: Session, type_key: str, key: str, made: Field, progress: Progress | None = None) -> Converted:
    """Make the field and fill it, as one change that is one undo. Raises AccessDenied."""
    field, tally = living(session, type_key, key), _Tally()
    label = _("convert {label} to {kind}").format(label=session.label(field.label), kind=_(made.kind))
    with session.bulk(label) as bulk:
        with bulk.change() as change:
            change.put("field", field_record(type_key, made))
        chunk: dict[Key, Op] = {}
        expect: dict[Key, int] = {}
        for record, value in _converted(session, type_key, field, made, progress):
            if isinstance(value, Failed):
                tally.fail(value)
                continue
            tally.taken += 1
            place = Key(type_key, record.id)
            chunk[place], expect[place] = Op(type_key, record.id, {**record.doc, made.key: value}), record.rev
            if len(chunk) >= _CHUNK:
                bulk.write(list(chunk.values()), expect)
                chunk, expect = {}, {}
        if chunk:
            bulk.write(list(chunk.values()), expect)
    return tally.result


def _converted(
    session: Session, type_key: str, field: Field, made: Field, progress: Progress | None
) -> Iterator[tuple[Record, Any]]:
    """Every item with a value, and what becomes of that: the converted value or why there is none."""
    ids = session.store.ids(type_key, Not(Empty(field.key)))
    context = session.context(canonical=True)
    for start in range(0, len(ids), _CHUNK):
        if progress is not None:
            progress(start, len(ids))
        for record in session.store.get(type_key, ids[start : start + _CHUNK]):
            value = record.doc.get(field.key)
            if is_empty(value):
                continue
            yield record, _one(Ref(type_key, record.id), value, field, made, context)


def _one(ref: Ref, value: Any, field: Field, made: Field, context: Context) -> Any:
    pieces = [_text(one, field, made, context) for one in (value if isinstance(value, list) else [value])]
    shown = format_field(value, field, context)
    if len(pieces) > 1 and not made.many:
        if made.kind not in ("string", "text"):
            return Failed(ref, shown, _("one value is expected, not several"))
        pieces = [(", " if made.kind == "string" else "\n").join(pieces)]
    try:
        values = [parse_field(piece, replace(made, many=False), context) for piece in pieces]
    except BadValue as bad:
        return Failed(ref, shown, bad.message)
    kept = [one for one in values if one is not None]
    return kept if made.many else kept[0] if kept else Failed(ref, shown, _("there is nothing of it"))


def _text(value: Any, field: Field, made: Field, context: Context) -> str:
    """One value as the new kind would be typed: of money the bare amount for numbers, of a moment its day for days."""
    if field.kind == "money" and made.kind in ("number", "integer"):
        money = money_of(value)
        return f"{number_of(str(money.amount)):f}" if money else str(value)
    if field.kind == "datetime" and made.kind == "date":
        return str(value)[:10]
    return format_field(value, replace(field, many=False), context)


def _texts(session: Session, type_key: str, field: Field) -> list[str]:
    """The different values there are, as options. Raises Refused when they are too many."""
    context = session.context(canonical=True)
    found: dict[str, str] = {}
    for record in session.store.get(type_key, session.store.ids(type_key, Not(Empty(field.key)))):
        value = record.doc.get(field.key)
        for one in value if isinstance(value, list) else [value]:
            text = " ".join(format_field(one, replace(field, many=False), context).split())
            if text:
                found.setdefault(text.casefold(), text)
    if len(found) > MOST_OPTIONS:
        raise Refused(_("{n} different values are too many for a list.").format(n=len(found)))
    return sorted(found.values(), key=str.casefold)
