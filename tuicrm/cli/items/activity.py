"""`tuicrm activity list`, `show`, `add`, `log`, `edit`, `move`, `done`, `note`, `delete`; `tuicrm activity kind …`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.moments import due
from tuicrm.cli.arguments.series_choice import CHOICE, SeriesChoice
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.grammar.verbs import USUAL
from tuicrm.cli.items import activity_kind
from tuicrm.cli.running.work import CommandRun, stdin_for
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _
from tuicrm.render.symbols import DOT
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.activities.planned import Activity
    from tuicrm.domain.items import Ref
    from tuicrm.services.kernel.session import Session

app = noun(_("Planned activities of items."))

_LEAST = 2
_Number = typer.Argument(metavar="NUMBER", help=_("The number shown by `activity list`."))
_Numbers = typer.Argument(metavar="NUMBER...", help=_("The numbers shown by `activity list`."))
_When = _("2026-12-18T09:30, +3d; a day without a time keeps the time.")


@app.command(
    "list",
    cls=CrmCommand,
    help=_("List the activities planned on an item, on those that a filter leaves, or on all; soonest first."),
    examples=[
        ("--mine", N_("What you have to do, and where you take part.")),
        ('--where "stage = new and activities is empty"', N_("Of the deals that the filter leaves.")),
    ],
)
def list_(
    context: typer.CommandContext,
    ref: str = typer.Argument("", metavar="REF", help=_("The item; by default, all of them.")),
    where: str = typer.Option("", metavar="EXPR", help=_("Of the items that it leaves; `tuicrm help filters`.")),
    type_: str = typer.Option("", "--type", metavar="TYPE", help=_("The type that --where filters; by default, deal.")),
    mine: bool = typer.Option(False, "--mine", help=_("Only yours, and those in which you take part.")),
    done: bool = typer.Option(False, "--done", help=_("Those that are done, newest first.")),
    limit: int = typer.Option(0, metavar="N", min=1, help=_("At most so many.")),
) -> None:
    from tuicrm.services.calendar.lists import activities

    work = work_of(context)
    session = work.session
    if ref and where:
        raise UsageError(_("REF names one item, --where many: give one of them."))
    if type_ and not where:
        raise UsageError(_("--type says what --where filters: give both."))
    owners = _owners(session, ref, where, type_ or USUAL)
    found = list(activities(session, owners=owners, mine=mine, done=done, most=limit))
    if work.out.json:
        rows = [{"id": record.id, "rev": record.rev, **record.doc} for record in found]
        work.out.envelope(activities=rows)
        return
    _table(work, found, named=not ref)


def _owners(session: Session, ref: str, where: str, type_key: str) -> list[Ref] | None:
    from tuicrm.domain.items import Ref as ItemRef
    from tuicrm.services.boards.filters import compile_for
    from tuicrm.services.kernel.lookup import find_type, read_ref

    if ref:
        target = read_ref(session, ref)
        session.get(target)
        return [target]
    if not where:
        return None
    key = find_type(session, type_key).key
    return [ItemRef(key, item_id) for item_id in session.ids(key, compile_for(session, key, where, begins=True))]


def _table(work: CommandRun, found: Sequence[Any], *, named: bool) -> None:
    """One line an activity; with the item that it hangs on, where that is not the one asked for."""
    from tuicrm.domain.activities.planned import read
    from tuicrm.domain.items import Ref as ItemRef
    from tuicrm.domain.kinds.dates import short_when

    session = work.session
    now = session.context()
    rows = []
    for record in found:
        activity = read(record.id, record.rev, record.doc)
        owner = ItemRef.read(record.doc.get("owner"))
        rows.append(
            [
                str(record.id),
                short_when(activity.at, now),
                _said(activity, session.language),
                session.names.person(activity.responsible) or "",
                *([session.workspace.show_ref(owner) if owner else ""] if named else []),
            ]
        )
    heads = [TableColumn("#", "right"), TableColumn(_("When")), TableColumn(_("What")), TableColumn(_("Who"))]
    work.out.table([*heads, *([TableColumn(_("Item"))] if named else [])], rows)


def _said(activity: Activity, language: str) -> str:
    """What is to be done, and how it repeats."""
    if not activity.rule:
        return activity.what
    from tuicrm.domain.activities.rule_told import told

    return f"{activity.what} {DOT} {told(activity.rule, language)}"


@app.command(cls=CrmCommand, help=_("Show an activity with all its parts."))
def show(context: typer.CommandContext, number: int = _Number) -> None:
    from tuicrm.render.pairs import pairs
    from tuicrm.services.calendar.showing import parts
    from tuicrm.services.items.activities import known

    work = work_of(context)
    record = known(work.session, number)
    if work.out.json:
        work.out.envelope(activity={"id": record.id, "rev": record.rev, **record.doc})
    else:
        work.out.lines(pairs(parts(work.session, record)))


app.later("add", "items.activity_planning:add", _("Plan an activity; prints its number."))
app.later(
    "edit",
    "items.activity_planning:edit",
    _('Change an activity: what, when, who, where, …; "" takes a part away, and what is given of a list replaces it.'),
)


app.later("answer", "calendar.answering:answer", _("Say whether you take part in an activity: yes, no or maybe."))
app.later("invite", "calendar.answering:invite", _("Send an invitation by mail to all who take part in an activity."))


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
    from tuicrm.cli.arguments.activity_parts import kind_named
    from tuicrm.services.items import activities, done_work
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    session = work.session
    target = read_ref(session, ref)
    session.get(target)
    if kind and finishing:
        raise UsageError(_("--kind goes with what was not planned, --finishing with what was."))
    if not step.strip() and (at or who):
        raise UsageError(_("--at and --who say when and by whom the next step is done: say which with --next."))
    kind = kind_named(session, kind) if kind else ""
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


@app.command(
    cls=CrmCommand,
    help=_("Reschedule activities to a later or earlier time."),
    examples=[("17 +2d", N_("In two days, at the same hour.")), ("17 18 2026-12-18T09:30", N_("Both to that time."))],
)
def move(
    context: typer.CommandContext,
    words: list[str] = typer.Argument(metavar="NUMBER... WHEN", help=_When),
    choice: SeriesChoice = CHOICE,
) -> None:
    from tuicrm.services.items import activities

    work = work_of(context)
    session = work.session
    if len(words) < _LEAST:
        raise UsageError(_("Give the activity and the new time: 17 +2d."))
    numbers = list(dict.fromkeys(_number(word) for word in words[:-1]))
    if choice and len(numbers) > 1:
        raise UsageError(_("Move what repeats by itself: give one number."))
    if choice:
        times = [_series_moved(session, numbers[0], choice, words[-1])]
    else:
        times = activities.move(session, numbers, lambda planned: _moved(session, words[-1], planned))
    if work.out.json:
        moved = [{"activity": number, "at": at} for number, at in zip(numbers, times, strict=True)]
        work.out.envelope(activities=moved)
        return
    from tuicrm.domain.kinds.dates import short_when

    for number, at in zip(numbers, times, strict=True):
        work.out.say(_("{n} is now planned for {when}.").format(n=number, when=short_when(at, session.context())))


@app.command(
    cls=TextCommand,
    help=_("Mark an activity as done, with what came of it, and plan the next step in the same change."),
    examples=[('17 --result "They take it" --next "Send the contract tomorrow 10"', N_("Done, and what comes next."))],
)
def done(
    context: typer.CommandContext,
    number: int = _Number,
    result: str = typer.Option("", "--result", metavar="TEXT", help=_("What came of it; - reads stdin.")),
    step: str = typer.Option("", "--next", metavar="WHAT", help=_("What is to be done next, and when: one line.")),
    undone: bool = typer.Option(False, "--open", help=_("Reopen it.")),
    choice: SeriesChoice = CHOICE,
) -> None:
    from tuicrm.services.calendar import lines, planning
    from tuicrm.services.items import activities

    work = work_of(context)
    session = work.session
    if undone and (result or step):
        raise UsageError(_("--open goes without --result and --next."))
    if choice:
        _series_done(work, number, choice, result, step or ("--open" if undone else ""))
        return
    if undone or not (result or step):
        finished = activities.done(session, number, undone=undone)
        work.out.done(_("Reopened.") if undone else _("Done."), activity=finished, done=not undone)
        return
    then = lines.fields_of(session, step) if step else {}
    if then:
        work.out.say(f" {DOT} ".join(lines.told(session, activities.owner_of(session, number), then)))
    planned = planning.follow_up(session, number, stdin_for(result), then, finishing=True)
    if work.out.json:
        at = activities.planned_at(session, planned) if planned else None
        work.out.envelope(activity=number, done=True, next=planned or None, at=at)
    elif planned:
        work.out.text(str(planned))
    else:
        work.out.say(_("Done."))


def _series_done(work: CommandRun, number: int, choice: SeriesChoice, result: str, besides: str) -> None:
    """An occurrence that is chosen, or all that is left."""
    from tuicrm.services.calendar import series_changes

    if besides:
        raise UsageError(_("--this, --following, --all and --occurrence go without --next and --open."))
    which, name = choice.of(work.session, number), choice.named(work.session, number)
    finished = series_changes.do(work.session, number, name, result=stdin_for(result), which=which or "this")
    work.out.done(_("Done."), activity=finished, done=True)


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
    work.out.done(_("Note saved.") if text.strip() else _("Note removed."), activity=number)


@app.command(cls=CrmCommand, help=_("Delete activities; `tuicrm undo` restores them."))
def delete(
    context: typer.CommandContext,
    numbers: list[int] = _Numbers,
    choice: SeriesChoice = CHOICE,
) -> None:
    from tuicrm.services.calendar import series_changes
    from tuicrm.services.items import activities

    work = work_of(context)
    repeated = [number for number in dict.fromkeys(numbers) if series_changes.is_series(work.session, number)]
    if (repeated or choice) and len(numbers) > 1:
        raise UsageError(_("Delete what repeats by itself: give one number."))
    which = choice.of(work.session, numbers[0]) if repeated or choice else None
    if which is not None:
        series_changes.delete(work.session, numbers[0], which, choice.named(work.session, numbers[0]))
        work.out.done(_("Deleted; `tuicrm undo` restores it."), activities=numbers)
        return
    activities.delete(work.session, *dict.fromkeys(numbers))
    work.out.done(_("Deleted; `tuicrm undo` restores it."), activities=numbers)


def _series_moved(session: Session, number: int, choice: SeriesChoice, text: str) -> str:
    """Move an occurrence that is chosen, or it and others by as much; returns its new time."""
    from tuicrm.services.calendar import series_changes

    which, name = choice.of(session, number), choice.named(session, number)
    return series_changes.move(session, number, lambda planned: _moved(session, text, planned), which or "this", name)


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


app.add_typer(activity_kind.app, name="kind")
