"""Values of several parts: addresses and files."""

from __future__ import annotations

import re
from typing import Any

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.text import checked_text
from tuicrm.domain.schema import Field
from tuicrm.i18n import _

ADDRESS_PARTS = ("line1", "line2", "postcode", "city", "region", "province", "country")
_NAMED = re.compile(r"(line1|line2|postcode|city|region|province|country)\s*[:=]\s*(.*)", re.IGNORECASE)
_POSTCODE_CITY = re.compile(r"([A-Z]{0,2}-?\d[\dA-Z -]{2,9}?)\s+(\D.*)")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_PART = 500


class Address:
    """A postal address (`address`). Typed as `Via Roma 12, 20900 Monza, Italy`, or part by part: `city: Monza`."""

    name = "address"

    def parse(self, text: str, field: Field, context: Context) -> Any:
        text = checked_text(text)
        if not text.strip():
            return None
        pieces = [piece.strip() for piece in re.split(r"[\n,;]", text) if piece.strip()]
        address: dict[str, str] = {}
        free: list[str] = []
        for piece in pieces:
            named = _NAMED.fullmatch(piece)
            if named:
                address[named[1].lower()] = named[2].strip()
            else:
                free.append(piece)
        self._place(free, address)
        return self.read(address, field, context)

    @staticmethod
    def _place(free: list[str], address: dict[str, str]) -> None:
        """The first free piece is the street, one with a postcode the city, the last the country."""
        for at, piece in enumerate(free):
            found = _POSTCODE_CITY.fullmatch(piece)
            if at and found and "city" not in address:
                address.setdefault("postcode", found[1].strip())
                address["city"] = found[2].strip()
            elif at == 0:
                address.setdefault("line1", piece)
            elif "city" in address:
                _append(address, "country", piece)
            elif at == len(free) - 1:
                address.setdefault("city", piece)
            else:
                _append(address, "line2", piece)

    def read(self, value: Any, field: Field, context: Context) -> Any:
        if isinstance(value, str):
            return self.parse(value, field, context)
        if not isinstance(value, dict) or not set(value) <= set(ADDRESS_PARTS):
            parts = ", ".join(ADDRESS_PARTS)
            raise BadValue(_("an address is expected, with the parts {parts}").format(parts=parts), value)
        address = {part: checked_text(value[part]).strip() for part in ADDRESS_PARTS if value.get(part)}
        if any(len(text) > _PART for text in address.values()):
            raise BadValue(_("at most {n} characters").format(n=_PART), value)
        if not address:
            raise BadValue(_("an address needs at least one part"), value)
        return address

    def format(self, value: Any, field: Field, context: Context) -> str:
        if not isinstance(value, dict):
            return str(value)
        city = " ".join(str(value[part]) for part in ("postcode", "city") if value.get(part))
        rest = [value.get(part) for part in ("region", "province", "country")]
        return ", ".join(str(piece) for piece in (value.get("line1"), value.get("line2"), city, *rest) if piece)

    def edit(self, value: Any, field: Field, context: Context) -> str:
        if not isinstance(value, dict):
            return str(value)
        return "; ".join(f"{part}: {value[part]}" for part in ADDRESS_PARTS if value.get(part))

    def text(self, value: Any) -> str:
        return " ".join(str(part) for part in value.values()) if isinstance(value, dict) else ""

    def comparable(self, value: Any) -> Any:
        return self.text(value).casefold() or None


def _append(address: dict[str, str], part: str, piece: str) -> None:
    address[part] = f"{address[part]}, {piece}" if address.get(part) else piece


class File:
    """An attachment (`file`): the digest of its content in the store, its name, its size in bytes."""

    name = "file"

    def parse(self, text: str, field: Field, context: Context) -> Any:
        if not text.strip():
            return None
        raise BadValue(_("a file is attached, not typed"), text)

    def read(self, value: Any, field: Field, context: Context) -> Any:
        if (
            not isinstance(value, dict)
            or not isinstance(value.get("blob"), str)
            or not _DIGEST.fullmatch(value["blob"])
        ):
            raise BadValue(_("a file of this workspace is expected"), value)
        name, size = checked_text(value.get("name")), value.get("size")
        if not isinstance(size, int) or isinstance(size, bool) or size < 0:
            raise BadValue(_("a file of this workspace is expected"), value)
        extensions = field.settings.get("extensions") or ()
        if extensions and name.rpartition(".")[2].lower() not in extensions:
            raise BadValue(_("one of these files is expected: {kinds}").format(kinds=", ".join(extensions)), name)
        most = field.settings.get("max_size")
        if most and size > most:
            raise BadValue(_("a file of at most {n} bytes is expected").format(n=most), size)
        return {"blob": value["blob"], "name": name, "size": size}

    def format(self, value: Any, field: Field, context: Context) -> str:
        return str(value.get("name", "")) if isinstance(value, dict) else str(value)

    def edit(self, value: Any, field: Field, context: Context) -> str:
        return self.format(value, field, context)

    def text(self, value: Any) -> str:
        return str(value.get("name", "")) if isinstance(value, dict) else ""

    def comparable(self, value: Any) -> Any:
        return self.text(value).casefold() or None
