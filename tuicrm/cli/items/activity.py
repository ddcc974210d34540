"""`tuicrm activity list`, `add`, `log`, `edit`, `move`, `done`, `note`, `delete`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.moments import due
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun, stdin_for
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _

if TYPE_CHECKING:
    from tuicrm.services.kernel.session import Session

app = noun(_("Planned activities of items."))

_LEAST = 2
_Number = typer.Argument(metavar="NUMBER", help=_("The number shown by `activity list`."))
_Numbers = typer.Argument(metavar="NUMBER...", help=_("The numbers shown by `activity list`."))
_When = _("2026-12-18T09:30, +3d; a day without a time keeps the time.")


@app.command("list", cls=CrmCommand, help=_("List the activities planned on an item."))
def list_(context: typer.CommandContext, ref: str = typer.Argument(metavar="REF")) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.services.items import activities
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    session = work.session
    target = read_ref(session, ref)
    session.get(target)
    planned = activities.open_of(session, target)
    if work.out.json:
        work.out.envelope(activities=[{"id": record.id, "rev": record.rev, **record.doc} for record in planned])
        return
    from tuicrm.render.table import TableColumn

    now = session.context()
    rows = [
        [
            str(r.id),
            short_when(r.doc["at"], now),
            r.doc["what"],
            session.names.person(r.doc.get("responsible") or "") or "",
        ]
        for r in planned
    ]
    work.out.table(
        [TableColumn("#", "right"), TableColumn(_("When")), TableColumn(_("What")), TableColumn(_("Who"))], rows
    )


@app.command(
    cls=TextCommand,
    help=_("Plan an activity; prints its number."),
    examples=[('D-42 "Call about the offer" --at +3d --kind call', N_("In three days."))],
)
def add(
    context: typer.CommandContext,
    ref: str = typer.Argument(metavar="REF"),
    what: str = typer.Argument(metavar="WHAT"),
    at: str = typer.Option("", metavar="WHEN", help=_("2026-12-18T09:30, +3d; by default, in three working days.")),
    who: str = typer.Option("", metavar="WHO", help=_("Who does it; by default, you.")),
    kind: str = typer.Option("todo", metavar="KIND", help=_("todo, call or meeting.")),
) -> None:
    from tuicrm.services.items import activities
    from tuicrm.services.items.activity_kinds import find_kind
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    session = work.session
    target = read_ref(session, ref)
    session.get(target)
    kind = find_kind(session, kind).key
    when = due(session, at, "at") if at else activities.default_time(session.context())
    made = activities.add(session, target, what, when, kind=kind, responsible=_person(session, who) if who else "")
    if work.out.json:
        work.out.envelope(activity=made, at=when)
    else:
        work.out.text(str(made))


@app.command(
    cls=TextCommand,
    help=_("Log what was done with its result, and plan the next step; prints the numbers of both."),
    examples=[
        ('D-42 "They take it" --next "Send the contract" --at "tomorrow 10:00"', N_("A call, and what comes next.")),
        ('D-42 "They take it" --finishing 17', N_("What was planned as 17 is done.")),
    ],
)
def log(
    context: typer.CommandContext,
    ref: str = typer.Argument(metavar="REF"),
    text: str = typer.Argument("", metavar="TEXT", help=_("What came of it; - reads stdin.")),
    kind: str = typer.Option("", metavar="KIND", help=_("call (the default), meeting or todo.")),
    finishing: int = typer.Option(0, metavar="NUMBER", help=_("The planned activity that is done with it.")),
    step: str = typer.Option("", "--next", metavar="WHAT", help=_("What is to be done next.")),
    at: str = typer.Option("", metavar="WHEN", help=_("When it is due; by default, in three working days.")),
    who: str = typer.Option("", metavar="WHO", help=_("Who does it; by default, you.")),
) -> None:
    from tuicrm.services.items import activities, done_work
    from tuicrm.services.items.activity_kinds import find_kind
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    session = work.session
    target = read_ref(session, ref)
    session.get(target)
    if kind and finishing:
        raise UsageError(_("--kind goes with what was not planned, --finishing with what was."))
    if not step.strip() and (at or who):
        raise UsageError(_("--at and --who say when and by whom the next step is done: say which with --next."))
    kind = find_kind(session, kind).key if kind else ""
    following = None
    if step.strip():
        when = due(session, at, "at") if at else activities.default_time(session.context())
        following = activities.NextStep(step, when, _person(session, who) if who else "")
    logged, planned = done_work.log_done(
        session, target, stdin_for(text), kind=kind or "call", finishing=finishing, following=following
    )
    if work.out.json:
        work.out.envelope(activity=logged, next=planned or None, at=following.at if following else None)
    else:
        work.out.text("\n".join(str(number) for number in (logged, planned) if number))


@app.command(cls=TextCommand, help=_("Change a planned activity: what, when, who does it, its kind."))
def edit(
    context: typer.CommandContext,
    number: int = _Number,
    what: str = typer.Argument("", metavar="WHAT", help=_("What to do; by default, unchanged.")),
    at: str = typer.Option("", metavar="WHEN", help=_When),
    who: str = typer.Option("", metavar="WHO", help=_("Who does it.")),
    kind: str = typer.Option("", metavar="KIND", help=_("todo, call or meeting.")),
) -> None:
    from tuicrm.services.items import activities
    from tuicrm.services.items.activity_kinds import find_kind

    work = work_of(context)
    session = work.session
    if kind:
        kind = find_kind(session, kind).key
    fields: dict[str, Any] = {
        "what": what.strip(),
        "at": _moved(session, at, activities.planned_at(session, number)) if at else "",
        "responsible": _person(session, who) if who else "",
        "kind": kind,
    }
    given = {key: value for key, value in fields.items() if value}
    if not given:
        raise UsageError(_("Nothing to change: give WHAT, --at, --who or --kind."))
    activities.edit(session, number, given)
    _done(work, _("Changed."), activity=number, changed=given)


@app.command(
    cls=CrmCommand,
    help=_("Reschedule activities to a later or earlier time."),
    examples=[("17 +2d", N_("In two days, at the same hour.")), ("17 18 2026-12-18T09:30", N_("Both to that time."))],
)
def move(
    context: typer.CommandContext,
    words: list[str] = typer.Argument(metavar="NUMBER... WHEN", help=_When),
) -> None:
    from tuicrm.services.items import activities

    work = work_of(context)
    session = work.session
    if len(words) < _LEAST:
        raise UsageError(_("Give the activity and the new time: 17 +2d."))
    numbers = list(dict.fromkeys(_number(word) for word in words[:-1]))
    times = activities.move(session, numbers, lambda planned: _moved(session, words[-1], planned))
    if work.out.json:
        moved = [{"activity": number, "at": at} for number, at in zip(numbers, times, strict=True)]
        work.out.envelope(activities=moved)
        return
    from tuicrm.domain.kinds.dates import short_when

    for number, at in zip(numbers, times, strict=True):
        work.out.say(_("{n} is now planned for {when}.").format(n=number, when=short_when(at, session.context())))


@app.command(cls=CrmCommand, help=_("Mark an activity as done."))
def done(
    context: typer.CommandContext,
    number: int = _Number,
    undone: bool = typer.Option(False, "--open", help=_("Reopen it.")),
) -> None:
    from tuicrm.services.items import activities

    work = work_of(context)
    activities.done(work.session, number, undone=undone)
    _done(work, _("Reopened.") if undone else _("Done."), activity=number, done=not undone)


@app.command(cls=TextCommand, help=_('Add a short note to an activity; "" removes it.'))
def note(
    context: typer.CommandContext,
    number: int = _Number,
    text: str = typer.Argument(metavar="TEXT", help=_("The note; - reads stdin.")),
) -> None:
    from tuicrm.services.items import activities, timeline
    from tuicrm.services.kernel.reader import ACTIVITIES

    work = work_of(context)
    activities.planned_at(work.session, number)
    timeline.note(work.session, ACTIVITIES, number, stdin_for(text))
    _done(work, _("Note saved.") if text.strip() else _("Note removed."), activity=number)


@app.command(cls=CrmCommand, help=_("Delete activities; `tuicrm undo` restores them."))
def delete(context: typer.CommandContext, numbers: list[int] = _Numbers) -> None:
    from tuicrm.services.items import activities

    work = work_of(context)
    activities.delete(work.session, *dict.fromkeys(numbers))
    _done(work, _("Deleted; `tuicrm undo` restores it."), activities=numbers)


def _person(session: Session, who: str) -> str:
    from tuicrm.services.workspace.people import find_person

    return find_person(session.workspace, who, me=session.person_key).key


def _moved(session: Session, text: str, planned: str) -> str:
    """When an activity is to be done that was planned for another time: on a day alone, at the same hour."""
    return due(session, text, "at", planned)


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit()):
        raise UsageError(_("{name}: enter a whole number.").format(name="NUMBER"))
    return int(word)


def _done(work: CommandRun, said: str, **told: object) -> None:
    if work.out.json:
        work.out.envelope(**told)
    else:
        work.out.say(said)
