"""What is tried of each limit: how as much of it is given as is asked for, and what counts what is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from tests import document_makers, message_makers
from tests.documents.docx import making
from tests.doors import add_field
from tests.limit_makers import (
    CODES,
    D1,
    DEALS,
    EVENT,
    LAYOUT,
    Act,
    Where,
    asked,
    attached,
    bound,
    bound_keys,
    calendar_file,
    calendar_of,
    call_register,
    config_file,
    count,
    csv_text,
    custom,
    days,
    deal,
    deep_layout,
    deep_record,
    depth,
    excluded,
    filtered,
    from_stdin,
    imported,
    in_json,
    keys,
    layout_file,
    linked,
    logins,
    mega,
    members,
    named,
    new_field,
    none_yet,
    one_more,
    padded,
    pinned,
    planned,
    row,
    section_count,
    sized_record,
    x,
)
from tests.limit_templates import (
    FILE,
    PARTS,
    UNPACKED,
    XML,
    repeated_paragraphs,
    tagged_template,
    template_file,
    template_part,
)
from tuicrm.domain.items import Ref
from tuicrm.domain.layouts import add_section
from tuicrm.services.boards import filters, saved_filters
from tuicrm.services.definitions import (
    currencies,
    dictionaries,
    item_types,
    pipelines,
    rooms,
    stage_changes,
)
from tuicrm.services.definitions.numbering import change_numbering
from tuicrm.services.items import activities, activity_kinds, relations, timeline
from tuicrm.services.kernel import lookup
from tuicrm.services.layouts import layouts, views
from tuicrm.services.messages import accounts, calls, reaching
from tuicrm.services.workspace import people, roles, shared_settings

ON_SCREEN = {"screen.line", "screen.lines"}
"""Tried in tests/screens/test_pasting.py."""


class Case(NamedTuple):
    """How so much of something is given: `ready` makes what must be there before, and what then is tried.

    `lowered` is what the limit is set to where the real one would take minutes; `told` how the refusal names it."""

    ready: Callable[[Where, int], Act]
    lowered: int = 0
    told: Callable[[int], str] = str


SMTP = {"host": "mail.example.com", "address": "anna@example.com"}

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
    "call.minutes": Case(
        lambda at, n: lambda: calls.log_call(at.session, reaching.whom(at.session, "D-1"), calls.CallMade("in", n))
    ),
    "call.register": Case(call_register, lowered=1_000),
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
    "person.keys": Case(keys),
    "person.logins": Case(logins),
    "person.count": Case(
        one_more(lambda at, name: people.add_person(at.session, people.Details(name)), count("person")), lowered=5
    ),
    "department.name": Case(named(people.add_department)),
    "role.name": Case(named(lambda session, name: roles.add_role(session, roles.RoleDetails(name)))),
    "department.count": Case(
        one_more(lambda at, name: people.add_department(at.session, name), count("department")), lowered=5
    ),
    "department.depth": Case(depth),
    "currency.count": Case(
        one_more(lambda at, _name: currencies.set_rate(at.session, next(CODES), "2"), count("currency")), lowered=60
    ),
    "channel.name": Case(named(lambda session, name: accounts.add_channel(session, name, "smtp", SMTP))),
    "setting.send_delay": Case(
        lambda at, n: lambda: shared_settings.change(at.session, {shared_settings.SEND_DELAY: str(n)})
    ),
    "channel.count": Case(
        one_more(lambda at, name: accounts.add_channel(at.session, name, "smtp", SMTP), count("channel")), lowered=5
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
    "text_template.name": Case(named(document_makers.add_text_template)),
    "text_template.count": Case(
        one_more(lambda at, name: document_makers.add_text_template(at.session, name), count("text_template")),
        lowered=5,
    ),
    "document.title": Case(document_makers.title),
    "document.versions": Case(document_makers.versions_of, lowered=4),
    "mail.size": Case(message_makers.size, lowered=5_000),
    "mail.sent": Case(message_makers.sent, lowered=5_000),
    "mail.files": Case(message_makers.files),
    "message.subject": Case(message_makers.subject),
    "sms.parts": Case(message_makers.sms),
    "message.items": Case(message_makers.on, lowered=4),
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
