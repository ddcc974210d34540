"""Rows on their way in, whatever file they come from: a CSV file's and a Bitrix24 answer's look alike from here on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple, Protocol, TypeAlias

from tuicrm.domain.importing import TableReport
from tuicrm.domain.schema import ItemType
from tuicrm.exchange.presets import IdScope
from tuicrm.exchange.sheet import Rejected

ENDED = "@ended"
"""Among the values of a row: how the source says that the item has ended ("success", "failure"), whatever its stage is called."""

By: TypeAlias = Literal["id", "run", "name", "email", "domain", "own domain", "any"]


class WantedLink(NamedTuple):
    """A cell that names another item: by the `id` that the source gave it, by one that only files of the same `run` share, by its
    `name`, by an `email` address or the `domain` of its web site, or by `any` name, id or ref. By its "own domain", that of its
    e-mail address, a row names a company without saying so. Where several name the one item of a field, the first that is found
    holds."""

    field: str
    types: tuple[str, ...]
    text: str
    by: By


class ImportEntry(NamedTuple):
    """One row. `values` by field key are in JSON form, or still text where names are needed (list, dictionary, person, stage,
    pipeline); `columns` says which column each field came from. `content` and `raw` are digests: of what the row says, without
    ids that mean nothing later, and of all of it."""

    number: int
    cells: dict[str, str]
    id: str
    values: dict[str, Any]
    links: tuple[WantedLink, ...]
    content: str
    raw: str


class EntryTable(Protocol):
    """The rows of one type in a file. `source` names the program whose ids these are; `origin` is for the timeline."""

    item_type: ItemType
    source: str
    origin: str
    id_scope: IdScope
    refs_are_ours: bool
    """Whether refs in its rows (`CO-7`) mean items of this workspace where the run has none."""
    as_kept: bool
    """Whether its values are as a workspace keeps them: read, and not to be read anew."""
    report: TableReport

    def entries(self) -> Iterator[ImportEntry | Rejected]:
        """Read the rows, counting the columns in `report`. Can be read once."""

    def says(self, entry: ImportEntry, doc: Mapping[str, Any]) -> bool:
        """Whether a row is the item of this workspace that its id names, and that has these fields."""

    def columns_of(self, field: str) -> list[str]:
        """The columns that go into a field."""
