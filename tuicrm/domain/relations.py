"""Relations between items: what names what in its item fields, and free links (reference §4.3, "Dependencies")."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from tuicrm.domain.conversion import origin_field
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field, ItemType

KIND = "relations"
"""The kind of the tab that shows them."""
LINKS = "link"
"""The table of free links: `owner`, `other`, an optional `word` that says what it is, `by` and `at`."""


class Edge(Struct, frozen=True):
    """What relates two items: a field of `holder` that names the other, or a free link's record."""

    holder: Ref
    named: Ref
    field: str = ""
    link: int = 0


class Relative(Struct, frozen=True):
    """One item in a tree, `depth` under its beginning; `how` says what relates it (a field's name, a link's word).

    `edge` is None for the beginning of a tree and for the item whose relations these are (`self`); `gone`: it was deleted."""

    ref: Ref
    title: str
    depth: int = 0
    how: str = ""
    edge: Edge | None = None
    itself: bool = False
    gone: bool = False


class Relations(Struct, frozen=True):
    """All that an item has to do with. `family` is a tree of what was made from what; `names` other items that it names, `named`
    those that name it, `links` free links. `more`: there are others, beyond the number asked for."""

    family: tuple[Relative, ...] = ()
    names: tuple[Relative, ...] = ()
    named: tuple[Relative, ...] = ()
    links: tuple[Relative, ...] = ()
    more: bool = False

    @property
    def all(self) -> Iterator[Relative]:
        """In the order shown."""
        yield from (*self.family, *self.names, *self.named, *self.links)


def is_origin(field: Field) -> bool:
    """Whether a field names what an item was made from, and is set by the program alone."""
    return field.read_only and field.traits.names_items


def is_family(item_type: ItemType, field: Field) -> bool:
    """Whether a field names what an item was made from or belongs to (not its client, nor what somebody chose to name)."""
    if field.key in item_type.client:
        return False
    return any(origin_field(item_type, target) == field for target in field.targets)


def named_in(value: object) -> list[Ref]:
    """The refs that an item field holds."""
    values = value if isinstance(value, list) else [value]
    return [ref for one in values if (ref := Ref.read(one)) is not None]
