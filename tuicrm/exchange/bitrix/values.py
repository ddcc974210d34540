"""Values of the model product in our JSON forms: numbers as text, "0" or null for none, Y/N, dates at local midnight."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from tuicrm.domain.kinds import ByKind, traits_of
from tuicrm.domain.stamps import stamp
from tuicrm.exchange.bitrix.bbcode import plain_text
from tuicrm.exchange.bitrix.payloads import PartColumn
from tuicrm.i18n import N_
from tuicrm.regex import regex

_DATES = frozenset({"BEGINDATE", "CLOSEDATE", "ACTUAL_DATE", "BIRTHDATE"})
_RICH = frozenset({"COMMENTS"})
_IDS = regex(r"(?:.*_)?(?:ID|IDS|BY)|PARENT_ID_\d+|OBSERVERS|(?:FACE|LOGO|PHOTO)")
# These hold codes of dropdowns, where "0" is a value like any other.
_CODES = frozenset(
    {
        "TYPE_ID",
        "STAGE_ID",
        "STATUS_ID",
        "SOURCE_ID",
        "CATEGORY_ID",
        "CURRENCY_ID",
        "STAGE_SEMANTIC_ID",
        "STATUS_SEMANTIC_ID",
    }
)
_FLAGS = regex(r"IS_.*|HAS_.*|OPENED|CLOSED|EXPORT|ACTIVE|VAT_INCLUDED")
_NUMBERS = frozenset({"PROBABILITY", "TAX_VALUE"})
_MONEY = {"OPPORTUNITY": "CURRENCY_ID", "REVENUE": "CURRENCY_ID", "PRICE": "CURRENCY_ID"}
_ADDRESS_PARTS = {
    "": "line1",
    "_2": "line2",
    "_CITY": "city",
    "_POSTAL_CODE": "postcode",
    "_REGION": "region",
    "_PROVINCE": "province",
    "_COUNTRY": "country",
    "_COUNTRY_CODE": "",
    "_LOC_ADDR_ID": "",
}
_ADDRESS_COLUMN = regex(f"((?:REG_)?ADDRESS)({'|'.join(filter(None, _ADDRESS_PARTS))})")
_MULTIFIELDS = ("PHONE", "EMAIL", "WEB", "IM", "LINK")
# The new dialect repeats multi-valued fields in flat ones and carries search text and switches of the list view.
_DERIVED = regex(
    r"(?:PHONE|EMAIL)_(?:MOBILE|WORK|MAILING|HOME)|SEARCH_CONTENT|DATE_(?:CREATE|MODIFY)_SHORT|SKYPE|ICQ|IMOL|SHORT_NAME|LOGIN|FM"
)
OWN_ID = N_("the row's own id")
_TELLS_TYPE = N_("it gives the type")
_REPEATED = N_("it is in other columns")
_NOT_SHOWN = N_("addresses have no such part here")
_STAMP = regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:\d\d)")
_UPPER = regex(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[a-zA-Z])(?=\d)")


def is_address_part(code: str) -> bool:
    """Whether a code is a column of an address."""
    return _ADDRESS_COLUMN.fullmatch(code) is not None


def upper_snake(key: str) -> str:
    """The code of a key in either dialect: `assignedById` → ASSIGNED_BY_ID, `ufCrm_17` → UF_CRM_17, `parentId2` → PARENT_ID_2."""
    if key == key.upper():
        return key
    custom = re.fullmatch(r"ufCrm(\d*)_?(.+)", key)
    if custom:
        own = custom[2] if custom[2] == custom[2].upper() else _UPPER.sub("_", custom[2]).upper()
        return "_".join(part for part in ("UF_CRM", custom[1], own) if part)
    return _RENAMED.get(key) or _UPPER.sub("_", key).upper()


_RENAMED = {
    "createdTime": "DATE_CREATE",
    "updatedTime": "DATE_MODIFY",
    "createdBy": "CREATED_BY_ID",
    "updatedBy": "MODIFY_BY_ID",
    "movedBy": "MOVED_BY_ID",
}


def clean_record(raw: dict[str, Any]) -> dict[str, Any]:
    """A record's values by code: empties None, money joined, multi-valued fields in our forms; custom fields only lose
    their empties (`as_kind` converts them once their kind is known)."""
    by_code = {upper_snake(key): value for key, value in raw.items()}
    values: dict[str, Any] = {}
    for code, value in by_code.items():
        if code == "ID" or _DERIVED.fullmatch(code):
            continue
        values[code] = multifield(value) if code in _MULTIFIELDS else _clean(code, value)
    rows = by_code.get("FM") or ()
    for code in {str(row.get("typeId", "")).upper() for row in rows}:
        values[code] = multifield([row for row in rows if str(row.get("typeId", "")).upper() == code])
    for code, currency in _MONEY.items():
        if code in by_code:
            values[code] = money(by_code[code], by_code.get(currency))
            values.pop(currency, None)
    for code in ("ADDRESS", "REG_ADDRESS"):
        if code in values:
            values[code] = _address(code, values)
    if "CONTACT_ID" in values:
        legacy = values.pop("CONTACT_ID")
        values["CONTACT_IDS"] = values.get("CONTACT_IDS") or ([legacy] if legacy else None)
    return values


def parts_of(raw: dict[str, Any]) -> dict[str, PartColumn]:
    """The columns of a record that `clean_record` makes no value of their own."""
    by_code = {upper_snake(key): value for key, value in raw.items()}
    parts: dict[str, PartColumn] = {}
    for code, value in by_code.items():
        filled = not _empty(value)
        address = _ADDRESS_COLUMN.fullmatch(code)
        if code == "ID":
            parts[code] = PartColumn(filled, why=OWN_ID)
        elif code == "ENTITY_TYPE_ID":
            parts[code] = PartColumn(filled, why=_TELLS_TYPE)
        elif _DERIVED.fullmatch(code):
            parts[code] = PartColumn(filled, why=_REPEATED)
        elif code == "CURRENCY_ID" and (amount := next((one for one in _MONEY if one in by_code), "")):
            parts[code] = PartColumn(filled, amount, "currency")
        elif code == "CONTACT_ID":
            parts[code] = PartColumn(filled, "CONTACT_IDS")
        elif address and address[1] in by_code:
            part = _ADDRESS_PARTS[address[2]]
            parts[code] = PartColumn(filled, address[1], part) if part else PartColumn(filled, why=_NOT_SHOWN)
    return parts


def _address(code: str, values: dict[str, Any]) -> dict[str, str] | None:
    """The ADDRESS_… columns as one address; they leave `values`."""
    parts = {part: values.pop(code + suffix, None) for suffix, part in _ADDRESS_PARTS.items()}
    return {part: str(text) for part, text in parts.items() if part and text} or None


def _clean(code: str, value: object) -> object:
    if _FLAGS.fullmatch(code):
        return as_kind(value, "boolean")
    if _empty(value):
        return None
    if code.startswith("UF_"):
        return value
    if _IDS.fullmatch(code) and code not in _CODES:
        return _ids(value)
    if code in _DATES:
        return as_kind(value, "date")
    if code in _RICH:
        return plain_text(str(value)) or None
    if code in _NUMBERS:
        return as_kind(value, "number")
    if isinstance(value, str) and _STAMP.fullmatch(value):
        return as_kind(value, "datetime")
    return str(value) if isinstance(value, int | Decimal) else value


def _empty(value: object) -> bool:
    return value is None or value is False or value in ("", [], {})


def _ids(value: object) -> str | list[str] | None:
    """Ids as text; "0" and 0 name nothing."""
    if isinstance(value, list):
        return [str(one) for one in value if str(one) != "0"] or None
    return None if str(value) == "0" else str(value)


def money(amount: object, currency: object) -> dict[str, str] | None:
    """`"1000000.00"` and `"EUR"`, or a custom field's `5000|EUR`, as our money. A currency that is not told is ""."""
    if isinstance(amount, str) and "|" in amount:
        amount, _bar, currency = amount.partition("|")
    number = _decimal(amount)
    return None if number is None else {"amount": number, "currency": str(currency or "")}


