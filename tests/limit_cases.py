"""What is tried of each limit: how as much of it is given as is asked for, and what counts what is there."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias
from zipfile import ZIP_STORED

import msgspec
import pytest

from tests import document_makers
from tests.documents.docx import making
from tests.doors import add_field
from tuicrm.config import read_config
from tuicrm.documents.docx.filling import fill
from tuicrm.documents.docx.template import open_template
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.layouts import add_section
from tuicrm.domain.schema import Section
from tuicrm.errors import Refused
from tuicrm.exchange.csv_reader import read_csv
from tuicrm.exchange.ical.reading import read_calendar
from tuicrm.keymap import keymap
from tuicrm.services.boards import filters, saved_filters
from tuicrm.services.definitions import (
    currencies,
    dictionaries,
    item_types,
    pipelines,
    repeat_rules,
    rooms,
    stage_changes,
)
from tuicrm.services.definitions.numbering import change_numbering
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import activities, activity_kinds, items, relations, timeline
from tuicrm.services.kernel import lookup
from tuicrm.services.kernel.permissions import PREFERENCES
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layout_files, layouts, views
from tuicrm.services.search.engine import finder
from tuicrm.services.workspace import people, shared_settings

ROOT = Path(__file__).resolve().parents[1]
D1, DEALS = Ref("deal", 1), LayoutPlace("deal", "general")
Act: TypeAlias = Callable[[], object]

ON_SCREEN = {"screen.line", "screen.lines"}
"""Tried in tests/screens/test_pasting.py."""


class Where(NamedTuple):
    """Where a case is tried: Anna's session in the seeded workspace, and a folder for files."""

    session: Session
    folder: Path
    patch: pytest.MonkeyPatch


class Case(NamedTuple):
    """How so much of something is given: `ready` makes what must be there before, and what then is tried.

    `lowered` is what the limit is set to where the real one would take minutes; `told` how the refusal names it."""

    ready: Callable[[Where, int], Act]
    lowered: int = 0
    told: Callable[[int], str] = str


# -- what is tried -----------------------------------------------------------------------------------------------------
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


NO_TEXT = making.parts_of("")
UNPACKED, PARTS = sum(map(len, NO_TEXT.values())), len(NO_TEXT)
FILE = len(making.zipped({**NO_TEXT, "word/a.png": b""}, ZIP_STORED))
"""How large a template with nothing in it is."""


def template_file(more: Callable[[int], dict[str, int]]) -> Callable[[Where, int], Act]:
    """A template with further parts, of so many bytes each."""

    def ready(_at: Where, n: int) -> Act:
        parts = {**NO_TEXT, **{name: bytes(size) for name, size in more(n).items()}}
        content = making.zipped(parts, ZIP_STORED)
        return lambda: open_template(content)

    return ready


def template_part(body: Callable[[int], str]) -> Callable[[Where, int], Act]:
    """A template with that body."""

    def ready(_at: Where, n: int) -> Act:
        content = making.template(body(n))
        return lambda: open_template(content)

    return ready


XML = len(making.parts_of(making.p(""))["word/document.xml"])


def tagged_template(_at: Where, n: int) -> Act:
    own = sum(map(NO_TEXT["word/document.xml"].count, (b"<", b"=")))
    content = making.template("<w:p/>" * (n - own))
    return lambda: open_template(content)


def repeated_paragraphs(_at: Where, n: int) -> Act:
    """The first of what repeats is the template's own."""
    content = making.template(making.p("{#Rows}") + "<w:p/>" + making.p("{/Rows}"))
    return lambda: fill(open_template(content), making.Values({"Rows": [{}] * (n + 1)}))


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

