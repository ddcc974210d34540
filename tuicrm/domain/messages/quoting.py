"""Answers and what is passed on: subjects, and the text quoted as people expect."""

from __future__ import annotations

from collections.abc import Sequence
from textwrap import wrap

from tuicrm.domain.messages.addresses import compared
from tuicrm.domain.messages.message import Message
from tuicrm.i18n import _
from tuicrm.regex import regex

_ANSWER = regex(r"^\s*(?:re|r|aw|sv|rif)(?:\[\d+\])?\s*:\s*", 2)
_ON = regex(r"^\s*(?:fwd?|fw|wg|i|tr)(?:\[\d+\])?\s*:\s*", 2)
"""What stands before a subject already (2: whatever the case)."""
_WIDEST = 72
"""Letters of a quoted line: with signs before it, it stays narrower than mail programs show."""
_MOST = 20_000
"""Letters of a text that are quoted: an answer must not grow without an end."""


def answer_subject(subject: str) -> str:
    """`Re: Offer`, once."""
    return f"Re: {_ANSWER.sub('', subject)}".strip()


def forward_subject(subject: str) -> str:
    """`Fwd: Offer`, once."""
    return f"Fwd: {_ON.sub('', subject)}".strip()


def answer_text(typed: str, of: Message, when: str) -> str:
    """What was typed, and below it what is answered, each line behind `> `. `when` is its time as the person reads it."""
    told = _("On {when}, {who} wrote:").format(when=when, who=of.sender)
    quoted = "\n".join(f">{line}" if line.startswith(">") else f"> {line}".rstrip() for line in _lines(of.text))
    return f"{typed.rstrip()}\n\n{told}\n{quoted}\n".lstrip("\n")


def forward_text(typed: str, of: Message, when: str) -> str:
    """What was typed, and below it the mail that is passed on, with who wrote it to whom."""
    heads = [(_("From"), of.sender), (_("Date"), when), (_("Subject"), of.subject), (_("To"), ", ".join(of.to))]
    heads += [(_("Cc"), ", ".join(of.cc))] if of.cc else []
    told = "\n".join(f"{name}: {text}" for name, text in heads)
    body = "\n".join(_bounded(of.text))
    return f"{typed.rstrip()}\n\n---------- {_('Forwarded message')} ----------\n{told}\n\n{body}\n".lstrip("\n")


def receivers(of: Message, own: Sequence[str], *, everyone: bool) -> tuple[list[str], list[str]]:
    """To whom an answer goes, and in copy: who wrote it (of one's own: whom it was written to); `everyone`: all others of it too."""
    mine = {compared(one) for one in own}
    first = list(of.to) if of.way == "out" else [of.sender]
    others = [*(() if of.way == "out" else of.to), *of.cc] if everyone else []
    known = mine | {compared(one) for one in first}
    return first, [one for one in dict.fromkeys(others) if compared(one) not in known]


def _lines(text: str) -> list[str]:
    """The lines of a text as they are quoted: long ones broken between words, so that each part has its sign."""
    found: list[str] = []
    for line in _bounded(text):
        whole = len(line) <= _WIDEST or line.startswith(">")
        parts = wrap(line, _WIDEST, break_long_words=False, break_on_hyphens=False)
        found += [line] if whole else parts or [""]
    return found


def _bounded(text: str) -> list[str]:
    lines = text[:_MOST].rstrip().splitlines()
    return [*lines, "[…]"] if len(text) > _MOST else lines
