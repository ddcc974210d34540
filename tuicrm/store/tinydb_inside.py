"""What tuicrm uses of TinyDB's insides: three methods through which a table reads and writes, and which have no public names.

`tests/test_insides.py` looks for them in the TinyDB that is installed, and for such names in other files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tinydb.table import Table

USED: Mapping[str, str] = {
    "Table._read_table": "reading only the records that are asked for: TinyDB hands all of a table to its storage's reader",
    "Table._update_table": "writing only the records that changed, under the lock",
    "Table._get_next_id": "ids that no other session gets",
}


class OpenTable(Table):
    """A table whose reading and writing can be replaced: by `rows`, `change_rows` and `next_number`, which do what TinyDB does."""

    def rows(self) -> Any:
        """All documents by id as text: a mapping that is only read."""
        return super()._read_table()

    def change_rows(self, updater: Callable[[Any], None]) -> None:
        """Write what the updater makes of the documents by id (a number)."""
        super()._update_table(updater)

    def next_number(self) -> int:
        """The id of a document that is inserted without one."""
        return int(super()._get_next_id())  # type: ignore[no-untyped-call]  # TinyDB gives it no hints

    def _read_table(self) -> Any:
        return self.rows()

    def _update_table(self, updater: Callable[[Any], None]) -> None:
        self.change_rows(updater)

    def _get_next_id(self) -> int:
        return self.next_number()
