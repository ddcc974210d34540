"""What items of a type are asked for by placeholders: `CloseDate` for the field `close_date`, `UfMargin` for `margin` of one's own."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from tuicrm.domain.documents.of_fields import value_kind
from tuicrm.domain.documents.values import ValueKind
from tuicrm.domain.schema import Field, ItemType, Label
from tuicrm.domain.slugs import unused
from tuicrm.i18n import N_

NAME, REF, ID = "FormattedName", "Ref", "Id"
"""What every item has besides its fields: what it is called, its ref as people write it, its number."""

_OF_ALL = {NAME: N_("Name"), REF: N_("Ref"), ID: N_("Number of the item")}

PARTS = {"TITLE": "HONORIFIC", "NAME": "NAME", "SECOND_NAME": "SECOND_NAME", "LAST_NAME": "LAST_NAME"}
"""The parts of somebody's name, and what the model product calls the fields that hold them."""


class Suffix(Struct, frozen=True):
    """What stands behind a prefix: a field of the type; "" in `field` for what every item has."""

    field: str
    label: Label
    kind: ValueKind


class Suffixes(Struct, frozen=True):
    """Those of one type, by name, and other names of them: what the model product calls the field."""

    of: dict[str, Suffix]
    also: dict[str, str]


def camel(text: str) -> str:
    """`close_date`, `CLOSE_DATE`, `closeDate` as `CloseDate`."""
    parts = text.split("_") if "_" in text or not text.isupper() else [text.lower()]
    lower = text.isupper()
    return "".join(part[:1].upper() + (part[1:].lower() if lower else part[1:]) for part in parts)


def suffixes_of(item_type: ItemType, fields: dict[str, Field]) -> Suffixes:
    """Of a type with these fields. Two that would be called alike are told apart by a number (`Rate1_2`)."""
    found: dict[str, Suffix] = {}
    for field in fields.values():
        name = unused(f"{'Uf' if field.custom else ''}{camel(field.key)}", found)
        found[name] = Suffix(field.key, field.label, value_kind(field))
    named: ValueKind = "name" if is_person(item_type) else "text"
    for name, label in _OF_ALL.items():
        found.setdefault(name, Suffix("", label, named if name == NAME else "text"))
    also: dict[str, str] = {}
    by_field = {one.field: name for name, one in found.items() if one.field}
    for field in fields.values():
        for other in _others(field):
            if other not in found:
                also.setdefault(other, by_field[field.key])
    if "Name" not in found:
        also.setdefault("Name", NAME)
    return Suffixes(found, also)


def is_person(item_type: ItemType) -> bool:
    """Whether its items are called by several fields: first and last name."""
    return len(item_type.title) > 1


def name_fields(fields: dict[str, Field]) -> dict[str, Field]:
    """The fields that hold the parts of a person's name, by part."""
    by_source = {field.source: field for field in fields.values()}
    return {part: by_source[source] for part, source in PARTS.items() if source in by_source}


def _others(field: Field) -> Iterator[str]:
    """What the model product calls a field, in its old names and its new ones."""
    aliases = field.settings.get("aliases")
    for word in (field.source, *(aliases if isinstance(aliases, (list, tuple)) else ())):
        if isinstance(word, str) and word.isascii() and word.replace("_", "").isalnum():
            name = camel(word)
            if name[:1].isalpha():
                yield name
