"""PDF files by LibreOffice itself: two at once, refusals, and that nothing of it is left behind."""

from __future__ import annotations

import base64
import io
import os
import shutil
import socket
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn

from tuicrm.documents import pdf
from tuicrm.documents.pdf import convert, find_soffice
from tuicrm.errors import Interrupted, Refused, StorageError, Unreachable

_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)

needs_libreoffice = pytest.mark.skipif(
    find_soffice() is None or shutil.which("pdftotext") is None,
    reason="LibreOffice or poppler is missing (scripts/libreoffice.sh installs them on Debian and Ubuntu)",
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go: a path with what an address must write otherwise."""
    place = tmp_path / "tém p%20#?"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def _document(text: str, fetched: str = "") -> bytes:
    """A document with a text, and with a picture that would be fetched."""
    document, content = docx.Document(), io.BytesIO()
    document.add_paragraph(text)
    if fetched:
        document.add_picture(io.BytesIO(_PICTURE))
        (blip,) = document.element.body.xpath(".//a:blip")
        del blip.attrib[qn("r:embed")]
        blip.set(qn("r:link"), document.part.relate_to(fetched, RELATIONSHIP_TYPE.IMAGE, is_external=True))
    document.save(content)
    return content.getvalue()


def _left(folder: Path) -> list[str]:
    """Processes that were started for a file in the folder and still run."""
    there = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes()
        except OSError:
            continue
        if os.fsencode(folder.name) in words or b"t%C3%A9m" in words:
            there.append(words.decode("utf-8", "replace"))
    return there


def _soon_gone(folder: Path) -> bool:
    end = time.monotonic() + 5
    while _left(folder) and time.monotonic() < end:
        time.sleep(0.02)
    return not _left(folder)


@needs_libreoffice
def test_two_at_once_become_two_files_and_nothing_is_fetched(folder: Path) -> None:
    with ThreadPoolExecutor(2) as at_once, socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        linked = _document("Second €\u202eabc", f"http://127.0.0.1:{server.getsockname()[1]}/picture.png")
        made = list(at_once.map(convert, [_document("First R&D <b> {{ x }}"), linked]))
        with pytest.raises(BlockingIOError):
            server.accept()
    shown = [
        subprocess.run(["pdftotext", "-", "-"], input=one, capture_output=True, check=True).stdout.decode()
        for one in made
    ]
    assert "First R&D <b> {{ x }}" in shown[0]
    assert "Second €" in shown[1]
    assert list(folder.iterdir()) == []
    assert _soon_gone(folder)


@needs_libreoffice
def test_an_end_without_a_file_is_a_failure_and_says_what_was_said(folder: Path) -> None:
    with pytest.raises(
        Refused, match=r"made no PDF of this document\. It said: Error: source file could not be loaded"
    ):
        convert(b"<html><body><img src='http://127.0.0.1:9/x.png'></body></html>")
    assert list(folder.iterdir()) == []


@needs_libreoffice
def test_it_is_ended_in_time_and_when_the_person_stops_it(folder: Path) -> None:
    content = _document("Slow")
    with pytest.raises(Refused, match=r"longer than 0\.3 seconds"):
        convert(content, limit_seconds=0.3)
    answers = iter([False, False, True])
    with pytest.raises(Interrupted):
        convert(content, stopped=lambda: next(answers))
    assert _soon_gone(folder)
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(("ending", "limit", "told"), [
    ("wait", 0.3, "longer than 0.3 seconds"), ("exit 0", 20, "made no PDF of this document. It said: –"),
])  # fmt: skip
def test_what_it_started_ends_with_it(tmp_path: Path, ending: str, limit: float, told: str) -> None:
    program, started = tmp_path / "soffice", tmp_path / "started"
    program.write_text(f"#!/bin/sh\nsleep 300 &\necho $! > '{started}'\n{ending}\n")
    program.chmod(0o755)
    with pytest.raises(Refused, match=told):
        convert(b"x", limit_seconds=limit, environ={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    child, end = Path(f"/proc/{started.read_text().strip()}/stat"), time.monotonic() + 5
    while _runs(child) and time.monotonic() < end:
        time.sleep(0.02)
    assert not _runs(child)


def _runs(stat: Path) -> bool:
    try:
        return stat.read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "soffice").write_text("#!/bin/sh\n")
    (tmp_path / "soffice").chmod(0o755)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    with pytest.raises(StorageError, match=r"gone/tuicrm-pdf-.*: No such file or directory"):
        convert(b"x", environ={"PATH": str(tmp_path)})


def test_where_it_is_missing_one_is_told_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "_PLACES", ())
    nowhere = {"PATH": str(tmp_path)}
    assert find_soffice(nowhere) is None
    with pytest.raises(Unreachable, match="apt install libreoffice-writer-nogui"):
        convert(b"x", environ=nowhere)
    broken = tmp_path / "libreoffice"
    broken.write_text("no program")
    broken.chmod(0o755)
    assert find_soffice(nowhere) == broken
    with pytest.raises(Unreachable, match="LibreOffice cannot be started"):
        convert(b"x", environ=nowhere)
