"""What the columns of a file can go into: the fields of an item type and the parts of their values, by every name they have."""

from __future__ import annotations

from tuicrm.domain.schema import Field, ItemType, all_labels
from tuicrm.exchange.presets import NAME, ColumnTarget, fold, synonyms


class Targets:
    """What columns of one type can go into, by every name that it has."""

    def __init__(self, item_type: ItemType, only_custom: bool = False) -> None:
        self._type = item_type
        self._only_custom = only_custom
        self._fields = {field.key: field for field in item_type.fields if self._open(field)}
        # `currency` is not stored: it is a part of `amount`.
        parts = {
            field.key: ColumnTarget.parse(field.derived)
            for field in item_type.fields
            if field.derived and not field.deleted
        }
        self._parts = {key: target for key, target in parts.items() if self.has(target)}
        self._names = {
            fold(label): self._parts.get(field.key, ColumnTarget(field.key))
            for field in item_type.fields
            if field.key in self._fields or field.key in self._parts
            for label in all_labels(field.label)
        }

    def _open(self, field: Field) -> bool:
        shut = field.deleted or field.derived or field.read_only or field.traits.holds_file
        return not shut and (field.custom or not self._only_custom)

    def custom(self) -> Targets:
        """Custom fields only."""
        return Targets(self._type, only_custom=True)

    def has(self, target: ColumnTarget) -> bool:
        """Whether the type has such a target: a field, and a part of it where one is named."""
        field = self._fields.get(target.field)
        if target.field == NAME:
            return not target.part and not self._only_custom
        if field is None:
            return False
        # The part of a way to reach someone is its sort: `phone.mobile`.
        return not target.part or field.traits.reaches or target.part in field.traits.columns

    def fields(self) -> list[str]:
        """The keys of the fields that can be filled."""
        return list(self._fields)

    def takes_several(self, target: ColumnTarget) -> bool:
        """Whether several columns can go there: a field of several values."""
        field = self._fields.get(target.field)
        return field is not None and field.many and not (field.traits.holds_rows or field.traits.is_address)

    def has_sorts(self, target: ColumnTarget) -> bool:
        """Whether each of the several values that go there is of a sort: a field of ways to reach someone."""
        return self.takes_several(target) and self._fields[target.field].traits.reaches

    def names(self) -> dict[str, ColumnTarget]:
        """Every label in every language (folded)."""
        return self._names

    def by_key(self, column: str) -> list[ColumnTarget]:
        """The target whose key heads the column (`amount`, `address.city`); [] where there is no such."""
        target = self._parts.get(column.strip()) or ColumnTarget.parse(column.strip())
        return [target] if self.has(target) else []

    def by_label(self, column: str) -> list[ColumnTarget]:
        """The target whose label heads the column, in any shipped language; [] where there is no such."""
        found = self._names.get(fold(column))
        return [found] if found else []

    def by_synonym(self, column: str) -> list[ColumnTarget]:
        """The targets of the type that a column of this name may mean in exports of other programs."""
        return [target for target in synonyms().get(fold(column), ()) if self.has(target)]

    def makes_name(self, target: ColumnTarget) -> bool:
        """Whether it is one of the several fields that make a name."""
        return len(self._type.title) > 1 and target.field in self._type.title
