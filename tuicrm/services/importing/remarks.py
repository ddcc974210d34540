"""Values that found no place as they were, counted."""

from __future__ import annotations

from tuicrm.domain.importing import Remark, RemarkKind
from tuicrm.i18n import _

_MOST_REMARKS = 1_000


class Remarks:
    """Counts values that found no place."""

    def __init__(self) -> None:
        self._counted: dict[tuple[str, str, str, str], Remark] = {}

    def add(self, kind: RemarkKind, type_key: str, field_key: str, value: str, outcome: str) -> None:
        """Count one. Beyond a thousand different ones, further values are counted together."""
        key = (kind, type_key, field_key, value)
        if key not in self._counted and len(self._counted) >= _MOST_REMARKS:
            value = _("other values")
            key = (kind, type_key, field_key, "")
        self._counted.setdefault(key, Remark(kind, type_key, field_key, value, outcome)).count += 1

    def all(self) -> list[Remark]:
        """The remarks, those of one field together, the most frequent first."""
        order = (
            "pipeline",
            "stage",
            "person",
            "option",
            "link",
            "several",
            "further",
            "shortened",
            "rounded",
            "lacking",
        )
        return sorted(self._counted.values(), key=lambda r: (order.index(r.kind), r.type, r.field, -r.count, r.value))
