"""The numbers of the demo's quotes and invoices: given as they would have been on the days when they were made."""

from __future__ import annotations

from datetime import date

from tuicrm.domain.numbering import formatted, period
from tuicrm.domain.workspace import Workspace
from tuicrm.services.kernel.numbers import numerator_of
from tuicrm.store.protocol import Doc


class DemoNumbers:
    """Counts by type and period, beginning with the first."""

    def __init__(self) -> None:
        self._last: dict[str, dict[str, int]] = {}

    def give(self, workspace: Workspace, type_key: str, doc: Doc, day: date) -> None:
        """Number an item that was made on a day, if its type is numbered."""
        numerator = numerator_of(workspace, type_key)
        if numerator is None:
            return
        last, of = self._last.setdefault(type_key, {}), period(numerator, day)
        last[of] = last[of] + numerator.step if of in last else numerator.start
        doc[numerator.field] = formatted(numerator, last[of], day)

    def counted(self) -> Doc:
        """The record from which numbering goes on (`services/kernel/numbers.py`)."""
        return {type_key: {"last": last} for type_key, last in self._last.items()}
