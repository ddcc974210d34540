"""Values in the text, wherever it stands and however Word has cut it."""

from __future__ import annotations

import io
from typing import Any

import docx
import pytest

from tests.documents.docx.making import Values, filled, lines, made, p, part, run, table, template, text_box
from tuicrm.documents.docx.filling import fill
from tuicrm.documents.docx.template import open_template

PARTS: dict[str, Any] = {
    "header1": p("H {A}"),
    "footer1": table(["F {A}"]),
    "footnotes": f'<w:footnote w:id="2">{p("N {A}")}</w:footnote>',
    "endnotes": f'<w:endnote w:id="3">{p("E {A}")}</w:endnote>',
    "comments": f'<w:comment w:id="4">{p("C {A}")}</w:comment>',
}
BOLD, ITALIC = "<w:b/>", "<w:i/>"
PROOF, MARK = '<w:proofErr w:type="spellStart"/>', '<w:bookmarkStart w:id="1" w:name="b"/><w:bookmarkEnd w:id="1"/>'


def test_every_part_that_holds_text_is_filled() -> None:
    content = made(template(p("D {A}"), **PARTS), A="value")
    for name, letter in zip(("document", *PARTS), "DHFNEC", strict=True):
        assert f">{letter} value<" in part(content, f"word/{name}.xml"), name


def test_text_boxes_and_what_stands_in_for_them_say_the_same() -> None:
    content = part(made(template(p(text_box(p("Box {", "A", "}") + p("{#B}") + p("gone") + p("{/B}")))), A="value"))
    assert content.count(">Box value<") == 2
    assert "gone" not in content


CONTROL = (
    "<w:sdt><w:sdtPr><w:id w:val='5'/><w:showingPlcHdr/><w:dataBinding w:xpath='/a'/></w:sdtPr>"
    "<w:sdtContent>{}</w:sdtContent></w:sdt>"
)
CELL = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{CONTROL.format('<w:tc>' + p('x{A}') + '</w:tc>')}</w:tr></w:tbl>"


@pytest.mark.parametrize(
    "body",
    [
        CONTROL.format(p("x{", "A}")),
        p("x", CONTROL.format(run("{A") + run("}"))),
        p(CONTROL.format(run("x{A")), "}"),
        CELL,
    ],
)
def test_content_controls_show_what_is_filled_in(body: str) -> None:
    content = part(made(template(body), A="value"))
    assert "value" in content
    assert "{" not in content
    assert "dataBinding" not in content
    assert "showingPlcHdr" not in content


@pytest.mark.parametrize(
    "runs",
    [
        ("x {", "Na", "me", "~d.m.Y", "} y"),
        tuple("x {Name~d.m.Y} y"),
        ("x {Name", PROOF, "~d.m.Y", PROOF, "} y"),
        ("x {Na", MARK, "me~d.m", MARK, ".Y} y"),
        ("x {Na", "", "me~d.m.Y} y"),
        ("x ", f"<w:hyperlink r:id='rId8'>{run('{Na')}{run('me~')}</w:hyperlink>", "d.m.Y} y"),
        (
            "x ",
            f"<w:ins w:id='1' w:author='a'>{run('{Name~d')}</w:ins>",
            f"<w:smartTag>{run('.m.Y}')}</w:smartTag>",
            " y",
        ),
        ("x {Name", "<w:r><w:lastRenderedPageBreak/><w:t>~d.m.Y</w:t></w:r>", "} y"),
        ("x {Name", "<w:del w:id='1'><w:r><w:delText>old</w:delText></w:r></w:del>", "~d.m.Y} y"),
        ("<w:r><w:t>x {Na</w:t><w:t>me~d.m</w:t><w:t>.Y} y</w:t></w:r>",),
    ],
)
def test_a_placeholder_cut_into_runs_is_filled_once(runs: tuple[str, ...]) -> None:
    links = [("rId8", "hyperlink", "https://example.org")]
    document = filled(template(p(*runs), links), Name="VALUE")
    assert lines(document) == ["x VALUE y"]


def test_several_in_one_paragraph_are_cut_anywhere() -> None:
    text = "{A}{Bb}, {A}{^C}no{/C} {Bb~x}{"
    for size in range(1, 9):
        runs = [text[at : at + size] for at in range(0, len(text), size)]
        assert lines(filled(template(p(*runs)), A="1", Bb="22")) == ["122, 1no 22{"], size


def test_the_style_of_the_first_run_is_the_one_of_the_value() -> None:
    content = template(p(run("{Na", BOLD), run("me", ITALIC), run("} after", ITALIC)))
    (paragraph,) = filled(content, Name="v").paragraphs
    assert [(one.text, one.bold, one.italic) for one in paragraph.runs] == [("v", True, None), (" after", None, True)]


@pytest.mark.parametrize(
    "between", ["<w:r><w:tab/></w:r>", "<w:r><w:br/></w:r>", '<w:r><w:footnoteReference w:id="2"/></w:r>']
)
def test_what_stands_in_the_middle_parts_it(between: str) -> None:
    content = part(made(template(p("{Na", between, "me} {Name}"))), "word/document.xml")
    assert "{Na<" in content
    assert "me} <" in content


def test_spelling_marks_and_bookmarks_stay() -> None:
    content = part(made(template(p("{Na", PROOF, MARK, "me}")), Name="v"))
    assert "proofErr" in content
    assert "bookmarkStart" in content


def test_fields_are_left() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>IF {A} = 1</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>{A}</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    content = part(made(template(p(field)), A="v"))
    assert "IF {A} = 1" in content
    assert ">v<" in content


def test_line_ends_and_tabs_become_breaks_and_tabs() -> None:
    content = template(p("a {A} b"))
    assert lines(filled(content, A="1\r\n2\t3\n\n4\r5")) == ["a 1\n2\t3\n\n4\n5 b"]
    assert part(made(content, A="1\n2")).count("<w:br/>") == 1


def test_what_is_not_named_stays_byte_for_byte() -> None:
    parts = template(p("{A}"), header1=p("no name"))
    assert part(made(parts, A="v"), "word/header1.xml") == part(parts, "word/header1.xml")


WORD_LINE = (
    '<w:p w14:paraId="3A5B" w:rsidR="00A1"><w:pPr><w:rPr><w:lang w:val="it-IT"/></w:rPr></w:pPr><w:r w:rsidRPr="00B"><w:rPr>'
    '<w:lang w:val="it-IT"/></w:rPr><w:t xml:space="preserve">Offerta </w:t></w:r>'
    '<w:proofErr w:type="gramStart"/><w:r><w:t>{</w:t></w:r>'
    '<w:proofErr w:type="spellStart"/><w:proofErr w:type="gramEnd"/><w:r w:rsidR="001"><w:t>DocumentNumber</w:t></w:r>'
    '<w:proofErr w:type="spellEnd"/><w:r><w:t>~</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>W=Y</w:t></w:r><w:r><w:t>}</w:t></w:r></w:p>'
)
"""As Word saves a line in which a placeholder was typed, then changed."""


def test_a_line_as_word_cuts_it_is_filled() -> None:
    values = Values(DocumentNumber="sette")
    content = fill(open_template(template(WORD_LINE)), values)
    assert lines(docx.Document(io.BytesIO(content))) == ["Offerta sette"]
    assert values.asked == [("DocumentNumber", "W=Y", None)]
    assert part(content).count("proofErr") == 4
