"""Field types: one registry. A kind is loaded when it is first asked for."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from typing import cast

from tuicrm.domain.kinds.base import BadValue, Kind

__all__ = ["KINDS", "BadValue", "Kind", "kind_of"]

_PLACES = {
    "string": ("text", "Line"),
    "text": ("text", "Text"),
    "link": ("text", "Link"),
    "stage": ("text", "Key"),
    "pipeline": ("text", "Key"),
    "integer": ("numbers", "Integer"),
    "number": ("numbers", "Number"),
    "boolean": ("numbers", "Boolean"),
    "date": ("dates", "Date"),
    "datetime": ("dates", "DateTime"),
    "money": ("money", "Money"),
    "address": ("objects", "Address"),
    "file": ("objects", "File"),
    "list": ("choices", "Listed"),
    "dictionary": ("choices", "FromDictionary"),
    "person": ("choices", "Person"),
    "item": ("choices", "Item"),
    "phone": ("contact_points", "Phone"),
    "email": ("contact_points", "Email"),
    "web": ("contact_points", "Web"),
    "messenger": ("contact_points", "Messenger"),
}

KINDS = tuple(name for name in _PLACES if name not in ("stage", "pipeline"))
"""What a field can be; stages and pipelines are an item's own place and no field type to choose."""


@cache
def kind_of(name: str) -> Kind:
    """The kind of that name. Raises LookupError naming all there are."""
    if name not in _PLACES:
        raise LookupError(f"no field type {name!r}; there are: {', '.join(KINDS)}")
    module, kind = _PLACES[name]
    return cast("Kind", getattr(import_module(f"tuicrm.domain.kinds.{module}"), kind)())
