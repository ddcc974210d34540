"""Fields' values, as items hold them, as values of documents: one line a kind of field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple

from tuicrm.domain.context import Context
from tuicrm.domain.documents.printing import printed
from tuicrm.domain.documents.values import (
    AddressValue,
    DateValue,
    DocValue,
    FlagValue,
    ListValue,
    MomentValue,
    MoneyValue,
    NameValue,
    NumberValue,
    OneValue,
    PictureValue,
    TextValue,
    ValueKind,
)
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds import ByKind, kind_of
from tuicrm.domain.kinds.declared import ADDRESS_PARTS
from tuicrm.domain.kinds.duration import clock
from tuicrm.domain.money import decimal_of, money_of
from tuicrm.domain.products import rows_of
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field


class _Making(NamedTuple):
    """What a kind's values are in a document, and how one is made; `make` gives None for what is no value of the kind."""

    kind: ValueKind
    make: Callable[[Any, Field, Context], OneValue | None]


def value_kind(field: Field) -> ValueKind:
    """What the field's values are in a document; text for a kind that this program does not know."""
    return _AS[field.kind].kind if field.kind in _AS else "text"


def doc_value(value: object, field: Field, context: Context) -> DocValue | None:
    """A field's value for a document, by the context's language and zone; None for an empty one. Never raises: what a script wrote
    past the door stands as it is, as far as it is a text."""
    if is_empty(value):
        return None
    if not isinstance(value, list) or field.traits.holds_rows:
        return _one(value, field, context)
    found = tuple(made for one in value if not is_empty(one) and (made := _one(one, field, context)) is not None)
    return ListValue(found, "\n" if field.traits.is_text and field.traits.a_line_each else ", ") if found else None


def _one(value: object, field: Field, context: Context) -> OneValue | None:
    made = _AS[field.kind].make(value, field, context) if field.kind in _AS else None
    return made if made is not None else TextValue(value) if isinstance(value, str) and not _hidden(field) else None


def _hidden(field: Field) -> bool:
    """Whether a value of the field names something, which is printed by its name or not at all."""
    return field.traits.names_items or field.traits.holds_file


def person_name(name: str) -> NameValue | None:
    """Somebody of the workspace, who has one text for a name: its last word is the family's."""
    first, _space, last = name.strip().rpartition(" ")
    return (NameValue(first=first, last=last) if first else NameValue(first=last)) if last else None


# -- one of each -------------------------------------------------------------------------------------------------------
def _text(value: Any, field: Field, context: Context) -> OneValue | None:
    return TextValue(value) if isinstance(value, str) else None


def _number(value: Any, field: Field, context: Context) -> OneValue | None:
    number, unit = decimal_of(value), field.settings.get("unit")
    return NumberValue(number, unit if isinstance(unit, str) else "") if number is not None else None


def _flag(value: Any, field: Field, context: Context) -> OneValue | None:
    return FlagValue(value) if isinstance(value, bool) else None


def _date(value: Any, field: Field, context: Context) -> OneValue | None:
    try:
        return DateValue(date.fromisoformat(value))
    except (ValueError, TypeError):
        return None


def _moment(value: Any, field: Field, context: Context) -> OneValue | None:
    moment = _local(value, context)
    return MomentValue(moment) if moment else None


def _local(value: Any, context: Context) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (ValueError, TypeError):
        return None
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    try:
        return moment.astimezone(context.zone)
    except OverflowError:  # at the ends of the calendar, where the person's clock has no such day
        return moment


def _duration(value: Any, field: Field, context: Context) -> OneValue | None:
    return TextValue(clock(value)) if isinstance(value, int) and not isinstance(value, bool) else None


def _money(value: Any, field: Field, context: Context) -> OneValue | None:
    money = money_of(value)
    return MoneyValue(money.amount, money.currency) if money else None


def _address(value: Any, field: Field, context: Context) -> OneValue | None:
    if not isinstance(value, dict):
        return None
    parts = {part: str(value[part]) for part in ADDRESS_PARTS if value.get(part)}
    return AddressValue(parts) if parts else None


def _option(value: Any, field: Field, context: Context) -> OneValue | None:
    return TextValue(kind_of(field.kind).format(value, field, context))


def _file(value: Any, field: Field, context: Context) -> OneValue | None:
    if not isinstance(value, dict) or not isinstance(value.get("blob"), str):
        return None
    return PictureValue(value["blob"], str(value.get("name") or ""))


def _person(value: Any, field: Field, context: Context) -> OneValue | None:
    return person_name(context.names.person(value) or "") if isinstance(value, str) else None


def _item(value: Any, field: Field, context: Context) -> OneValue | None:
    ref = Ref.read(value)
    name = context.names.item(ref) if ref else None
    return TextValue(name) if name else None


def _reach(value: Any, field: Field, context: Context) -> OneValue | None:
    """A phone or address without its sort, which is of no use on paper."""
    if not isinstance(value, dict):
        return None
    shown: str = kind_of(field.kind).shown(value, context)  # type: ignore[attr-defined]
    return TextValue(shown) if shown else None


def _booking(value: Any, field: Field, context: Context) -> OneValue | None:
    start = _local(value.get("start"), context) if isinstance(value, dict) else None
    if start is None:
        return None
    keys, minutes = value.get("rooms"), value.get("minutes")
    rooms = ", ".join(context.names.room(str(key)) or str(key) for key in keys) if isinstance(keys, list) else ""
    told = printed(MomentValue(start), "", context.language)
    if isinstance(minutes, int) and not isinstance(minutes, bool):
        try:
            end = (start.astimezone(UTC) + timedelta(minutes=minutes)).astimezone(start.tzinfo)
        except OverflowError:
            return TextValue(f"{rooms}: {told}")
        same = end.date() == start.date()
        told += f"–{end:%H:%M}" if same else f" – {printed(MomentValue(end), '', context.language)}"
    return TextValue(f"{rooms}: {told}" if rooms else told)


def _rows(value: Any, field: Field, context: Context) -> OneValue | None:
    return TextValue("\n".join(row.name for row in rows_of(value)))


_AS: ByKind[_Making] = ByKind({
    "string": _Making("text", _text),
    "text": _Making("text", _text),
    "integer": _Making("number", _number),
    "number": _Making("number", _number),
    "boolean": _Making("flag", _flag),
    "date": _Making("date", _date),
    "datetime": _Making("moment", _moment),
    "duration": _Making("text", _duration),
    "money": _Making("money", _money),
    "link": _Making("text", _text),
    "address": _Making("address", _address),
    "list": _Making("text", _option),
    "file": _Making("picture", _file),
    "person": _Making("name", _person),
    "item": _Making("text", _item),
    "dictionary": _Making("text", _option),
    "phone": _Making("text", _reach),
    "email": _Making("text", _reach),
    "web": _Making("text", _reach),
    "messenger": _Making("text", _reach),
    "booking": _Making("text", _booking),
    "stage": _Making("text", _text),
    "pipeline": _Making("text", _text),
    "products": _Making("text", _rows),
})  # fmt: skip
