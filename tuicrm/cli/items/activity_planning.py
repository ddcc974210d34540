"""`tuicrm activity add` and `edit`: an activity with all its parts, or from one typed line."""

from __future__ import annotations

from tuicrm.cli.arguments import activity_parts as parts
from tuicrm.cli.arguments import series_choice as series
from tuicrm.cli.arguments.activity_parts import GivenParts
from tuicrm.cli.arguments.series_choice import SeriesChoice
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import TextCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _
from tuicrm.render.symbols import DOT

add = verb()
edit = verb()


@add.command(
    cls=TextCommand,
    help=_("Plan an activity; prints its number."),
    examples=[
        ('D-42 "Call about the offer" --at +3d --kind call', N_("In three days.")),
        (
            'D-42 "Meet" --kind meeting --at "2027-01-12 10:00" --end 11:00 --with luca --remind 15m',
            N_("An hour, with Luca."),
        ),
        ('D-42 "Weekly" --at "2027-01-11 10:00" --repeat "every monday until 2027-03-01"', N_("Again every Monday.")),
        ('D-42 "call Paolo tomorrow 15 30min +luca !15m" --line', N_("The same in one line.")),
    ],
)
def _add(
    context: typer.CommandContext,
    ref: str = typer.Argument(metavar="REF"),
    what: str = typer.Argument(metavar="WHAT"),
    line: bool = typer.Option(
        False, "--line", help=_("Read WHAT as one line: day, time, length, @place, +people, !15m.")
    ),
    given: GivenParts = parts.OF_NEW,
    repeat: str = series.REPEAT,
) -> None:
    from tuicrm.services.calendar import lines, planning
    from tuicrm.services.items.activities import planned_at
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    session = work.session
    target = read_ref(session, ref)
    session.get(target)
    said = lines.fields_of(session, what) if line else {"what": what}
    fields = parts.fields_of(session, given, str(said.get("start") or ""))
    fields = said | {name: value for name, value in fields.items() if value is not None}
    if fields.get("day"):
        fields = {name: value for name, value in fields.items() if name not in ("start", "end")}
    fields |= {name: value for name, value in series.rule_of(session, repeat).items() if value}
    if line:
        work.out.say(f" {DOT} ".join(lines.told(session, target, fields)))
    made = planning.plan(session, target, str(fields.pop("what")), **fields)
    series.say_clocks(work, made)
    if work.out.json:
        work.out.envelope(activity=made, at=planned_at(session, made))
    else:
        work.out.text(str(made))


@edit.command(
    cls=TextCommand,
    help=_(
        'Change an activity: what, when, who, where, …; "" takes a part away, and what is given of a list replaces it.'
    ),
    examples=[
        ("17 --repeat daily --following", N_("From the next one on every day.")),
        ("17 --at +1d --place Milan --remind 15m --remind 1d", N_("Tomorrow, elsewhere, two reminders.")),
    ],
)
def _edit(
    context: typer.CommandContext,
    number: int = typer.Argument(metavar="NUMBER", help=_("The number shown by `activity list`.")),
    what: str = typer.Argument("", metavar="WHAT", help=_("What to do; by default, unchanged.")),
    given: GivenParts = parts.OF_ONE,
    on: str = typer.Option(None, "--on", metavar="REF", help=_("The item that it hangs on.")),
    repeat: str = series.REPEAT,
    choice: SeriesChoice = series.CHOICE,
) -> None:
    from tuicrm.services.calendar import planning, series_changes
    from tuicrm.services.items.activities import known

    work = work_of(context)
    session = work.session
    if given.private and given.public:
        raise UsageError(_("--private and --public cannot be used together."))
    which, name = choice.of(session, number), choice.named(session, number)
    fields = parts.fields_of(session, given, series_changes.shown(session, number, name).begins)
    fields |= series.rule_of(session, repeat)
    if what.strip():
        fields["what"] = what.strip()
    if on is not None:
        from tuicrm.services.kernel.lookup import read_ref

        target = read_ref(session, on)
        session.get(target)
        fields["owner"] = str(target)
    if not fields:
        raise UsageError(_("Nothing to change: give WHAT, --at, --who, --kind or another part."))
    if which is None:
        changed = planning.edit(session, number, fields)
        held = number
    else:
        held = series_changes.change(session, number, fields, which, name)
        doc = known(session, held).doc
        changed = {part: doc.get(part) for part in sorted({*fields, "at"}) if part != planning.DEADLINE}
    series.say_clocks(work, held)
    work.out.done(_("Changed."), activity=held, changed=changed)
