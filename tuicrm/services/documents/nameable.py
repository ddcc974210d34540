"""Something that a placeholder can name, and where its value stands."""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from tuicrm.domain.documents.values import ValueKind

Route: TypeAlias = Literal[
    "document", "item", "client", "own", "source", "named", "each", "person", "rows", "catalogue", "taxes", "totals"
]
"""Where a value stands, seen from the item of which a document is made; of links, lists and people `via` is the field."""


class Nameable(Struct, frozen=True):
    """Something that a placeholder can name. `sources` are the fields (`deal.amount`) that its value tells of; `list_name` is the list
    whose rows have it. `route`, `via` and `suffix` say where it stands; `through` are the fields by which the item names it."""

    name: str
    label: str
    group: str
    kind: ValueKind
    sources: tuple[str, ...] = ()
    list_name: str = ""
    route: Route = "item"
    via: str = ""
    suffix: str = ""
    through: tuple[str, ...] = ()

    @property
    def source(self) -> str:
        """The first field that it tells of, `deal.amount`; "" for what no field holds."""
        return self.sources[0] if self.sources else ""
