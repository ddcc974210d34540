"""Another kind for a field: its kind never changes, so a new field is made with the values converted (reference §2.2).

What cannot be converted is told before anything is made; the old field and its values stay.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Unpack

from msgspec.structs import replace

from tuicrm.domain.conditions import Empty, Not
from tuicrm.domain.context import Context
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds import traits_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.numbers import number_of
from tuicrm.domain.kinds.values import format_field, is_empty, parse_field
from tuicrm.domain.money import money_of
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Field, Option, all_labels
from tuicrm.errors import Conflict, Refused
from tuicrm.i18n import _
from tuicrm.limits import OPTIONS
from tuicrm.regex import regex
from tuicrm.services.definitions.field_changes import living, require_define
from tuicrm.services.definitions.fields import NewField, field_record, new_field
from tuicrm.services.kernel.bulk import Bulk
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Key, Op, Record

_CHUNK = 200
_LISTED = 20
_ATTEMPTS = 20
_WITH_YEAR = regex(r"\d{4}")


class Failed(NamedTuple):
    """A value that cannot be converted: whose, as people read it, and why."""

    ref: Ref
    text: str
    reason: str


class Converted(NamedTuple):
    """What converting would do or did: how many items get a value, how many do not, the first of these that the person may read;
    and how many were left out because others changed them in that very moment."""

    taken: int
    failed: int
    first: tuple[Failed, ...]
    left_out: int = 0


class _Tally:
    """Counts what was converted and keeps the first failures."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._taken = 0
        self._failed = 0
        self._first: list[Failed] = []

    def add(self, outcomes: Sequence[tuple[Record, Any]]) -> None:
        for record, value in outcomes:
            if not isinstance(value, Failed):
                self._taken += 1
                continue
            self._failed += 1
            if len(self._first) < _LISTED and self._session.access.may("read", record.table, record.doc):
                self._first.append(value)

    def result(self, left_out: int = 0) -> Converted:
        return Converted(self._taken - left_out, self._failed, tuple(self._first), left_out)


def other_field(session: Session, type_key: str, key: str, label: str, kind: str, /, **said: Unpack[NewField]) -> Field:
    """The new field, checked and not written; whoever may see the old one may see it. A list without options gets one for each value
    there is. Raises Refused, NotFound, AccessDenied."""
    require_define(session)
    field = living(session, type_key, key)
    name = session.label(field.label)
    if field.derived or field.traits.is_place or field.traits.holds_file:
        raise Refused(_("The values of {label} cannot be converted.").format(label=name))
    if kind == field.kind and bool(said.get("many")) == field.many:
        raise Refused(_("{label} is already of this type.").format(label=name))
    if traits_of(kind).has_own_options and not said.get("options"):
        said["options"] = _texts(session, type_key, field)
    return replace(new_field(session, type_key, label, kind, **said), visible_to=field.visible_to)


def preview(session: Session, type_key: str, key: str, made: Field, progress: Tell | None = None) -> Converted:
    """What converting all values would come to; nothing is written. Raises AccessDenied."""
    require_define(session)
    field, tally = living(session, type_key, key), _Tally(session)
    for ids in _chunks(session, type_key, field, progress):
        tally.add(_outcomes(session, type_key, ids, field, made))
    return tally.result()


def convert(session: Session, type_key: str, key: str, made: Field, progress: Tell | None = None) -> Converted:
    """Make the field and fill it, as one change that is one undo. Raises AccessDenied."""
    require_define(session)
    field, tally = living(session, type_key, key), _Tally(session)
    label = _("convert {label} to {kind}").format(label=session.label(field.label), kind=_(made.kind))
    with session.bulk(label) as bulk:
        with bulk.change() as change:
            change.put("field", field_record(type_key, made))
        for ids in _chunks(session, type_key, field, progress):
            tally.add(_write(session, bulk, type_key, ids, field, made))
    return tally.result(len(bulk.left_out))


def _write(
    session: Session, bulk: Bulk, type_key: str, ids: Sequence[int], field: Field, made: Field
) -> list[tuple[Record, Any]]:
    """Write one line of the batch; from the beginning where someone changed one of its items between reading and writing."""
    for attempt in range(_ATTEMPTS):
        outcomes = _outcomes(session, type_key, ids, field, made)
        filled = [(record, value) for record, value in outcomes if not isinstance(value, Failed)]
        ops = [Op(type_key, record.id, {**record.doc, made.key: value}) for record, value in filled]
        try:
            if ops:
                bulk.write(ops, {Key(type_key, record.id): record.rev for record, _value in filled})
            break
        except Conflict:
            session.store.refresh()
            if attempt == _ATTEMPTS - 1:
                raise
    return outcomes


