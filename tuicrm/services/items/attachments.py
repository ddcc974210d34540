"""Files of fields: taken in from disk by path, written out again. The store keeps contents, records only name them."""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.values import parse_field, read_field
from tuicrm.domain.schema import Field
from tuicrm.errors import Refused, StorageError
from tuicrm.i18n import _
from tuicrm.limits import FILE_SIZE, VALUES_OF_FIELD
from tuicrm.login import at_home
from tuicrm.services.kernel.session import Session


def shown(value: object) -> str:
    """A field's files as an editor offers them: a name a line."""
    return "\n".join(str(one.get("name", "")) for one in _each(value))


def check(field: Field, text: str, present: object) -> str:
    """What is understood of typed names and paths, reading nothing: names that are here, sizes of files. Raises BadValue."""
    told = []
    for line in _lines(field, text):
        kept = _kept(line, present)
        size = int(kept["size"]) if kept else _readable(line).stat().st_size
        told.append(f"{kept['name'] if kept else Path(line).name} ({size:,} B)")
    return " · ".join(told)


def take(session: Session, field: Field, text: str, present: object = None) -> Any:
    """The field's value for typed lines: a name that is there already stays, a path is taken in. None for nothing.

    The contents are kept before any record names them. Raises BadValue, StorageError."""
    values = []
    for line in _lines(field, text):
        kept = _kept(line, present)
        values.append(kept if kept is not None else _take(session, field, line))
    if not values:
        return None
    return read_field(values if field.many else values[0], field, session.context())


def write_out(session: Session, value: Mapping[str, Any], target: Path) -> Path:
    """Write an attached file to a path, or into a folder under its own name; returns where. Raises Refused where something is
    already, NotFound and Damaged for the content, StorageError."""
    path = at_home(target)
    if path.is_dir():
        path /= Path(str(value["name"])).name
    if path.exists():
        raise Refused(_("{path} exists already.").format(path=path))
    fresh = path.with_name(f".{path.name}.new")
    with session.store.blobs.open(str(value["blob"])) as content:
        try:
            with fresh.open("wb") as file:
                shutil.copyfileobj(content, file)
            fresh.replace(path)
        except OSError as error:
            fresh.unlink(missing_ok=True)
            raise StorageError(f"{path}: {error.strerror}") from error
    return path


def _each(value: object) -> Sequence[Mapping[str, Any]]:
    return value if isinstance(value, list) else [value] if isinstance(value, dict) else []


def _lines(field: Field, text: str) -> list[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > (VALUES_OF_FIELD.most if field.many else 1):
        raise BadValue(VALUES_OF_FIELD.told if field.many else _("one file is expected"), text)
    return lines


def _kept(line: str, present: object) -> dict[str, Any] | None:
    return next((dict(one) for one in _each(present) if one.get("name") == line), None)


def _readable(line: str) -> Path:
    try:
        path = at_home(line)
        is_file, size = path.is_file(), path.stat().st_size
    except Refused as error:
        raise BadValue(error.message, line) from error
    except (OSError, ValueError) as error:
        raise _no_file(line) from error
    if not is_file:
        raise _no_file(line)
    if size > FILE_SIZE.most:
        raise BadValue(_("a file of at most {n} bytes is expected").format(n=FILE_SIZE.most), line)
    return path


def _no_file(line: str) -> BadValue:
    return BadValue(_("the path of a file is expected; there is no file {path}").format(path=line[:80]), line)


def _take(session: Session, field: Field, line: str) -> object:
    # A stored value as `edit` and `export` write it names a content that is here.
    try:
        return parse_field(line, field, session.context()) if "[" in line else content_of(session, line)
    except BadValue:
        return content_of(session, line)


def content_of(session: Session, line: str) -> dict[str, Any]:
    """A file taken in by its path, as a field keeps it: `blob`, `name`, `size`. Raises BadValue, StorageError."""
    path = _readable(line)
    try:
        with path.open("rb") as file:
            digest = session.store.blobs.put(file)
            size = file.tell()
    except OSError as error:
        raise StorageError(f"{path}: {error.strerror}") from error
    return {"blob": digest, "name": path.name, "size": size}
