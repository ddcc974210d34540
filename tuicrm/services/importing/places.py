"""Where a row's addresses lie: countries become their codes, and phones without a prefix are numbers of that country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tuicrm.domain.kinds.address import country_code
from tuicrm.domain.schema import ItemType
from tuicrm.i18n import language


def placed(values: Mapping[str, Any], item_type: ItemType) -> dict[str, Any]:
    """The values with their addresses' countries as codes, where they are names or codes of some, and phones read there."""
    found = dict(values)
    country = ""
    for key in _of_kind(item_type, "address"):
        address = found.get(key)
        if isinstance(address, dict) and (code := _code(str(address.get("country") or ""))):
            found[key] = {**address, "country": code}
            country = country or code
    if country:
        for key in _of_kind(item_type, "phone"):
            phones = found.get(key)
            if isinstance(phones, list):
                found[key] = [_read(one, country) for one in phones]
            elif phones:
                found[key] = _read(phones, country)
    return found


def _of_kind(item_type: ItemType, kind: str) -> Iterable[str]:
    return (field.key for field in item_type.fields if field.kind == kind)


def _code(name: str) -> str:
    name = name.strip()
    return country_code(name.upper() if len(name) == 2 else name, language()) if name else ""


def _read(phone: Any, country: str) -> Any:
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.domain.kinds.contact_points import phone_in

    typed = phone.get("typed") if isinstance(phone, dict) else None
    if not isinstance(typed, str) or "+" in typed:
        return phone
    try:
        return {**phone, **phone_in(typed, country)}
    except BadValue:
        return phone
