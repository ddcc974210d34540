"""A message: its record, read whatever a script wrote there, and checked at the door. One record however many items it is bound to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from msgspec import Struct

from tuicrm.domain.items import Ref
from tuicrm.domain.stamps import read_stamp
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _

PREFIX = "MSG"
"""What the refs of messages begin with."""

MessageChannel: TypeAlias = Literal["mail", "sms", "call", "whatsapp", "telegram"]
MessageWay: TypeAlias = Literal["in", "out"]
MessageStatus: TypeAlias = Literal["draft", "queued", "sending", "sent", "delivered", "failed", "unknown", "received"]
CallOutcome: TypeAlias = Literal["", "reached", "no_answer", "busy", "voicemail", "wrong_number"]

CHANNELS: tuple[str, ...] = get_args(MessageChannel)
WAYS: tuple[str, ...] = get_args(MessageWay)
STATUSES: tuple[str, ...] = get_args(MessageStatus)
OUTCOMES: tuple[str, ...] = get_args(CallOutcome)


class MessageFile(Struct, frozen=True):
    """An attached file, as a file field keeps it: the content (sha256), its name, its size in bytes."""

    blob: str
    name: str
    size: int = 0


class Message(Struct, frozen=True, rename={"sender": "from"}):
    """A message as it is kept. `at` is UTC ISO; `by` who wrote it or took it in, `owner` whose account took it in, `holders`
    others whose accounts did too, `left` who let it go since: `private` is for the first two alone. `on` are the items that it
    is bound to: while there are no such, it stands in the inbox. `unanswered`: somebody waits for an answer to it.

    `raw` is the original (sha256), `digest` what makes the message itself, `thread` the first message of its thread (0: itself).
    Of what is sent: `status`, `error` in plain words, `tries`, `after` (UTC ISO: not before), `lease` (`by`, `until`). Of a call:
    `minutes`, `outcome`; of an SMS: `parts`."""

    id: int = 0
    channel: MessageChannel = "mail"
    way: MessageWay = "in"
    status: MessageStatus = "received"
    at: str = ""
    by: str = ""
    owner: str = ""
    account: str = ""
    holders: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    private: bool = False
    sender: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    raw: str = ""
    files: tuple[MessageFile, ...] = ()
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    thread: int = 0
    digest: str = ""
    automatic: bool = False
    unanswered: bool = False
    on: tuple[str, ...] = ()
    error: str = ""
    tries: int = 0
    after: str = ""
    lease: dict[str, str] = msgspec.field(default_factory=dict)
    minutes: int = 0
    outcome: CallOutcome = ""
    parts: int = 0
    note: str = ""

    @property
    def refs(self) -> list[Ref]:
        """The items that it is bound to."""
        return bound_to({"on": list(self.on)})

    @property
    def root(self) -> int:
        """The first message of its thread: itself, where it began one."""
        return self.thread or self.id


def show_ref(message_id: int) -> str:
    """`MSG-12`."""
    return f"{PREFIX}-{message_id}"


def read_ref(text: str) -> int:
    """The id that `MSG-12`, `msg12` or `12` names; 0 for anything else."""
    word = text.strip()
    digits = word[len(PREFIX) :].removeprefix("-") if word[: len(PREFIX)].upper() == PREFIX else word
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def bound_to(doc: Mapping[str, Any]) -> list[Ref]:
    """The items that a record is bound to, each once; what is no ref is left out."""
    kept = doc.get("on")
    found = (Ref.read(one) for one in (kept if isinstance(kept, list) else ()))
    return list(dict.fromkeys(ref for ref in found if ref is not None))


# -- reading -----------------------------------------------------------------------------------------------------------
_TEXTS = (
    "at", "by", "owner", "account", "from", "subject", "text", "raw", "message_id", "in_reply_to", "digest", "error", "after",
    "note",
)  # fmt: skip
_LISTS = ("to", "cc", "references", "on", "holders", "left")
_NUMBERS = ("thread", "tries", "minutes", "parts")
_FLAGS = ("private", "automatic", "unanswered")
_CHOICES: dict[str, tuple[str, ...]] = {"channel": CHANNELS, "way": WAYS, "status": STATUSES, "outcome": OUTCOMES}


def read(message_id: int, doc: Mapping[str, Any]) -> Message:
    """The record as it can be read; what is no such value is left out. What is not plainly shared stays private."""
    found: dict[str, Any] = {"id": message_id}
    found |= {name: doc[name] for name in _TEXTS if isinstance(doc.get(name), str)}
    found |= {name: tuple(str(one) for one in doc[name]) for name in _LISTS if isinstance(doc.get(name), list)}
    found |= {name: doc[name] for name in _NUMBERS if _is_count(doc.get(name))}
    found |= {name: doc[name] for name, known in _CHOICES.items() if _is_one_of(doc.get(name), known)}
    found |= {name: doc.get(name) not in (None, False) for name in _FLAGS}
    lease = doc.get("lease")
    if isinstance(lease, dict):
        found["lease"] = {str(key): value for key, value in lease.items() if isinstance(value, str)}
    found["files"] = tuple(_files(doc.get("files")))
    sender = found.pop("from", "")
    return Message(**found, sender=sender)


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_one_of(value: object, known: tuple[str, ...]) -> bool:
    return isinstance(value, str) and value in known


def _files(value: object) -> Iterable[MessageFile]:
    for one in value if isinstance(value, list) else ():
        if isinstance(one, dict) and isinstance(one.get("blob"), str) and isinstance(one.get("name"), str):
            size = one.get("size")
            yield MessageFile(one["blob"], one["name"], size if isinstance(size, int) and _is_count(size) else 0)


def written(message: Message) -> dict[str, Any]:
    """The record as it is kept: what is empty is left out."""
    plain: dict[str, Any] = msgspec.to_builtins(message)
    plain.pop("id")
    kept = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in plain.items()
        if value not in ("", 0, False, None, {}, [], ())
    }
    return {"channel": message.channel, "way": message.way, "status": message.status, **kept}


# -- at the door -------------------------------------------------------------------------------------------------------
def check(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Raise Refused where a record holds what no message may, in what is other than `before`: what a script wrote may stay."""
    known = before or {}
    problems = [
        FieldProblem(name, told, after.get(name))
        for name in {**_ALWAYS, **after}
        if (name not in known or after.get(name) != known[name]) and (told := _wrong(name, after.get(name)))
    ]
    if problems:
        raise Refused("; ".join(f"{one.field}: {one.message}" for one in problems), problems)


