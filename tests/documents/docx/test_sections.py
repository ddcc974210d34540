"""Sections: what stands between `{#Name}` or `{^Name}` and `{/Name}`."""

from __future__ import annotations

import pytest

from tests.documents.docx.making import cells, filled, lines, made, p, part, run, table, template, text_box
from tuicrm.documents.docx.template import open_template

CONTACTS = {"Contacts": [{"Name": "Ann", "Phone": "1"}, {"Name": "Bob"}]}


@pytest.mark.parametrize(
    ("body", "with_it", "without"),
    [
        (p("a{#X} {X}{/X} b"), ["a v b"], ["a b"]),
        (p("a{^X}no{/X}b"), ["ab"], ["anob"]),
        (p("a", "{#", "X", "}b{", "/X}", "c"), ["abc"], ["ac"]),
        (p("a") + p("{#X}") + p("b") + p("{/X}") + p("c"), ["a", "b", "c"], ["a", "c"]),
        (p("a {#X}b") + p("c") + p("d{/X} e"), ["a ", "b", "c", "d", " e"], ["a ", " e"]),
        (p("{#X}a") + p("b{/X}"), ["a", "b"], []),
        (p("{#X}") + p("a{#Y}y{/Y}") + p("{/X}"), ["a"], []),
        (p("{#X}{#X}a{/X}{/X}"), ["a"], [""]),
        (p("{#X}a{/X}{^X}b{/X}"), ["a"], ["b"]),
        (p("{#X}") + p("a") + p("{/X}{^X}") + p("b") + p("{/X}"), ["a"], ["b"]),
        (p("{#X}", run("bold", "<w:b/>"), "<w:r><w:br/></w:r>", "x{/X}."), ["bold\nx."], ["."]),
        (p("<w:r><w:t>{#X}a</w:t><w:tab/><w:t>b{/X}c</w:t><w:br/></w:r>"), ["a\tbc\n"], ["c\n"]),
        (p("a", f"<w:hyperlink r:id='rId8'>{run('{#X}b')}</w:hyperlink>", "c{/X}d"), ["abcd"], ["ad"]),
        (p("a", f"<w:ins w:id='1' w:author='a'>{run('{#X}')}{run('b{/X}')}</w:ins>", "c"), ["abc"], ["ac"]),
    ],
)
def test_what_is_between_shows_when_the_name_has_a_value(body: str, with_it: list[str], without: list[str]) -> None:
    content = template(body, [("rId8", "hyperlink", "https://example.org")])
    assert lines(filled(content, X="v")) == with_it
    assert lines(filled(content)) == without


def test_a_table_between_marks_goes_with_them() -> None:
    content = template(p("{#X}") + table(["a"]) + p("{/X}") + p("b"))
    assert len(filled(content, X="v").tables) == 1
    assert filled(content).tables == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p("{#Contacts}{ContactsName}; {/Contacts}"), ["Ann; Bob; "]),
        (
            p("{#Contacts}")
            + p("{ContactsName}", "{#ContactsPhone} ({ContactsPhone}){/ContactsPhone}")
            + p("{/Contacts}"),
            ["Ann (1)", "Bob"],
        ),
        (p("{#Contacts}a") + p("{ContactsName}{/Contacts}"), ["a", "Ann", "a", "Bob"]),
        (p("{#Contacts}{#Contacts}{ContactsName}{/Contacts}{/Contacts}"), ["AnnBob"]),
        (p("{^Contacts}nobody{/Contacts}."), ["."]),
        (p("{#Empty}x{/Empty}{^Empty}nobody{/Empty}"), ["nobody"]),
    ],
)
def test_a_section_of_a_list_goes_through_its_rows(body: str, expected: list[str]) -> None:
    assert lines(filled(template(body), {**CONTACTS, "Empty": []})) == expected


def test_a_table_within_a_section_is_of_its_row() -> None:
    content = template(p("{#Contacts}") + table(["{ContactsName}"], ["x"]) + p("{/Contacts}"))
    document = filled(content, CONTACTS)
    assert [cells(document, n) for n in range(2)] == [[["Ann"], ["x"]], [["Bob"], ["x"]]]


def test_a_header_or_text_box_of_which_nothing_is_left_keeps_a_paragraph() -> None:
    content = made(template(p(text_box(p("{#X}a") + p("b{/X}"))), header1=p("{#X}a") + p("{/X}")))
    assert part(content).count("<w:p/>") == 2
    assert "<w:p/>" in part(content, "word/header1.xml")


def test_a_break_of_sections_stays_when_its_paragraph_is_a_mark() -> None:
    mark = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>{/X}</w:t></w:r></w:p>"
    assert part(made(template(p("{#X}") + p("a") + mark))).count("<w:sectPr/>") == 2


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (p("x") + p("{#A}"), [("paragraph 2", "{#A} is never closed")]),
        (p("{/A}"), [("paragraph 1", "{/A} closes what was never opened")]),
        (p("{#A}{#B}{/A}{/B}"), [("paragraph 1", "{#B} is closed elsewhere")]),
        (table(["{#A}", "x"]) + p("{/A}"), [("table 1, row 1", "{#A} is closed elsewhere")]),
        (
            p("{#A}", text_box(p("{/A}"))),
            [("paragraph 1", "{#A} is"), ("text box 1", "{/A} closes")],
        ),
        (p("{#A}{/A}") + table(["{#B}"], ["{/B}"]), []),
    ],
)
def test_marks_at_fault_are_named_and_stay_text(body: str, expected: list[tuple[str, str]]) -> None:
    content = template(body)
    faults = open_template(content).faults()
    assert len(faults) == len(expected)
    for (where, said), (place, begins) in zip(faults, expected, strict=True):
        assert where == place
        assert said.startswith(begins)
    if expected:
        assert "{" in part(made(content, A="v"))


def test_a_fault_in_a_header_says_so() -> None:
    assert open_template(template(p("x"), header1=p("a"), header2=p("{#A}"))).faults() == [
        ("header 2", "{#A} is never closed")
    ]
