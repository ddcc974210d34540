"""`tuicrm why`: which role, place and scope decide; and what somebody can reach, in numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.config_records import Person

app = verb()


@app.command(
    cls=CrmCommand,
    help=_(
        "Tell why you, or somebody else (--as), may do something or may not. It says which role, place and scope decide, what hides a "
        "field, and who could change that; of others, administrators ask."
    ),
    examples=[
        ("read D-1", N_("Of an item.")),
        ("edit D-1 amount --as giulia", N_("A field of it, for somebody else.")),
        ("add invoice", N_("Items of a type.")),
        ("reach --as giulia", N_("What she can reach, in numbers.")),
    ],
)
def why(
    context: typer.CommandContext,
    operation: str = typer.Argument(metavar="OPERATION", help=_("read, add, edit, delete, export, import; or reach.")),
    ref: str = typer.Argument("", metavar="REF", help=_("An item, or a type of items.")),
    field: str = typer.Argument("", metavar="FIELD", help=_("A field of it.")),
) -> None:
    from tuicrm.domain.access import OPERATIONS
    from tuicrm.services.items import reasons
    from tuicrm.services.kernel.lookup import find_field, find_type, read_ref

    work = work_of(context)
    person = asked_about(work)
    session, word = work.session, operation.strip().casefold()
    if word == "reach":
        _reach(work, person)
        return
    if word not in OPERATIONS:
        raise UsageError(_("OPERATION: choose one of: {known}").format(known=", ".join((*OPERATIONS, "reach"))))
    if not ref:
        raise UsageError(_("REF is missing: name an item, such as D-1, or a type."))
    found = session.workspace.read_ref(ref)
    item = session.get(read_ref(session, ref)) if found is not None else None
    item_type = session.workspace.type(item.type) if item is not None else find_type(session, ref)
    key = find_field(session, item_type.key, field).key if field else ""
    told = reasons.why(session, person, word, item_type, item, key)
    if work.out.json:
        shown = session.workspace.show_ref(item.ref) if item is not None else item_type.key
        work.out.envelope(
            allowed=told.allowed,
            person=person.key,
            operation=word,
            of=shown,
            field=key or None,
            steps=list(told.steps),
            could_change=list(told.changers),
        )
        return
    work.out.text(_("Yes.") if told.allowed else _("No."))
    for step in told.steps:
        work.out.text(step)
    work.out.text(_("Who could change that: {names}").format(names=", ".join(told.changers)))


def asked_about(work: CommandRun) -> Person:
    """Whom the question is about: the person of `--as`, while the session stays the asker's."""
    from tuicrm.services.workspace.people import find_person

    named, work.as_user = work.as_user, ""
    session = work.session
    return find_person(session.workspace, named, me=session.person_key) if named else session.person


def _reach(work: CommandRun, person: Person) -> None:
    from tuicrm.services.items import reasons
    from tuicrm.services.workspace.roles import OPERATION_LABELS

    session = work.session
    rows = reasons.reach(session, person)
    if work.out.json:
        told = [{"type": row.type, "total": row.total, **row.counts} for row in rows]
        work.out.envelope(person=person.key, reach=told)
        return
    heads = [TableColumn(_("Type"), style="accent"), TableColumn(_("Items"), "right")]
    heads += [TableColumn(_(OPERATION_LABELS[each]), "right") for each in reasons.COUNTED]
    lines = []
    for row in rows:
        label = session.label(session.workspace.type(row.type).plural)
        lines.append([label, str(row.total), *(str(row.counts[each]) for each in reasons.COUNTED)])
    work.out.table(heads, lines)
