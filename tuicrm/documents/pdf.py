"""A document as a PDF, by LibreOffice: each conversion in a profile and a folder of its own, so that several run at once.

LibreOffice is a program beside this one. It says that all went well (exit code 0) also when it wrote nothing; it starts others; it may
never come to an end. So what counts is the file, and all that it started ends with it: in time, when the person stops it, and always.
"""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir

from tuicrm.errors import Interrupted, Refused, StorageError, StorageFull, Unreachable
from tuicrm.i18n import _

_NAMES = ("soffice", "libreoffice")
_PLACES = (
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    "/usr/lib/libreoffice/program/soffice",
    "/opt/libreoffice/program/soffice",
    "C:/Program Files/LibreOffice/program/soffice.exe",
)
"""Where installers put it without putting it on the path."""

_LOOK = 0.05
"""Seconds between two looks at whether the person stopped it."""
_READ, _SAID = 4096, 300
"""So many bytes of what LibreOffice said are read, so many characters shown."""

_SETTINGS = (
    ("Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Writer/Content/Update", "Link", "0"),
)
"""What a document may ask for while it is opened, and does not get: macros, links that would be fetched."""
_ITEM = '<item oor:path="/org.openoffice.Office.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'


def find_soffice(environ: Mapping[str, str] = os.environ) -> Path | None:
    """LibreOffice's program: on the path, or where its installers put it; None where it is not installed."""
    for name in _NAMES:
        if found := shutil.which(name, path=environ.get("PATH", "")):
            return Path(found)
    return next((place for place in map(Path, _PLACES) if os.access(place, os.X_OK)), None)


def how_to_install() -> str:
    """What to do where LibreOffice is missing, in one sentence."""
    return _(
        "PDF files need LibreOffice, which is not installed here: `apt install libreoffice-writer-nogui` (Debian, Ubuntu), "
        "`dnf install libreoffice-writer` (Fedora), or https://www.libreoffice.org; the document itself (.docx) needs nothing."
    )


def convert(
    docx: bytes,
    *,
    limit_seconds: float = 60,
    stopped: Callable[[], bool] = lambda: False,
    environ: Mapping[str, str] = os.environ,
) -> bytes:
    """The PDF of a Word document. Blocks for 2 to 3 seconds; `stopped` is asked meanwhile.

    Raises Unreachable where LibreOffice is missing or cannot be started, Refused where it makes no PDF of this document or takes
    longer than `limit_seconds`, Interrupted where the person stopped it, StorageError where nothing can be written beside it. Nothing
    that it started is left, nor any file.
    """
    program = find_soffice(environ)
    if program is None:
        raise Unreachable(how_to_install())
    try:
        return _converted(program, docx, limit_seconds, stopped, environ)
    except OSError as problem:
        kind = StorageFull if problem.errno in (errno.ENOSPC, errno.EDQUOT) else StorageError
        raise kind(f"{problem.filename or gettempdir()}: {problem.strerror}") from problem


def _converted(
    program: Path, docx: bytes, limit_seconds: float, stopped: Callable[[], bool], environ: Mapping[str, str]
) -> bytes:
    with TemporaryDirectory(prefix="tuicrm-pdf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source, target, said = folder / "document.docx", folder / "made" / "document.pdf", folder / "said.txt"
        source.write_bytes(docx)
        settings = folder / "profile" / "user" / "registrymodifications.xcu"
        settings.parent.mkdir(parents=True)
        settings.write_text(_settings(), encoding="utf-8")
        with said.open("wb") as out:
            _run(_words(program, folder), folder, out.fileno(), limit_seconds, stopped, environ)
        return _made(target, said)


def _settings() -> str:
    items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    return f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>'


def _words(program: Path, folder: Path) -> list[str]:
    return [
        str(program),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        "--headless",
        "--norestore",
        "--nolockcheck",
        "--nodefault",
        # Whatever else it may be is not opened: a page of HTML, say, which would fetch its pictures.
        "--infilter=MS Word 2007 XML",
        "--convert-to",
        "pdf:writer_pdf_Export",
        "--outdir",
        "made",
        "document.docx",
    ]


def _run(
    words: list[str],
    folder: Path,
    out: int,
    limit_seconds: float,
    stopped: Callable[[], bool],
    environ: Mapping[str, str],
) -> None:
    end = time.monotonic() + limit_seconds
    try:
        process = subprocess.Popen(  # noqa: S603 - LibreOffice itself, by its path, without a shell
            words,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            # The same PDF in each locale. In one without UTF-8, paths are misread, and links are fetched for all the settings.
            env={**environ, "SAL_USE_VCLPLUGIN": "svp", "LC_ALL": "C.UTF-8"},
            cwd=folder,
            # A group of its own: what it starts in turn ends with it, and `ctrl+c` reaches only us.
            start_new_session=True,
        )
    except OSError as problem:
        raise Unreachable(_("LibreOffice cannot be started: {problem}").format(problem=problem)) from problem
    try:
        while True:
            try:
                process.wait(min(_LOOK, max(end - time.monotonic(), 0)))
                return
            except subprocess.TimeoutExpired:
                if stopped():
                    raise Interrupted(_("The PDF was stopped.")) from None
                if time.monotonic() >= end:
                    told = _("LibreOffice took longer than {n} seconds for the PDF and was ended.")
                    raise Refused(told.format(n=f"{limit_seconds:g}")) from None
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End it and all that it started: also when it is over itself, since what it started may not be."""
    try:
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):  # over already; macOS calls it the second
        pass
    process.wait()


def _made(target: Path, said: Path) -> bytes:
    try:
        content = target.read_bytes()
    except FileNotFoundError:
        content = b""
    if content.startswith(b"%PDF-") and b"%%EOF" in content[-1024:]:
        return content
    raise Refused(_("LibreOffice made no PDF of this document. It said: {said}").format(said=_told(said) or "–"))


def _told(said: Path) -> str:
    """What it said in one line, without warnings of what is not needed (Java)."""
    with said.open("rb") as out:
        lines = out.read(_READ).decode("utf-8", "replace").splitlines()
    return " ".join(" ".join(line for line in lines if not line.startswith("Warning:")).split())[:_SAID]
