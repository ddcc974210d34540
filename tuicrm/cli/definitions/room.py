"""`tuicrm room list`, `add`, `show`, `edit`, `move`, `retire`, `restore`, `free`, `bookings`."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.moments import due, moment
from tuicrm.cli.arguments.places import DOWN, UP, direction
from tuicrm.cli.arguments.retiring import retiring
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, Refused, UsageError
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.activities.spans import Span
    from tuicrm.domain.rooms import BookableRoom
    from tuicrm.services.calendar.rooms import Booking

app = noun(_("Rooms and resources that can be booked, and when they are free."))

_WHICH = typer.Argument(metavar="ROOM", help=_("A room or resource, by key or name."))
_PLACE = typer.Option(None, metavar="TEXT", help=_("Where it is."))
_SEATS = typer.Option(None, metavar="N", help=_("How many it seats; empty for not saying."))
_BOOKERS = typer.Option(
    None, metavar="WHO", help=_("Who may book it: a person or department; repeat for several. Empty for everyone.")
)
_KIND = typer.Option(None, metavar="KIND", help=_("room or resource."))
_ON = typer.Option("", metavar="WHEN", help=_("The day: 2026-12-18, fri, +3d; by default, today."))


@app.command("list", cls=CrmCommand, help=_("List the rooms and resources, in order."))
def list_(
    context: typer.CommandContext, all_rooms: bool = typer.Option(False, "--all", help=_("Include retired ones."))
) -> None:
    from tuicrm.services.calendar.rooms import plain, rooms

    work = work_of(context)
    found = rooms(work.session, retired=all_rooms)
    if work.out.json:
        work.out.envelope(rooms=[plain(room) for room in found], total=len(found))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Name")), TableColumn(_("Place"))]
    heads += [TableColumn(_("Seats"), "right"), TableColumn(_("Who may book")), TableColumn("")]
    work.out.table(heads, [_row(work, room) for room in found])


def _row(work: CommandRun, room: BookableRoom) -> list[str]:
    state = [_("resource") if room.kind == "resource" else "", _("retired") if room.retired else ""]
    seats = str(room.seats) if room.seats else ""
    return [room.key, room.label, room.place, seats, _bookers(work, room), ", ".join(filter(None, state))]


def _bookers(work: CommandRun, room: BookableRoom) -> str:
    workspace = work.session.workspace
    names = {f"department:{key}": part.name for key, part in workspace.departments.items()}
    names |= {key: person.name for key, person in workspace.people.items()}
    return ", ".join(names.get(key, key) for key in room.bookers) or _("everyone")


@app.command(cls=TextCommand, help=_("Add a room or resource; prints its key."))
def add(
    context: typer.CommandContext,
    name: str = typer.Argument(metavar="NAME", help=_("The name people see.")),
    place: str = _PLACE,
    seats: str = _SEATS,
    bookers: list[str] | None = _BOOKERS,
    kind: str = _KIND,
    key: str = typer.Option("", metavar="KEY", help=_("The permanent key; by default, made from the name.")),
) -> None:
    from tuicrm.services.definitions.rooms import RoomDetails, add_room

    work = work_of(context)
    _answer(work, add_room(work.session, RoomDetails(name, place, seats, bookers or None, kind), key=key))


@app.command(cls=CrmCommand, help=_("Show a room or resource, and what is booked next."))
def show(context: typer.CommandContext, room: str = _WHICH) -> None:
    from tuicrm.domain.activities.spans import Span
    from tuicrm.services.calendar import rooms
    from tuicrm.services.items.room_names import find_room

    work = work_of(context)
    session = work.session
    found = find_room(session, room, begins=True)
    now = session.context().now
    ahead = rooms.bookings(session, found.key, Span(now, now + timedelta(days=7)))
    if work.out.json:
        work.out.envelope(room=rooms.plain(found), bookings=[_plain(one) for one in ahead])
        return
    pairs = [(_("Key"), found.key), (_("Name"), found.label), (_("Place"), found.place)]
    pairs += [(_("Seats"), str(found.seats or "")), (_("Who may book"), _bookers(work, found))]
    pairs += [("", ", ".join(_row(work, found)[5:]))]
    for label, text in pairs:
        if text:
            work.out.text(f"{label}: {text}" if label else text)
    if ahead:
        _tell(work, ahead)


@app.command(cls=TextCommand, help=_("Change a room or resource; what is booked stays booked."))
def edit(
    context: typer.CommandContext,
    room: str = _WHICH,
    name: str = typer.Option(None, metavar="NAME", help=_("The name people see.")),
    place: str = _PLACE,
    seats: str = _SEATS,
    bookers: list[str] | None = _BOOKERS,
    kind: str = _KIND,
) -> None:
    from tuicrm.services.definitions.rooms import RoomDetails, edit_room
    from tuicrm.services.items.room_names import find_room

    work = work_of(context)
    if all(said is None for said in (name, place, seats, kind)) and not bookers:
        raise UsageError(_("Nothing to change: give at least one option."))
    key = find_room(work.session, room).key
    _answer(work, edit_room(work.session, key, RoomDetails(name, place, seats, bookers or None, kind)))


@app.command(cls=CrmCommand, help=_("Move a room or resource up or down in the list."))
def move(context: typer.CommandContext, room: str = _WHICH, up: bool = UP, down: bool = DOWN) -> None:
    from tuicrm.services.definitions.rooms import move_room
    from tuicrm.services.items.room_names import find_room

    work = work_of(context)
    step = direction(up=up, down=down)
    _answer(work, move_room(work.session, find_room(work.session, room).key, step))


def _retire(work: CommandRun, room: str, *, back: bool) -> None:
    from tuicrm.services.definitions.rooms import retire_room
    from tuicrm.services.items.room_names import find_room

    _answer(work, retire_room(work.session, find_room(work.session, room).key, back=back))


retiring(
    app,
    _WHICH,
    _retire,
    retire=_("Retire a room or resource: it is no longer booked; what is booked stays."),
    restore=_("Restore a retired room or resource."),
)


def _answer(work: CommandRun, room: BookableRoom) -> None:
    from tuicrm.services.calendar.rooms import plain

    work.out.names(room.key, room=plain(room))


# -- when --------------------------------------------------------------------------------------------------------------
@app.command(cls=CrmCommand, help=_("Show who has a room or resource on a day."))
def bookings(context: typer.CommandContext, room: str = _WHICH, on: str = _ON) -> None:
    from tuicrm.services.calendar import rooms
    from tuicrm.services.items.room_names import find_room

    work = work_of(context)
    found = find_room(work.session, room, begins=True)
    there = rooms.bookings(work.session, found.key, _day(work, on))
    if work.out.json:
        work.out.envelope(room=found.key, bookings=[_plain(one) for one in there], total=len(there))
    else:
        _tell(work, there)


@app.command(
    cls=CrmCommand,
    help=_("Show when a room or resource is free on a day, or which ones are free at a time."),
    examples=[("--at 2027-01-12T10:00 --for 1h", _("What is free then for an hour."))],
)
def free(
    context: typer.CommandContext,
    room: str = typer.Argument("", metavar="[ROOM]", help=_("A room or resource, by key or name; by default, all.")),
    on: str = _ON,
    at: str = typer.Option("", metavar="WHEN", help=_("A time: 2026-12-18T09:30; what is free from then on.")),
    length: str = typer.Option("0:30", "--for", metavar="LENGTH", help=_("For how long: 1h, 90m, 1:30.")),
) -> None:
    from tuicrm.domain.activities.spans import Span
    from tuicrm.services.calendar import rooms
    from tuicrm.services.items.room_names import find_room

    work = work_of(context)
    session, long = work.session, _length(work, length)
    asked = [find_room(session, room, begins=True)] if room else rooms.bookable(session)
    begin = _at(work, at) if at else None
    if begin is not None:
        span = Span(begin, begin + long)
        empty = rooms.free_rooms(session, span)
        found = [(one, span) for one in (empty if not room else asked) if one in empty]
    else:
        day = _from_now(work, _day(work, on))
        found = [(one, each) for one in asked for each in rooms.free_times(session, one.key, day, long)]
    if work.out.json:
        told = [{"room": one.key, "start": stamp(each.start), "end": stamp(each.end)} for one, each in found]
        work.out.envelope(free=told, total=len(told))
        return
    heads = [TableColumn(_("Room"), style="accent"), TableColumn(_("Free")), TableColumn(_("Seats"), "right")]
    rows = [[one.label, _when(work, each), str(one.seats or "")] for one, each in found]
    work.out.table(heads, rows)
    if room and begin is not None and not found:
        again = rooms.next_free(session, asked[0].key, long, begin)
        work.out.say(_("{room} is next free from {when}").format(room=asked[0].label, when=_moment(work, again)))


def _day(work: CommandRun, text: str) -> Span:
    """The person's whole day that a text means."""
    from tuicrm.domain.activities.spans import Span

    zone = work.session.zone
    begin = moment(work.session, text, "on") if text else work.session.context().now
    day = begin.astimezone(zone).date()
    try:
        ends = [datetime.combine(day + timedelta(days=n), time(), zone) for n in (0, 1)]
        return Span(*ends)
    except OverflowError:
        message = _("there is no such day: {text}").format(text=text)
        raise Refused(f"--on: {message}", [FieldProblem("on", message, text)]) from None


