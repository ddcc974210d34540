"""`tuicrm call log`, `list`, `create`, `import`: calls as they were, on the items that they belong to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.cli.arguments.moments import due, moment
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun, assignments, stdin_for
from tuicrm.errors import StorageError, UsageError
from tuicrm.i18n import N_, _, ngettext
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.services.messages.call_import import CallsTaken
    from tuicrm.services.messages.records import SeenMessage

log, list_, create, import_ = verb(), verb(), verb(), verb()


@log.command(
    cls=TextCommand,
    help=_("Log a call, and plan the next step; prints its ref, and the number of the next step."),
    examples=[
        (
            'C-3 --out --minutes 6 --note "They take it"',
            N_("It stands on the contact, the company and what is open of theirs."),
        ),
        ('"+39 333 1234567" --in --outcome no_answer', N_("A number of nobody's waits in the inbox.")),
    ],
)
def _log(
    context: typer.CommandContext,
    whom: str = typer.Argument(metavar="REF|NUMBER", help=_("Whom the call was with: an item, or a number.")),
    in_: bool = typer.Option(False, "--in", help=_("They called.")),
    out: bool = typer.Option(False, "--out", help=_("You called.")),
    minutes: int = typer.Option(0, metavar="N", min=0, help=_("How long it took.")),
    outcome: str = typer.Option(
        "reached", metavar="OUTCOME", help=_("reached, no_answer, busy, voicemail or wrong_number.")
    ),
    note: str = typer.Option("", metavar="TEXT", help=_("What came of it; - reads stdin.")),
    at: str = typer.Option("", "--when", metavar="WHEN", help=_("When it was; by default, now.")),
    step: str = typer.Option("", "--next", metavar="WHAT", help=_("What is to be done next.")),
    next_at: str = typer.Option(
        "", "--at", metavar="WHEN", help=_("When that is due; by default, in three working days.")
    ),
) -> None:
    from tuicrm.domain.stamps import stamp
    from tuicrm.services.items.activities import NextStep, default_time
    from tuicrm.services.messages import calls
    from tuicrm.services.messages.outcomes import outcome_named
    from tuicrm.services.messages.reaching import whom as reached
    from tuicrm.services.messages.records import plain

    work = work_of(context)
    session = work.session
    if in_ == out:
        raise UsageError(_("Say who called: --in or --out."))
    if next_at and not step.strip():
        raise UsageError(_("--at says when the next step is due: say which with --next."))
    to = reached(session, whom)
    following = None
    if step.strip():
        following = NextStep(step, due(session, next_at, "at") if next_at else default_time(session.context()))
    was = stamp(moment(session, at, "when")) if at else ""
    made = calls.CallMade("in" if in_ else "out", minutes, outcome_named(outcome), stdin_for(note), was)
    call, planned = calls.log_call(session, to, made, following)
    if work.out.json:
        work.out.envelope(message=plain(call), next=planned or None)
        return
    work.out.text("\n".join(filter(None, (call.ref, str(planned) if planned else ""))))
    work.out.say(_where(call))


def _where(call: SeenMessage) -> str:
    if call.on:
        return _("on {items}").format(items=", ".join(call.on))
    return _(
        "Nobody here has this number: it waits in the inbox. `tuicrm call create {ref} lead` makes a lead of it."
    ).format(ref=call.ref)


@list_.command(cls=CrmCommand, help=_("List calls, newest first: of an item, of nobody's number, or all."))
def _list(
    context: typer.CommandContext,
    ref: str = typer.Argument("", metavar="REF", help=_("The item: D-42.")),
    waiting: bool = typer.Option(False, "--waiting", help=_("Those of nobody's number.")),
    limit: int = typer.Option(50, metavar="N", min=1, help=_("At most so many.")),
) -> None:
    from tuicrm.services.kernel.lookup import read_ref
    from tuicrm.services.messages import calls, records

    work = work_of(context)
    session = work.session
    if ref and waiting:
        raise UsageError(_("Use REF or --waiting, not both."))
    found = calls.calls(session, ref=read_ref(session, ref) if ref else None, waiting=waiting, n=limit)
    if work.out.json:
        work.out.envelope(calls=[records.plain(one) for one in found], total=len(found))
    else:
        _table(work, found)


def _table(work: CommandRun, found: list[SeenMessage]) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.services.items.message_lines import outcome_label
    from tuicrm.services.messages.calls import number_of

    now = work.session.context()
    heads = [
        TableColumn("#", shrinks=False),
        TableColumn(_("When")),
        TableColumn(_("Way")),
        TableColumn(_("Number")),
        TableColumn(_("Minutes"), "right"),
        *map(TableColumn, (_("Outcome"), _("Items"), _("Text"))),
    ]
    rows = [
        [
            one.ref,
            short_when(one.record.at, now),
            _("in") if one.record.way == "in" else _("out"),
            number_of(one.record),
            str(one.record.minutes or ""),
            outcome_label(one.record.outcome),
            ", ".join(one.on),
            " ".join(one.record.text.split()),
        ]
        for one in found
    ]
    work.out.table(heads, rows)
    if not found:
        work.out.say(_("Nothing here."))


@create.command(
    cls=CrmCommand,
    help=_(
        "Make a lead, contact or company of a call's number; all waiting calls of that number go onto it. Prints its ref."
    ),
    examples=[('MSG-12 lead title="Fair"', N_("The number is its phone."))],
)
def _create(
    context: typer.CommandContext,
    call: str = typer.Argument(metavar="MESSAGE", help=_("A call that waits: MSG-12.")),
    type_: str = typer.Argument(metavar="TYPE", help=_("lead, contact or company.")),
    fields: list[str] | None = typer.Argument(None, metavar="FIELD=VALUE...", help=_("What else is known.")),
) -> None:
    from tuicrm.services.items import items
    from tuicrm.services.kernel.lookup import find_type
    from tuicrm.services.messages import calls
    from tuicrm.services.messages.records import find_message

    work = work_of(context)
    session = work.session
    found = find_message(session, call)
    key = find_type(session, type_).key
    values = items.values(session, key, assignments(fields or []))
    ref, n = calls.make_item(session, found, key, values)
    shown = session.workspace.show_ref(ref)
    work.out.names(shown, ref=shown, calls=n)
    work.out.say(ngettext("{n} call is on it.", "{n} calls are on it.", n).format(n=n))


@import_.command(
    cls=CrmCommand,
    help=_(
        "Import the call register of a telephone exchange (CSV of Asterisk, FreePBX, FreeSWITCH, 3CX, a FRITZ!Box, Bitrix24); "
        "each call comes in once, however often its register is imported."
    ),
    examples=[
        ("Master.csv", N_("Calls of numbers that nobody here has wait in the inbox.")),
        ('calls.csv --own "+39 02 5555 0100" --known', N_("Our number tells who called; other calls are left.")),
    ],
)
def _import(
    context: typer.CommandContext,
    file: Path = typer.Argument(metavar="FILE", help=_("The register.")),
    own: list[str] | None = typer.Option(
        None, metavar="NUMBER", help=_("A number of ours, where the file does not say who called.")
    ),
    known: bool = typer.Option(False, "--known", help=_("Only calls of numbers that somebody here has.")),
    dry_run: bool = typer.Option(False, "--dry-run", help=_("Only say what would come in.")),
) -> None:
    from tuicrm.services.messages.call_import import import_calls

    work = work_of(context)
    try:
        with file.open("rb") as stream:
            taken = import_calls(work.session, stream, file.name, own=own or (), known_only=known, dry_run=dry_run)
    except OSError as error:
        why = error.strerror or str(error)
        raise StorageError(_("{file} cannot be read: {why}").format(file=file, why=why)) from error
    _tell_taken(work, taken, dry_run=dry_run)


def _tell_taken(work: CommandRun, taken: CallsTaken, *, dry_run: bool) -> None:
    if work.out.json:
        rejected = [{"line": line, "reason": reason} for line, reason in taken.rejected]
        work.out.envelope(
            new=taken.new, waiting=taken.nobody, known=taken.known, internal=taken.inner, left=taken.left, rejected=rejected,
            dry_run=dry_run,
        )  # fmt: skip
        return
    new, waiting, known, inner, left = taken.new, taken.nobody, taken.known, taken.inner, taken.left
    told = [
        ngettext("{n} call comes in", "{n} calls come in", new)
        if dry_run
        else ngettext("{n} call came in", "{n} calls came in", new),
        ngettext("{n} of them waits in the inbox", "{n} of them wait in the inbox", waiting) if waiting else "",
        ngettext("{n} was here already", "{n} were here already", known) if known else "",
        ngettext("{n} within the house was left", "{n} within the house were left", inner) if inner else "",
        ngettext("{n} of nobody here was left", "{n} of nobody here were left", left) if left else "",
    ]
    work.out.say("; ".join(filter(None, told)))
    for line, reason in taken.rejected:
        work.out.warn(_("line {n}: {message}").format(n=line, message=reason))
