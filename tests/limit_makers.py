"""How as much of something is given as is asked for, through what people use: each maker readies the place and says what is tried."""

from __future__ import annotations

import base64
import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import msgspec
import pytest

from tests.doors import add_field
from tuicrm.config import read_config
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.schema import Section
from tuicrm.errors import Refused
from tuicrm.exchange.csv_reader import read_csv
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.keymap import keymap
from tuicrm.services.boards import filters
from tuicrm.services.definitions import (
    repeat_rules,
)
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items, relations, timeline
from tuicrm.services.kernel.permissions import PREFERENCES
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layout_files, layouts, views
from tuicrm.services.search.engine import finder
from tuicrm.services.workspace import people, ssh_keys

ROOT = Path(__file__).resolve().parents[1]
D1, DEALS = Ref("deal", 1), LayoutPlace("deal", "general")
Act: TypeAlias = Callable[[], object]


class Where(NamedTuple):
    """Where a case is tried: Anna's session in the seeded workspace, and a folder for files."""

    session: Session
    folder: Path
    patch: pytest.MonkeyPatch


def deal(**texts: Any) -> Callable[[Where, int], Act]:
    """A new deal; a text that is a function is given how much it is to be."""

    def ready(at: Where, n: int) -> Act:
        given = {"title": "T", **{name: text(n) if callable(text) else text for name, text in texts.items()}}
        return lambda: items.add(at.session, "deal", items.values(at.session, "deal", given, canonical=False))

    return ready


def in_json(type_key: str, name: str, value: Callable[[int], Any]) -> Callable[[Where, int], Act]:
    """A new item with a value in JSON form."""
    return lambda at, n: lambda: items.add(at.session, type_key, {"title": "T", name: value(n)})


def custom(kind: str, text: Callable[[int], str], **said: Any) -> Callable[[Where, int], Act]:
    """A deal with a value in a field of one's own."""

    def ready(at: Where, n: int) -> Act:
        key = add_field(at.session, "deal", "Own", kind, **said).key
        return lambda: items.add(at.session, "deal", items.values(at.session, "deal", {"title": "T", key: text(n)}))

    return ready


def row(**parts: Callable[[int], Any]) -> Callable[[int], Any]:
    """A product row with a part of so many characters."""
    price = {"amount": "1.00", "currency": "EUR"}
    return lambda n: [{"name": "a", "price": price, **{name: part(n) for name, part in parts.items()}}]


def x(n: int) -> str:
    return "x" * n


def one_more(make: Callable[[Where, str], object], there: Callable[[Session], int]) -> Callable[[Where, int], Act]:
    """The last of so many definitions: all before it are made, then this one is tried."""

    def ready(at: Where, n: int) -> Act:
        for number in range(n - 1 - there(at.session)):
            make(at, f"made {number}")
        return lambda: make(at, "the last")

    return ready


def pinned(at: Where, n: int) -> Act:
    entries = [timeline.comment(at.session, D1, f"c{number}") for number in range(n)]
    for entry in entries[:-1]:
        timeline.pin(at.session, entry)
    return lambda: timeline.pin(at.session, entries[-1])


def linked(at: Where, n: int) -> Act:
    others = [items.add(at.session, "contact", {"last_name": f"P{number}"}).ref for number in range(n)]
    for other in others[:-1]:
        relations.link(at.session, D1, other)
    return lambda: relations.link(at.session, D1, others[-1])


def planned(**parts: Callable[[int], Any]) -> Callable[[Where, int], Act]:
    """An activity that holds so much of something."""

    def ready(at: Where, n: int) -> Act:
        doc = {"owner": str(D1), "what": "W", "at": "2026-12-01T09:00:00Z", "done": False}

        def put() -> None:
            with at.session.change("plan") as change:
                change.put(ACTIVITIES, {**doc, **{name: part(n) for name, part in parts.items()}})

        return put

    return ready


