"""Every command of the command line, as it stands in the tree of commands, with words that make it act on a hostile workspace.

`ACTS` has an entry for each; a test fails where a new command has no such entry. What the words speak of is in `hostile_texts`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

from tests.hostile_workspace import PAYLOADS, template_file
from tuicrm.services.kernel.builtin_definitions import load_types

Words: TypeAlias = tuple[str, ...]

TYPES = {key: one.prefix for key, one in load_types().items() if not one.smart}
"""The nouns of items, with what their refs begin with."""
EVIL = "evil \x1b]0;pwned\x07\x9b31m\u202e\u2066\u200f\U000e0041\u3164\x7f\x08 end"
"""A word for any place. It is one line, which is the first thing that is asked of many."""
EVIL_ROW = EVIL.replace(";", "") + " @ 100"
EVIL_LINES = EVIL + "\u2028\r\n\x0b\x85\u2029\udcff"
VIEW = ("--pipeline", "evil", "--layout", "view:evil1")
FILE = "\x1b]0;pwned\x07\u202e\U000e0041"
"""The beginning of names of files, which `files` writes into the folder that commands run in."""

ITEM_ACTS: dict[str, list[Words]] = {
    "list": [(), ("--where", "title ~ pwned"), ("--limit", "3")],
    "show": [("{0}-1001",), ("{0}-1002", "--all")],
    "add": [("title=" + EVIL,), ("title=New",)],
    "edit": [("{0}-1001", "title=New"), ("{0}-1001", "--dry-run", "title=" + EVIL)],
    "move": [("D-1001", "won"), ("D-1002", "s3", "--dry-run")],
    "create": [("D-1001", "quote", "--dry-run"), ("D-1001", "quote")],
    "history": [("{0}-1001",), ("{0}-1001", "--at", "now")],
    "restore": [("{0}-1001",)],
    "query": [("pwned",), (EVIL,)],
    "delete": [("{0}-1001",), ("{0}-1002", "--dry-run")],
    "products show": [("{0}-1001",)],
    "products add": [("D-1", EVIL_ROW), ("D-1001", "New @ 100")],
    "products edit": [("D-1", "1", "quantity=3"), ("D-1001", "1", "quantity=3")],
    "products remove": [("D-1", "1"), ("D-1001", "1")],
    "products move": [("D-1", "1", "2"), ("D-1001", "1", "2")],
    "products sum": [("D-1",), ("D-1001",)],
}
"""With {0} for the type's prefix."""

