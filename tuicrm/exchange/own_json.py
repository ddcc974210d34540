"""What `tuicrm export` writes as JSON, read back: items as they are kept, with the definitions and links that came along."""

from __future__ import annotations

from typing import Any

import msgspec
from msgspec import Struct

from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.regex import regex

SCHEMA = 1
_OWN = regex(rb'\s*\{\s*"schema"\s*:')


class OwnItem(Struct):
    """An item: `ref` as people read it where it was exported, its type's key, its id there, its fields in JSON form."""

    ref: str
    type: str
    id: int
    fields: dict[str, Any]


class OwnLink(Struct):
    """A free link between two items, stored refs (`deal:3`)."""

    owner: str
    other: str
    word: str = ""
    by: str = ""
    at: str = ""


class Bundle(Struct):
    """A file. `workspace` is the id of the one that it is of ("" for one from before workspaces had any); `definitions` are config
    records by their table."""

    items: list[OwnItem]
    schema: int = SCHEMA
    workspace: str = ""
    definitions: dict[str, list[dict[str, Any]]] = {}
    links: list[OwnLink] = []


_DECODER = msgspec.json.Decoder(Bundle)


def is_own(head: bytes) -> bool:
    """Whether a file that begins so is one of ours."""
    return bool(_OWN.match(head.removeprefix(b"\xef\xbb\xbf")))


def read_bundle(data: bytes, name: str) -> Bundle:
    """The file's content. Raises Refused for what is none, naming where."""
    try:
        bundle = _DECODER.decode(data.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(_("{name} is not an export of tuicrm: {reason}").format(name=name, reason=error)) from error
    if bundle.schema != SCHEMA:
        raise Refused(
            _("{name} has schema {schema}; this version reads {known}").format(
                name=name, schema=bundle.schema, known=SCHEMA
            )
        )
    return bundle