def days(n: int) -> list[str]:
    return [(date(2027, 1, 1) + timedelta(days=number)).isoformat() for number in range(n)]


def bound(at: Where, n: int) -> Act:
    others = [str(items.add(at.session, "contact", {"last_name": f"P{number}"}).ref) for number in range(n)]
    return planned(also=lambda _n: others)(at, n)


def attached(at: Where, n: int) -> Act:
    path = at.folder / "file.bin"
    path.write_bytes(b"x" * n)
    key = add_field(at.session, "deal", "File", "file").key
    return lambda: items.values(at.session, "deal", {key: str(path)})


def section_count(at: Where, n: int) -> Act:
    def step(layout: Any) -> Any:
        more = [Section(f"user_{number}", f"S{number}", []) for number in range(n - len(layout.sections))]
        return msgspec.structs.replace(layout, sections=[*layout.sections, *more])

    return lambda: layouts.edit(at.session, DEALS, "sections", step)


def members(at: Where, n: int) -> Act:
    names = [people.add_department(at.session, f"P{number}").key for number in range(n)]
    return lambda: views.add_view(at.session, DEALS, "V", [f"department:{name}" for name in names])


def keys(at: Where, n: int) -> Act:
    """The last of so many keys, each another one (in their form alone: none of them is anybody's)."""
    kind = b"ssh-ed25519"

    def one(number: int) -> str:
        parts = (kind, number.to_bytes(32, "big"))
        blob = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
        return f"{kind.decode()} {base64.b64encode(blob).decode()} k{number}"

    for number in range(n - 1):
        ssh_keys.add_key(at.session, at.session.workspace.people["luca"], one(number))
    return lambda: ssh_keys.add_key(at.session, at.session.workspace.people["luca"], one(n))


def logins(at: Where, n: int) -> Act:
    return lambda: people.edit_person(at.session, "luca", people.Details(logins=[f"l{number}" for number in range(n)]))


def depth(at: Where, n: int) -> Act:
    """Departments in each other; the last hangs a pair of them below all others."""
    last = ""
    for number in range(n - 2):
        last = people.add_department(at.session, f"P{number}", parent=last).key
    pair = people.add_department(at.session, "top of two")
    people.add_department(at.session, "below it", parent=pair.key)
    return lambda: people.edit_department(at.session, pair.key, parent=last)


def excluded(at: Where, n: int) -> Act:
    made = [items.add(at.session, "company", {"title": f"C{number}"}).ref for number in range(n)]
    return lambda: repeat_rules.change(at.session, leave_out=made)


def imported(name: str, content: Callable[[int], bytes]) -> Callable[[Where, int], Act]:
    """A file taken in; what is reported of it as a whole is a refusal."""

    def ready(at: Where, n: int) -> Act:
        path = at.folder / name
        path.write_bytes(content(n))

        def run() -> None:
            report = run_import(at.session, [path], ImportOptions(type="deal"))
            problem = next((file.problem for file in report.files if file.problem), "")
            if problem:
                raise Refused(problem)

        return run

    return ready


def csv_text(text: Callable[[int], str]) -> Callable[[Where, int], Act]:
    return lambda _at, n: lambda: list(read_csv(io.BytesIO(text(n).encode()), "a.csv").rows)


def padded(text: str, n: int) -> bytes:
    """A text of so many bytes, blank lines at its end."""
    return text.encode().ljust(n, b"\n")


EVENT = "BEGIN:VEVENT\nUID:a\nDTSTART:20270111\nEND:VEVENT\n"


def calendar_of(events: str) -> str:
    return f"BEGIN:VCALENDAR\n{events}END:VCALENDAR\n"


def calendar_file(content: Callable[[int], bytes]) -> Callable[[Where, int], Act]:
    """A calendar file read; what is told of an event is a refusal."""

    def ready(_at: Where, n: int) -> Act:
        data = content(n)

        def run() -> None:
            for remark in read_calendar(data, "mine.ics").remarks:
                raise Refused(remark.message)

        return run

    return ready