ACTS: dict[str, list[Words]] = {
    **{f"deal {verb}": acts for verb, acts in ITEM_ACTS.items()},
    "init": [("made",), ("made\x1b[31;5m", "--name", EVIL)],
    "demo": [()],
    "board": [("deal", "--pipeline", "evil", "--limit", "0"), ("deal",), ("deal", "--view", "deadlines")],
    "find": [("pwned",), ("pwned", "--limit", "50")],
    "dupes": [(), ("C-1001",)],
    "merge": [("CO-2", "CO-1", "--main"), ("CO-1001", "CO-1002", "--dry-run")],
    "show": [("D-1001",), ("C-1001", "--all")],
    "comment add": [("D-1001", EVIL)],
    "comment list": [("D-1001",), ("D-1001", "--all")],
    "comment edit": [("1001", EVIL)],
    "comment delete": [("1001",)],
    "comment pin": [("1001",)],
    "comment note": [("1001", EVIL)],
    "timeline": [("D-1001",)],
    "calendar export": [(), ("--whose", "evil")],
    "calendar sync": [("--url", EVIL), ("--url", "http://127.0.0.1:9/evil", "--user", EVIL)],
    "calendar import": [(FILE + ".ics", "--on", "D-1001"), (FILE + ".ics", "--dry-run"), (EVIL,)],
    "activity list": [("D-1001",), ("--mine", "--limit", "5")],
    "activity show": [("1001",)],
    "activity add": [
        ("D-1001", EVIL, "--at", "tomorrow", "--place", "x", "--text", EVIL, "--remind", "15m"),
        ("D-1001", EVIL, "--line"),
    ],
    "activity kind list": [()],
    "activity kind add": [(EVIL[:20],), ("Visit",)],
    "activity kind edit": [("evil1", "Tour")],
    "activity kind retire": [("evil1",)],
    "activity kind restore": [("evil1",)],
    "activity log": [("D-1001", EVIL, "--next", EVIL, "--at", "tomorrow"), ("D-1001", "yes", "--finishing", "1001")],
    "activity done": [("1001", "--result", EVIL, "--next", EVIL)],
    "activity edit": [
        ("1001", EVIL, "--kind", "call", "--place", "x"),
        ("1001", "--repeat", EVIL),
        ("1001", "--repeat", "daily", "--all"),
    ],
    "activity move": [("1001", "+2d")],
    "activity note": [("1001", EVIL)],
    "activity delete": [("1001",)],
    "activity invite": [("1001",)],
    "activity answer": [("1001", "yes"), ("1001", "maybe")],
    "template list": [(), ("--all",), ("--type", "deal")],
    "template show": [("evil1",)],
    "template add": [
        (FILE + ".docx", "--type", "deal"),
        (FILE + ".docx", "--type", "deal", "--name", EVIL),
        (EVIL, "--type", "deal"),
    ],
    "template check": [(FILE + ".docx",), ("evil1",), (EVIL,)],
    "template edit": [
        ("evil1", "--name", "New"),
        ("evil2", "--name", EVIL),
        ("evil3", "--numbering", "pattern=" + EVIL),
    ],
    "template replace": [("evil1", FILE + ".docx"), ("evil1", EVIL)],
    "template move": [("evil1", "--down")],
    "template retire": [("evil1",)],
    "template restore": [("evil1",)],
    "template delete": [("evil1",), ("evil4",)],
    "template fields": [("deal",), ("deal", "--on", "D-1001"), ("deal", "--on", "D-1001", "--language", EVIL)],
    "template get": [("evil1", "-o", "."), ("evil1", "-o", FILE + "-out.docx"), ("evil1", "-o", "-")],
    "document make": [
        ("D-1001", "evil2"),
        ("D-1001", "evil2", "--dry-run", "--set", "Title=" + EVIL),
        ("D-1001", "evil2", "--set", EVIL + "=x"),
        ("D-1001", "evil2", "--title", EVIL),
        ("D-1001", "evil2", "--dry-run", "--fill", "Title=" + EVIL),
        ("D-1001", EVIL),
        ("D-1001", "evil2", "--also", "D-1002"),
    ],
    "document list": [("D-1001",)],
    "document show": [("DOC-1001",), ("1003",), (EVIL,)],
    "document get": [
        ("DOC-1001", "-o", "."),
        ("DOC-1001", "-o", "-"),
        ("DOC-1002", "--version", "2", "-o", FILE + "-2.docx"),
    ],
    "document edit": [
        ("DOC-1001", "--title", EVIL),
        ("DOC-1001", "--set", "Title=" + EVIL),
        ("DOC-1001", "--file", FILE + ".docx"),
    ],
    "document again": [("DOC-1001",)],
    "document delete": [("DOC-1001",)],
    "document restore": [("DOC-1001",)],
    "call qr": [("+39 333 1234567",), ("C-1001",), ("C-1001", "--app", "whatsapp", "--text", EVIL), (EVIL,)],
    "call log": [
        ("C-1001", "--in", "--note", EVIL, "--next", EVIL),
        ("+39 02 9999 9999", "--out", "--outcome", EVIL),
        ("+39 02 9999 9999", "--out", "--minutes", "3"),
    ],
    "call list": [(), ("C-1001",), ("--waiting",)],
    "call create": [("MSG-1904", "lead", "title=New"), ("1001", "lead")],
    "call import": [(FILE + "-calls.csv",), (FILE + ".csv",), (EVIL,)],
    "call dial": [("C-1001",), ("C-1001", "--by", EVIL)],
    "sms parts": [("New",), (EVIL,)],
    "sms send": [("C-1001", "--text", "New"), ("+39 333 1234567", "--text", EVIL), (EVIL, "--text", "New")],
    "sms recall": [("MSG-1901",)],
    "sms settle": [("MSG-1902", "--arrived"), ("MSG-1001", "--again")],
    "whatsapp send": [("C-1001", "--text", EVIL), ("C-1001", "--template", EVIL, "--value", EVIL)],
    "whatsapp window": [("C-1001",), (EVIL,)],
    "whatsapp invite": [("C-1001", "--text", "New"), ("C-1001", "--text", EVIL)],
    "whatsapp recall": [("MSG-1901",)],
    "whatsapp settle": [("MSG-1902", "--arrived"), ("MSG-1001", "--again")],
    "telegram invite": [("C-1001",), ("C-1001", "--by-hand", "--text", "New"), (EVIL,)],
    "telegram send": [("C-1001", "--text", EVIL), ("+39 333 1234567", "--text", "New")],
    "telegram recall": [("MSG-1901",)],
    "telegram settle": [("MSG-1902", "--arrived"), ("MSG-1001", "--again")],
    "mail add": [("D-1001",), ("D-1001", "--private"), ()],
    "mail import": [(FILE + ".eml", "--all"), (FILE + ".eml", "--sent"), (EVIL,)],
    "mail list": [(), ("D-1001",), ("--all",), ("--failed",), ("--unanswered",), ("--drafts",)],
    "mail show": [("MSG-1001",), ("1003",), (EVIL,), ("MSG-1001", "--raw")],
    "mail link": [("MSG-1001", "D-1002")],
    "mail unlink": [("MSG-1001", "D-1001")],
    "mail share": [("MSG-1001",), ("MSG-1001", "--private")],
    "mail done": [("MSG-1001",), ("MSG-1001", "--open"), (EVIL,)],
    "mail leave": [("MSG-1002",), ("MSG-1001",)],
    "mail delete": [("MSG-1001",)],
    "mail send": [
        ("D-1001", "--to", "a@x.it", "--subject", EVIL, "--text", EVIL),
        ("D-1001", "--to", EVIL, "--text", EVIL),
    ],
    "mail edit": [
        ("MSG-1903", "--text", EVIL),
        ("MSG-1903", "--subject", "New", "--to", EVIL),
        ("MSG-1001", "--text", EVIL),
    ],
    "mail reply": [("MSG-1900", "--text", EVIL), ("MSG-1001", "--text", EVIL)],
    "mail forward": [("MSG-1900", "--to", "a@x.it", "--text", EVIL), ("MSG-1001", "--to", EVIL, "--text", EVIL)],
    "mail outbox": [()],
    "mail recall": [("MSG-1901",), ("MSG-1001",)],
    "mail settle": [("MSG-1902", "--arrived"), ("MSG-1001", "--again")],
    "due": [("--all",), ("--all", "--short")],
    "remind": [("--once",)],
    "relations": [("CO-1001",), ("D-1001",)],
    "link": [("D-1001", "D-1002")],
    "unlink": [("D-1001", "D-1002")],
    "undo": [()],
    "redo": [()],
    "log": [(), ("--limit", "0"), ("D-1001",)],
    "import": [(f"{FILE}.csv", "--type", "deal", "--dry-run"), (f"{FILE}.csv", "--type", "deal")],
    "export": [(one, "--format", form) for one in TYPES for form in ("csv", "json")]
    + [("all",), ("deal", "--spreadsheet"), ("deal", "--products"), ("deal", "-o", f"{FILE}-out.csv")],
    "type list": [()],
    "type show": [("deal",)],
    "type add": [("Boats", "--key", "boat")],
    "type edit": [("boat", "label=" + EVIL), ("deal", "label=" + EVIL)],
    "type order": [("boat",)],
    "type remove": [("boat",)],
    "field list": [("deal",), ("deal", *VIEW)],
    "field show": [("deal", "own1"), ("deal", "ruled"), ("deal", "choice")],
    "field add": [("deal", "New", "--kind", "string"), ("deal", EVIL, "--kind", "string")],
    "field edit": [("deal", "own1", "label=New"), ("deal", "own2", "label=" + EVIL)],
    "field options": [("deal", "choice"), ("deal", "choice", "--retire", "o2")],
    "field convert": [("deal", "own2", "--kind", "text"), ("deal", "comment", "--kind", "number", "--dry-run")],
    "field delete": [("deal", "own3", "--dry-run"), ("deal", "own3")],
    "stage list": [("deal", "--pipeline", "evil"), ("deal",)],
    "stage add": [("deal", "New", "--pipeline", "evil"), ("deal", EVIL, "--pipeline", "evil")],
    "stage rename": [("deal", "s1", "New", "--pipeline", "evil"), ("deal", "s2", EVIL, "--pipeline", "evil")],
    "stage edit": [("deal", "s1", "--probability", "30", "--pipeline", "evil")],
    "stage move": [("deal", "s1", "--down", "--pipeline", "evil")],
    "stage delete": [("deal", "s1", "--to", "s2", "--pipeline", "evil")],
    "pipeline list": [("deal",)],
    "pipeline add": [("deal", "New"), ("deal", EVIL)],
    "pipeline rename": [("deal", "evil", "New"), ("deal", "evil", EVIL)],
    "pipeline move": [("deal", "evil", "--down"), ("deal", "evil", "--up")],
    "pipeline default": [("deal", "evil")],
    "pipeline move-items": [("deal", "evil", "general", "--dry-run"), ("deal", "evil", "general")],
    "pipeline delete": [("deal", "evil", "--to", "general", "--dry-run"), ("deal", "evil", "--to", "general")],
    "dictionary list": [()],
    "dictionary add": [("New", "--entry", "one"), (EVIL, "--entry", EVIL)],
    "dictionary rename": [("evil", "New"), ("evil", EVIL)],
    "dictionary entries": [("source",), ("evil",)],
    "dictionary delete": [("evil", "--dry-run")],
    "numbering list": [()],
    "numbering show": [("quote",)],
    "numbering edit": [("quote", "pattern=evil-{YEAR}-{NUMBER}"), ("quote", "pattern=" + EVIL)],
    "layout mine": [("deal", "--pipeline", "evil")],
    "layout everyone": [("deal", "--pipeline", "evil", "--dry-run"), ("deal", "--pipeline", "evil")],
    "layout reset": [("deal", "--pipeline", "evil")],
    "layout use": [("deal", "common", "--pipeline", "evil")],
    "layout export": [("deal", "-", *VIEW), ("deal",)],
    "layout import": [("deal", f"{FILE}.json"), ("deal", f"{FILE}.csv")],
    "layout show": [("deal", *VIEW), ("deal",)],
    "layout move": [("deal", "title", "--down", *VIEW)],
    "layout place": [("deal", "own5", "sec2", *VIEW)],
    "layout hide": [("deal", "own5", *VIEW)],
    "layout always": [("deal", "own5", *VIEW)],
    "layout section add": [("deal", "New", *VIEW), ("deal", EVIL, *VIEW)],
    "layout section rename": [("deal", "sec1", "New", *VIEW), ("deal", "sec1", EVIL, *VIEW)],
    "layout section move": [("deal", "sec1", "--down", *VIEW)],
    "layout section delete": [("deal", "sec2", *VIEW)],
    "view list": [("deal", "--pipeline", "evil")],
    "view show": [("deal", "evil1", "--pipeline", "evil")],
    "view add": [("deal", "New", "--pipeline", "evil"), ("deal", EVIL, "--pipeline", "evil")],
    "view edit": [("deal", "evil1", "--name", "New", "--pipeline", "evil")],
    "view members": [
        ("deal", "evil1", "--pipeline", "evil"),
        ("deal", "evil1", "--not", "evil2", "--pipeline", "evil"),
    ],
    "view move": [("deal", "evil1", "--down", "--pipeline", "evil")],
    "view delete": [("deal", "evil1", "--pipeline", "evil")],
    "filter list": [(), ("deal",)],
    "filter save": [("deal", "new", "title ~ pwned"), ("deal", EVIL, "title ~ pwned")],
    "filter delete": [("deal", "evil")],
    "tab list": [("deal", *VIEW)],
    "tab move": [("deal", "invoices", "--left", *VIEW)],
    "tab hide": [("deal", "quotes", *VIEW)],
    "tab show": [("deal", "quotes", *VIEW)],
    "tab reset": [("deal", *VIEW)],
    "text-template list": [(), ("--all",), ("D-1001",)],
    "text-template add": [
        ("New", "--text", "{Title} " + EVIL, "--subject", "{Title}"),
        (EVIL, "--text", EVIL, "--users", EVIL),
    ],
    "text-template show": [("evil1",)],
    "text-template edit": [
        ("evil1", "--text", "{Title} " + EVIL),
        ("evil1", "--name", EVIL),
        ("evil1", "--channel", EVIL),
    ],
    "text-template retire": [("evil1",)],
    "text-template restore": [("evil1",)],
    "text-template delete": [("evil1",)],
    "text-template fill": [("evil1", "D-1001"), (EVIL, "D-1001"), ("evil1", EVIL)],
    "channel list": [(), ("--all",)],
    "channel add": [
        ("New", "smtp", "address=a@x.it", "host=127.0.0.1"),
        (EVIL, "smtp", EVIL, "address=" + EVIL, "host=" + EVIL),
    ],
    "channel show": [("evil",)],
    "channel edit": [
        ("evil", "name=Anna"),
        ("evil", "name=" + EVIL, "--name", "New"),
        ("evil", "--name", EVIL, "signature=" + EVIL),
    ],
    "channel test": [("evil",)],
    "channel trust": [("evil",)],
    "channel share": [("evil",), ("evil", "--private")],
    "channel run": [("--once",), ("--once", "--anew")],
    "channel kinds": [(), ("sms_http",), (EVIL,)],
    "channel listen": [("--port", "0"), ("--host", EVIL)],
    "channel service": [()],
    "channel retire": [("evil",)],
    "channel restore": [("evil",)],
    "channel remove": [("evil",)],
    "room list": [(), ("--all",)],
    "room add": [("New",), (EVIL, "--place", EVIL, "--bookers", "evil1")],
    "room show": [("evil",)],
    "room edit": [("evil", "--name", "New"), ("evil", "--name", EVIL)],
    "room move": [("evil", "--up")],
    "room retire": [("evil",)],
    "room restore": [("evil",)],
    "room bookings": [("evil",)],
    "room free": [(), ("evil", "--at", "2031-01-12T10:00", "--for", "1h")],
    "currency list": [()],
    "currency set": [("USD", "1.1")],
    "currency remove": [("CHF",)],
    "settings": [(), ("theme=dark", "language=en"), ("theme=" + EVIL,)],
    "repeats show": [()],
    "repeats on": [()],
    "repeats off": [()],
    "repeats exclude": [("CO-1001",)],
    "repeats include": [("CO-1001",)],
    "user list": [(), ("--all",)],
    "user add": [("New", "--login", "new"), (EVIL, "--login", EVIL)],
    "user edit": [("evil1", "--name", "New"), ("evil1", "--name", EVIL)],
    "user retire": [("evil1",)],
    "user restore": [("evil1",)],
    "user hand-over": [("evil1", "--to", "evil2", "--dry-run"), ("evil1", "--to", "evil2")],
    "serve ssh-key add": [("evil1",), ("evil1", "--key", EVIL)],
    "serve ssh-key list": [(), ("evil1",)],
    "serve ssh-key remove": [("evil1", "1"), ("evil1", EVIL)],
    "serve ssh-key write": [("--file", "keys")],
    "serve enter": [("evil1", "--key", EVIL), (EVIL,)],
    "serve doctor": [(), ("--sshd", EVIL)],
    "why": [("read", "D-1001"), ("edit", "D-1001", "title"), ("reach",), ("read", EVIL), (EVIL, "D-1")],
    "role list": [()],
    "role show": [("evil",)],
    "role add": [("New", "--set", "deal.read=own"), (EVIL, "--allow", "merge")],
    "role edit": [("evil", "--name", "New", "--set", "*.edit=own"), ("evil", "--name", EVIL)],
    "role clone": [("evil", "Other"), ("evil", EVIL)],
    "role move": [("evil", "--up")],
    "role delete": [("evil", "--dry-run"), ("evil",)],
    "role give": [("evil", "evil1")],
    "role take": [("evil", "evil1"), ("manager", "evil1")],
    "role export": [(), ("evil",)],
    "role import": [("-",), (EVIL,)],
    "department list": [(), ("--all",)],
    "department add": [("New",), (EVIL,)],
    "department edit": [("evil1", "--name", "New"), ("evil1", "--name", EVIL)],
    "department retire": [("evil1",)],
    "department restore": [("evil1",)],
    "history": [(), ("--size",), ("--archive", "made-archive", "--before", "2020-01-01")],
    "backup": [("made-backup",), ("made.tar.zst",), (EVIL,)],
    "restore": [("made-before", "made-again"), (f"{FILE}.csv", "made-of-no-backup")],
    "fsck": [(), ("--all",), ("--salvage", "made")],
    "paths": [()],
    "keys": [()],
    "doctor": [()],
    "completion": [("bash",), ("zsh",), ("fish",)],
    "help": [(), ("deal", "list"), ("filters",), ("dates",)],
}
"""At least one of a command's runs succeeds (`fsck` finds that files are missing); others may be refused, in words."""

