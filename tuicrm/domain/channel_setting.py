"""One thing that can be said of a channel of a kind."""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct


class ChannelSetting(Struct, frozen=True):
    """What can be said of a channel of a kind: its key, what it is (English), and how it is read (raises BadValue)."""

    key: str
    label: str
    read: Callable[[str], str]
    required: bool = False
