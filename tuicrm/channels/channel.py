"""What a channel says of a message that it was given: one of three outcomes, and nothing between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct


class HandedOver(Struct, frozen=True):
    """The server has it and is answerable for it from now on. Of several receivers it may have refused some: `refused` for good,
    `later` for now, each with what it said. `id` is what the server calls it, for what it tells later; "" where it says nothing."""

    refused: Mapping[str, str] = msgspec.field(default_factory=dict)
    later: Mapping[str, str] = msgspec.field(default_factory=dict)
    id: str = ""


class NotGiven(Struct, frozen=True):
    """The server has it not, for sure. `final`: asking again is no use. `account`: it is not the message's fault, and others of this
    channel would fare alike. `wait`: seconds that the server asks for before the next attempt."""

    why: str
    final: bool = False
    account: bool = False
    wait: int = 0


class PerhapsTaken(Struct, frozen=True):
    """The whole message was given, and no answer came: only a person can find out. It is never given again by itself."""

    why: str


SendOutcome: TypeAlias = HandedOver | NotGiven | PerhapsTaken


class TriedStep(Struct, frozen=True):
    """One step of trying an account: what was tried, whether it works, what there is to tell of it."""

    name: str
    works: bool
    told: str = ""


class SentReport(Struct, frozen=True):
    """What a server tells later of a message that it took: its `id` there, what became of it, and why where it failed."""

    id: str
    status: Literal["sent", "delivered", "failed"]
    why: str = ""


class ReceivedText(Struct, frozen=True):
    """A text that came in: its `id` there, from whom (a number, or `telegram:CHAT`), when (UTC ISO, "" unknown), who that says it is.
    `start` is the code of an invitation that was followed."""

    id: str
    sender: str
    text: str
    at: str = ""
    name: str = ""
    start: str = ""