BEFORE: dict[str, list[Words]] = {
    **{
        f"mail {verb}": [("channel", "add", "Mail", "smtp", "address=a@x.it", "host=127.0.0.1", "port=9")]
        for verb in ("send", "reply", "forward", "edit")
    },
    "restore": [("backup", "made-before")],
    "deal restore": [("deal", "delete", "D-1001")],
    **{
        f"deal products {verb}": [("deal", "products", "add", "D-1", EVIL_ROW, "Other @ 5")]
        for verb in ("edit", "remove", "move", "sum")
    },
    "pipeline move": [("pipeline", "add", "deal", "New")],
    "document restore": [("document", "delete", "DOC-1001")],
    "redo": [("comment", "D-1", "x"), ("undo",)],
    "call create": [("call", "log", "+39 02 9999 9999", "--in")],
    "undo": [("comment", "D-1", "x")],
    "unlink": [("link", "D-1001", "D-1002")],
    "filter delete": [("filter", "save", "deal", "evil", "title ~ x")],
    "dictionary rename": [("dictionary", "add", "evil", "--entry", EVIL)],
    "dictionary entries": [("dictionary", "add", "evil", "--entry", EVIL)],
    "dictionary delete": [("dictionary", "add", "evil", "--entry", EVIL)],
    "currency remove": [("currency", "set", "CHF", "1.1")],
    **{
        f"room {verb}": [("room", "add", EVIL, "--key", "evil", "--place", EVIL)]
        for verb in ("show", "edit", "move", "retire", "restore", "bookings", "free")
    },
    **{
        f"channel {verb}": [
            ("channel", "add", EVIL, "smtp", "--key", "evil", "address=a@x.it", "host=127.0.0.1", "port=9")
        ]
        for verb in ("show", "edit", "test", "trust", "retire", "restore", "remove")
    },
    "channel share": [("channel", "add", EVIL, "maildir", "--key", "evil", "address=a@x.it", "path=/nowhere")],
    **{
        f"role {verb}": [("role", "add", f"{EVIL} role", "--key", "evil"), ("role", "give", "evil", "evil1")]
        for verb in ("show", "edit", "clone", "move", "delete", "give", "take", "export")
    },
    "repeats include": [("repeats", "exclude", "CO-1001")],
    "tab show": [("tab", "hide", "deal", "quotes", *VIEW)],
    "user restore": [("user", "retire", "evil1")],
    "department restore": [("department", "retire", "evil1")],
    "layout reset": [("layout", "mine", "deal", "--pipeline", "evil")],
    **{f"type {verb}": [("type", "add", "Boats", "--key", "boat")] for verb in ("edit", "order", "remove")},
}
"""What is run first, where a command needs it."""


