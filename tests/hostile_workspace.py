"""A workspace in which every place for a text holds hostile ones, and another in which values are of kinds they should not be.

Both are written past the door (`store.commit`), as another program could: the door refuses much of it.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Any

from tests.hostile import HOSTILE
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op

AT = "2026-11-23T10:00:00Z"
OSC_TITLE, OSC_CLIPBOARD, BIDI = "\x1b]0;pwned\x07", "\x1b]52;c;cHduZWQ=\x07", "\u202epwned\u202c"
PAYLOADS = (
    OSC_TITLE,
    OSC_CLIPBOARD,
    BIDI,
    "\x9d0;pwned\x9c",
    "\x1bPpwned\x1b\\",
    "\x1b[31;5mpwned",
    "pwned\x07\x08\x08\x7f",
    "[@click=app.quit]pwned[/][/]",
    "\u2066pwned\u2069\u200fx",
    "=cmd|'/C calc'!A0",
    "pwned\r\n\n\tpwned\u2028\x0b\x0c",
    "👨\u200d👩\u200d👧\u200d👦e\u0301\u0301\u0301日本",
    "pwned\U000e0001\U000e0041\U000e007f\u3164\u200b\u2061\u034f\U000e0100\ufeff\u00ad",
)
"""Each can be told from what the app itself writes."""
FORBIDDEN = tuple(text.encode() for text in ("\x1b]0;pwned", "\x1b]52;", "\u202e", "\u2066", "\u200f", "\x9d", "\x9c"))
FORBIDDEN += (b"\x1b]0;", b"\x1bPpwned", b"\x1b[31;5m", b"\x07", b"\x08", b"\x7f", b"\x0b", "\u2028".encode())
FORBIDDEN += tuple(
    text.encode() for text in ("\U000e0041", "\U000e007f", "\u3164", "\u200b", "\u2061", "\u034f", "\ufeff")
)
"""What must never be among the bytes that a terminal gets."""


def whole(text: str) -> str:
    """Without half characters and NULs, which no store takes."""
    return "".join(c for c in text if c != "\0" and not 0xD800 <= ord(c) < 0xE000)


TEXTS = tuple(dict.fromkeys(whole(text) for text in (*PAYLOADS, *HOSTILE)))


def in_form(field: Field, text: str) -> Any:
    """A text in the JSON form of a field's kind, whether or not the kind would take it."""
    forms: dict[str, Any] = {
        "money": {"amount": text, "currency": text[:20]},
        "address": dict.fromkeys(("line1", "line2", "city", "postcode", "region", "province", "country"), text),
        "file": {"blob": "0" * 64, "name": text, "size": 5},
        "phone": {"value": text, "typed": text, "type": text[:50]},
        "email": {"value": text, "type": text[:50]},
        "web": {"value": text, "type": text[:50]},
        "messenger": {"value": text, "type": text[:50]},
        "products": [
            {"id": 1, "name": text, "unit": text[:40], "quantity": "2", "price": {"amount": "3", "currency": "EUR"}},
            {"id": 2, "name": text, "quantity": text, "price": {"amount": text, "currency": text[:20]}, "tax": text},
            text,
        ],
    }
    value = forms.get(field.kind, text)
    return [value, value] if field.many else value


def deep(levels: int = 60) -> Any:
    """Lists and dicts in each other."""
    value: Any = "\x1b]0;pwned\x07"
    for level in range(levels):
        value = [value] if level % 2 else {"value": value, "amount": level}
    return value


WRONG: tuple[Any, ...] = (
    None, True, 0, -1, 3.5, 10**17, "", "text", OSC_TITLE, [], [[]], [None, 5, "x"], {}, {"a": {"b": [1]}}, deep(),
    "deal:1", "deal:999999", "nothing:1", ["nothing:1", 5, {}], ["company:999"], {"amount": [], "currency": 5},
    {"amount": "1e999999", "currency": "EUR"}, {"amount": "NaN", "currency": None}, {"value": 5, "type": []},
    [{"id": True, "name": "x", "quantity": "1e9999", "price": {"amount": "NaN", "currency": ""}, "product": 7}],
    [{"name": "x", "quantity": "-9" * 30, "price": {"amount": "9" * 35, "currency": "EUR"}, "tax": "-100", "included": True}],
    {"blob": 5, "name": None, "size": "x"}, {"blob": "../../etc/passwd", "name": "../x", "size": -1}, "9999-99-99",
    "0000-00-00T99:99:99Z", "2026-11-23T10:00:00+25:00", "9999-12-31T23:59:59Z",
)  # fmt: skip
"""Values of wrong kinds, for any field."""
WRONG_TIMES: tuple[Any, ...] = (
    "9999-12-31",
    "0001-01-01",
    "0001-01-01T00:00:00Z",
    "FREQ=SECONDLY",
    [AT, "2026-11-24", "x"],
)
"""More of them, for what is planned."""


