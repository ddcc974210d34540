"""Field types: one registry. A kind is loaded when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module

from tuicrm.domain.kinds.base import BadValue, Kind
from tuicrm.errors import NotFound
from tuicrm.i18n import _

__all__ = ["KINDS", "LISTS", "BadValue", "Kind", "kind_of"]

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
    "address": ("address", "Address"),
    "file": ("file", "File"),
    "list": ("choices", "Listed"),
    "dictionary": ("choices", "FromDictionary"),
    "person": ("choices", "Person"),
    "item": ("choices", "Item"),
    "phone": ("contact_points", "Phone"),
    "email": ("contact_points", "Email"),
    "web": ("contact_points", "Web"),
    "messenger": ("contact_points", "Messenger"),
    "products": ("products", "Products"),
}

KINDS = tuple(name for name in _PLACES if name not in ("stage", "pipeline", "products"))
"""What a field can be; stages, pipelines and product rows are an item's own and no field type to choose."""

LISTS = frozenset({"products"})
"""Kinds whose one value is a list."""


@cache
def kind_of(name: str) -> Kind:
    """The kind of that name. Raises NotFound naming all there are."""
    if name not in _PLACES:
        known = ", ".join(KINDS)
        raise NotFound(_("There is no field type {name}; there are: {known}").format(name=name, known=known))
    module, kind = _PLACES[name]
    make: Callable[..., Kind] = getattr(import_module(f"tuicrm.domain.kinds.{module}"), kind)
    return make(name) if kind == "Key" else make()
