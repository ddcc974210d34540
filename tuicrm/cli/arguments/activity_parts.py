"""The parts of an activity as the command line takes them: `--at`, `--end`, `--with`, `--remind`, …; the words into fields."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.cli.arguments.moments import due
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.running.work import stdin_for
from tuicrm.errors import FieldProblem, NotFound, Refused, UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.services.kernel.session import Session

_AT = typer.Option(None, "--at", metavar="WHEN", help=_("When it begins or is due: 2026-12-18T09:30, +3d."))
_END = typer.Option(None, "--end", metavar="WHEN", help=_("Until when; 11:00 is of the same day."))
_LENGTH = typer.Option(None, "--length", metavar="LENGTH", help=_("How long it takes: 30m, 1h30, 2h."))
_ALL_DAY = typer.Option(False, "--all-day", help=_("Whole days, from --at to --end."))
_DEADLINE = typer.Option(
    None, "--deadline", metavar="WHEN", help=_("By when it is to be done, where it begins before.")
)
_WHO = typer.Option(None, "--who", metavar="WHO", help=_("Who does it; by default, you."))
_KIND = typer.Option(None, "--kind", metavar="KIND", help=_("todo, call, meeting, or a custom kind."))
_WITH = typer.Option(None, "--with", metavar="NAME", help=_("Who takes part: people, contacts; repeat for several."))
_ALSO = typer.Option(None, "--also", metavar="REF", help=_("Another item that shows it; repeat for several."))
_PLACE = typer.Option(None, "--place", metavar="TEXT", help=_("Where."))
_ROOM = typer.Option(None, "--room", metavar="ROOM", help=_("A room or resource; repeat for several."))
_REMIND = typer.Option(
    None, "--remind", metavar="LENGTH", help=_("A reminder so long before: 15m, 1h, 1d; repeat for several.")
)
_COLOUR = typer.Option(None, "--colour", metavar="1-7", help=_("A colour, 1 to 7."))
_PRIORITY = typer.Option(None, "--priority", metavar="1-3", help=_("1 is low, 3 is high."))
_PRIVATE = typer.Option(False, "--private", help=_("Others see only that you are busy."))
_PUBLIC = typer.Option(False, "--public", help=_("Others who see the item see it whole."))
_TEXT = typer.Option(None, "--text", metavar="TEXT", help=_("More about it; - reads stdin."))
_FILE = typer.Option(None, "--file", metavar="PATH", help=_("A file to attach; repeat for several."))


class GivenParts(msgspec.Struct, frozen=True):
    """What was given; None for what was not. "" (and [""]) takes a part away."""

    at: str | None = None
    end: str | None = None
    length: str | None = None
    all_day: bool = False
    deadline: str | None = None
    who: str | None = None
    kind: str | None = None
    attendees: list[str] | None = None
    also: list[str] | None = None
    place: str | None = None
    rooms: list[str] | None = None
    remind: list[str] | None = None
    colour: str | None = None
    priority: str | None = None
    private: bool = False
    public: bool = False
    text: str | None = None
    files: list[str] | None = None


_PARTS: dict[str, Any] = {
    "at": _AT,
    "end": _END,
    "length": _LENGTH,
    "all_day": _ALL_DAY,
    "deadline": _DEADLINE,
    "who": _WHO,
    "kind": _KIND,
    "attendees": _WITH,
    "also": _ALSO,
    "place": _PLACE,
    "rooms": _ROOM,
    "remind": _REMIND,
    "colour": _COLOUR,
    "priority": _PRIORITY,
    "private": _PRIVATE,
    "public": _PUBLIC,
    "text": _TEXT,
    "files": _FILE,
}
OF_ONE: Any = typer.Options(GivenParts, **_PARTS)
"""The parts of an activity that is there."""
OF_NEW: Any = typer.Options(GivenParts, **{name: one for name, one in _PARTS.items() if name != "public"})
"""Those of a new one, which is public unless it is private."""


def fields_of(session: Session, given: GivenParts, planned: str = "") -> dict[str, Any]:
    """The fields of `planning.plan` and `planning.edit` that are said. `planned` is when it begins so far (UTC ISO).

    Raises UsageError, Refused naming the option, NotFound."""
    fields = _when(session, given, planned)
    if given.who is not None:
        fields["responsible"] = _person(session, given.who)
    if given.kind is not None:
        fields["kind"] = kind_named(session, given.kind)
    if given.attendees:
        fields |= _attendees(session, given.attendees)
    if given.also:
        fields["also"] = _refs(session, given.also)
    if given.rooms:
        fields["rooms"] = _rooms(session, given.rooms)
    if given.remind:
        fields["reminders"] = [_minutes(text, "remind") for text in given.remind if text.strip()]
    if given.files:
        fields["files"] = _files(session, given.files)
    return fields | _as_said(given)


def _as_said(given: GivenParts) -> dict[str, Any]:
    """What needs no workspace to be read."""
    fields: dict[str, Any] = {}
    for name in ("place", "colour"):
        if (said := getattr(given, name)) is not None:
            fields[name] = said
    if given.text is not None:
        fields["text"] = stdin_for(given.text)
    if given.priority is not None:
        fields["priority"] = int(given.priority) if given.priority in ("1", "2", "3") else given.priority or None
    if given.private or given.public:
        fields["private"] = given.private or None
    return fields


def kind_named(session: Session, text: str) -> str:
    """The key of a kind of activity. Raises UsageError listing them."""
    from tuicrm.services.items.activity_kinds import find_kind

    try:
        return find_kind(session, text).key
    except (NotFound, Refused) as missing:
        raise UsageError(missing.message) from missing


def _person(session: Session, who: str) -> str:
    from tuicrm.services.workspace.people import find_person

    return find_person(session.workspace, who, me=session.person_key).key


# -- when --------------------------------------------------------------------------------------------------------------
def _when(session: Session, given: GivenParts, planned: str) -> dict[str, Any]:
    if given.end and given.length:
        raise UsageError(_("--end and --length say the same: give one of them."))
    if given.all_day:
        return _days(session, given, planned)
    fields: dict[str, Any] = {}
    start = planned
    if given.at:
        start = fields["start"] = due(session, given.at, "at", planned)
    if given.end is not None:
        fields["end"] = _end(session, given.end, start) if given.end else None
    if given.length:
        from tuicrm.services.calendar.planning import end_after
        from tuicrm.services.items.activities import default_time

        start = start or default_time(session.context())
        fields |= {"start": start, "end": end_after(start, _minutes(given.length, "length"))}
    if given.deadline is not None:
        fields["deadline"] = due(session, given.deadline, "deadline", planned) if given.deadline else None
    if "end" in fields and fields["end"] and "start" not in fields and not planned:
        raise UsageError(_("--end goes with --at: say when it begins."))
    return fields


def _days(session: Session, given: GivenParts, planned: str) -> dict[str, Any]:
    """Whole days: of the moments that are given, the day alone counts."""
    from tuicrm.services.items.activities import default_time

    if given.length or given.deadline:
        raise UsageError(_("--all-day goes with --at and --end alone."))
    first = _day(session, given.at, "at") if given.at else ""
    if not first:
        moment = datetime.fromisoformat(planned or default_time(session.context()))
        first = moment.astimezone(session.zone).date().isoformat()
    return {"day": first, "last_day": _day(session, given.end, "end") if given.end else None}


def _day(session: Session, text: str, option: str) -> str:
    """A day as it is typed (`2026-12-18`, `fri`, `+3d`); of a moment, the person's own."""
    from tuicrm.domain import typed as read
    from tuicrm.domain.kinds.base import BadValue

    context = session.context(canonical=True)
    try:
        found = read.when(text, context)
    except BadValue as bad:
        raise Refused(f"--{option}: {bad.message}", [FieldProblem(option, bad.message, text)]) from bad
    return found if isinstance(found, str) else found.astimezone(session.zone).date().isoformat()


