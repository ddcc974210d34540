"""`tuicrm user add`, `list`, `edit`, `retire`, `restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.cli.arguments.retiring import retiring
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _, ngettext
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.config_records import Person

app = noun(_("People of the workspace."))

_Who = typer.Argument(metavar="WHO", help=_("Key, login or name."))
_Login = typer.Option([], metavar="LOGIN", help=_("A system user of this person; repeat for several."))
_Role = typer.Option([], metavar="ROLE", help=_("A role, by key or label; repeat for several."))
_Department = typer.Option(None, metavar="NAME", help=_("The department."))
_Email = typer.Option(None, metavar="ADDRESS", help=_("E-mail address."))
_Language = typer.Option(None, metavar="LANGUAGE", help=_("en, it, it_IT, …"))
_Zone = typer.Option(None, metavar="ZONE", help=_("Time zone: Europe/Rome."))


@app.command("list", cls=CrmCommand, help=_("List the people who work here."))
def list_(
    context: typer.CommandContext, all_people: bool = typer.Option(False, "--all", help=_("Include retired people."))
) -> None:
    from tuicrm.services.workspace.people import people

    work = work_of(context)
    found = people(work.session, retired=all_people)
    if work.out.json:
        work.out.envelope(users=[_plain(person) for person in found], total=len(found))
        return
    workspace, label = work.session.workspace, work.session.label
    rows = []
    for person in found:
        part = workspace.departments.get(person.department)
        roles = [label(workspace.roles[role].label) for role in person.roles if role in workspace.roles]
        state = _("retired") if person.retired else ""
        rows.append(
            [person.key, person.name, ", ".join(person.logins), part.name if part else "", ", ".join(roles), state]
        )
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Name")), TableColumn(_("Logins"))]
    work.out.table([*heads, TableColumn(_("Department")), TableColumn(_("Roles")), TableColumn("")], rows)


@app.command(cls=CrmCommand, help=_("Add a person; prints their key."))
def add(
    context: typer.CommandContext,
    name: str = typer.Argument(metavar="NAME"),
    key: str = typer.Option("", metavar="KEY", help=_("The permanent key; by default, made from the name.")),
    login: list[str] = _Login,
    role: list[str] = _Role,
    department: str = _Department,
    email: str = _Email,
    language: str = _Language,
    zone: str = _Zone,
) -> None:
    from tuicrm.services.workspace.people import Details, add_person

    work = work_of(context)
    made = add_person(work.session, Details(name, login, department, role, email, language, zone), key=key)
    _answer(work, made)
    if not made.roles:
        work.out.say(_("Without a role this person can do nothing yet: add --role."))
    if not made.logins:
        work.out.say(_("Without a login nobody can sign in as this person: add --login."))


@app.command(cls=CrmCommand, help=_("Change a person. The logins and roles you give replace the old ones."))
def edit(
    context: typer.CommandContext,
    who: str = _Who,
    name: str = typer.Option(None, metavar="NAME", help=_("The name people see.")),
    login: list[str] = _Login,
    role: list[str] = _Role,
    department: str = _Department,
    email: str = _Email,
    language: str = _Language,
    zone: str = _Zone,
) -> None:
    from tuicrm.services.workspace.people import Details, edit_person, find_person

    work = work_of(context)
    details = Details(name, login or None, department, role or None, email, language, zone)
    if all(value is None for value in details):
        raise UsageError(_("Nothing to change: give at least one option."))
    key = find_person(work.session.workspace, who, me=work.session.person_key).key
    _answer(work, edit_person(work.session, key, details))


def _retire(work: CommandRun, who: str, *, back: bool) -> None:
    from tuicrm.services.workspace.people import find_person, retire_person

    key = find_person(work.session.workspace, who, me=work.session.person_key).key
    _answer(work, retire_person(work.session, key, back=back))


retiring(
    app,
    _Who,
    _retire,
    retire=_("Retire a person: they can no longer sign in; their items stay assigned to them."),
    restore=_("Let a retired person sign in again."),
)


@app.command(
    "hand-over",
    cls=CrmCommand,
    help=_(
        "Hand over what somebody is responsible for, items and open activities, to somebody else; one undo. --dry-run only counts."
    ),
    examples=[
        ("anna --to mario", N_("Everything that is hers.")),
        ("anna --to mario --type deal --open --dry-run", N_("Her open deals, counted.")),
    ],
)
def hand_over(
    context: typer.CommandContext,
    who: str = _Who,
    to: str = typer.Option(metavar="WHO", help=_("Who takes it over: key, login or name.")),
    types: list[str] | None = typer.Option(
        None, "--type", metavar="TYPE", help=_("Only items of this type; repeat for several.")
    ),
    only_open: bool = typer.Option(False, "--open", help=_("Not what is won or lost.")),
    dry_run: bool = typer.Option(False, "--dry-run", help=_("Only tell what would go.")),
) -> None:
    from tuicrm.services.items import hand_over as handing
    from tuicrm.services.kernel.lookup import find_type
    from tuicrm.services.workspace.people import find_person

    work = work_of(context)
    session, workspace = work.session, work.session.workspace
    giver, taker = (find_person(workspace, text, me=session.person_key) for text in (who, to))
    keys = [find_type(session, text).key for text in types or ()]
    plan = handing.look(session, giver, taker, keys, closed=not only_open)
    went = plan.total if dry_run else handing.hand_over(session, plan)
    if work.out.json:
        counts = {key: len(ids) for key, ids in plan.items.items()}
        more = {"activities": len(plan.activities), "staying": dict(plan.staying), "dry_run": dry_run}
        work.out.envelope(giver=giver.key, taker=taker.key, items=counts, total=went, **more)
        return
    for key, ids in plan.items.items():
        work.out.text(f"{session.label(workspace.type(key).plural)}: {len(ids)}")
    if plan.activities:
        work.out.text(f"{_('Open activities')}: {len(plan.activities)}")
    if plan.staying:
        n = sum(plan.staying.values())
        work.out.warn(ngettext("{n} item stays: you may not change it", "{n} items stay: you may not change them", n))
    if not plan.total and not plan.activities:
        work.out.say(_("{name} has nothing that you can hand over.").format(name=giver.name))
    elif not dry_run:
        work.out.say(_("Handed over to {name}; `tuicrm undo` undoes it.").format(name=taker.name))


def _answer(work: CommandRun, person: Person) -> None:
    work.out.names(person.key, user=_plain(person))


def _plain(person: Person) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(person)
    return plain
