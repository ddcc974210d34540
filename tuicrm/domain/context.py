"""Who reads and when: all that parsing and showing values need from outside the domain, handed in as data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from types import MappingProxyType
from typing import Any, Protocol

import msgspec
from msgspec import Struct

from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Dictionary


class Choice(msgspec.Struct, frozen=True):
    """A possible value: its stored key and what people read; `detail` tells equals apart (a ref, an e-mail). A person's `logins`."""

    key: str
    label: str
    detail: str = ""
    logins: tuple[str, ...] = ()


class Names(Protocol):
    """Names of what values point at. A lookup that finds nothing returns None or []; it never raises."""

    def person(self, key: str) -> str | None:
        """A person's name by key."""

    def people(self) -> Sequence[Choice]:
        """All people who can be chosen."""

    def item(self, ref: Ref) -> str | None:
        """An item's name; None when it does not exist or may not be seen."""

    def fields(self, ref: Ref) -> Mapping[str, Any] | None:
        """What an item holds, as far as it may be seen; None as for its name."""

    def show_ref(self, ref: Ref) -> str:
        """`D-42`."""

    def read_ref(self, text: str) -> Ref | None:
        """`D-42`, `d-42` or `deal:42`; None when no type has such a prefix. Does not look whether it exists."""

    def items(self, text: str, targets: Sequence[str]) -> Sequence[Choice]:
        """Items of these types whose name is (case-folded) `text`; keys are stored refs. For typing names."""

    def dictionary(self, key: str) -> Dictionary | None:
        """The dictionary of that key; None where there is no such."""

    def room(self, key: str) -> str | None:
        """What a room or resource is called, one that is retired too; None where there is no such."""

    def rooms(self) -> Sequence[Choice]:
        """The rooms and resources that can be booked."""


class Context(Struct, frozen=True):
    """How one person reads and types values.

    `canonical` is files and JSON: `38000.50`, `2026-12-18`, no locale; else the locale's own forms are read and shown. The
    command line and filters take either (`domain/typed.py`); `heard` is told of a text what was understood. `now` is aware and in UTC.
    `country` (ISO 3166, or "") is where phone numbers without a prefix lie; `currency` is the workspace's base, `currencies` are those
    it keeps besides those of ISO 4217. `settings` are the workspace's (`activities/working.py` reads when people work of them).
    """

    names: Names
    now: datetime
    zone: tzinfo = UTC
    language: str = "en"
    locale: str = "en_GB"
    country: str = ""
    currency: str = "EUR"
    currencies: frozenset[str] = frozenset()
    me: str = ""
    canonical: bool = False
    heard: Callable[[str, str], None] | None = None
    settings: Mapping[str, Any] = MappingProxyType({})


class NoNames:
    """Names where there is no workspace: nothing points at anything."""

    def person(self, _key: str) -> str | None:
        return None

    def people(self) -> Sequence[Choice]:
        return ()

    def item(self, _ref: Ref) -> str | None:
        return None

    def fields(self, _ref: Ref) -> Mapping[str, Any] | None:
        return None

    def show_ref(self, ref: Ref) -> str:
        return str(ref)

    def read_ref(self, _text: str) -> Ref | None:
        return None

    def items(self, _text: str, _targets: Sequence[str]) -> Sequence[Choice]:
        return ()

    def dictionary(self, _key: str) -> Dictionary | None:
        return None

    def room(self, _key: str) -> str | None:
        return None

    def rooms(self) -> Sequence[Choice]:
        return ()
