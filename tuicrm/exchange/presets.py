"""Other programs' CSV exports, known by their headers. Each is a file of `data/exchange/presets`; a new one costs no code."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from tuicrm.domain.schema import Label
from tuicrm.files import data_folder
from tuicrm.i18n import N_

NAME = "@name"
"""As a target: the item's name, whatever fields make it (`ItemType.title`). A person's is cut before its last word."""

Reason: TypeAlias = Literal["kept", "follows", "owner", "elsewhere", "deleted", "type"]

REASONS: dict[Reason, str] = {
    "kept": N_("each program keeps its own"),
    "follows": N_("calculated from other fields"),
    "owner": N_("the responsible person is in another column"),
    "elsewhere": N_("is in another column"),
    "deleted": N_("deleted rows are skipped"),
    "type": N_("it separates companies from people"),
}
"""Why a preset leaves a column out."""

IdScope: TypeAlias = Literal["source", "run", "workspace", ""]


class ColumnTarget(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a column goes: a field's key (or NAME), and a `part` of its value: "city" of an address, "mobile" of a phone."""

    field: str
    part: str = ""

    @classmethod
    def parse(cls, text: str) -> ColumnTarget:
        """`title`, `address.city`, `phone.mobile`."""
        field, _dot, part = text.partition(".")
        return cls(field, part)

    def __str__(self) -> str:
        return f"{self.field}.{self.part}" if self.part else self.field


class LinkColumn(Struct, frozen=True, forbid_unknown_fields=True):
    """A column that names another item, which goes into `field`.

    `by` "run": the id that a file of the same run has in its id column, and that means nothing later; "source": the other
    program's stable id; "name": the name of an item, often a row of the same file; "email" and "domain": an address of its own.
    Several links of one field are several ways to name it: the first that leads somewhere holds.
    """

    column: str
    field: str
    type: str
    by: Literal["run", "source", "name", "email", "domain"]


FILLED = "*"
"""Among the values of `RowVariant.when`: whatever stands there."""


class RowVariant(Struct, frozen=True, forbid_unknown_fields=True):
    """How rows of one type are read. Wherever a column is named, `A|B` is the one of these names that the file has.

    `when` picks the rows: a column and the (case-folded) values that it has in them; empty is all rows. `skip` names rows
    that are not wanted, in the same form. `id` is the column with the program's own id, stable in the `id_scope`: "source" for
    good, "run" only among the files of one run; `run_id` is one of these where the file has no `id`. `not_taken` says why a column
    is left out. `lists` are columns of several values, and what stands between them. `won` and `closed` are columns that say
    whether an item has ended, and how. `by_own_domain` is a field for the company that, where nothing else names one, is known by
    the domain of the row's own e-mail addresses.

    With `parts`, a row holds parts of several items: its own is what goes somewhere. `carried` are columns that hold for the rows
    below as well, where these leave them empty.
    """

    type: str
    columns: dict[str, str]
    when: dict[str, list[str]] = {}
    skip: dict[str, list[str]] = {}
    id: str = ""
    id_scope: IdScope = ""
    run_id: str = ""
    links: list[LinkColumn] = []
    not_taken: dict[str, Reason] = {}
    lists: dict[str, str] = {}
    won: str = ""
    closed: str = ""
    by_own_domain: str = ""
    parts: bool = False
    carried: list[str] = []


class Preset(Struct, frozen=True, forbid_unknown_fields=True):
    """A known export. It is recognised when the file has all of `headers` (one of each `A|B`); `source` names the program for ids."""

    key: str
    label: Label
    source: str
    headers: list[str]
    variants: list[RowVariant]


def fold(name: str) -> str:
    """A column's name for comparing: words in lower case, whatever stands between them."""
    return " ".join("".join(char if char.isalnum() else " " for char in name.casefold()).split())


@lru_cache(maxsize=1)
def presets() -> tuple[Preset, ...]:
    """All shipped presets, the most demanding first."""
    folder = data_folder() / "exchange" / "presets"
    read = [msgspec.json.decode(path.read_bytes(), type=Preset) for path in sorted(folder.glob("*.json"))]
    return tuple(sorted(read, key=lambda preset: -len(preset.headers)))


@lru_cache(maxsize=1)
def synonyms() -> dict[str, tuple[ColumnTarget, ...]]:
    """Usual column names (folded) that are no label of ours, and what they may mean: the first that the type has counts."""
    listed = msgspec.json.decode((data_folder() / "exchange" / "synonyms.json").read_bytes(), type=dict[str, list[str]])
    meanings: dict[str, tuple[ColumnTarget, ...]] = {}
    for target, names in listed.items():
        for name in map(fold, names):
            meanings[name] = (*meanings.get(name, ()), ColumnTarget.parse(target))
    return meanings


def recognise(columns: Sequence[str], known: Collection[Preset] | None = None) -> Preset | None:
    """The preset whose headers are all there, case and punctuation aside; the most demanding one wins."""
    names = {fold(column) for column in columns}
    return next(
        (
            preset
            for preset in known or presets()
            if all(names.intersection(map(fold, header.split("|"))) for header in preset.headers)
        ),
        None,
    )