KINDS = ("date", "datetime", "number", "integer", "string", "text", "money", "list", "boolean", "file", "spaceship")
"""Kinds for fields whose settings and defaults are of wrong kinds."""


def _ops(table: str, docs: Iterator[dict[str, Any]] | list[dict[str, Any]], first: int = 1001) -> list[Op]:
    return [Op(table, first + n, doc) for n, doc in enumerate(docs)]


def hostile_texts(session: Session, corpus: Sequence[str] = TEXTS) -> None:
    """Put hostile texts wherever a text can stand: items of all types, definitions, people, entries, activities."""
    me, workspace = session.person_key, session.workspace
    texts = cycle(corpus)
    ops: list[Op] = []
    ops += _ops("person", [{"key": f"evil{n}", "name": t, "logins": [t or "x"]} for n, t in enumerate(PAYLOADS)])
    ops += _ops("department", [{"key": f"evil{n}", "name": t} for n, t in enumerate(PAYLOADS)])
    stages = [
        {"key": f"s{n}", "label": t, "colour": "#335577", "semantics": "process"} for n, t in enumerate(corpus[:20])
    ]
    won = {"key": "won", "label": OSC_TITLE, "colour": "#00ff00", "semantics": "success"}
    ops += _ops("pipeline", [{"key": "evil", "type": "deal", "label": " ".join(PAYLOADS), "stages": [*stages, won]}])
    options = [{"key": f"o{n}", "label": t} for n, t in enumerate(PAYLOADS)]
    own = [{"type": "deal", "key": f"own{n}", "kind": "string", "label": t, "custom": True, "help": t}
           for n, t in enumerate(corpus)]  # fmt: skip
    own.append(
        {"type": "deal", "key": "choice", "kind": "list", "label": OSC_TITLE, "custom": True, "options": options}
    )
    own.append({"type": "deal", "key": "ruled", "kind": "string", "label": BIDI, "custom": True, "help": OSC_CLIPBOARD,
                "settings": {"pattern": OSC_TITLE, "unit": BIDI}, "default": OSC_TITLE, "required_at": {"evil": ["s1", BIDI]},
                "visible_to": [me, "evil1", "department:evil2", OSC_TITLE]})  # fmt: skip
    ops += _ops("field", own)
    sections = [{"key": f"sec{n}", "title": t, "fields": [{"field": f"own{n}", "always": True}]}
                for n, t in enumerate(PAYLOADS)]  # fmt: skip
    sections[0]["fields"] = [{"field": "title"}, {"field": "amount"}, {"field": "company"}, {"field": "choice"}]
    shaped = {"type": "deal", "variant": "evil", "sections": sections, "tabs": [*PAYLOADS], "hidden_tabs": [*PAYLOADS]}
    views = [{**shaped, "scope": "view", "key": f"evil{n}", "name": t, "edited": t,
              "members": [me, "department:evil1", "evil2", t]} for n, t in enumerate(PAYLOADS)]  # fmt: skip
    ops += _ops("layout", [{**shaped, "scope": "common"}, {**shaped, "scope": "personal", "person": "evil1"}, *views])
    ops.append(
        Op("preference", 1001, {"person": me, "layouts": {"deal/evil": OSC_TITLE}, "folded": {"deal/evil": [BIDI]}})
    )
    for key in workspace.types:
        fields = [field for field in workspace.fields(key).values() if field.kind not in ("stage", "pipeline")]
        for n, text in enumerate(corpus):
            doc = {field.key: in_form(field, next(texts)) for field in fields if field.kind not in ("person", "item")}
            doc |= {"title": text, "responsible": f"evil{n % len(PAYLOADS)}", "company": "company:1001", "created": AT}
            doc |= {"pipeline": "evil", "stage": f"s{n % len(stages)}"} if key == "deal" else {}
            doc |= {f"own{n}": text for n, text in enumerate(corpus)} | {"choice": "o1"} if key == "deal" else {}
            ops.append(Op(key, 1001 + n, doc))
    told = {"owner": "deal:1001", "by": "evil1", "at": AT}
    ops += _ops("entry", [{**told, "kind": kind, "text": t, "note": t, "data": {"field": t, "from": t, "to": t}}
                          for t in corpus for kind in ("comment", "changed", t[:40] or "x")])  # fmt: skip
    ops += _ops("activity", [{**told, "what": t, "text": t, "kind": "todo", "responsible": "evil1", "done": False, "place": t,
                              "result": t, "people": {"evil2": "asked"}, "contacts": ["contact:1001"], "also": ["lead:1001"]}
                             for t in corpus])  # fmt: skip
    ops += _ops(
        "activity_kind", [{"key": f"evil{n}", "label": t, "symbol": t, "colour": t} for n, t in enumerate(PAYLOADS)]
    )
    ops += _ops("activity", [{**told, "what": "x", "kind": f"evil{n}", "rooms": [t], "zone": t, "rule": t, "done": n % 2 == 0,
                              "people": {t: t}} for n, t in enumerate(PAYLOADS)], 5001)  # fmt: skip
    ops += _documents(session, corpus)
    ops += _messages(session, corpus)
    session.store.commit(ops, by=me, note=" ".join(PAYLOADS))


