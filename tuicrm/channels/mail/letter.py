"""A mail as it goes over the wire: who writes one need not know how it is handed over."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct


class Letter(Struct, frozen=True):
    """A message as it goes over the wire: from and to whom (bare addresses), its bytes with CRLF, whether these need SMTPUTF8."""

    sender: str
    receivers: Sequence[str]
    data: bytes
    utf8: bool = False
