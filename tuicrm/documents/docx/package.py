"""The zip file that a .docx is: read within bounds, written the same each time."""

from __future__ import annotations

import io
import zipfile
import zlib

from tuicrm.documents.docx.bad_template import BadTemplate
from tuicrm.i18n import _
from tuicrm.limits import TEMPLATE_PARTS, TEMPLATE_SIZE, TEMPLATE_UNPACKED

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError, LookupError, OverflowError
)  # fmt: skip
_TIME = (1980, 1, 1, 0, 0, 0)
_PACKED = (".png", ".jpg", ".jpeg", ".gif")
TYPES = "[Content_Types].xml"


def unpacked(content: bytes) -> dict[str, bytes]:
    """The parts of the file by their names, in its order. Raises BadTemplate for what is no .docx, or unpacks to too much."""
    if len(content) > TEMPLATE_SIZE.most:
        raise BadTemplate(_("the file is too large: {told}").format(told=TEMPLATE_SIZE.told))
    if content.startswith(_OLE):
        raise BadTemplate(
            _("the file is encrypted: save it without a password")
            if _ENCRYPTED in content
            else _("this is an old document (.doc): save it as .docx")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            return _parts(file)
    except _UNREADABLE as error:
        raise BadTemplate(_no_docx() if not content.startswith(b"PK") else _damaged()) from error


def _parts(file: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [one for one in file.infolist() if not one.is_dir()]
    if len(entries) > TEMPLATE_PARTS.most:
        raise BadTemplate(_("the file has too much in it: {told}").format(told=TEMPLATE_PARTS.told))
    # No entry yields more than it says: zipfile stops there.
    if sum(one.file_size for one in entries) > TEMPLATE_UNPACKED.most:
        raise BadTemplate(_("the file unpacks to too much: {told}").format(told=TEMPLATE_UNPACKED.told))
    names = [one.filename for one in entries]
    if len({name.casefold() for name in names}) < len(names):
        raise BadTemplate(_("the file is damaged: it holds two parts of one name"))
    for one in entries:
        if one.flag_bits & 1:
            raise BadTemplate(_("the file is encrypted: save it without a password"))
        if one.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise BadTemplate(_damaged())
        if _leads_out(one.filename):
            raise BadTemplate(_("the file holds a part outside itself: {name}").format(name=one.filename))
    parts = {one.filename: file.read(one) for one in entries}
    if TYPES not in parts:
        raise BadTemplate(_no_docx())
    return parts


def _leads_out(name: str) -> bool:
    return (
        name.startswith("/") or "\\" in name or ":" in name or any(part in ("", ".", "..") for part in name.split("/"))
    )


def _no_docx() -> str:
    return _("this is not a Word document (.docx)")


def _damaged() -> str:
    return _("the file is damaged: it cannot be unpacked")


def packed(parts: dict[str, bytes]) -> bytes:
    """A file of these parts: the same bytes for the same parts."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        for name in sorted(parts, key=lambda name: name != TYPES):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_STORED if name.lower().endswith(_PACKED) else zipfile.ZIP_DEFLATED
            file.writestr(entry, parts[name], compresslevel=4)
    return made.getvalue()