def _chunks(session: Session, type_key: str, field: Field, progress: Tell | None) -> Iterator[list[int]]:
    """The ids of all items with a value, some at a time."""
    ids = session.whole.ids(type_key, Not(Empty(field.key)))
    for start in range(0, len(ids), _CHUNK):
        if progress is not None:
            progress(start, len(ids))
        yield ids[start : start + _CHUNK]


def _outcomes(
    session: Session, type_key: str, ids: Sequence[int], field: Field, made: Field
) -> list[tuple[Record, Any]]:
    """Items with a value, each with what becomes of that: the converted value or why there is none."""
    context = session.context(canonical=True)
    found = []
    for record in session.whole.get(type_key, ids):
        value = record.doc.get(field.key)
        if not is_empty(value):
            found.append((record, _one(Ref(type_key, record.id), value, field, made, context)))
    return found


def _one(ref: Ref, value: object, field: Field, made: Field, context: Context) -> object:
    pieces = [_text(one, field, made, context) for one in (value if isinstance(value, list) else [value])]
    shown = format_field(value, field, context)
    if len(pieces) > 1 and not made.many:
        joint = made.traits.joined_by
        if joint is None:
            return Failed(ref, shown, _("one value is expected, not several"))
        pieces = [joint.join(pieces)]
    one = replace(made, many=False)
    try:
        values = [_parsed(piece, one, context) for piece in pieces]
    except BadValue as bad:
        return Failed(ref, shown, bad.message)
    kept: list[Any] = []
    kept += (value for value in values if value is not None and value not in kept)
    if not kept:
        return Failed(ref, shown, _("nothing of it can be used"))
    return kept if made.many else kept[0]


def _text(value: object, field: Field, made: Field, context: Context) -> str:
    """One value as the new kind would be typed: for numbers the bare amount of money and the hours of a duration, of a
    moment the person's own day for days."""
    if field.traits.has_currency and made.traits.is_plain_number:
        money = money_of(value)
        return f"{number_of(str(money.amount)):f}" if money else str(value)
    if field.traits.is_span and made.traits.is_plain_number and isinstance(value, int):
        from tuicrm.domain.kinds.duration import hours

        return f"{hours(value):f}"
    text = format_field(value, replace(field, many=False), context)
    if field.traits.is_moment and made.traits.is_day:
        try:
            return datetime.fromisoformat(text).astimezone(context.zone).date().isoformat()
        except (ValueError, OverflowError):
            return text
    return " ".join(text.split()) if made.traits.has_options else text


def _parsed(text: str, made: Field, context: Context) -> object:
    """A text read as someone who types would mean it, but nothing guessed: no `fri`, no beginning of an option. Raises BadValue."""
    if made.traits.is_time and not _WITH_YEAR.search(text):
        raise BadValue(_("a day with its year is expected, such as 2026-12-18"), text)
    value = parse_field(text, made, context)
    if made.traits.has_options and value is not None:
        option = next(one for one in _options(made, context) if one.key == value)
        if text.strip().casefold() not in (option.key, *(label.casefold() for label in all_labels(option.label))):
            raise BadValue(_("there is no option with this name"), text)
    return value


def _options(made: Field, context: Context) -> Sequence[Option]:
    words = context.names.dictionary(made.dictionary)
    return made.options if made.traits.has_own_options else words.entries if words else ()


def _texts(session: Session, type_key: str, field: Field) -> list[str]:
    """The different values there are, as options. Raises Refused when they are too many."""
    context = session.context(canonical=True)
    found: dict[str, str] = {}
    for ids in _chunks(session, type_key, field, None):
        for record in session.whole.get(type_key, ids):
            value = record.doc.get(field.key)
            for one in value if isinstance(value, list) else [value]:
                text = " ".join(format_field(one, replace(field, many=False), context).split())
                if text:
                    found.setdefault(text.casefold(), text)
        if len(found) > OPTIONS.most:
            raise Refused(_("There are more than {n} different values: too many for a list.").format(n=OPTIONS.most))
    return sorted(found.values(), key=str.casefold)