_ALWAYS = dict.fromkeys(("channel", "way", "status", "at"))
_LINES = ("from", "subject", "message_id", "in_reply_to", "account", "by", "owner")
"""Texts of one line: a line break there would begin a header of its own wherever they are sent."""


def _wrong(name: str, value: object) -> str:
    if value is None:
        return _("is required") if name in _ALWAYS else ""
    if name in _CHOICES:
        known = _CHOICES[name]
        return "" if _is_one_of(value, known) else _("one of these is expected: {names}").format(names=", ".join(known))
    if name in ("at", "after"):
        return "" if read_stamp(value) is not None else _("a moment in UTC is expected, such as 2027-01-12T09:00:00Z")
    if name in _LINES:
        return "" if is_line(value) else _("one line of text is expected")
    if name in ("to", "cc", "references", "holders", "left"):
        return "" if isinstance(value, list) and all(map(is_line, value)) else _("a list of lines is expected")
    if name == "on":
        sound = isinstance(value, list) and all(isinstance(one, str) and Ref.read(one) for one in value)
        return "" if sound else _("items are expected, such as deal:42")
    if name in _NUMBERS:
        return "" if _is_count(value) else _("a whole number is expected")
    if name in _FLAGS:
        return "" if isinstance(value, bool) else _("yes or no is expected")
    if name == "files":
        sound = isinstance(value, list) and len(list(_files(value))) == len(value)
        return "" if sound else _("a list of files is expected")
    return "" if isinstance(value, dict if name == "lease" else str) else _("a text is expected")


def is_line(value: object) -> bool:
    """Whether this is a text of one line."""
    return isinstance(value, str) and not any(sign in value for sign in ("\n", "\r", "\0"))