class Leaf(NamedTuple):
    """A command: its words, how many arguments it needs, and its options that take a value."""

    path: Words
    arguments: int
    options: Words

    @property
    def key(self) -> str:
        """Its words as `ACTS` has them: for items, those of deals."""
        return " ".join(("deal", *self.path[1:]) if self.path[0] in TYPES else self.path)

    def acts(self) -> list[Words]:
        """Whole command lines that make it act."""
        prefix = TYPES.get(self.path[0], "")
        found = ACTS[self.key]
        if prefix and self.path[0] != "deal":
            found = [tuple(word.replace("{0}", prefix).replace("D-", f"{prefix}-") for word in one) for one in found]
        return [(*self.path, *(word.replace("{0}", "D") for word in one)) for one in found]

    def mistakes(self) -> list[Words]:
        """Whole command lines in which everything that can be wrong is, and hostile."""
        path = (*self.path, *ENDING.get(self.key, ()))
        words = [
            (*path, *(EVIL for _argument in range(self.arguments))),
            (*path, *(EVIL_LINES for _argument in range(self.arguments))),
            (*path, *(EVIL for _argument in range(self.arguments + 9))),
            (*path, f"--{EVIL}"),
            (*path, "--data", EVIL),
            (*path, "--as", EVIL),
            (*path, "--help"),
        ]
        return words + [(*self.acts()[0], option, EVIL) for option in self.options]


