"""How far each channel has been looked through, written in the commit that writes what was found: neither is without the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from tuicrm.domain.conditions import Test
from tuicrm.domain.messages import threads
from tuicrm.i18n import _
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Key

RECEIVED = "received_to"
"""The table of the positions: a record a folder of a channel."""


class Position(Struct, frozen=True):
    """How far a folder of a channel has been looked through: `mark` is what its kind keeps, whole numbers and texts alone."""

    channel: str
    folder: str = ""
    mark: Mapping[str, int | str | list[str]] = {}

    @property
    def key(self) -> Key:
        """Its record."""
        return Key(RECEIVED, threads.slot(f"{self.channel}\0{self.folder}"))


def position(session: Session, channel: str, folder: str = "") -> Position:
    """How far a folder has been looked through; an empty mark where it never was."""
    found = Position(channel, folder)
    for record in session.whole.get(RECEIVED, [found.key.id]):
        return Position(channel, folder, _mark(record.doc, found))
    return found


def put(draft: Draft, now: Position) -> None:
    """Write it down with what is being written."""
    draft.put(now.key, {"channel": now.channel, "folder": now.folder, "mark": dict(now.mark)})


def forget(session: Session, channel: str) -> None:
    """A channel is looked through from its beginning the next time."""
    found = session.whole.find(Find(RECEIVED, Test("channel", "string", "=", channel))).records

    def intent(draft: Draft) -> None:
        for record in found:
            if draft.get(Key(RECEIVED, record.id)) is not None:
                draft.put(Key(RECEIVED, record.id), None)

    with session.change(_("look through a channel anew"), fixed=True) as change:
        change.follow(intent)


def kept(draft: Draft, of: Position) -> Mapping[str, Any]:
    """What is written of a folder at the moment of the commit."""
    return _mark(draft.get(of.key) or {}, of)


def number(mark: Mapping[str, Any], name: str) -> int:
    """A number of a mark; 0 where it is no such."""
    value = mark.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else 0


def text(mark: Mapping[str, Any], name: str) -> str:
    """A text of a mark; "" where it is no such."""
    value = mark.get(name)
    return value if isinstance(value, str) else ""


def texts(mark: Mapping[str, Any], name: str) -> list[str]:
    """The texts of a list of a mark."""
    value = mark.get(name)
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _mark(doc: Mapping[str, Any], of: Position) -> Mapping[str, Any]:
    mark = doc.get("mark")
    is_it = doc.get("channel") == of.channel and doc.get("folder") == of.folder
    return mark if is_it and isinstance(mark, dict) else {}
