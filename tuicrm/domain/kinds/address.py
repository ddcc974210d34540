"""Postal addresses, in parts; people type them as they would write them on an envelope."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.countries import country_code
from tuicrm.domain.kinds.base import BadValue, Compared
from tuicrm.domain.kinds.declared import ADDRESS_PARTS
from tuicrm.domain.kinds.text import checked_line, checked_text
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.limits import ADDRESS_PART
from tuicrm.regex import regex

_NAMED = regex(r"\s*({})\s*[:=]\s*".format("|".join(ADDRESS_PARTS)), re.IGNORECASE)
_NAMED_AHEAD = regex(r"[;\n](?=\s*(?:{})\s*[:=])".format("|".join(ADDRESS_PARTS)), re.IGNORECASE)
# "20900 Monza", "20900 Monza MB", "20900 Monza (MB)", "1010 AB Amsterdam", "CH-8001 Zürich".
_TOWN = regex(r"((?:[A-Z]{1,2}-)?\d{3,6}(?: [A-Z]{2}(?= ))?) ([^\d()]+?)(?: (?:\(([A-Z]{2})\)|([A-Z]{2})))?")


class AddressKind(Compared):
    """A postal address (`address`): `Via Roma 12, 20900 Monza MB, IT`, or part by part: `city: Monza; country: IT`."""

    name = "address"

    def parse(self, text: str, field: Field, context: Context) -> dict[str, str] | None:
        text = checked_text(text).strip()
        if not text:
            return None
        if len(text) > ADDRESS_PART.most * len(ADDRESS_PARTS):
            raise BadValue(ADDRESS_PART.told, text)
        if text.startswith("{"):
            return self.read(_decoded(text), field, context)
        return self.read(_named(text) if _NAMED.match(text) else _written(text), field, context)

    def read(self, value: object, field: Field, context: Context) -> dict[str, str] | None:
        if isinstance(value, str):
            return self.parse(value, field, context)
        if not isinstance(value, dict) or not set(value) <= set(ADDRESS_PARTS):
            parts = ", ".join(ADDRESS_PARTS)
            raise BadValue(_("an address is expected, with the parts {parts}").format(parts=parts), value)
        lines = {part: checked_line(value[part], ADDRESS_PART) for part in ADDRESS_PARTS if value.get(part) is not None}
        return {part: line for part, line in lines.items() if line} or None

    def format(self, value: object, field: Field, context: Context) -> str:
        if context.canonical:
            return self.edit(value, field, context)
        return _envelope(value, context) if isinstance(value, dict) else str(value)

    def edit(self, value: object, field: Field, context: Context) -> str:
        """As on an envelope where that is read back to the same parts, else part by part, at worst as JSON."""
        if not isinstance(value, dict):
            return str(value)
        by_part = "; ".join(f"{part}: {value[part]}" for part in ADDRESS_PARTS if value.get(part))
        for text in (_envelope(value, context), by_part):
            if self._reads_back(text, value, field, context):
                return text
        return _encoded(value)

    def _reads_back(self, text: str, value: dict[str, Any], field: Field, context: Context) -> bool:
        try:
            return "\n" not in text and bool(self.parse(text, field, context) == value)
        except BadValue:
            return False


def _decoded(text: str) -> object:
    import msgspec

    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        raise BadValue(_("an address is expected, such as Via Roma 12, 20900 Monza, IT"), text) from None


def _encoded(value: dict[str, Any]) -> str:
    import msgspec

    return msgspec.json.encode(value).decode()


def _named(text: str) -> dict[str, str]:
    """`city: Monza; country: IT`. Raises BadValue on a part named twice."""
    address: dict[str, str] = {}
    for piece in _NAMED_AHEAD.split(text):
        found = _NAMED.match(piece)
        part = found[1].lower() if found else ""
        if found is None or part in address:
            raise BadValue(_("each part of an address can be given once"), text)
        address[part] = piece[found.end() :]
    return address


def _written(text: str) -> dict[str, str]:
    """An address as it is written: street, perhaps a second line, town with postcode, country."""
    pieces = [piece for piece in (piece.strip() for piece in re.split(r"[\n,;]", text)) if piece]
    address: dict[str, str] = {}
    if len(pieces) > 1 and (country := _country(pieces[-1])):
        address["country"] = country
        pieces.pop()
    town = next((at for at, piece in enumerate(pieces) if _TOWN.fullmatch(piece)), -1)
    if town >= 0 and (found := _TOWN.fullmatch(pieces[town])):
        address.update(postcode=found[1], city=found[2], province=found[3] or found[4] or "")
        if pieces[town + 1 :]:
            address["region"] = ", ".join(pieces[town + 1 :])
        pieces = pieces[:town]
    elif len(pieces) > 1:
        address["city"] = pieces.pop()
    if pieces:
        address["line1"] = pieces[0]
        address["line2"] = ", ".join(pieces[1:])
    return address


def _country(piece: str) -> str:
    """The country that a piece of an address names; of two small letters it is something else."""
    return "" if len(piece) == 2 and not piece.isupper() else country_code(piece)


def _envelope(value: dict[str, Any], context: Context) -> str:
    said = {part: str(value[part]) for part in ADDRESS_PARTS if value.get(part)}
    town = " ".join(said[part] for part in ("postcode", "city", "province") if part in said)
    country = said.get("country", "")
    if country and not context.canonical:
        country = country_name(country, context.language)
    pieces = (said.get("line1"), said.get("line2"), town, said.get("region"), country)
    return ", ".join(piece for piece in pieces if piece)


@lru_cache(maxsize=4)
def _countries(language: str) -> dict[str, str]:
    """Names of countries by their ISO 3166 code."""
    # 70 ms to import: only for addresses with a country.
    from babel.core import Locale, UnknownLocaleError

    try:
        territories = Locale.parse(language).territories
    except (UnknownLocaleError, ValueError):
        return {}
    return {code: name for code, name in territories.items() if len(code) == 2 and code.isalpha()}


def country_name(code: str, language: str) -> str:
    """`Italy` for IT; what is no code stands as it is."""
    return _countries(language).get(code, code) if len(code) == 2 else code
