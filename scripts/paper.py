"""What the starter templates are built from with python-docx: pages, styles, tables with hairlines, pictures that hold a place."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Sequence
from typing import Any

import docx
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

FONT = "Calibri"  # LibreOffice takes Carlito, which is as wide
INK, ACCENT, QUIET = RGBColor(0x22, 0x2B, 0x33), RGBColor(0x1F, 0x5C, 0x7A), RGBColor(0x6B, 0x77, 0x80)
_RULE, _SHADE, _LINE = "C9D3DA", "EEF3F6", "6B7780"
WIDTH = 17.0
"""Centimetres between the margins."""

_BEHIND_COMPAT = (
    "w:docVars", "w:rsids", "m:mathPr", "w:attachedSchema", "w:themeFontLang", "w:clrSchemeMapping", "w:doNotIncludeSubdocsInStats",
    "w:shapeDefaults", "w:doNotEmbedSmartTags", "w:decimalSymbol", "w:listSeparator",
)  # fmt: skip
"""What Word's schema has behind it in the settings."""

RIGHT = WD_ALIGN_PARAGRAPH.RIGHT


def paper(language: str) -> Document:
    """An empty A4 page in the house's styles."""
    document = docx.Document()
    rels = document.part.package.rels
    for key in [key for key, rel in rels.items() if rel.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del rels[key]
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin, section.bottom_margin = Cm(1.8), Cm(2)
    section.header_distance = section.footer_distance = Cm(0.9)
    _styles(document, language)
    # As today's Word lays out: tables begin at the margin.
    settings = document.settings.element
    for old in settings.findall(qn("w:compat")):
        settings.remove(old)
    compat = parse_xml(
        f'<w:compat {nsdecls("w")}><w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" '
        'w:val="15"/></w:compat>'
    )
    settings.insert_element_before(compat, *_BEHIND_COMPAT)
    return document


def _styles(document: Document, language: str) -> None:
    styles: Any = document.styles
    lang = styles.element.find(f".//{qn('w:lang')}")
    lang.set(qn("w:val"), language)
    normal = styles["Normal"]
    _font(normal, 10.5, INK)
    normal.paragraph_format.space_after = Pt(6)
    normal.paragraph_format.line_spacing = 1.12
    for name, size, colour, before, after, bold in (
        ("Title", 24.0, ACCENT, 14, 2, False), ("Heading 1", 13.0, ACCENT, 14, 4, True), ("Heading 2", 11.0, ACCENT, 10, 2, True),
    ):  # fmt: skip
        style = styles[name]
        _font(style, size, colour, bold=bold)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        style.paragraph_format.keep_with_next = True
        for border in style.element.findall(f".//{qn('w:pBdr')}"):
            border.getparent().remove(border)
    for name, size, colour, bold in (
        ("Small Print", 8.5, QUIET, False), ("Label", 8.5, QUIET, False), ("Row", 10, INK, False), ("Row Head", 9, ACCENT, True),
        ("Sum", 10.5, INK, False), ("Grand Total", 12.5, ACCENT, True), ("From", 9, QUIET, False), ("From Name", 13, ACCENT, True),
    ):  # fmt: skip
        style = styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = normal
        _font(style, size, colour, bold=bold)
        style.paragraph_format.space_after = Pt(0)
        style.paragraph_format.line_spacing = 1.05
        style.quick_style = True
    signed = styles.add_style("Signature Line", WD_STYLE_TYPE.PARAGRAPH)
    signed.base_style, signed.quick_style = styles["Label"], True
    signed.paragraph_format.space_before = Cm(2)
    signed.element.get_or_add_pPr().insert_element_before(
        parse_xml(f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="6" w:space="3" w:color="{_LINE}"/></w:pBdr>'),
        "w:shd", "w:tabs", "w:spacing",
    )  # fmt: skip
    _table_styles(styles)


def _font(style: Any, size: float, colour: RGBColor, *, bold: bool = False) -> None:
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold
    style.font.color.rgb = colour
    fonts = style.element.rPr.rFonts
    for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(name), None)
    for name in ("w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(name), FONT)
    for spacing in style.element.rPr.findall(qn("w:spacing")) + style.element.rPr.findall(qn("w:kern")):
        style.element.rPr.remove(spacing)


def _table_styles(styles: Any) -> None:
    """Styles of one's own: hairlines between rows under a shaded head; and columns side by side, from margin to margin."""
    rule = f'w:val="single" w:sz="4" w:space="0" w:color="{_RULE}"'
    borders = f"<w:tblBorders><w:top {rule}/><w:bottom {rule}/><w:insideH {rule}/></w:tblBorders>"
    head = f'<w:tblStylePr w:type="firstRow"><w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{_SHADE}"/></w:tcPr></w:tblStylePr>'
    for name, told, inside, further in (("Lined Rows", borders, 80, head), ("Plain Columns", "", 0, "")):
        styles.element.append(
            parse_xml(
                f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{name.replace(" ", "")}">'
                f'<w:name w:val="{name}"/>'
                f'<w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/><w:tblPr>{told}<w:tblCellMar>'
                f'<w:top w:w="{inside * 3 // 4}" w:type="dxa"/><w:left w:w="{inside}" w:type="dxa"/>'
                f'<w:bottom w:w="{inside * 3 // 4}" w:type="dxa"/><w:right w:w="{inside}" w:type="dxa"/></w:tblCellMar></w:tblPr>'
                f"{further}</w:style>"
            )
        )


def line(where: Any, text: str, style: str = "Normal", *, right: bool = False) -> Paragraph:
    """A paragraph at the end of a document, cell, header or footer; text between `**` is bold."""
    paragraph: Paragraph = where.add_paragraph(style=style)
    for at, part in enumerate(text.split("**")):
        if part:
            run = paragraph.add_run(part)
            if at % 2:
                run.bold = True
    if right:
        paragraph.alignment = RIGHT
    return paragraph


def first_line(cell: _Cell, text: str, style: str, *, right: bool = False) -> Paragraph:
    """The same, where a cell's own empty paragraph stands."""
    paragraph = line(cell, text, style, right=right)
    empty = cell.paragraphs[0]._element
    empty.getparent().remove(empty)
    return paragraph


def table(where: Any, widths: Sequence[float], style: str = "", *, right: bool = False) -> Table:
    """A table without rows, its columns so many centimetres wide."""
    made: Table = where.add_table(
        0, len(widths), *([] if isinstance(where, type(docx.Document())) else [Cm(sum(widths))])
    )
    made.autofit = False
    made.style = style or "Plain Columns"
    if right:
        made.alignment = 2  # type: ignore[assignment]  # to the right
    for column, width in zip(made.columns, widths, strict=True):
        column.width = Cm(width)
    return made


def row(to: Table, widths: Sequence[float], texts: Sequence[str], style: str, right: Sequence[int] = ()) -> None:
    """A row of texts that stays on one page; `right` are the columns that are set to the right."""
    made = to.add_row()  # type: ignore[no-untyped-call]
    made._tr.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
    for at, (cell, width, text) in enumerate(zip(made.cells, widths, texts, strict=True)):
        cell.width = Cm(width)
        first_line(cell, text, style, right=at in right)


def repeat_head(of: Table) -> None:
    """The first row comes again on each page."""
    of.rows[0]._tr.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def picture(paragraph: Paragraph, name: str, width: float, height: float) -> None:
    """A grey place of so many centimetres for the picture that the name stands for; it is taken away where there is no such."""
    shape = paragraph.add_run().add_picture(io.BytesIO(_place(width, height)), Cm(width), Cm(height))
    for side in ("distT", "distB", "distL", "distR"):
        shape._inline.set(side, "0")
    properties = shape._inline.docPr
    properties.set("name", name)
    properties.set("descr", "")


def _place(width: float, height: float) -> bytes:
    """A PNG with a light ground and a thin border."""
    wide, high = int(width * 20), int(height * 20)
    edge, ground = b"\xb4\xc0\xc8", b"\xee\xf3\xf6"
    inner = b"\0" + edge + ground * (wide - 2) + edge
    full = b"\0" + edge * wide
    pixels = full + inner * (high - 2) + full

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b"")


def page_numbers(footer: Any, left: str, of_pages: str) -> None:
    """The foot of each page: a text, and `Page 1 of 2` to the right."""
    paragraph = footer.paragraphs[0]
    paragraph.style = "Small Print"
    paragraph.paragraph_format.tab_stops.clear_all()
    paragraph.paragraph_format.tab_stops.add_tab_stop(Cm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    before, between = of_pages.split("{}")[:2]
    paragraph.add_run(f"{left}\t{before}")
    _field(paragraph, "PAGE")
    paragraph.add_run(between)
    _field(paragraph, "NUMPAGES")


def _field(paragraph: Paragraph, word: str) -> None:
    field = parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {word} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
    paragraph._p.append(field)


def content_of(document: Document) -> bytes:
    """The file, the same each time."""
    saved, made = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as read, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as written:
        for name in read.namelist():
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            written.writestr(info, read.read(name))
    return made.getvalue()
