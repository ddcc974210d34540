"""The report of an import: the first rows of a dry run, as wide as there is room for."""

from __future__ import annotations

import pytest

from tests.hostile import HOSTILE
from tuicrm.domain.importing import ColumnReport, FileReport, Report, RowPreview, TableReport
from tuicrm.render.ansi import plain
from tuicrm.render.import_report import report_lines
from tuicrm.render.text import width


def report(*shown: dict[str, str]) -> Report:
    previews = [RowPreview(line, "made", {}, texts) for line, texts in enumerate(shown, 2)]
    labels = {key: key.title() for texts in shown for key in texts}
    table = TableReport("deal", [ColumnReport("x")], rows=len(shown), previews=previews, labels=labels)
    return Report([FileReport("deals.csv", tables=[table])], dry_run=True)


def lines(told: Report, cells: int, *, whole: bool = False) -> list[str]:
    return ["".join(run.text for run in line).rstrip() for line in report_lines(told, {}, cells, whole=whole)]


TWO = ({"title": "Roof", "amount": "€ 5.00"}, {"title": "Door", "stage": "Won"})


def test_rows_are_lines_where_they_fit() -> None:
    shown = lines(report(*TWO), 80)
    at = shown.index("  The first 2 rows would become:")
    assert [line.split() for line in shown[at + 1 : at + 5]] == [
        ["Line", "Title", "Amount", "Stage"],
        [shown[at + 2].strip()],
        ["2", "Roof", "€", "5.00"],
        ["3", "Door", "Won"],
    ]


def test_where_they_do_not_fit_the_fields_stand_down_the_side() -> None:
    wide = {f"field {n}": f"value {n}" for n in range(12)}
    shown = lines(report(wide, wide), 60)
    at = shown.index("  The first 2 rows would become:")
    assert shown[at + 1].split() == ["Line", "2", "3"]
    assert shown[at + 3].split() == ["Field", "0", "value", "0", "value", "0"]
    assert len([line for line in shown if "value 11" in line]) == 1
    # Not a terminal: as wide as it needs.
    (line,) = [line for line in lines(report(wide, wide), 60, whole=True) if line.strip().startswith("2  value 0")]
    assert line.endswith("value 11")


def test_one_row_is_one() -> None:
    assert "  The first row would become:" in lines(report(TWO[0]), 80)
    assert not [line for line in lines(report(), 80) if "would become" in line]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("cells", [20, 80])
def test_hostile_values_stay_in_their_places(text: str, cells: int) -> None:
    shown = lines(report({text: text, "title": text}), cells)
    assert not [line for line in shown if any(ord(char) < 32 for char in line)]
    assert max(map(width, lines(report({"title": text}), 80))) <= 80


@pytest.mark.parametrize("cells", [40, 60, 76, 96])
@pytest.mark.parametrize("dry_run", [True, False])
def test_no_count_is_cut_or_broken_where_it_is_narrow(cells: int, dry_run: bool) -> None:
    table = TableReport("contact", [], rows=9, made=1, updated=2, left_out=3, known=4, changed=5, repeated=6, skipped=7)
    told = Report([FileReport("a.csv", tables=[table])], dry_run=dry_run)
    shown = [plain(line) for line in report_lines(told, {"contact": "Contacts"}, cells)]
    assert max(map(width, shown)) <= cells
    text = "\n".join(shown)
    for count in ("9 rows", "1 new", "2 merged into existing items", "3 skipped as duplicates", "4 imported before"):
        assert count in text
    assert "1 item created" in text
    whole = [plain(line) for line in report_lines(told, {"contact": "Contacts"}, cells, whole=True)]
    assert sum("imported before" in line for line in whole) == 2, "in a pipe a line is a line"