def _documents(session: Session, corpus: Sequence[str]) -> list[Op]:
    """Templates and documents that say hostile things, with files that are there."""
    blob = session.store.blobs.put(template_file())
    ops = _ops("template", [{"key": f"evil{n}", "label": t or "x", "types": ["deal", t], "blob": blob, "file": t, "language": t,
                             "users": [session.person_key, t]} for n, t in enumerate(PAYLOADS)])  # fmt: skip
    version = {"n": 1, "at": AT, "by": "evil1", "blob": blob, "size": 5, "how": "made"}
    ops += _ops("document", [{"owner": "deal:1001", "template": f"evil{n % 9}", "title": t, "number": t, "at": AT, "by": "evil1",
                              "language": t, "values": {t: t, "Title": t, "ProductsIndex": [t, t]}, "overrides": {t: t},
                              "versions": [version, {**version, "at": t, "by": t, "how": t}]}
                             for n, t in enumerate(corpus)])  # fmt: skip
    return ops + _ops("text_template", [{"key": f"evil{n}", "label": t or "x", "text": f"{{Title}} {t}", "subject": t,
                                         "language": t, "cloud_name": t} for n, t in enumerate(PAYLOADS)])  # fmt: skip


def _messages(session: Session, corpus: Sequence[str]) -> list[Op]:
    """Messages that say hostile things; the second one is in the inbox."""
    raw = session.store.blobs.put("\n\n".join(["From: evil@example.com", *PAYLOADS]).encode("utf-8", "surrogatepass"))
    said = {
        "way": "in",
        "status": "failed",
        "at": AT,
        "by": session.person_key,
        "owner": session.person_key,
        "raw": raw,
    }
    kinds = cycle(("mail", "sms", "call", "whatsapp", "telegram"))
    told = {
        **said,
        "way": "out",
        "channel": "mail",
        "from": "a@x.it",
        "to": ["b@x.it"],
        "subject": corpus[0],
        "text": corpus[0],
    }
    sound = [
        Op("message", 1900 + n, {**told, "status": one, "on": ["deal:1001"]})
        for n, one in enumerate(("sent", "queued", "unknown", "draft"))
    ]
    return sound + _ops("message", [{**said, "channel": "mail" if n == 0 else kind, "from": t, "to": [t], "cc": [t], "subject": t,
                             "text": t, "error": t, "note": t, "account": t, "message_id": t, "references": [t], "outcome": t,
                             "files": [{"blob": raw, "name": t, "size": 3}], "on": [] if n == 1 else ["deal:1001", t]}
                            for n, (t, kind) in enumerate(zip(corpus, kinds, strict=False))])  # fmt: skip


def template_file() -> bytes:
    """A Word file with placeholders, and hostile text beside them."""
    import docx

    made, content = docx.Document(), io.BytesIO()
    made.add_paragraph("{Title} {DocumentNumber} [@click=app.quit]pwned[/]")
    made.save(content)
    return content.getvalue()


