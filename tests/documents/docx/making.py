"""Templates written by us, part by part, and values to fill them with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import docx
from docx.document import Document

from tuicrm.documents.docx.filling import fill
from tuicrm.documents.docx.template import open_template

_SCHEMAS = "http://schemas.openxmlformats.org"
W = f"{_SCHEMAS}/wordprocessingml/2006/main"
OFFICE = f"{_SCHEMAS}/officeDocument/2006/relationships"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."
SPACES = (
    f'xmlns:w="{W}" xmlns:r="{OFFICE}" xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
    f' xmlns:wp="{_SCHEMAS}/drawingml/2006/wordprocessingDrawing" xmlns:a="{_SCHEMAS}/drawingml/2006/main"'
    f' xmlns:pic="{_SCHEMAS}/drawingml/2006/picture"'
)
_KINDS = {
    "header": "header",
    "footer": "footer",
    "footnotes": "footnotes",
    "endnotes": "endnotes",
    "comments": "comments",
}
_ROOTS = {"header": "hdr", "footer": "ftr"}


def run(text: str, style: str = "") -> str:
    """A run, bold with the style `<w:b/>`."""
    return f'<w:r>{style and f"<w:rPr>{style}</w:rPr>"}<w:t xml:space="preserve">{text}</w:t></w:r>'


def p(*runs: str) -> str:
    """A paragraph of texts, a run each; what is XML stays as it is."""
    return f"<w:p>{''.join(one if one.startswith('<') else run(one) for one in runs)}</w:p>"


def table(*rows: Sequence[str]) -> str:
    """A table of texts; a cell that is XML is its content."""
    cells = ("".join(f"<w:tc>{one if one.startswith('<') else p(one)}</w:tc>" for one in row) for row in rows)
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(f'<w:tr>{one}</w:tr>' for one in cells)}</w:tbl>"


def picture(name: str, link: str = "rId9", wide: int = 2000, high: int = 1000) -> str:
    """A run with a picture of that name."""
    return (
        f'<w:r><w:drawing><wp:inline><wp:extent cx="{wide}" cy="{high}"/><wp:docPr id="1" name="{name}"/>'
        f'<a:graphic><a:graphicData uri="{_SCHEMAS}/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="1" name="x"/>'
        f'<pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{link}"/><a:srcRect l="1"/></pic:blipFill><pic:spPr><a:xfrm>'
        f'<a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm></pic:spPr></pic:pic></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing></w:r>"
    )


def text_box(inside: str) -> str:
    """A run with a text box as Word writes it: twice, the second time for older programs."""
    box = f"<w:txbxContent>{inside}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><wp:docPr id="2" name="Text Box 2"/><a:graphic>'
        f'<a:graphicData uri="x"><wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing>'
        f"</mc:Choice><mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


def _link(name: str, kind: str, target: str) -> str:
    mode = 'TargetMode="External"' if ":" in target or kind == "hyperlink" else ""
    return f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}" {mode}/>'


def parts_of(body: str, links: Sequence[tuple[str, str, str]] = (), **others: str) -> dict[str, bytes]:
    """The parts of a document: its body, further relationships (id, kind, target; outside when it has a `:`), and what else holds
    text, by its name: `header1`, `footnotes`.
    """
    told = list(links)
    kinds = ""
    parts = {}
    for number, (name, content) in enumerate(others.items(), 100):
        kind = _KINDS[name.rstrip("0123456789")]
        root = _ROOTS.get(kind, kind)
        parts[f"word/{name}.xml"] = f"<w:{root} {SPACES}>{content}</w:{root}>".encode()
        kinds += f'<Override PartName="/word/{name}.xml" ContentType="{WORD}{kind}+xml"/>'
        told.append((f"rId{number}", kind, f"{name}.xml"))
    related = "".join(_link(*one) for one in told)
    package = f"{_SCHEMAS}/package/2006"
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="png" ContentType="image/png"/>'
            f'<Override PartName="/word/document.xml" ContentType="{WORD}document.main+xml"/>{kinds}</Types>'
        ).encode(),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" Type="{OFFICE}/officeDocument"'
            ' Target="word/document.xml"/></Relationships>'
        ).encode(),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}<w:sectPr/></w:body></w:document>".encode(),
        "word/_rels/document.xml.rels": f'<Relationships xmlns="{package}/relationships">{related}</Relationships>'.encode(),
        **parts,
    }


def zipped(parts: Mapping[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A file of these parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def template(body: str, links: Sequence[tuple[str, str, str]] = (), **others: str) -> bytes:
    """A template with that body."""
    return zipped(parts_of(body, links, **others))


class Values:
    """A resolver: texts by their names, lists of texts by theirs, pictures, and what it was asked."""

    def __init__(self, lists: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, **texts: Any) -> None:
        self.lists = dict(lists or {})
        self.texts = texts
        self.asked: list[tuple[str, str, int | None]] = []

    def _value(self, name: str, row: int | None) -> Any:
        owner = self.list_of(name)
        if owner is None or row is None:
            return self.texts.get(name, "")
        return self.lists[owner][row].get(name.removeprefix(owner), "")

    def text(self, name: str, modifier: str, row: int | None) -> str:
        self.asked.append((name, modifier, row))
        return str(self._value(name, row))

    def list_of(self, name: str) -> str | None:
        return next((one for one in self.lists if name.startswith(one)), None)

    def count(self, list_name: str) -> int:
        return len(self.lists[list_name])

    def holds(self, name: str, row: int | None) -> bool:
        return bool(self._value(name, row))

    def picture(self, name: str, row: int | None) -> bytes | None:
        value = self._value(name, row)
        return value if isinstance(value, bytes) else None


def filled(content: bytes, lists: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, **texts: Any) -> Document:
    """The document that a template becomes, opened by python-docx."""
    return docx.Document(io.BytesIO(fill(open_template(content), Values(lists, **texts))))


def part(content: bytes, name: str = "word/document.xml") -> str:
    """The text of a part of a file."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return file.read(name).decode()


def made(content: bytes, lists: Mapping[str, Sequence[Mapping[str, Any]]] | None = None, **texts: Any) -> bytes:
    """The file that a template becomes."""
    return fill(open_template(content), Values(lists, **texts))


def lines(document: Document) -> list[str]:
    """The texts of a document's paragraphs outside of tables, insertions and links too."""
    shown = {f"{{{W}}}br": "\n", f"{{{W}}}tab": "\t"}
    elements = ([*one._p.iter(f"{{{W}}}t", *shown)] for one in document.paragraphs)
    return ["".join(shown.get(one.tag) or one.text or "" for one in paragraph) for paragraph in elements]


def cells(document: Document, number: int = 0) -> list[list[str]]:
    """The texts of a table's cells."""
    return [[cell.text for cell in row.cells] for row in document.tables[number].rows]
