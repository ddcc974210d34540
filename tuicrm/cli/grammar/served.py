"""What people may ask who come in through the front (`ssh crm@server deal list`): these words and no others, and no server's file.

A new word is refused there until it stands here (`tests/cli/test_served.py` walks all commands)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from tuicrm.cli.grammar.typed import Parameter
from tuicrm.errors import Refused
from tuicrm.i18n import N_, _

_WORDS = """
activity board call comment currency department dictionary document due dupes export field filter find help history keys layout link
log mail merge numbering pipeline redo relations repeats role room settings show sms stage tab telegram template text-template
timeline type undo unlink user view whatsapp why calendar import
"""
ALLOWED = frozenset(_WORDS.split())
"""First words of the command line. Words of item types are allowed with their verbs."""
REFUSED: Mapping[str, str] = {
    "init": N_("It makes a folder on the server."),
    "demo": N_("It makes a folder on the server."),
    "backup": N_("It writes files on the server: whoever keeps it makes them."),
    "restore": N_("It writes folders on the server."),
    "fsck": N_("It reads and mends files on the server."),
    "paths": N_("It tells of folders on the server."),
    "doctor": N_("It tells of the server's own terminal and folders."),
    "completion": N_("It is for a shell."),
    "channel": N_("It names programs, files and servers that the machine then turns to."),
    "remind": N_("It runs programs of the server."),
    "serve": N_("It is for whoever keeps the server."),
}
"""First words that are refused, and why."""
REFUSED_VERBS: Mapping[str, str] = {
    "calendar sync": N_("It has the server turn to an address that somebody names."),
    "call dial": N_("It runs a program of the server."),
    "mail import": N_("It reads folders on the server."),
}
"""Verbs of words that are allowed, and why they are not."""
FILES = ("FILE", "FILE...", "DIR", "NEWDIR", "PATH", "[FILE]")
"""What help calls a value that names a file or folder."""
_PIPE = "-"


def require(words: str, parameters: Iterable[Parameter], values: Mapping[str, Any], *, of_type: bool) -> None:
    """Raise Refused for a command that is not for who came in through the front, and for a file of the server that it names. `words`
    lead to it (`deal list`); `of_type`: the first of them is an item type."""
    first = words.split(" ", 1)[0]
    if not of_type and (first not in ALLOWED or any(words.startswith(one) for one in REFUSED_VERBS)):
        why = next((REFUSED_VERBS[one] for one in REFUSED_VERBS if words.startswith(one)), REFUSED.get(first, ""))
        told = _("“{words}” cannot be used from where you come in.").format(words=words)
        raise Refused(f"{told} {_(why)}" if why else told)
    for one in parameters:
        if one.metavar not in FILES:
            continue
        said = values.get(one.name)
        for value in said if isinstance(said, (list, tuple)) else [said]:
            if value not in (None, "", _PIPE) and str(value) != _PIPE:
                told = _(
                    "{name}: files of the server cannot be named from where you come in; - is what you send or get through ssh."
                )
                raise Refused(told.format(name=one.opts[0] if one.opts else one.metavar))
