"""`tuicrm activity add`, `done`, `list`."""

from __future__ import annotations

from tuicrm.cli import typed as typer

from tuicrm.cli.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.moments import due
from tuicrm.cli.work import work_of
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

app = noun(_("Planned work on items."))


@app.command("list", cls=CrmCommand, help=_("List what is planned on an item."))
def list_(context: typer.Context, ref: str = typer.Argument(metavar="REF")) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.services import activities
    from tuicrm.services.items import read_ref

    work = work_of(context)
    session = work.session
    target = read_ref(session, ref)
    session.get(target)
    planned = activities.open_of(session, target)
    if work.out.json:
        work.out.envelope(activities=[{"id": record.id, "rev": record.rev, **record.doc} for record in planned])
        return
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


@app.command(cls=TextCommand, help=_("Plan an activity; prints its number."))
def add(
    context: typer.Context,
    ref: str = typer.Argument(metavar="REF"),
    what: str = typer.Argument(metavar="WHAT"),
    at: str = typer.Option("", metavar="WHEN", help=_("2026-12-18T09:30, +3d; in three working days without.")),
    who: str = typer.Option("", metavar="WHO", help=_("Who does it; you without.")),
    kind: str = typer.Option("todo", metavar="KIND", help=_("todo, call or meeting.")),
) -> None:
    from tuicrm.services import activities
    from tuicrm.services.items import read_ref
    from tuicrm.services.people import find_person

    work = work_of(context)
    session = work.session
    target = read_ref(session, ref)
    session.get(target)
    if kind not in activities.KINDS:
        raise Refused(_("{name} is no kind; there are: {known}").format(name=kind, known=", ".join(activities.KINDS)))
    person = find_person(session.workspace, who).key if who and who != "me" else ""
    when = due(session, at, "at") if at else activities.default_time(session.context())
    made = activities.add(session, target, what, when, kind=kind, responsible=person)
    if work.out.json:
        work.out.envelope(activity=made, at=when)
    else:
        work.out.text(str(made))


@app.command(cls=CrmCommand, help=_("Tick an activity off."))
def done(
    context: typer.Context,
    number: int = typer.Argument(metavar="NUMBER", help=_("As `activity list` shows it.")),
    undone: bool = typer.Option(False, "--open", help=_("Open it again.")),
) -> None:
    from tuicrm.services import activities

    work = work_of(context)
    activities.done(work.session, number, undone=undone)
    if work.out.json:
        work.out.envelope(activity=number, done=not undone)
    else:
        work.out.say(_("Open again.") if undone else _("Done."))
