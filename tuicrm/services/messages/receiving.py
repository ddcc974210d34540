"""What takes in what comes by a channel: one small interface for all kinds (`receivers.py` has the table of them)."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Protocol

from msgspec import Struct

from tuicrm.domain.items import Ref
from tuicrm.services.messages.taking_in import TakenHow


class ReceivedStep(Struct, frozen=True):
    """One message that came by a channel: what became of it, its id (0 where nothing was made of it), the items that it is on, the
    message that failed by it (0: no such), and what was wrong with it in plain words."""

    channel: str
    how: TakenHow
    id: int = 0
    on: tuple[Ref, ...] = ()
    failed: int = 0
    problems: tuple[str, ...] = ()


class Receiver(Protocol):
    """Takes in what comes by one channel. `every` are the seconds between two looks. Whatever does not work it raises as a Refusal or
    Unreachable: it is closed then, and made anew for the next look."""

    every: float

    def take(self) -> Iterator[ReceivedStep]:
        """Take in what has come since the last look: what was told of is written."""
        ...

    def troubles(self) -> list[str]:
        """What did not work in the last look without ending it, as a folder that is gone."""
        ...

    def listen(self) -> socket.socket | None:
        """Wait from now on to be told of what comes: what then has something to read. None where that cannot be, or where something
        came meanwhile (`every` is 0 then)."""
        ...

    def close(self) -> None:
        """Let go of all connections."""
        ...
