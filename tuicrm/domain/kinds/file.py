"""Attachments: what a record says of a file that the store keeps."""

from __future__ import annotations

from typing import TypedDict

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.base import BadValue, Compared, setting
from tuicrm.domain.kinds.text import checked_line
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.limits import FILE_NAME
from tuicrm.regex import regex

_DIGEST = regex(r"[0-9a-f]{64}")
_TYPED = regex(r"(.+) \[(\d{1,18}) ([0-9a-f]{64})\]")


class FileValue(TypedDict):
    """A file in JSON form: the digest of its content, its name, its size in bytes."""

    blob: str
    name: str
    size: int


class FileKind(Compared):
    """An attachment (`file`): the digest of its content in the store, its name, its size in bytes.

    A file is attached by what can read it; typed text can only keep one that is there: `offer.pdf [1024 <digest>]`."""

    name = "file"

    def parse(self, text: str, field: Field, context: Context) -> FileValue | None:
        word = text.strip()
        if not word:
            return None
        found = _TYPED.fullmatch(word)
        if found is None:
            raise BadValue(_("attach a file here; it cannot be typed"), text)
        return self.read({"blob": found[3], "name": found[1], "size": int(found[2])}, field, context)

    def read(self, value: object, field: Field, context: Context) -> FileValue | None:
        if isinstance(value, str):
            return self.parse(value, field, context)
        if not isinstance(value, dict) or set(value) != {"blob", "name", "size"}:
            raise BadValue(_("a file of this workspace is expected"), value)
        blob, name, size = value["blob"], checked_line(value["name"], FILE_NAME), value["size"]
        if not isinstance(blob, str) or not _DIGEST.fullmatch(blob) or not name:
            raise BadValue(_("a file of this workspace is expected"), value)
        if not isinstance(size, int) or isinstance(size, bool) or not 0 <= size < 10**18:
            raise BadValue(_("a file of this workspace is expected"), value)
        allowed = field.settings.get("extensions")
        extensions = [str(each).lower().lstrip(".") for each in allowed] if isinstance(allowed, (list, tuple)) else []
        if extensions and name.rpartition(".")[2].lower() not in extensions:
            raise BadValue(_("one of these files is expected: {kinds}").format(kinds=", ".join(extensions)), name)
        most = setting(field, "max_size")
        if most and size > most:
            raise BadValue(_("a file of at most {n} bytes is expected").format(n=most), size)
        return {"blob": blob, "name": name, "size": size}

    def format(self, value: object, field: Field, context: Context) -> str:
        return str(value.get("name", "")) if isinstance(value, dict) else str(value)

    def edit(self, value: object, field: Field, context: Context) -> str:
        if not isinstance(value, dict):
            return str(value)
        return f"{value.get('name')} [{value.get('size')} {value.get('blob')}]"
