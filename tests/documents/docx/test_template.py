"""Templates of others: what is found in them, and what is no template."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest

from tests.documents.docx.making import OFFICE, WORD, cells, lines, made, p, part, parts_of, run, template, zipped
from tests.documents.docx.test_pictures import png
from tuicrm.documents.docx.bad_template import BadTemplate
from tuicrm.documents.docx.template import open_template

LETTER = Path(__file__).resolve().parents[2] / "data/documents/letter.docx"
"""Written by LibreOffice, from letter.fodt beside it: soffice --headless --convert-to docx letter.fodt"""


def test_what_libreoffice_wrote_is_found() -> None:
    found = open_template(LETTER.read_bytes()).found()
    assert [(one.sign + one.name, one.where) for one in found] == [
        *(("DocumentNumber", "paragraph 1"), ("DocumentCreateTime", "paragraph 1")),
        *(("#Discount", "paragraph 2"), ("Discount", "paragraph 2"), ("/Discount", "paragraph 2")),
        *(("^Discount", "paragraph 2"), ("/Discount", "paragraph 2")),
        *(("ProductsIndex", "table 1, row 2"), ("ProductsName", "table 1, row 2"), ("ProductsSum", "table 1, row 2")),
        *(("MyCompanyStamp", "paragraph 3"), ("ClientName", "text box 1"), ("MyCompanyName", "header 1")),
        *(("DocumentNumber", "footer 1"), ("ClientName", "footnote 2")),
    ]
    assert found[1].modifier == "d.m.Y"
    assert found[1].text == "Offer {DocumentNumber} of {DocumentCreateTime~d.m.Y}"
    assert [one.is_picture for one in found if one.name == "MyCompanyStamp"] == [True]


def test_what_libreoffice_wrote_is_filled() -> None:
    rows = {"Products": [{"Index": "1", "Name": "Chair", "Sum": "10"}, {"Index": "2", "Name": "Table", "Sum": "99"}]}
    texts = {"DocumentNumber": "7", "DocumentCreateTime": "today", "ClientName": "ACME", "MyCompanyName": "We"}
    content = made(LETTER.read_bytes(), rows, MyCompanyStamp=png(1, 1), **texts)
    document = docx.Document(io.BytesIO(content))
    assert lines(document)[:2] == ["Offer 7 of today", "At list price."]
    assert cells(document) == [["No.", "Name", "Sum"], ["1", "Chair", "10"], ["2", "Table", "99"]]
    (section,) = document.sections
    assert section.header.paragraphs[0].text == "Header We"
    assert section.footer.paragraphs[0].text == "Footer 7"
    assert part(content).count("Box ACME") == 2
    assert "Note ACME" in part(content, "word/footnotes.xml")
    assert "{" not in part(content)
    assert "At list price" not in part(made(LETTER.read_bytes(), rows, Discount="5%"))


def test_what_word_itself_wrote_by_python_docx_is_filled() -> None:
    file = io.BytesIO()
    empty = docx.Document()
    empty.add_paragraph("{A} ").add_run("{B").bold = True
    empty.paragraphs[0].add_run("}")
    empty.save(file)
    assert lines(docx.Document(io.BytesIO(made(file.getvalue(), A="1", B="2")))) == ["1 2"]


@pytest.mark.parametrize(
    ("body", "is_jinja"),
    [
        (p("{", "{ name }}"), True),
        (p("{", "% if a %", "}"), True),
        (p("{Name} {", " {"), False),
        (p("{#A}{%/A}"), True),
    ],
)
def test_what_is_written_for_jinja_is_known(body: str, is_jinja: bool) -> None:
    assert open_template(template(body)).is_jinja is is_jinja


def test_a_paragraph_is_told_in_short() -> None:
    (found,) = open_template(template(p("word " * 50 + "{A}"))).found()
    assert len(found.text) == 80
    assert found.text.endswith("…")


def test_headers_are_told_by_their_number() -> None:
    found = open_template(template("", header1=p("a"), header2=p("{A}"), footer1=p("{B}"))).found()
    assert [one.where for one in found] == ["header 2", "footer 1"]


# -- what is no template -----------------------------------------------------------------------------------------------
def changed(**parts: bytes | None) -> bytes:
    """A template with other parts: names with `_` for `/`, None takes one away."""
    there = parts_of(p("{A}"))
    for name, content in parts.items():
        if content is None:
            del there[name]
        else:
            there[name] = content
    return zipped(there)


def typed(old: str, new: str) -> bytes:
    there = parts_of(p("{A}"))
    return changed(**{"[Content_Types].xml": there["[Content_Types].xml"].replace(old.encode(), new.encode())})


def linked(kind: str, target: str) -> bytes:
    return template(p("{A}"), [("rId9", kind, target)])


def field(instruction: str) -> bytes:
    half = len(instruction) // 2
    told = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in (instruction[:half], instruction[half:]))
    mark = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    return template(p(mark.format("begin") + told + mark.format("end")))


ENTITIES = '<!DOCTYPE a [<!ENTITY b "{A}"><!ENTITY c "&b;&b;">]>'
DOCUMENT = parts_of(p("{A}"))["word/document.xml"].decode()
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STRICT = parts_of("")["_rels/.rels"].replace(
    OFFICE.encode(), b"http://purl.oclc.org/ooxml/officeDocument/relationships"
)
MACROS = "application/vnd.ms-word.document.macroEnabled.main+xml"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "not a Word document"),
        (b"text", "not a Word document"),
        (b"PK\x03\x04broken", "damaged"),
        (OLE + bytes(600), "old document"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.text"}), "not a Word document"),
        (zipped({"[Content_Types].xml": b"<Types/>"}), "not a Word document"),
        (
            typed(
                f"{WORD}document.main+xml", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
            ),
            "not a Word",
        ),
        (typed(f"{WORD}document.main+xml", f"{WORD}template.main+xml"), ".dotx"),
        (typed(f"{WORD}document.main+xml", MACROS), "macros"),
        (changed(**{"word/vbaProject.bin": b"x"}), "macros"),
        (changed(**{"_rels/.rels": STRICT}), "Strict"),
        (changed(**{"../out.xml": b"<a/>"}), "outside"),
        (changed(**{"/etc/passwd": b"<a/>"}), "outside"),
        (changed(**{"C:\\x.xml": b"<a/>"}), "outside"),
        (changed(**{"WORD/document.xml": b"<a/>"}), "two parts"),
        (changed(**{"word/document.xml": None}), "not a Word document"),
        (changed(**{"word/document.xml": b"<a"}), "cannot be read as XML"),
        (changed(**{"word/styles.xml": b"<a><b></a>"}), "cannot be read as XML"),
        (changed(**{"word/document.xml": (ENTITIES + DOCUMENT).encode()}), "entities"),
        (changed(**{"word/document.xml": (ENTITIES + DOCUMENT).encode("utf-16")}), "entities"),
        (changed(**{"customXml/item1.xml": b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>"}), "entities"),
        (linked("image", "https://example.org/a.png"), "elsewhere"),
        (linked("attachedTemplate", "file:///C:/evil.dotm"), "elsewhere"),
        (linked("oleObject", "file:///C:/a.xls"), "elsewhere"),
        (linked("hyperlink", "file:///etc/passwd"), "elsewhere"),
        (linked("hyperlink", "javascript:alert(1)"), "elsewhere"),
        (linked("hyperlink", "//host/share"), "elsewhere"),
        (linked("hyperlink", "\\\\host\\share"), "elsewhere"),
        (linked("image", "media/missing.png"), "missing"),
        (field('INCLUDEPICTURE "https://example.org/a.png" \\d'), "INCLUDEPICTURE"),
        (field(' includetext "c:\\\\a.docx"'), "includetext"),
        (field("DDEAUTO c:\\\\windows\\\\cmd.exe"), "DDEAUTO"),
        (field("LINK Excel.Sheet.8 a.xls"), "LINK"),
        (template('<w:p><w:fldSimple w:instr="INCLUDEPICTURE x"/></w:p>'), "INCLUDEPICTURE"),
        (
            template('<w:p><w:r><w:pict><v:shape><v:imagedata src="http://a/b.png"/></v:shape></w:pict></w:r></w:p>'),
            "elsewhere",
        ),
        (
            template(
                '<w:p><w:r><w:pict><v:shape><v:imagedata o:href="\\\\host\\b.png"/></v:shape></w:pict></w:r></w:p>'
            ),
            "elsewhere",
        ),
        (template(p(*["<w:r/>" * 100] * 4100)), "too much in it"),
        (template("<w:sdt>" * 300 + "</w:sdt>" * 300), "cannot be read as XML"),
    ],
)
def test_what_is_no_template_is_refused_by_name(content: bytes, said: str) -> None:
    with pytest.raises(BadTemplate) as caught:
        open_template(content)
    assert said in caught.value.message


@pytest.mark.parametrize(
    "target",
    ["https://example.org", "mailto:a@example.org", "tel:+390612345", "other.docx", "a/b.html", "www.example.org/a?b"],
)
def test_a_link_that_a_reader_clicks_is_no_harm(target: str) -> None:
    body = p("{A}", f'<w:hyperlink r:id="rId9">{run("x")}</w:hyperlink>')
    assert lines(docx.Document(io.BytesIO(made(template(body, [("rId9", "hyperlink", target)]), A="1")))) == ["1x"]


@pytest.mark.parametrize("field_text", ["PAGE", "HYPERLINK https://a", "LINKED", "IF 1 = 1", "MERGEFIELD Name"])
def test_a_field_that_fetches_nothing_is_no_harm(field_text: str) -> None:
    assert open_template(field(field_text)).faults() == []


def test_a_file_locked_with_a_password_is_refused() -> None:
    content = bytearray(template(p("{A}")))
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + place] |= 1
    with pytest.raises(BadTemplate, match="encrypted"):
        open_template(bytes(content))


@pytest.fixture(scope="module")
def bomb() -> bytes:
    return zipped({**parts_of(p("{A}")), "word/media/a.png": bytes(BOMB)})


BOMB = 41 << 20


def test_a_bomb_is_refused(bomb: bytes) -> None:
    assert len(bomb) < 1 << 17
    with pytest.raises(BadTemplate, match="unpacks to too much"):
        open_template(bomb)


def test_a_bomb_that_lies_about_its_size_is_unpacked_no_further(bomb: bytes) -> None:
    size, small = BOMB.to_bytes(4, "little"), (1000).to_bytes(4, "little")
    assert bomb.count(size) == 2
    with pytest.raises(BadTemplate, match="damaged"):
        open_template(bomb.replace(size, small))


def test_a_file_in_another_encoding_is_read() -> None:
    content = changed(**{"word/document.xml": ('<?xml version="1.0" encoding="UTF-16"?>' + DOCUMENT).encode("utf-16")})
    assert lines(docx.Document(io.BytesIO(made(content, A="ü")))) == ["ü"]


def test_other_compressions_are_no_docx() -> None:
    with pytest.raises(BadTemplate):
        open_template(zipped(parts_of(p("{A}")), zipfile.ZIP_LZMA))