LAYOUT = json.dumps([{"name": "main", "title": "Main", "type": "section", "elements": [{"name": "TITLE"}]}])


def layout_file(content: Callable[[int], bytes]) -> Callable[[Where, int], Act]:
    def ready(at: Where, n: int) -> Act:
        use = layouts.in_use(at.session, DEALS)
        return lambda: layout_files.import_layout(at.session, DEALS, use, content(n), "x.json")

    return ready


def nested(n: int, within: Callable[[Any], Any]) -> Any:
    value: Any = within(None)
    for _level in range(n - 1):
        value = within(value)
    return value


def deep_layout(n: int) -> bytes:
    options = nested(n + 1, lambda inner: {"a": inner} if inner is not None else {})
    element = {"name": "TITLE", "options": options}
    return json.dumps([{"name": "main", "title": "Main", "elements": [element]}]).encode()


def deep_record(at: Where, n: int) -> Act:
    value = nested(n, lambda inner: [inner] if inner is not None else [])

    def put() -> None:
        with at.session.change("deep") as change:
            change.put(PREFERENCES, {"person": "anna", "deep": value})

    return put


def sized_record(at: Where, n: int) -> Act:
    """A deal that is so many bytes of JSON: what is not its comment is measured first."""
    given = {"title": "T", "comment": "x"}
    ref = items.add(at.session, "deal", given).ref
    size = len(msgspec.json.encode(at.session.store.get("deal", [ref.id])[0].doc)) - 1
    return lambda: items.add(at.session, "deal", {**given, "comment": "x" * (n - size)})


def config_file(at: Where, n: int) -> Act:
    path = at.folder / "config.toml"
    path.write_text('theme = "dark"\n#'.ljust(n, "x"))
    return lambda: read_config(path)


def bound_keys(_at: Where, n: int) -> Act:
    keys = [f"alt+{first}" for first in "abcdefghijklmnopqrstuvwxyz0123456789"]
    return lambda: keymap("vi", {"undo": keys[:n]})


def from_stdin(at: Where, n: int) -> Act:
    from tuicrm.cli.running.work import stdin_for

    at.patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"x" * n)))
    return lambda: stdin_for("-")


def call_register(at: Where, n: int) -> Act:
    from tuicrm.services.messages.call_import import import_calls

    text = "Date,From,To,Duration\n2026-11-03 10:00,+393331234567,200,5\n"
    return lambda: import_calls(at.session, io.BytesIO(text.ljust(n, "\n").encode()), "calls.csv")


def asked(text: Callable[[int], str]) -> Callable[[Where, int], Act]:
    return lambda at, n: lambda: finder(at.session).find(text(n))


def filtered(text: Callable[[int], str]) -> Callable[[Where, int], Act]:
    return lambda at, n: lambda: filters.compile_for(at.session, "deal", text(n))


def named(make: Callable[[Session, str], object]) -> Callable[[Where, int], Act]:
    """A definition with a name of so many characters."""
    return lambda at, n: lambda: make(at.session, x(n))


def new_field(**said: Callable[[int], Any]) -> Callable[[Where, int], Act]:
    def ready(at: Where, n: int) -> Act:
        given: dict[str, Any] = {name: part(n) for name, part in said.items()}
        return lambda: add_field(at.session, "deal", **{"label": "F", **given})

    return ready


def count(table: str) -> Callable[[Session], int]:
    return lambda session: len(session.workspace.records[table])


def none_yet(_session: Session) -> int:
    return 0


def mega(n: int) -> str:
    return f"{n >> 20} MB"


def codes() -> Iterator[str]:
    """Codes of currencies, as many as are wanted."""
    return ("".join(letters) for letters in product("QXYZ", "ABCDEFGHIJ", "ABCDEFGHIJ"))


CODES = codes()