CASES: dict[str, Case] = {
    "value.text": Case(deal(title=x, comment=x)),
    "value.patterned": Case(custom("string", x, settings={"pattern": "x*"})),
    "value.several": Case(custom("string", lambda n: "; ".join(map(str, range(n))), many=True)),
    "value.typed_number": Case(custom("number", lambda n: "1".rjust(n, "0"))),
    "value.digits": Case(custom("number", lambda n: "9" * n)),
    "value.decimals": Case(custom("number", lambda n: "1." + "1" * n)),
    "value.amount_decimals": Case(custom("money", lambda n: f"1.{'1' * n} EUR", settings={"precision": 6})),
    "value.typed_date": Case(deal(close_date=lambda n: f"18{' ' * (n - 5)}dec")),
    "value.contact": Case(in_json("company", "web", lambda n: [f"example.com/{x(n - 12)}"])),
    "value.address_part": Case(in_json("company", "address", lambda n: {"line1": x(n)})),
    "value.product_rows": Case(in_json("deal", "products", lambda n: row()(n) * n)),
    "value.product_name": Case(in_json("deal", "products", row(name=x))),
    "value.product_unit": Case(in_json("deal", "products", row(unit=x))),
    "value.file_name": Case(
        lambda at, n: in_json(
            "deal",
            add_field(at.session, "deal", "File", "file").key,
            lambda n: {"blob": "0" * 64, "name": x(n), "size": 1},
        )(at, n)
    ),
    "value.file_size": Case(attached, lowered=1_000),
    "timeline.comment": Case(lambda at, n: lambda: timeline.comment(at.session, D1, x(n))),
    "timeline.pinned": Case(pinned),
    "timeline.activity": Case(lambda at, n: lambda: activities.add(at.session, D1, x(n), "2026-12-01T09:00:00Z")),
    "activity.also": Case(bound),
    "activity.attendees": Case(planned(people=lambda n: {f"p{number}": "asked" for number in range(n)})),
    "activity.place": Case(planned(place=x)),
    "activity.rooms": Case(planned(rooms=lambda n: [f"r{number}" for number in range(n)])),
    "activity.reminders": Case(planned(reminders=lambda n: [*range(n)])),
    "activity.reminder_ahead": Case(planned(reminders=lambda n: [n])),
    "activity.rule": Case(planned(rule=lambda n: "FREQ=DAILY".ljust(n, ";"))),
    "repeat.count": Case(planned(rule=lambda n: f"FREQ=DAILY;COUNT={n}")),
    "repeat.every": Case(planned(rule=lambda n: f"FREQ=DAILY;INTERVAL={n}")),
    "activity.skipped": Case(planned(skipped=lambda n: [f"{2000 + number}-01-01" for number in range(n)])),
    "activity.uid": Case(planned(uid=x)),
    "activity_kind.count": Case(
        one_more(lambda at, name: activity_kinds.add_kind(at.session, name), none_yet), lowered=4
    ),
    "activity_kind.name": Case(named(activity_kinds.add_kind)),
    "setting.holidays": Case(
        lambda at, n: lambda: shared_settings.change(at.session, {"holidays": ", ".join(days(n))})
    ),
    "link.word": Case(lambda at, n: lambda: relations.link(at.session, D1, Ref("deal", 2), x(n))),
    "link.count": Case(linked, lowered=4),
    "find.text": Case(asked(x)),
    "find.words": Case(asked(lambda n: "a " * n)),
    "filter.text": Case(filtered(lambda n: f"title = {x(n - 8)}")),
    "filter.depth": Case(filtered(lambda n: f"{'(' * (n - 1)}a{')' * (n - 1)}")),
    "filter.terms": Case(filtered(lambda n: " or ".join(["amount > 1"] * n))),
    "filter.values": Case(filtered(lambda n: f"title in ({','.join(['a'] * n)})")),
    "sort.keys": Case(lambda at, n: lambda: filters.sorts_for(at.session, "deal", ",".join(["title"] * n))),
    "command.refs": Case(lambda at, n: lambda: lookup.read_refs(at.session, ["D-1"] * n)),
    "command.stdin": Case(from_stdin, lowered=1_000),
    "name": Case(named(lambda session, name: pipelines.add_pipeline(session, "deal", name))),
    "type.name": Case(
        named(lambda session, name: item_types.add(session, item_types.TypeChanges(label=name, prefix="QQ")))
    ),
    "type.count": Case(
        one_more(lambda at, name: item_types.add(at.session, item_types.TypeChanges(label=name)), none_yet), lowered=4
    ),
    "field.name": Case(new_field(label=x)),
    "field.help": Case(new_field(help=x)),
    "field.count": Case(one_more(lambda at, name: add_field(at.session, "deal", name), none_yet), lowered=4),
    "field.unit": Case(new_field(kind=lambda _n: "number", settings=lambda n: {"unit": x(n)})),
    "field.pattern": Case(new_field(settings=lambda n: {"pattern": x(n)})),
    "field.extensions": Case(
        new_field(kind=lambda _n: "file", settings=lambda n: {"extensions": [f"e{number}" for number in range(n)]})
    ),
    "option.name": Case(new_field(kind=lambda _n: "list", options=lambda n: [x(n)])),
    "option.count": Case(new_field(kind=lambda _n: "list", options=lambda n: list(map(str, range(n))))),
    "dictionary.count": Case(
        one_more(lambda at, name: dictionaries.add_dictionary(at.session, name, ["a"]), count("dictionary")), lowered=20
    ),
    "pipeline.count": Case(
        one_more(
            lambda at, name: pipelines.add_pipeline(at.session, "deal", name),
            lambda session: len(session.workspace.pipelines("deal")),
        ),
        lowered=4,
    ),
    "stage.count": Case(
        one_more(
            lambda at, name: stage_changes.add_stage(at.session, "deal", "general", name),
            lambda session: len(session.workspace.pipelines("deal")[0].stages),
        ),
        lowered=12,
    ),
    "numbering.pattern": Case(
        lambda at, n: lambda: change_numbering(at.session, "quote", {"pattern": "{YEAR}{NUMBER}".ljust(n, "x")})
    ),
    "section.name": Case(
        lambda at, n: (
            lambda: layouts.edit(at.session, DEALS, "section", lambda layout: add_section(layout, "user_x", x(n)))
        )
    ),
    "section.count": Case(section_count),
    "view.name": Case(named(lambda session, name: views.add_view(session, DEALS, name, ["luca"]))),
    "view.count": Case(
        one_more(lambda at, name: views.add_view(at.session, DEALS, name, ["luca"]), none_yet), lowered=4
    ),
    "view.members": Case(members, lowered=4),
    "saved_filter.name": Case(named(lambda session, name: saved_filters.save(session, "deal", name, "amount > 1"))),
    "saved_filter.count": Case(
        one_more(lambda at, name: saved_filters.save(at.session, "deal", name, "amount > 1"), none_yet), lowered=4
    ),
    "person.name": Case(named(lambda session, name: people.add_person(session, people.Details(name)))),
    "person.login": Case(
        named(lambda session, name: people.edit_person(session, "luca", people.Details(logins=[name])))
    ),
    "person.logins": Case(logins),
    "person.count": Case(
        one_more(lambda at, name: people.add_person(at.session, people.Details(name)), count("person")), lowered=5
    ),
    "department.name": Case(named(people.add_department)),
    "department.count": Case(
        one_more(lambda at, name: people.add_department(at.session, name), count("department")), lowered=5
    ),
    "department.depth": Case(depth),
    "currency.count": Case(
        one_more(lambda at, _name: currencies.set_rate(at.session, next(CODES), "2"), count("currency")), lowered=60
    ),
    "room.name": Case(named(lambda session, name: rooms.add_room(session, rooms.RoomDetails(name)))),
    "room.place": Case(named(lambda session, name: rooms.add_room(session, rooms.RoomDetails("R", place=name)))),
    "room.count": Case(
        one_more(lambda at, name: rooms.add_room(at.session, rooms.RoomDetails(name)), count("room")), lowered=5
    ),
    "template.name": Case(named(document_makers.add_template)),
    "template.count": Case(
        one_more(lambda at, name: document_makers.add_template(at.session, name), count("template")), lowered=5
    ),
    "template.types": Case(document_makers.template_types, lowered=4),
    "document.title": Case(document_makers.title),
    "document.versions": Case(document_makers.versions_of, lowered=4),
    "repeats.excluded": Case(excluded, lowered=4),
    "calendar.size": Case(calendar_file(lambda n: padded(calendar_of(EVENT), n)), lowered=1 << 20),
    "calendar.events": Case(calendar_file(lambda n: calendar_of(EVENT * n).encode()), lowered=4),
    "calendar.extra": Case(
        calendar_file(lambda n: calendar_of(EVENT.replace("DTSTART", f"X-A:{x(n - 4)}\nDTSTART")).encode()),
        told=lambda _n: "other programs keep",
    ),
    "import.csv_size": Case(imported("deals.csv", lambda n: padded("title,amount\nA,1\n", n)), 1 << 20, mega),
    "import.json_size": Case(
        imported("crm.deal.list.json", lambda n: padded('{"result": [{"ID": "1", "TITLE": "A"}]}', n)), 1 << 20, mega
    ),
    "import.rows": Case(
        imported("deals.csv", lambda n: ("title,amount\n" + "".join(f"A{row},1\n" for row in range(n))).encode()),
        lowered=4,
    ),
    "import.columns": Case(csv_text(lambda n: ",".join(f"c{column}" for column in range(n)) + "\n")),
    "import.cell": Case(csv_text(lambda n: f"a,b\n{x(n)},1\n")),
    "import.record": Case(csv_text(lambda n: f"a,b\n{x(100_000)},{x(n - 100_002)}\n"), lowered=200_000),
    "template.size": Case(template_file(lambda n: {"word/a.png": n - FILE}), lowered=100_000),
    "template.unpacked": Case(template_file(lambda n: {"word/a.png": n - UNPACKED}), lowered=100_000),
    "template.parts": Case(template_file(lambda n: {f"word/{one}.png": 1 for one in range(n - PARTS)}), lowered=50),
    "template.xml": Case(template_part(lambda n: making.p("x" * (n - XML))), lowered=20_000),
    "template.placeholders": Case(template_part(lambda n: making.p("{A}" * (n - 1)) + making.p("{A}")), lowered=200),
    "template.sections": Case(template_part(lambda n: making.p("{#A}" * n, "{/A}" * n))),
    "template.tags": Case(tagged_template, lowered=200),
    "document.tags": Case(repeated_paragraphs, lowered=200),
    "layout.size": Case(layout_file(lambda n: padded(LAYOUT, n)), lowered=10_000),
    "layout.depth": Case(layout_file(deep_layout)),
    "config.size": Case(config_file),
    "config.keys": Case(bound_keys),
    "record.size": Case(sized_record, lowered=50_000),
    "record.depth": Case(deep_record),
}
