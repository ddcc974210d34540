"""How columns were read, in words: each with the cells that show it."""

from __future__ import annotations

import pytest

from tuicrm.domain.importing import ColumnReading, Sample
from tuicrm.render.ansi import plain
from tuicrm.render.import_readings import reading_lines
from tuicrm.render.symbols import LATE, NEAR
from tuicrm.render.text import width

A, B = Sample("03/04/2026", 2, "closed"), Sample("25/04/2026", 9, "made")


@pytest.mark.parametrize(
    ("reading", "sign", "said"),
    [
        (ColumnReading("closed", "order", "dmy", "shown", (B,)), "", "read as day/month/year, as in “25/04/2026” (line 9)"),
        (ColumnReading("closed", "order", "mdy", "file", (A, B)), "",
         "“03/04/2026” (line 2) could be either, but made has “25/04/2026” (line 9)"),
        (ColumnReading("closed", "order", "mdy", "person", (A,)), NEAR,
         "read as month/day/year: “03/04/2026” (line 2) could be either"),
        (ColumnReading("closed", "order", "", "both", (A, B)), LATE, "“03/04/2026” (line 2), “25/04/2026” (line 9) use both orders"),
        (ColumnReading("sum", "decimal", ",", "shown", (Sample("1,5", 2, "sum"), Sample("1.500", 3, "sum"))), "",
         "“1.500” (line 3) is, too"),
        (ColumnReading("sum", "decimal", ".", "unit", (Sample("3,100", 2, "sum"),)), "",
         "read as thousands, not decimals: “3,100” (line 2)"),
        (ColumnReading("sum", "decimal", "", "both", (Sample("1.5", 2, "sum"), Sample("1,5", 3, "sum"))), LATE,
         "use both “.” and “,”"),
        (ColumnReading("at", "zone", "Europe/Rome", "person", (A,)), "",
         "times without a time zone (“03/04/2026” (line 2)) are read as Europe/Rome"),
        (ColumnReading("at", "skipped", "Europe/Rome", "person", (A,)), NEAR, "clocks in Europe/Rome skip “03/04/2026” (line 2)"),
        (ColumnReading("at", "clock", "", "shown", (A,)), "", "times of day (“03/04/2026” (line 2)) are dropped"),
        (ColumnReading("at", "years", "2026-04-03", "shown", (A,)), "", "two-digit years: “03/04/2026” (line 2) is 2026-04-03"),
        (ColumnReading("at", "serials", "2026-12-18", "shown", (A,)), "", "spreadsheet day numbers"),
        (ColumnReading("\x1b[31mat\u202e", "clock", "", "shown", (Sample("\x1b]0;x\x07[/]", 2, "at"),)), "",
         "[31mat: it contains days"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("cells", [80, 24])
def test_a_reading_in_words(reading: ColumnReading, sign: str, said: str, cells: int) -> None:
    lines = [plain(line) for line in reading_lines([reading], cells)]
    text = " ".join(" ".join(lines).split())
    assert said in text
    assert text.startswith(f"{sign} {reading.column}" if sign else said[:0])
    assert all(width(line) <= cells for line in lines)
    assert "\x1b" not in text
    assert "\u202e" not in text
