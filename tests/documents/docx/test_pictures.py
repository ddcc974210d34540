"""Pictures that are named by a placeholder."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib

import docx
import pytest

from tests.documents.docx.making import made, p, part, parts_of, picture, table, text_box, zipped
from tuicrm.documents.docx.image_size import image_size
from tuicrm.documents.docx.template import open_template


def png(width: int, height: int, colour: bytes = b"\x10\x20\x30") -> bytes:
    """A picture of one colour."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    rows = zlib.compress((b"\0" + colour * width) * height)
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int, height: int) -> bytes:
    """As much of a picture as tells its size."""
    head = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    return head + b"\xff\xff\xc2\x00\x11\x08" + struct.pack(">HH", height, width) + bytes(20)


SAMPLE = png(2, 1)


def with_picture(body: str, **others: str) -> bytes:
    parts = parts_of(body, [("rId9", "image", "media/sample.png")], **others)
    return zipped({**parts, "word/media/sample.png": SAMPLE})


def frames(content: bytes) -> list[tuple[str, ...]]:
    return re.findall(r'<(?:wp:extent|a:ext) cx="(\d+)" cy="(\d+)"', part(content))


def names(content: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return [one for one in file.namelist() if one.startswith("word/media")]


@pytest.mark.parametrize(
    ("content", "size"),
    [
        (png(20, 10), ("2000", "1000")),
        (png(10, 10), ("1000", "1000")),
        (png(90, 10), ("2000", "222")),
        (jpeg(1, 4), ("250", "1000")),
    ],
)
def test_a_picture_comes_into_the_frame_with_its_proportions(content: bytes, size: tuple[str, str]) -> None:
    document = made(with_picture(p(picture("{Stamp}"))), Stamp=content)
    assert frames(document) == [size, size]
    (shape,) = docx.Document(io.BytesIO(document)).inline_shapes
    assert shape._inline.docPr.name == "Stamp"
    (name,) = names(document)
    with zipfile.ZipFile(io.BytesIO(document)) as file:
        assert file.read(name) == content
    assert "srcRect" not in part(document)


@pytest.mark.parametrize("value", [None, b"", b"GIF89a", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"<svg/>"])
def test_without_a_picture_the_frame_goes_and_so_does_the_sample(value: bytes | None) -> None:
    document = made(with_picture(p("a", picture("{Stamp}"), "b")), Stamp=value)
    assert "w:drawing" not in part(document)
    assert names(document) == []
    assert docx.Document(io.BytesIO(document)).paragraphs[0].text == "ab"


def test_a_picture_that_others_show_too_stays() -> None:
    document = made(with_picture(p(picture("{Stamp}"), picture("Logo"))))
    assert names(document) == ["word/media/sample.png"]
    assert part(document).count("<w:drawing>") == 1


def test_it_may_be_named_by_its_description() -> None:
    named = picture("Picture 1").replace('name="Picture 1"', 'name="Picture 1" descr="{Stamp}"')
    content = with_picture(p(named))
    assert [one.name for one in open_template(content).found() if one.is_picture] == ["Stamp"]
    assert 'descr="Stamp"' in part(made(content, Stamp=png(1, 1)))


def test_each_row_has_its_own_and_the_same_one_is_kept_once() -> None:
    rows = {"Products": [{"Photo": png(1, 1)}, {"Photo": png(1, 2)}, {"Photo": png(1, 1)}, {}]}
    document = made(with_picture(table([p(picture("{ProductsPhoto}"))])), rows)
    assert len(names(document)) == 2
    assert part(document).count("<w:tr>") == 4
    assert part(document).count("<w:drawing>") == 3
    numbers = re.findall(r'docPr id="(\d+)"', part(document))
    assert len(set(numbers)) == len(numbers)
    docx.Document(io.BytesIO(document))


def test_a_header_has_its_own() -> None:
    parts = parts_of("", header1=p(picture("{Logo}", "rId1")))
    links = parts["word/_rels/document.xml.rels"].replace(b'Id="rId100"', b'Id="rId1"').replace(b"/header", b"/image")
    parts |= {"word/_rels/header1.xml.rels": links.replace(b"header1.xml", b"media/a.png"), "word/media/a.png": SAMPLE}
    document = made(zipped(parts), Logo=png(3, 3))
    assert len(names(document)) == 1
    assert 'name="Logo"' in part(document, "word/header1.xml")
    docx.Document(io.BytesIO(document))


def test_a_text_box_beside_the_picture_stays() -> None:
    document = part(made(with_picture(p(text_box(p(picture("{Stamp}"), "text"))))))
    assert document.count(">text<") == 2
    assert "pic:pic" not in document


@pytest.mark.parametrize(
    "content", [jpeg(0, 5), b"\xff\xd8" + b"\xff\xe0\x00\x00" * 5, b"\xff\xd8\xff\xd9", b"\xff" * 50]
)
def test_what_is_no_picture_has_no_size(content: bytes) -> None:
    assert image_size(content) is None
