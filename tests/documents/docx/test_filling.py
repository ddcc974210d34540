from __future__ import annotations

from tests.documents.docx.making import (
    Values,
    cells,
    filled,
    lines,
    made,
    p,
    table,
    template,
)
from tuicrm.documents.docx.filling import fill
from tuicrm.documents.docx.template import open_template

ROWS = {"Products": [{"Name": "Chair", "Price": "10.00"}, {"Name": "Table", "Price": "99.00"}]}


def test_a_placeholder_becomes_its_value() -> None:
    content = template(p("No. {Number} of {Created~d.m.Y}, {Unknown}{ }{a}"))
    values = Values(Number="7", Created="today")
    assert lines(filled(content, Number="7", Created="today")) == ["No. 7 of today, { }{a}"]
    fill(open_template(content), values)
    assert values.asked == [("Number", "", None), ("Created", "d.m.Y", None), ("Unknown", "", None)]


def test_rows_that_name_a_list_repeat() -> None:
    content = template(table(["Name", "Price"], ["{ProductsName}", "{ProductsPrice}"], ["Total", "{Total}"]))
    document = filled(content, ROWS, Total="109.00")
    assert cells(document) == [["Name", "Price"], ["Chair", "10.00"], ["Table", "99.00"], ["Total", "109.00"]]


def test_the_same_template_and_values_give_the_same_bytes() -> None:
    content = template(table(["{ProductsName}"]), header1=p("{A}"))
    assert made(content, ROWS, A="x") == made(content, ROWS, A="x")