ENDING: dict[str, tuple[str, ...]] = {"remind": ("--once",), "channel run": ("--once",)}
"""What makes a command end that else waits for what comes."""


def leaves() -> list[Leaf]:
    """All commands that there are, in the tree's order."""
    from tuicrm.cli.grammar.typed import CommandContext
    from tuicrm.cli.root import root
    from tuicrm.cli.running.output import Output
    from tuicrm.cli.running.work import CommandRun

    work = CommandRun(Output(io.TextIOWrapper(io.BytesIO()), io.TextIOWrapper(io.BytesIO())))
    work.folder = Path("there is no such workspace")
    tree = root()
    context = CommandContext(tree, "tuicrm", obj=work, resilient_parsing=True)

    def walk(command: Any, path: Words) -> Iterator[Leaf]:
        if hasattr(command, "list_commands"):
            for word in command.list_commands(context):
                yield from walk(command.get_command(context, word), (*path, word))
        else:
            yield _leaf(command.get_params(context), path)

    return list(walk(tree, ()))


def _leaf(parameters: Sequence[Any], path: Words) -> Leaf:
    arguments = [one for one in parameters if one.param_type_name == "argument"]
    options = [one for one in parameters if one.param_type_name == "option" and not one.is_flag]
    return Leaf(
        path,
        sum(one.required for one in arguments),
        tuple(max(one.opts, key=len) for one in options if one.opts[0] not in ("--data", "--as")),
    )


