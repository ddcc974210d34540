"""Templates of the texts that people send: mails, short texts, first words by a messenger; placeholders are those of documents."""

# No `from __future__ import annotations` here: msgspec would evaluate each annotation anew at every start.

from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

TextChannel: TypeAlias = Literal["", "mail", "sms", "whatsapp", "telegram"]
TEXT_CHANNELS: tuple[str, ...] = ("mail", "sms", "whatsapp", "telegram")
"""What a template can be for; "" is for all of them."""


class TextTemplate(Struct, frozen=True, kw_only=True):
    """A template. `key` never changes. `types` are what it is for, types and `type/pipeline`; empty: everything. `users` are who may
    use it, people's keys and `department:key`; empty: everybody.

    `subject` is used where there is one. `language` "": the client's, else the writer's. `cloud_name`: what the template is called
    with WhatsApp, which takes no other first word."""

    key: str
    label: str
    text: str
    subject: str = ""
    channel: TextChannel = ""
    types: list[str] = msgspec.field(default_factory=list)
    language: str = ""
    users: list[str] = msgspec.field(default_factory=list)
    cloud_name: str = ""
    sort: int = 0
    retired: bool = False

    def is_for(self, type_key: str, pipeline: str) -> bool:
        """Whether it is for items of that type, in that pipeline."""
        return not self.types or type_key in self.types or f"{type_key}/{pipeline}" in self.types

    def is_for_channel(self, channel: str) -> bool:
        """Whether it is for that channel ("": whichever)."""
        return not channel or self.channel in ("", channel)