def _at(work: CommandRun, text: str) -> datetime:
    return datetime.fromisoformat(due(work.session, text, "at"))


def _from_now(work: CommandRun, day: Span) -> Span:
    """What is left of a day: nobody books what is over."""
    now = work.session.context().now
    return day._replace(start=max(day.start, now.replace(second=0, microsecond=0))) if day.end > now else day


def _length(work: CommandRun, text: str) -> timedelta:
    from tuicrm.domain.kinds import kind_of
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.domain.schema import Field

    try:
        minutes = kind_of("duration").parse(text, Field("", "duration", ""), work.session.context())
        return timedelta(minutes=max(minutes or 0, 1))
    except (BadValue, OverflowError) as problem:
        message = problem.message if isinstance(problem, BadValue) else _("it is too long")
        raise Refused(f"--for: {message}", [FieldProblem("for", message, text)]) from problem


def _plain(one: Booking) -> dict[str, Any]:
    by = one.by
    return {
        "start": stamp(one.span.start),
        "end": stamp(one.span.end),
        "busy": not by.who,
        "who": by.who or None,
        "what": by.what or None,
        "ref": by.ref or None,
        "activity": by.activity or None,
    }


def _tell(work: CommandRun, found: list[Booking]) -> None:
    heads = [TableColumn(_("When"), style="accent"), TableColumn(_("Who")), TableColumn(_("What"))]
    rows = [[_when(work, one.span), one.by.who or _("busy"), f"{one.by.ref} {one.by.what}".strip()] for one in found]
    work.out.table(heads, rows)


def _when(work: CommandRun, span: Span) -> str:
    from tuicrm.services.calendar.rooms import span_words

    return span_words(work.session, span)


def _moment(work: CommandRun, when: datetime) -> str:
    from tuicrm.services.calendar.rooms import moment_words

    return moment_words(work.session, when)
