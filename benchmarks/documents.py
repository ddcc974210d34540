"""A document made from a template, by our engine and by bare docxtpl from the same content:

    python -m benchmarks.documents [--rows 50 200 1000] [--times 20]

The template is an offer of three pages with a header, a footer, a letter's worth of paragraphs and a table of products of six columns;
python-docx writes it, once in the words of each. Opening, filling and saving count, in ms of the processor: the fastest of so many
times. Then how many times as long ours takes as docxtpl (at most 1.5), and a row of ours in µs (no more at a larger size).
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from time import process_time

import docx

from tuicrm.documents.docx.filling import fill
from tuicrm.documents.docx.template import open_template

_COLUMNS = ("Index", "ProductName", "ProductQuantity", "ProductPrice", "ProductTaxRate", "ProductPriceSum")
_FIELDS = ("DocumentNumber", "DocumentCreateTime", "ClientName", "ClientAddress", "AssignedName", "TotalSum")
_TEXT = (
    "We are pleased to offer what you asked us for, on the terms that are told below, until the end of the month. " * 3
)
_PARAGRAPHS = 24


class _Values:
    """A resolver of as many rows, each value its own name."""

    def __init__(self, rows: int) -> None:
        self._rows = rows

    def text(self, name: str, modifier: str, row: int | None) -> str:
        return name if row is None else f"{name} {row}"

    def list_of(self, name: str) -> str | None:
        return "Products" if name.startswith("Products") else None

    def count(self, list_name: str) -> int:
        return self._rows

    def holds(self, name: str, row: int | None) -> bool:
        return True

    def picture(self, name: str, row: int | None) -> bytes | None:
        return None


def offer(field: str, row: str, *, around: Sequence[str] = ()) -> bytes:
    """The template: how a field and a cell of a row are written, and what stands in rows of their own around the repeated one."""
    made = docx.Document()
    (section,) = made.sections
    section.header.paragraphs[0].text = field.format("MyCompanyName")
    section.footer.paragraphs[0].text = field.format("DocumentNumber")
    for number in range(_PARAGRAPHS):
        made.add_paragraph(_TEXT + field.format(_FIELDS[number % len(_FIELDS)]))
    table = made.add_table(1, len(_COLUMNS), style="Table Grid")
    for cell, name in zip(table.rows[0].cells, _COLUMNS, strict=True):
        cell.text = name
    before, after = (*around, "", "")[:2]
    for text in filter(None, (before, "row", after)):
        cells = table.add_row().cells
        for cell, name in zip(cells, _COLUMNS, strict=True):
            cell.text = row.format(name) if text == "row" else ""
        if text != "row":
            cells[0].text = text
    file = io.BytesIO()
    made.save(file)
    return file.getvalue()


def fastest(act: Callable[[], object], times: int) -> float:
    """Milliseconds of the processor."""
    figures = []
    for _time in range(times):
        begun = process_time()
        act()
        figures.append(process_time() - begun)
    return min(figures) * 1000


def by_docxtpl(content: bytes, rows: int) -> None:
    """The same document by docxtpl, with its values escaped."""
    values = {name: name for name in (*_FIELDS, "MyCompanyName")}
    products = [{name: f"{name} {row}" for name in _COLUMNS} for row in range(rows)]
    template = import_module("docxtpl").DocxTemplate(io.BytesIO(content))
    template.render({**values, "products": products}, autoescape=True)
    template.save(io.BytesIO())


def main() -> None:
    """Measure, and write the table."""
    asked = argparse.ArgumentParser(description="Documents from templates, beside docxtpl.")
    asked.add_argument("--rows", type=int, nargs="+", default=[50, 200, 1000])
    asked.add_argument("--times", type=int, default=20)
    given = asked.parse_args()
    ours = offer("{{{}}}", "{{Products{}}}")
    theirs = offer("{{{{{}}}}}", "{{{{one.{}}}}}", around=("{%tr for one in products %}", "{%tr endfor %}"))
    print(f"{'rows':>6} {'tuicrm ms':>10} {'docxtpl ms':>11} {'times as long':>14} {'µs a row':>9}", file=sys.stdout)
    for rows in given.rows:
        times = max(given.times * 50 // max(rows, 50), 3)
        own = fastest(lambda rows=rows: fill(open_template(ours), _Values(rows)), times)  # type: ignore[misc]
        other = fastest(lambda rows=rows: by_docxtpl(theirs, rows), times)  # type: ignore[misc]
        print(f"{rows:>6} {own:>10.1f} {other:>11.1f} {own / other:>14.2f} {own * 1000 / rows:>9.0f}")


if __name__ == "__main__":
    main()
