"""`tuicrm department add`, `list`, `edit`, `retire`, `restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.cli.arguments.retiring import retiring
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.departments import Department

app = noun(_("Departments, as a tree."))

_Which = typer.Argument(metavar="DEPARTMENT", help=_("Key or name."))
_Role = typer.Option(
    None,
    "--role",
    metavar="ROLE",
    help=_("A role that its head and all who are in it have; repeat for several; empty for no role."),
)


@app.command("list", cls=CrmCommand, help=_("List the departments with the people in them."))
def list_(
    context: typer.CommandContext, all_parts: bool = typer.Option(False, "--all", help=_("Include retired ones."))
) -> None:
    from tuicrm.services.workspace.people import departments

    work = work_of(context)
    found = departments(work.session, retired=all_parts)
    if work.out.json:
        work.out.envelope(departments=[{**_plain(part), "depth": depth} for depth, part in found], total=len(found))
        return
    people = work.session.workspace.people
    rows = []
    for depth, part in found:
        members = [person.name for person in people.values() if person.department == part.key and not person.retired]
        head = people[part.head].name if part.head in people else ""
        state = _("retired") if part.retired else ""
        rows.append([part.key, "  " * depth + part.name, head, ", ".join(members), state])
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Name")), TableColumn(_("Head"))]
    work.out.table([*heads, TableColumn(_("People")), TableColumn("")], rows)


@app.command(cls=CrmCommand, help=_("Add a department; prints its key."))
def add(
    context: typer.CommandContext,
    name: str = typer.Argument(metavar="NAME"),
    parent: str = typer.Option("", metavar="DEPARTMENT", help=_("The department it is part of.")),
    head: str = typer.Option("", metavar="WHO", help=_("Its head.")),
    role: list[str] | None = _Role,
    key: str = typer.Option("", metavar="KEY", help=_("The permanent key; by default, made from the name.")),
) -> None:
    from tuicrm.services.workspace.people import add_department

    work = work_of(context)
    _answer(work, add_department(work.session, name, parent=parent, head=head, key=key, roles=role))


@app.command(cls=CrmCommand, help=_("Rename a department, move it in the tree, or set its head."))
def edit(
    context: typer.CommandContext,
    which: str = _Which,
    name: str = typer.Option(None, metavar="NAME", help=_("The name people see.")),
    parent: str = typer.Option(
        None, metavar="DEPARTMENT", help=_("The department it is part of; empty for the top level.")
    ),
    head: str = typer.Option(None, metavar="WHO", help=_("Its head.")),
    role: list[str] | None = _Role,
) -> None:
    from tuicrm.services.workspace.people import edit_department, find_department

    work = work_of(context)
    if name is None and parent is None and head is None and not role:
        raise UsageError(_("Nothing to change: give at least one option."))
    key = find_department(work.session.workspace, which).key
    _answer(work, edit_department(work.session, key, name=name, parent=parent, head=head, roles=role or None))


def _retire(work: CommandRun, which: str, *, back: bool) -> None:
    from tuicrm.services.workspace.people import find_department, retire_department

    key = find_department(work.session.workspace, which).key
    _answer(work, retire_department(work.session, key, back=back))


retiring(app, _Which, _retire, retire=_("Retire an empty department."), restore=_("Restore a retired department."))


def _answer(work: CommandRun, part: Department) -> None:
    work.out.names(part.key, department=_plain(part))


def _plain(part: Department) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(part)
    return plain
