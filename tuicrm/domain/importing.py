"""What an import came to: every file, every column, every value that found no place. Plain data, for people and programs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal, TypeAlias

from msgspec import Struct, field

MOST_EXAMPLES = 10
MOST_PREVIEWS = 5
MOST_ALIKE = 1000
"""Rows of a table of which it is kept what they look like; all are counted."""

RemarkKind: TypeAlias = Literal[
    "pipeline", "stage", "person", "option", "link", "several", "further", "shortened", "rounded", "lacking"
]
DefinitionOutcome: TypeAlias = Literal["made", "known", "not taken"]
Fate: TypeAlias = Literal["made", "left out", "changed", "unchanged", "rejected"]


class ColumnReport(Struct):
    """One column. `field` is where it goes (`address.city`), "" for nowhere, `reason` why; `offered` is the kind of custom
    field that it could become. `filled` and `empty` count rows; `rejected` the cells for which a row was rejected."""

    column: str
    field: str = ""
    how: str = "none"
    confidence: int = 0
    reason: str = ""
    filled: int = 0
    empty: int = 0
    rejected: int = 0
    offered: str = ""


class Sample(Struct, frozen=True):
    """A cell that shows something: its text, its line, its column."""

    text: str
    line: int
    column: str


class ColumnReading(Struct, frozen=True):
    """How the cells of a column were read where they do not say it themselves.

    `what`: the `order` of a day's numbers ("dmy", "mdy"), the `decimal` mark ("." or ","), the `zone` of times without one, times
    `skipped` by its clocks in spring, times of the `clock` that a column of days leaves out, `years` of two digits, `serials` (days as
    spreadsheets count them). `read` is the answer, "" where the column shows two. `why` is as in `exchange/column_styles.py`; `cells`
    show it."""

    column: str
    what: Literal["order", "decimal", "zone", "skipped", "clock", "years", "serials"]
    read: str
    why: Literal["shown", "unit", "file", "person", "both"]
    cells: tuple[Sample, ...] = ()


class Likeness(Struct, frozen=True):
    """A row that looks like an item that is here (`ref` as people read it, and its `title`), or else like an earlier row of the run
    (`like_line` of `like_file`). `reasons` are the kinds of signs that both have (`domain/alike.py`), `fate` what became of it."""

    line: int
    fate: Fate
    reasons: tuple[str, ...]
    ref: str = ""
    title: str = ""
    like_file: str = ""
    like_line: int = 0


class RowPreview(Struct, frozen=True):
    """A row as it would become: its line, what would become of it, what the fields that it fills would hold (`fields` in JSON form,
    `shown` as people read it, both by key)."""

    line: int
    fate: Fate
    fields: dict[str, Any]
    shown: dict[str, str]


class TableReport(Struct):
    """The rows of one file that are of one type.

    `alike` look like items that are here or like other rows; of these, `left_out` became nothing, and `updated` changed an item here.
    `known` are already here, of which `changed` are other in the file than they were when they came (both left as they are);
    `repeated` stand in the files more than once; `skipped` the source itself marks as deleted. `readings` say how columns were read
    that could be read in two ways. `previews` are the first rows of a dry run, `labels` what the fields in them are called."""

    type: str
    columns: list[ColumnReport]
    rows: int = 0
    made: int = 0
    known: int = 0
    changed: int = 0
    repeated: int = 0
    rejected: int = 0
    skipped: int = 0
    alike: int = 0
    left_out: int = 0
    updated: int = 0
    likenesses: list[Likeness] = field(default_factory=list)
    previews: list[RowPreview] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)
    readings: list[ColumnReading] = field(default_factory=list)

    def looks(self, likeness: Likeness) -> None:
        """Count a row that looks like something; the first ones are kept."""
        self.alike += 1
        if len(self.likenesses) < MOST_ALIKE:
            self.likenesses.append(likeness)


class Definition(Struct, frozen=True):
    """A definition that a file holds or a column became: what it is ("field"), its name, what came of it and why; `left` is what of
    it nothing here is like, by the source's own names (the notes of the file say it to people)."""

    what: str
    name: str
    outcome: DefinitionOutcome
    reason: str = ""
    left: tuple[str, ...] = ()


class RejectedRow(Struct, frozen=True):
    """A rejected row: its line (in JSON its place) and why."""

    line: int
    reason: str


class FileReport(Struct):
    """One file. `label` says what it was recognised as; `problem` why nothing of it was taken; `notes` what else to know."""

    name: str
    label: str = ""
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    tables: list[TableReport] = field(default_factory=list)
    definitions: list[Definition] = field(default_factory=list)
    rejected: int = 0
    examples: list[RejectedRow] = field(default_factory=list)
    rejects_file: str = ""

    def reject(self, line: int, reason: str) -> None:
        """Count a rejected row; the first few are kept."""
        self.rejected += 1
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(RejectedRow(line, reason))


class Remark(Struct):
    """A value that found no place as it was, with how often and what was done instead. `field` is the item's."""

    kind: RemarkKind
    type: str
    field: str
    value: str
    outcome: str
    count: int = 0


class Report(Struct):
    """A whole run. `seq` is the transaction that undo takes back, 0 when nothing was written; `unused_columns` were decided about
    and are in no file."""

    files: list[FileReport] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    dry_run: bool = False
    enforced: bool = False
    stopped: bool = False
    seq: int = 0
    conflicts: int = 0
    unused_columns: list[str] = field(default_factory=list)

    def tables(self) -> Iterable[TableReport]:
        """The tables of all files."""
        return (table for file in self.files for table in file.tables)

    @property
    def made(self) -> int:
        """How many items are new."""
        return sum(table.made for table in self.tables())

    @property
    def known(self) -> int:
        """Rows of items that were here already, or twice in the files."""
        return sum(table.known + table.repeated for table in self.tables())

    @property
    def alike(self) -> int:
        """Rows of items that look like one that is here."""
        return sum(table.alike for table in self.tables())

    @property
    def updated(self) -> int:
        """How many items that were here were changed."""
        return sum(table.updated for table in self.tables())

    @property
    def left_out(self) -> int:
        """Rows that nothing was made of, as was asked for."""
        return sum(table.left_out for table in self.tables())

    @property
    def rejected(self) -> int:
        """Rows that could not be taken; they are in a file of their own."""
        return sum(file.rejected for file in self.files)

    @property
    def definitions_made(self) -> int:
        """How many fields, stages and the like are new."""
        return sum(one.outcome == "made" for file in self.files for one in file.definitions)
