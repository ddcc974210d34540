"""Values of whole fields: one or several, by the field's kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeAlias

from tuicrm.domain.context import Context
from tuicrm.domain.kinds import kind_of, several
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.products import rows_of
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.limits import VALUES_OF_FIELD

__all__ = ["edit_field", "format_field", "is_empty", "parse_field", "read_field"]

Parse: TypeAlias = Callable[[str, Field, Context], Any]

_SHOWN = 40


def parse_field(text: str, field: Field, context: Context, parse: Parse | None = None) -> Any:
    """What was typed for a field; None for nothing. `parse` reads one value, the field's kind without. Raises BadValue."""
    parse = parse or kind_of(field.kind).parse
    if not field.many:
        return parse(text, field, context)
    pieces = several.split(text, field.kind)
    if len(pieces) > VALUES_OF_FIELD.most:
        raise BadValue(VALUES_OF_FIELD.told, text)
    values: list[Any] = []
    for piece in pieces:
        try:
            value = parse(piece, field, context)
        except BadValue as bad:
            if len(pieces) == 1:
                raise
            raise BadValue(f"“{_shortened(piece)}”: {bad.message}", bad.value) from bad
        if value is not None and value not in values:
            values.append(value)
    return values or None


def _shortened(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"


def read_field(value: object, field: Field, context: Context) -> Any:
    """A field's value in JSON form, checked; None for an empty one. Raises BadValue."""
    if is_empty(value):
        return None
    kind = kind_of(field.kind)
    if not field.many:
        if isinstance(value, list) and not field.traits.holds_rows:
            raise BadValue(_("one value is expected, not several"), value)
        # Blanks alone are not empty, but come to it.
        found = kind.read(value, field, context)
        return None if is_empty(found) else found
    given = value if isinstance(value, list) else [value]
    if len(given) > VALUES_OF_FIELD.most:
        raise BadValue(VALUES_OF_FIELD.told, value)
    values: list[Any] = []
    for each in given:
        if is_empty(each):
            continue
        read = kind.read(each, field, context)
        if not is_empty(read) and read not in values:
            values.append(read)
    return values or None


def _each(value: object, field: Field) -> list[Any]:
    if is_empty(value):
        return []
    return value if isinstance(value, list) and not field.traits.holds_rows else [value]


def format_field(value: object, field: Field, context: Context) -> str:
    """A field's value for people; in canonical form `parse_field` reads it back. Never raises."""
    kind = kind_of(field.kind)
    texts = [kind.format(each, field, context) for each in _each(value, field)]
    if field.many and context.canonical:
        return several.joined(texts, field.kind)
    return several.between_for_people(field.kind).join(texts)


def format_change(old: object, new: object, field: Field, context: Context) -> tuple[str, str]:
    """Two values of a field for people, before and after: of long lists what differs."""
    if field.traits.holds_rows:
        from tuicrm.domain.kinds.product_lines import change_text

        return change_text(rows_of(old), rows_of(new), context)
    before, after = ("" if value is None else format_field(value, field, context) for value in (old, new))
    return before, after


def edit_field(value: object, field: Field, context: Context) -> str:
    """A field's value as an editor offers it; `parse_field` reads it back."""
    kind = kind_of(field.kind)
    texts = [kind.edit(each, field, context) for each in _each(value, field)]
    return several.joined(texts, field.kind, "\n") if field.many else "\n".join(texts)
