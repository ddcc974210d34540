"""Rows of tables that repeat."""

from __future__ import annotations

import pytest

from tests.documents.docx.making import cells, filled, lines, made, p, part, run, table, template

ROWS = {"Products": [{"Name": "Chair", "Price": "10"}, {"Name": "Table", "Price": "99"}]}
TAXES = {"Taxes": [{"Rate": "22"}, {"Rate": "10"}, {"Rate": "4"}]}


def test_what_stands_around_the_row_stays() -> None:
    content = template(table(["Name", "Price"], ["{ProductsName}", "{ProductsPrice}"], ["Total", "{Total}"]))
    assert cells(filled(content, ROWS, Total="109")) == [
        ["Name", "Price"],
        ["Chair", "10"],
        ["Table", "99"],
        ["Total", "109"],
    ]


def test_an_empty_list_takes_the_row_away() -> None:
    content = template(table(["Name"], ["{ProductsName}"], ["Total"]))
    assert cells(filled(content, {"Products": []})) == [["Name"], ["Total"]]


def test_an_empty_list_takes_a_table_of_its_only_row_away() -> None:
    content = template(p("before") + table(["{ProductsName}"]) + p("after"))
    document = filled(content, {"Products": []})
    assert document.tables == []
    assert lines(document) == ["before", "after"]


def test_a_cell_keeps_a_paragraph_when_the_table_in_it_goes() -> None:
    content = template(table(["x", table(["{ProductsName}"]) + "<w:p/>"], ["y", table(["{ProductsName}"])]))
    document = filled(content, {"Products": []})
    assert cells(document) == [["x", ""], ["y", ""]]
    assert all(len(cell.paragraphs) == 1 for row in document.tables[0].rows for cell in row.cells)


def test_the_row_of_a_table_within_a_row_repeats_alone() -> None:
    content = template(table(["left", table(["Name"], ["{ProductsName}"]) + "<w:p/>"]))
    (outer,) = filled(content, ROWS).tables
    assert len(outer.rows) == 1
    assert [row.cells[0].text for row in outer.rows[0].cells[1].tables[0].rows] == ["Name", "Chair", "Table"]


def test_a_row_that_repeats_takes_the_tables_within_it_along() -> None:
    content = template(table(["{ProductsName}", table(["{ProductsPrice}"], ["{TaxesRate}"]) + "<w:p/>"]))
    (outer,) = filled(content, {**ROWS, **TAXES}).tables
    inner = [[one.cells[0].text for one in row.cells[1].tables[0].rows] for row in outer.rows]
    assert [row.cells[0].text for row in outer.rows] == ["Chair", "Table"]
    assert inner == [["10", "22", "10", "4"], ["99", "22", "10", "4"]]


def test_two_lists_in_a_row_make_as_many_as_the_longer_has() -> None:
    content = template(table(["{ProductsName}", "{TaxesRate}%"]))
    assert cells(filled(content, {**ROWS, **TAXES})) == [["Chair", "22%"], ["Table", "10%"], ["", "4%"]]


def test_a_row_may_be_cut_into_runs_and_stand_in_a_control() -> None:
    control = "<w:sdt><w:sdtPr><w:id w:val='7'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = f"<w:tr><w:tc>{p('{Prod', 'uctsName', '}')}</w:tc></w:tr>"
    body = f"<w:tbl><w:tblPr/><w:tblGrid/>{control.format(row)}</w:tbl>"
    content = part(made(template(body), ROWS))
    assert content.count("<w:tr>") == 2
    assert "Chair" in content
    assert content.count('w:id w:val="7"') == 1
    assert "sdt" not in part(made(template(p("a") + body), {"Products": []}))


DISCOUNT = "{#ProductsDiscount} -{ProductsDiscount}%{/ProductsDiscount}"


def test_a_condition_within_a_row_is_asked_for_each() -> None:
    rows = {"Products": [{"Name": "A", "Discount": "5"}, {"Name": "B"}]}
    content = template(
        table(
            [
                f"{{ProductsName}}{DISCOUNT}",
                "{^ProductsDiscount}-{/ProductsDiscount}",
            ]
        )
    )
    assert cells(filled(content, rows)) == [["A -5%", ""], ["B", "-"]]


def test_a_condition_over_a_row_that_repeats_keeps_the_rows_that_have_it() -> None:
    rows = {"Products": [{"Name": "A", "Discount": "5"}, {"Name": "B"}, {"Name": "C", "Discount": "1"}]}
    content = template(
        table(["H"], ["{#ProductsDiscount}{ProductsName}", "{ProductsDiscount}{/ProductsDiscount}"], ["T"])
    )
    assert [row[0] for row in cells(filled(content, rows))] == ["H", "A", "C", "T"]


def test_a_section_over_rows_repeats_them_together() -> None:
    content = template(table(["{#Products}{ProductsName}"], ["{ProductsPrice}{/Products}"], ["T"]))
    assert cells(filled(content, ROWS)) == [["Chair"], ["10"], ["Table"], ["99"], ["T"]]


def test_rows_that_hold_a_mark_alone_go() -> None:
    content = template(
        table(["H"], ["{#Products}", ""], ["{ProductsName}", "{ProductsPrice}"], ["", "{/Products}"], ["T"])
    )
    assert cells(filled(content, ROWS)) == [["H"], ["Chair", "10"], ["Table", "99"], ["T"]]
    assert cells(filled(content, {"Products": []})) == [["H"], ["T"]]


def test_a_section_in_one_cell_does_not_repeat_the_row() -> None:
    content = template(table(["{#Products}{ProductsName}, {/Products}end"]))
    assert cells(filled(content, ROWS)) == [["Chair, Table, end"]]


@pytest.mark.parametrize("sign", ["#", "^"])
def test_a_section_over_rows_is_shown_or_not(sign: str) -> None:
    content = template(table(["a"], [f"{{{sign}Has}}b", "c{/Has}"], ["d"]))
    shown = [row[0] for row in cells(filled(content, Has="yes"))]
    assert shown == (["a", "b", "d"] if sign == "#" else ["a", "d"])


def test_rows_are_told_what_stands_once() -> None:
    once = '<w:bookmarkStart w:id="1" w:name="b"/>{}<w:bookmarkEnd w:id="1"/>'.format(run("{ProductsName}"))
    once += '<w:commentRangeStart w:id="3"/><w:commentRangeEnd w:id="3"/><w:r><w:commentReference w:id="3"/></w:r>'
    row = f'<w:tr w14:paraId="1"><w:tc><w:p w14:paraId="2">{once}</w:p></w:tc></w:tr>'
    content = part(made(template(f"<w:tbl><w:tblPr/><w:tblGrid/>{row}</w:tbl>"), ROWS))
    assert content.count("paraId") == 2
    assert [content.count(mark) for mark in ("bookmarkStart", "commentRangeEnd", "commentReference")] == [1, 1, 1]
