"""A short text on its way: to whom, what it says, and what else a channel needs to know of it."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from msgspec import Struct

SECRET, TO, TEXT, ID = "{secret}", "{to}", "{text}", "{id}"
"""What stands for them in an address, a header, a content or a command."""


class OutText(Struct, frozen=True):
    """What goes out: `to` as the channel wants it (a number with +, a chat), `text`, and a `name` of its own, made of letters and
    digits alone. `template` is one of the service's own, by name, with what fills it."""

    to: str
    text: str
    name: str = ""
    template: str = ""
    language: str = ""
    parameters: tuple[str, ...] = ()


class InText(Struct, frozen=True):
    """What came in: from whom, what it says, when (UTC ISO; "" where nobody says), and a `name` that no other one of the channel
    has. `who` is what the sender calls themselves."""

    sender: str
    text: str
    at: str = ""
    name: str = ""
    who: str = ""


def filled(pattern: str, values: Mapping[str, str]) -> str:
    """A pattern with its values: each place once, and nothing in a value is a place."""
    found, rest = "", pattern
    while rest:
        at, place = min(((rest.find(one), one) for one in values if one in rest), default=(-1, ""))
        if at < 0:
            return found + rest
        found += rest[:at] + values[place]
        rest = rest[at + len(place) :]
    return found


class StatusNews(Struct, frozen=True):
    """What is heard later of a text that went out: whether it arrived, or why not."""

    name: str
    status: str
    why: str = ""
    more: Mapping[str, str] = msgspec.field(default_factory=dict)