def _end(session: Session, text: str, start: str) -> str:
    """Until when; a time alone is of the day on which it begins."""
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.services.calendar.typed_parts import read_end

    if not start:
        return due(session, text, "end")
    try:
        return read_end(text, start, session.context())
    except BadValue as bad:
        raise Refused(f"--end: {bad.message}", [FieldProblem("end", bad.message, text)]) from bad


def _minutes(text: str, option: str) -> int:
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.services.calendar.typed_parts import minutes_of

    try:
        return minutes_of(text)
    except BadValue as bad:
        raise Refused(f"--{option}: {bad.message}", [FieldProblem(option, bad.message, text)]) from bad


# -- who, where, what --------------------------------------------------------------------------------------------------
def _attendees(session: Session, names: Sequence[str]) -> dict[str, Any]:
    from tuicrm.services.calendar.lines import attendee

    found = [attendee(session, name) for name in names if name.strip()]
    return {
        "people": [key for key in found if ":" not in key] or None,
        "contacts": [key for key in found if ":" in key] or None,
    }


def _refs(session: Session, texts: Sequence[str]) -> list[str]:
    from tuicrm.services.kernel.lookup import read_ref

    refs = [read_ref(session, text) for text in texts if text.strip()]
    for ref in refs:
        session.get(ref)
    return [str(ref) for ref in refs]


def _rooms(session: Session, texts: Sequence[str]) -> list[str]:
    from tuicrm.services.items.room_names import find_room

    return [find_room(session, text).key for text in texts if text.strip()]


def _files(session: Session, paths: Sequence[str]) -> list[Any]:
    from tuicrm.domain.kinds.base import BadValue
    from tuicrm.services.items.activity_files import take

    try:
        return take(session, "\n".join(path for path in paths if path.strip()))
    except BadValue as bad:
        raise Refused(f"--file: {bad.message}", [FieldProblem("file", bad.message, bad.value)]) from bad
