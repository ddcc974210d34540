"""What the columns of a file can go into: the fields of an item type and the parts of their values, by every name they have."""

from __future__ import annotations

from tuicrm.domain.schema import Field, ItemType, all_labels
from tuicrm.exchange.presets import NAME, Target, fold, synonyms

MULTIVALUED = ("phone", "email", "web", "messenger")
"""Kinds whose part is a type: `phone.mobile`."""

PARTS = {
    "address": ("line1", "line2", "city", "postcode", "region", "province", "country"),
    "money": ("amount", "currency"),
}


class Targets:
    """What columns of one type can go into, by every name that it has."""

    def __init__(self, item_type: ItemType, only_custom: bool = False) -> None:
        self._type = item_type
        self._only_custom = only_custom
        self._fields = {
            field.key: field
            for field in item_type.fields
            if not field.deleted and not field.derived and (field.custom or not only_custom)
        }
        self._names = self._all_names()

    def custom(self) -> Targets:
        """Custom fields only."""
        return Targets(self._type, only_custom=True)

    def has(self, target: Target) -> bool:
        field = self._fields.get(target.field)
        if target.field == NAME:
            return not target.part and not self._only_custom
        if field is None:
            return False
        return not target.part or field.kind in MULTIVALUED or target.part in PARTS.get(field.kind, ())

    def names(self) -> dict[str, Target]:
        """Every label in every language (folded)."""
        return self._names

    def by_key(self, column: str) -> list[Target]:
        target = Target.parse(column.strip())
        return [target] if self.has(target) else []

    def by_label(self, column: str) -> list[Target]:
        found = self._names.get(fold(column))
        return [found] if found else []

    def by_synonym(self, column: str) -> list[Target]:
        return [target for target in synonyms().get(fold(column), ()) if self.has(target)]

    def _all_names(self) -> dict[str, Target]:
        def worth(field: Field) -> bool:
            return not field.read_only and field.kind != "file"

        return {
            fold(label): Target(key)
            for key, field in self._fields.items()
            if worth(field)
            for label in all_labels(field.label)
        }