def _wrong_plans(me: str) -> Iterator[Op]:
    """Values of wrong kinds in what calendars, rooms, reminders and calendar files rest on."""
    owner = {"owner": "deal:2015", "what": "x", "at": AT, "kind": "meeting", "done": False, "by": me, "responsible": me}
    block = {"start": AT, "end": "2026-11-23T11:00:00Z", "zone": "Europe/Rome", "reminders": [0, 15]}
    series = {**owner, **block, "rule": "FREQ=DAILY;COUNT=3", "wall": "2026-11-23T11:00", "created": AT}
    marks = {"uid": "evil", "ical": {"as": "x", "guests": [{}], "extra": ["X-A:b"], "stamp": AT, "modified": AT}}
    rests = [
        "skipped",
        "more",
        "of",
        "occurrence",
        "sequence",
        "ical",
        "answers",
        "note",
        "result",
        "done_at",
        "priority",
        "colour",
    ]
    reminded_parts = ["activity", "person", "at", "when", "by", "occurrence", "again"]
    room_parts = ["key", "label", "place", "seats", "bookers", "kind", "retired", "sort"]
    inside = ["as", "guests", "organizer", "extra", "stamp", "status"]
    times = ("start", "end", "day", "last_day", "zone", "wall", "rule", "created")
    for n, wrong in enumerate((*WRONG, *WRONG_TIMES)):
        yield Op("activity", 7001 + n, {**series, **marks, **dict.fromkeys(rests, wrong)})
        yield Op("activity", 7101 + n, {**series, times[n % len(times)]: wrong, "of": 7001, "rooms": ["wrong"]})
        yield Op(
            "activity",
            7201 + n,
            {**owner, **dict.fromkeys(times, wrong), "people": {me: "asked"}, "ical": dict.fromkeys(inside, wrong)},
        )
        lists = {key: [wrong] for key in ("skipped", "more", "reminders")}
        yield Op("activity", 7301 + n, {**series, "rule": str(wrong), **lists})
        yield Op("booking", 7001 + n, dict.fromkeys(("room", "start", "end", "holder", "by", "off"), wrong))
        yield Op("booking", 7101 + n, {"room": "wrong", "start": AT, "end": wrong, "holder": wrong, "by": wrong})
        yield Op("room", 7001 + n, dict.fromkeys(room_parts, wrong))
        sound = {"key": f"wrong{n}", "label": "Blue", "kind": "room"}
        yield Op("room", 7101 + n, {**sound, **dict.fromkeys((*room_parts[2:5], "retired", "sort"), wrong)})
        reminded = {"activity": 7001 + n, "person": me, "at": AT, "when": AT, "by": "session"}
        yield Op("reminded", 7001 + n, dict.fromkeys(reminded_parts, wrong))
        yield Op("reminded", 7101 + n, {**reminded, ("activity", "at", "occurrence", "again")[n % 4]: wrong})
        known = {"source": "file", "by": me, "uid": "evil", "activity": 7001, "ours": [], "theirs": []}
        part = ("uid", "activity", "ours", "theirs", "href", "etag", "token")[n % 7]
        yield Op("ical_known", 7001 + n, {**known, part: wrong})
    yield Op("room", 7201, {"key": "wrong", "label": "Wrong", "kind": "room"})
    yield from (Op(table, 7301, {}) for table in ("booking", "room", "reminded", "ical_known"))


def wrong_kinds(session: Session) -> None:
    """Put values of wrong kinds everywhere: each of WRONG in all fields of an item, and turned so that each item has many."""
    ops: list[Op] = []
    for key in session.workspace.types:
        fields = list(session.workspace.fields(key).values())
        for n, wrong in enumerate(WRONG):
            ops.append(Op(key, 2001 + n, {field.key: wrong for field in fields}))
            turned = {field.key: WRONG[(n + at) % len(WRONG)] for at, field in enumerate(fields)}
            ops.append(Op(key, 3001 + n, {**turned, "pipeline": "general", "stage": "new"}))
        ops.append(Op(key, 4001, {}))
    for n, wrong in enumerate(WRONG):
        entry = {"owner": "deal:2001", "by": wrong, "at": wrong, "kind": wrong, "text": wrong, "data": wrong}
        ops.append(Op("entry", 2001 + n, entry))
        ops.append(Op("entry", 3001 + n, {**entry, "at": AT, "kind": "comment", "note": wrong, "pinned": wrong}))
        ops.append(
            Op("entry", 4001 + n, {**entry, "at": AT, "kind": "changed", "data": {"fields": wrong, "field": wrong}})
        )
        ops.append(Op("entry", 5001 + n, {**entry, "at": AT, "owner": wrong}))
        act = {
            "owner": "deal:2001",
            "what": wrong,
            "at": wrong,
            "kind": wrong,
            "done": wrong,
            "responsible": wrong,
            "by": wrong,
        }
        ops.append(Op("activity", 2001 + n, act))
        sound = {**act, "at": AT, "what": "x", "kind": "call", "done": False}
        more = [
            "also",
            "people",
            "contacts",
            "rooms",
            "reminders",
            "files",
            "start",
            "end",
            "day",
            "zone",
            "place",
            "private",
            "rule",
        ]
        ops.append(Op("activity", 4001 + n, {**sound, **dict.fromkeys(more, wrong)}))
        ops.append(Op("activity_kind", 2001 + n, {"key": f"wrong{n}", "label": wrong, "symbol": wrong}))
        ops += _wrong_documents(n, wrong)
        ops += _wrong_messages(n, wrong)
        ops.append(Op("activity", 3001 + n, {**act, "at": AT, "owner": wrong, "done": False}))
    ops += _wrong_plans(session.person_key)
    ops.append(Op("entry", 6001, {}))
    ops.append(Op("activity", 6001, {}))
    settings = (
        "min",
        "max",
        "precision",
        "unit",
        "min_length",
        "max_length",
        "pattern",
        "rows",
        "extensions",
        "max_size",
    )
    for n, (wrong, kind) in enumerate(
        zip((*WRONG, {"now": []}, {"now": "x"}, {"now": 10**9}), cycle(KINDS), strict=False)
    ):
        made = {"type": "deal", "key": f"wrong{n}", "kind": kind, "label": f"Wrong {n}", "custom": True}
        ops.append(Op("field", 2001 + n, {**made, "settings": dict.fromkeys(settings, wrong), "default": wrong}))
        ops.append(Op("layout", 2001 + n, {"type": "deal", "variant": wrong, "scope": "common", "sections": wrong}))
        ops.append(Op("preference", 2001 + n, {"person": wrong, "layouts": wrong, "folded": wrong}))
    session.store.commit(ops, by=session.person_key, note="a script")