def _decimal(value: object) -> str | None:
    """A plain decimal text, None for what is no number."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return format(number, "f") if number.is_finite() else None


def whole_number(value: object) -> int:
    """A number that may be written as text; 0 for none."""
    text = str(value or "0")
    return int(text) if re.fullmatch(r"-?[0-9]{1,18}", text) else 0


def multifield(rows: object) -> list[dict[str, str]] | None:
    """PHONE, EMAIL, WEB or IM rows of either dialect. Phones keep what was typed: `{"typed": "+1 333…", "type": "work"}`.

    The phone's own form (E.164) is made by its kind, which knows the country.
    """
    if not isinstance(rows, list):
        return [{"value": str(rows), "typed": str(rows), "type": "work"}] if rows else None
    values = []
    for row in rows:
        value = str(row.get("VALUE") or row.get("value") or "").strip()
        kind = str(row.get("VALUE_TYPE") or row.get("valueType") or "OTHER")
        if not value:
            continue
        phone = str(row.get("TYPE_ID") or row.get("typeId")) == "PHONE"
        values.append({"value": value, **({"typed": value} if phone else {}), "type": kind.lower()})
    return values or None


def as_kind(value: object, kind: str) -> object:
    """One value in the JSON form of our `kind`; what does not fit comes back as it was, for the kind to refuse.

    Dates are the day as written: the source writes local midnight with its offset, and turning that into UTC first would
    give the day before.
    """
    if _empty(value) and not (traits_of(kind).is_yes_no and value is False):
        return None
    return _AS_KIND[kind](value, str(value).strip()) if kind in _AS_KIND else value


def _truth(value: object, text: str) -> object:
    return {"Y": True, "1": True, "TRUE": True, "N": False, "0": False, "FALSE": False}.get(text.upper(), value)


def _whole(value: object, text: str) -> object:
    return int(text) if re.fullmatch(r"[-+]?\d+", text) else value


def _named(_value: object, text: str) -> str | None:
    return None if text == "0" else text


def _as_it_was(value: object, _text: str) -> object:
    return value


def _utc(text: str) -> str:
    """`2024-08-30T14:29:00+02:00` → `2024-08-30T12:29:00Z`; a time without offset stays as it is."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    return stamp(when) if when.tzinfo else text


_AS_KIND: ByKind[Callable[[Any, str], Any]] = ByKind(
    {
        "boolean": _truth,
        "date": lambda _value, text: text[:10],
        "datetime": lambda _value, text: _utc(text),
        "number": lambda value, _text: _decimal(value) or value,
        "integer": _whole,
        "money": lambda value, _text: money(value, "") or value,
        **dict.fromkeys(("item", "person", "list", "dictionary"), _named),
        "text": lambda _value, text: plain_text(text),
        **dict.fromkeys(("string", "link"), lambda _value, text: text),
        # Read before, each from what the source has for it (`multifield`, `taking.py`).
        **dict.fromkeys(("address", "file", "phone", "email", "web", "messenger", "booking"), _as_it_was),
    },
    only=lambda traits: traits.is_text or bool(traits.source),
)
"""A filled value, and its text, in the JSON form of a kind that the source has; a text of lines is a string of its."""
