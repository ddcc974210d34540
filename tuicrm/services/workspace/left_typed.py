"""What somebody had typed when their session was cut off: kept for them alone, until they take it up or discard it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
from msgspec import Struct

from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.preferences import choose_own, own_choice

_KEY = "left_typed"
_MOST, _LETTERS = 10, 20_000


class LeftText(Struct, frozen=True):
    """A text: what it was typed for, in words, and the item it was about (a stored ref; "" for no item)."""

    what: str
    text: str
    ref: str = ""


def left(session: Session) -> list[LeftText]:
    """What waits for the person, the newest first."""
    kept = own_choice(session, _KEY)
    try:
        return msgspec.json.decode(kept, type=list[LeftText]) if kept else []
    except msgspec.MsgspecError:
        return []


def keep(session: Session, texts: Sequence[LeftText]) -> None:
    """Keep texts beside those that wait already, each once; of many the newest, of a long one its beginning. Raises StorageError."""
    bounded = [LeftText(one.what, one.text[:_LETTERS], one.ref) for one in texts]
    found = list(dict.fromkeys((one.what, one.text, one.ref) for one in (*bounded, *left(session)) if one.text.strip()))
    _put(session, [LeftText(*one) for one in found[:_MOST]])


def take(session: Session, text: LeftText) -> None:
    """It was taken up: it waits no more. Raises StorageError."""
    _put(session, [one for one in left(session) if one != text])


def discard(session: Session) -> None:
    """Nothing waits any more. Raises StorageError."""
    _put(session, [])


def _put(session: Session, texts: Sequence[LeftText]) -> None:
    choose_own(session, _KEY, msgspec.json.encode(list(texts)).decode() if texts else "")