def groups(found: Sequence[Leaf]) -> list[Words]:
    """The words of all nouns, shortest first."""
    return sorted({leaf.path[:n] for leaf in found for n in range(len(leaf.path))}, key=len)


def files(folder: Path) -> None:
    """Write the files that commands read."""
    rows = [f'"{text}","{text}",{text!r}' for text in PAYLOADS if '"' not in text]
    head = f"title,amount,{EVIL!r}\x1b]0;pwned\x07"
    (folder / f"{FILE}.csv").write_text("\n".join([head, *rows]) + "\n", encoding="utf-8", newline="")
    hidden = "\u202epwned\u2066\u200f\U000e0041"
    section = {
        "name": "x",
        "title": hidden,
        "type": "section",
        "elements": [{"name": "TITLE"}, {"name": "OWN", "title": hidden}],
    }
    lines = [
        "BEGIN:VCALENDAR",
        "BEGIN:VEVENT",
        f"UID:{hidden}",
        "DTSTART:20270111",
        f"SUMMARY:{EVIL}",
        f"X-A{EVIL}",
        "END:VEVENT",
    ]
    calendar = "\n".join([*lines, "BEGIN:VEVENT", f"SUMMARY:{EVIL}", "END:VEVENT", "END:VCALENDAR", ""])
    (folder / f"{FILE}.ics").write_text(calendar, encoding="utf-8", newline="")
    said = "\n".join([f"From: {EVIL} <evil@example.com>", f"Subject: {EVIL}", "Message-ID: <evil@x>", "", *PAYLOADS])
    (folder / f"{FILE}.eml").write_bytes(said.encode("utf-8", "surrogatepass"))
    calls = [f'2026-11-03 10:00,"{text}",200,5,"{text}"' for text in (EVIL, *PAYLOADS) if '"' not in text]
    register = "\n".join([f"Date,From,To,Duration,{EVIL}", "2026-11-03 10:00,+390299999999,200,5,x", *calls])
    (folder / f"{FILE}-calls.csv").write_bytes(register.encode("utf-8", "surrogatepass"))
    (folder / f"{FILE}.docx").write_bytes(template_file())
    (folder / f"{FILE}.json").write_text(json.dumps([section], ensure_ascii=False), encoding="utf-8")
