"""The rows that an import did not take, as a file of their own with the reasons: correct it and import it."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from tuicrm.exchange.sheet import Rejected

REJECT_COLUMNS = ("tuicrm line", "tuicrm reason")
"""The two last columns: the row's line in the file that was imported, and why it was rejected. An import skips them."""


class Rejects:
    """Collects rejected rows in a CSV file, which is made when the first one comes: no rejects, no file.

    A context manager; `count` says how many there were. Raises OSError when the file cannot be written.
    """

    def __init__(self, path: Path, columns: Sequence[str]) -> None:
        self.path = path
        self.count = 0
        self._columns = [column for column in columns if column not in REJECT_COLUMNS]
        self._file: TextIO | None = None

    def __enter__(self) -> Rejects:
        return self

    def __exit__(self, *_exception: object) -> None:
        if self._file is not None:
            self._file.close()

    def finish(self) -> None:
        """Have it all on the disk."""
        if self._file is not None:
            self._file.flush()
            os.fsync(self._file.fileno())

    def add(self, rejected: Rejected) -> None:
        """Write one row. Cells beyond the columns go behind the reason, so that nothing of the row is lost."""
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            csv.writer(self._file).writerow([*self._columns, *REJECT_COLUMNS])
        extra = [
            f"{name}: {cell}"
            for name, cell in rejected.cells.items()
            if name not in self._columns + list(REJECT_COLUMNS)
        ]
        reason = "; ".join([rejected.reason, *extra])
        cells = [rejected.cells.get(column, "") for column in self._columns]
        csv.writer(self._file).writerow([*cells, str(rejected.number), reason])
        self.count += 1
