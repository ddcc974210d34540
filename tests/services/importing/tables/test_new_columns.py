"""A column without a field becomes the kind that all of its cells fit."""

from __future__ import annotations

import pytest

from tuicrm.services.importing.tables.new_columns import kind_for


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["", " "], ""),
        (["yes", "no"], "boolean"),
        (["42", "-7", ""], "integer"),
        (["12,5%", "(3,5)"], "number"),
        (["1 234", "5"], "number"),
        (["1.2E7", "3.5"], "number"),
        (["12E4"], "string"),
        (["0612345678"], "string"),
        (["5 kg"], "string"),
        (["2026-12-18", "18/12/2026", "18-Dec-2026"], "date"),
        (["1.2.10", "1.3.2"], "string"),
        (["18.12.2026 14:30:00", "12/18/2026 02:30 PM", "2026-12-18 9:30"], "datetime"),
        (["2026-12-18 9:30", "2026-12-19"], "datetime"),
        (["2026-12-18 soon"], "string"),
        (["https://example.com"], "link"),
        (["x" * 300], "text"),
    ],
)
def test_the_kind_of_a_column(cells: list[str], kind: str) -> None:
    assert kind_for(cells) == kind
