"""Where a row's addresses lie: countries become their codes, and phones without a prefix are numbers of that country."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tuicrm.domain.countries import country_code
from tuicrm.domain.kinds import Traits
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.contact_points import is_shortened, phone_in
from tuicrm.domain.schema import ItemType

Shortened = Callable[[str, str], None]
"""Called with the field and the text of a phone number that a spreadsheet has shortened."""


def placed(values: Mapping[str, Any], item_type: ItemType, country: str, shortened: Shortened) -> dict[str, Any]:
    """The values with their addresses' countries as codes, where they are names or codes of some, and phones read there.

    Where the row names a country, its phones are numbers of that one or of no country; `country` is for rows that name no country.
    Numbers that a spreadsheet has shortened are left out."""
    found = dict(values)
    named = ""
    for key in _keys(item_type, lambda traits: traits.is_address):
        address = found.get(key)
        if isinstance(address, dict) and (name := str(address.get("country") or "").strip()):
            found[key] = {**address, "country": country_code(name) or name}
            named = named or name
    if named:
        country = country_code(named)
    for key in _keys(item_type, lambda traits: traits.is_phone):
        if phones := found.get(key):
            given = phones if isinstance(phones, list) else [phones]
            for phone in given:
                if is_shortened(_typed(phone)):
                    shortened(key, _typed(phone))
            read = [_read(phone, country) for phone in given if not is_shortened(_typed(phone))]
            found[key] = read if isinstance(phones, list) else read[0] if read else None
    return found


def _keys(item_type: ItemType, wanted: Callable[[Traits], bool]) -> Iterable[str]:
    return (field.key for field in item_type.fields if wanted(field.traits))


def _typed(phone: object) -> str:
    typed = phone.get("typed") if isinstance(phone, dict) else None
    return typed if isinstance(typed, str) else ""


def _read(phone: object, country: str) -> object:
    typed = _typed(phone)
    if not isinstance(phone, dict) or not typed or "+" in typed:
        return phone
    try:
        return {**phone, **phone_in(typed, country)}
    except BadValue:
        # Whoever checks the row says what is wrong.
        return phone
