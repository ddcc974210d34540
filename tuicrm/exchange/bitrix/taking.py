"""From the model product's codes to our fields: a field's `source` names its code, so that a new field needs no code here."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tuicrm.domain.schema import Field, ItemType, Stage
from tuicrm.exchange.bitrix.payloads import SourceEntry, SourceItem
from tuicrm.exchange.bitrix.values import OWN_ID, as_kind, is_address_part
from tuicrm.i18n import N_, _
from tuicrm.regex import regex

# One link or several: either side may have it as the one or the other.
_TWINS = {"CONTACT_ID": "CONTACT_IDS", "COMPANY_ID": "COMPANY_IDS", "OBSERVER": "OBSERVERS"}
_UPKEEP = frozenset(
    {
        "DATE_CREATE",
        "DATE_MODIFY",
        "CREATED_BY_ID",
        "MODIFY_BY_ID",
        "MOVED_BY_ID",
        "MOVED_TIME",
        "LAST_ACTIVITY_BY",
        "LAST_ACTIVITY_TIME",
        "LAST_COMMUNICATION_TIME",
        "DATE_CLOSED",
    }
)
_DERIVED = regex(r"IS_.*|HAS_.*|CLOSED|STAGE_SEMANTIC_ID|STATUS_SEMANTIC_ID")
# What `as_kind` reads whole.
_FORMS = (
    ("boolean", re.compile(r"[YN]")),
    ("integer", re.compile(r"-?(?:0|[1-9]\d{0,14})")),
    ("number", re.compile(r"-?(?:0|[1-9]\d{0,14})\.\d+")),
    ("date", re.compile(r"\d{4}-\d\d-\d\d")),
    ("datetime", re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")),
    ("link", re.compile(r"https?://\S+")),
)
_LONG = 250
PLAIN = "#a8adb4"
"""The colour of a stage that has none in the source."""

_KEPT = N_("each program keeps its own")
_FOLLOWS = N_("calculated from other fields")
_NO_FIELD = N_("there is no similar field")
_BOOKINGS = N_("bookings are named by their numbers alone")
_READ_ONLY = N_("it cannot be set by an import")
_OF_ADDRESS = N_("part of an address")
_RELATION = N_("items of that type are not here")


class Taken(NamedTuple):
    """One record in our fields.

    `values` by field key in JSON form; money has "" for a currency that was not told. For list, dictionary, item and
    person, and for stage and pipeline, they are still the source's own ids and codes. `left` are the codes of filled
    values that have no place, each with the reason.
    """

    values: dict[str, Any]
    left: dict[str, str]


def our_type(types: Mapping[str, ItemType], told: str) -> ItemType | None:
    """The item type that an answer is about: `deal`, or a smart process of the same number (`smart:128`)."""
    number = told.partition(":")[2]
    return types.get(told) or next(
        (one for one in types.values() if number and one.source == f"DYNAMIC_{number}"), None
    )


def fields_by_code(item_type: ItemType) -> dict[str, Field]:
    """An item type's fields by the source's codes."""
    by_code = {field.source: field for field in item_type.fields if field.source and not field.deleted}
    for one, several in _TWINS.items():
        if one in by_code or several in by_code:
            by_code.setdefault(one, by_code.get(several) or by_code[one])
            by_code.setdefault(several, by_code[one])
    return by_code


def take(item: SourceItem, item_type: ItemType) -> Taken:
    """A record's values in our fields. Empty values are neither taken nor left."""
    by_code = fields_by_code(item_type)
    values: dict[str, Any] = {}
    left: dict[str, str] = {}
    for code, value in item.values.items():
        field = by_code.get(code)
        if value is None:
            continue
        if field is None or field.derived or field.read_only or field.traits.books:
            left[code] = _(why_left(code, field))
        elif (converted := _convert(code, value, field)) is not None:
            values[field.key] = converted
    return Taken(values, left)


def why_left(code: str, field: Field | None) -> str:
    """Why a code is not taken, in English: marked for translation. `field` is the one that it would go into."""
    if code in _UPKEEP:
        return _KEPT
    if _DERIVED.fullmatch(code):
        return _FOLLOWS
    if field:
        return _BOOKINGS if field.traits.books else _READ_ONLY
    if code.startswith("PARENT_ID_"):
        return _RELATION
    if code == "ID":
        return OWN_ID
    return _OF_ADDRESS if is_address_part(code) else _NO_FIELD


def has_no_field(code: str, field: Field | None) -> bool:
    """Whether a code has no place for no other reason than that no field is like it."""
    return why_left(code, field) == _NO_FIELD


def kind_of(values: Sequence[Any]) -> str:
    """The kind of custom field that holds all these values of a code, as `as_kind` reads them; "" when all are empty."""
    flat = [one for value in values for one in (value if isinstance(value, list) else [value]) if one not in (None, "")]
    if not flat or any(isinstance(one, dict | list) for one in flat):
        return "string" if flat else ""
    texts = [str(one).strip() for one in flat]
    for kind, form in _FORMS:
        if all(form.fullmatch(text) for text in texts):
            return kind
    return "text" if any("\n" in text or len(text) > _LONG for text in texts) else "string"


def _convert(code: str, value: object, field: Field) -> object:
    """System values come clean already, numbers as text; custom ones are converted now that their kind is known."""
    several = value if isinstance(value, list) else [value]
    if code.startswith("UF_") or field.traits.is_plain_number:
        several = [one for each in several if (one := as_kind(each, field.kind)) is not None]
    if not several:
        return None
    return several if field.many else several[0]


def stage(entry: SourceEntry) -> Stage:
    """A stage of ours like the source's: `C1:PREPAYMENT_INVOICE` has the key `prepayment_invoice`."""
    own = entry.code.rpartition(":")[2].lower()
    key = re.sub(r"[^a-z0-9_]+", "_", own)
    return Stage(key, entry.label, entry.colour or PLAIN, entry.semantics, entry.system, source=entry.code)
