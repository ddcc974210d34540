"""What commands of the calendar share: whose it is, which side holds, what came of each event."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec

from tuicrm.cli.grammar import typed as typer
from tuicrm.errors import Conflict, Refused, UsageError
from tuicrm.i18n import N_, _, ngettext

if TYPE_CHECKING:
    from tuicrm.cli.running.work import CommandRun
    from tuicrm.services.calendar.ical_files import CalendarTarget
    from tuicrm.services.calendar.ical_taking import CalendarRow, IcalRemark, Prefer
    from tuicrm.services.kernel.session import Session

_OUTCOMES: Mapping[str, str] = {
    "added": N_("new"),
    "changed": N_("changed"),
    "unchanged": N_("unchanged"),
    "cancelled": N_("called off"),
    "answered": N_("answered"),
    "clash": N_("conflict"),
    "left_out": N_("left out"),
    "sent": N_("sent"),
    "withdrawn": N_("deleted there"),
}


def whose_calendar(session: Session, whose: str, room: str) -> CalendarTarget:
    """The calendar that is meant: a person's, or a room's. Raises NotFound, UsageError for both."""
    from tuicrm.services.calendar.ical_files import CalendarTarget
    from tuicrm.services.items.room_names import find_room
    from tuicrm.services.workspace.people import find_person

    if whose and room:
        raise UsageError(_("Give --whose or --room, not both."))
    if room:
        found = find_room(session, room)
        return CalendarTarget(rooms=(found.key,), name=found.label)
    person = find_person(session.workspace, whose or session.person_key, me=session.person_key)
    return CalendarTarget(people=(person.key,), name=person.name)


def preferred(word: str) -> Prefer:
    """The side that holds where both changed something. Raises UsageError."""
    if word == "mine":
        return "mine"
    if word == "theirs":
        return "theirs"
    if word:
        raise UsageError(_("--prefer {word}: choose mine or theirs").format(word=word))
    return ""


def show_rows(
    work: CommandRun, rows: Sequence[CalendarRow], remarks: Sequence[IcalRemark] = (), *, undoable: bool, **told: object
) -> None:
    """What came of each event. Exits as a conflict does where there is one, and as a refusal where nothing but refusals is."""
    failure = _failure(rows, remarks)
    plain = {"events": msgspec.to_builtins(list(rows)), "remarks": msgspec.to_builtins(list(remarks)), **told}
    if work.out.json:
        if failure is not None:
            work.out.fail(failure, **plain)
        else:
            work.out.envelope(**plain)
    else:
        _show(work, rows, remarks)
        if undoable:
            work.out.say(_("`tuicrm undo` reverts it."))
        if failure is not None:
            work.out.fail(failure)
    if failure is not None:
        raise typer.Exit(failure.exit_code)


def _show(work: CommandRun, rows: Sequence[CalendarRow], remarks: Sequence[IcalRemark]) -> None:
    from tuicrm.render.table import TableColumn

    shown = [row for row in rows if row.outcome != "unchanged"]
    if shown:
        columns = [TableColumn(_("Result")), TableColumn(_("What")), TableColumn(_("On")), TableColumn("")]
        work.out.table(columns, [[_(_OUTCOMES[row.outcome]), row.title, row.on, _why(row)] for row in shown])
    for remark in remarks:
        named = _("{event} (line {line})").format(event=remark.event, line=remark.line) if remark.event else ""
        told = f"{named}: {remark.message}" if named else remark.message
        work.out.warn(_("left out: {what}").format(what=told) if remark.left_out else told)
    same = len(rows) - len(shown)
    if same:
        work.out.say(ngettext("{n} event unchanged", "{n} events unchanged", same))
    if not rows and not remarks:
        work.out.say(_("There are no events."))


def _why(row: CalendarRow) -> str:
    from tuicrm.services.calendar.caldav_clashes import known_clash, part_name

    if not row.clashes:
        return row.message
    return "; ".join(
        _("{what}: here {ours}, there {theirs}").format(what=part_name(name), ours=ours, theirs=theirs)
        for name, ours, theirs in known_clash(row).parts
    )


def _failure(rows: Sequence[CalendarRow], remarks: Sequence[IcalRemark]) -> Conflict | Refused | None:
    clashes = sum(row.outcome == "clash" for row in rows)
    if clashes:
        told = ngettext("{n} event was changed here and there", "{n} events were changed here and there", clashes)
        return Conflict(f"{told}: {_('--prefer mine or --prefer theirs decides')}")
    refused = sum(row.outcome == "left_out" for row in rows) + sum(remark.left_out for remark in remarks)
    if refused and all(row.outcome == "left_out" for row in rows):
        return Refused(ngettext("{n} event was left out", "{n} events were left out", refused))
    return None
