"""The records of fields: a workspace's own fields, and what it changed of those that types bring along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from tuicrm.domain import smart
from tuicrm.domain.schema import Field, ItemType


class FieldRecords:
    """Reads them; the later record of a field lies over the earlier ones."""

    def __init__(self, shipped: Mapping[str, ItemType], template: ItemType | None) -> None:
        """`template` is what types of one's own are built from."""
        self._shipped, self._template = shipped, template
        self._known: dict[tuple[str, str], Field] = {}

    def read(self, doc: Mapping[str, Any], known: Field | None = None) -> Field:
        """A field as its record has it, over what is known of it already. Raises msgspec.ValidationError."""
        base = known or self._known.get((doc["type"], doc["key"])) or self._system_field(doc["type"], doc["key"])
        changes = {name: value for name, value in doc.items() if name != "type"}
        return msgspec.convert({**(msgspec.to_builtins(base) if base else {}), **changes}, Field)

    def learn(self, doc: Mapping[str, Any]) -> None:
        """Know of a sound record when others of the same field are read."""
        self._known[doc["type"], doc["key"]] = self.read(doc)

    def _system_field(self, type_key: str, key: str) -> Field | None:
        """A field that ships, though it may be switched off."""
        shipped = self._shipped.get(type_key)
        found = next((field for field in (shipped.fields if shipped else ()) if field.key == key), None)
        return found or smart.known_field(None if shipped else self._template, self._shipped, key)

    def laid_over(self, item_type: ItemType, docs: Iterable[Mapping[str, Any]]) -> ItemType:
        """The type with the workspace's custom fields added and its changes to system fields laid over."""
        fields = {field.key: field for field in item_type.fields}
        for doc in docs:
            if doc["type"] != item_type.key or (doc["key"] not in fields and self._is_off(item_type.key, doc)):
                continue
            fields[doc["key"]] = self.read(doc, fields.get(doc["key"]))
        living = [field for field in fields.values() if not field.deleted]
        return msgspec.structs.replace(item_type, fields=living)

    def _is_off(self, type_key: str, doc: Mapping[str, Any]) -> bool:
        """Whether a record is about a field of the system that is switched off."""
        return not doc.get("custom") and self._system_field(type_key, doc["key"]) is not None