def _wrong_messages(n: int, wrong: object) -> Iterator[Op]:
    """Messages of which one part is of a wrong kind, and one of which all are."""
    doc = {
        "channel": "mail",
        "way": "in",
        "status": "received",
        "at": AT,
        "by": "anna",
        "on": ["deal:2001"],
        "subject": "x",
    }
    more = (
        "owner",
        "private",
        "from",
        "to",
        "cc",
        "text",
        "raw",
        "files",
        "message_id",
        "references",
        "thread",
        "digest",
    )
    for at, name in enumerate(
        (*doc, *more, "holders", "error", "tries", "lease", "minutes", "outcome", "parts", "note")
    ):
        yield Op("message", 2001 + 40 * n + at, {**doc, name: wrong})
    yield Op("message", 8001 + n, {**dict.fromkeys(doc, wrong), "on": ["deal:2001"]})
    yield Op("message_known", 2001 + n, {"x": wrong, "y": {"z": wrong}})
    yield Op("received_to", 2001 + n, {"channel": wrong, "folder": wrong, "mark": wrong})


def _wrong_documents(n: int, wrong: object) -> Iterator[Op]:
    """Templates and documents of which one part is of a wrong kind, and some of which all are."""
    version = {"n": 1, "at": AT, "by": "anna", "blob": "0" * 64, "size": 5, "how": "made", "printed": ["deal.title"]}
    doc = {
        "owner": "deal:2001",
        "template": "wrong",
        "title": "x",
        "number": "1",
        "at": AT,
        "values": {},
        "versions": [version],
    }
    template = {
        "key": f"wrong{n}",
        "label": "x",
        "types": ["deal"],
        "blob": "0" * 64,
        "file": "x.docx",
        "pattern": "{NUMBER}",
    }
    for at, name in enumerate((*doc, "overrides", "pdfs", "stamps", "language")):
        yield Op("document", 2001 + 20 * n + at, {**doc, name: wrong})
    yield Op(
        "document", 6001 + n, {**doc, "versions": [dict.fromkeys(version, wrong), wrong, {**version, "printed": wrong}]}
    )
    for at, name in enumerate((*template, "language", "start", "step", "reset", "numbers", "users", "sort", "deleted")):
        yield Op("template", 2001 + 20 * n + at, {**template, "key": f"wrong{n}_{at}", name: wrong})
    text = {"key": f"wrong{n}", "label": "x", "text": "{Title}"}
    for at, name in enumerate(
        (*text, "subject", "channel", "types", "language", "users", "cloud_name", "sort", "retired")
    ):
        yield Op("text_template", 2001 + 20 * n + at, {**text, "key": f"wrong{n}_{at}", name: wrong})


def refs(session: Session, type_key: str = "deal") -> list[Ref]:
    """All items of a type."""
    return [Ref(type_key, item_id) for item_id in session.ids(type_key)]
