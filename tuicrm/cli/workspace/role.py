"""`tuicrm role list`, `show`, `add`, `edit`, `clone`, `move`, `delete`, `give`, `take`, `export`, `import`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.arguments.places import DOWN, UP, direction
from tuicrm.cli.documents.files import FORCE, OUTPUT, file_bytes, hand_over
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import N_, _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.config_records import Role
    from tuicrm.services.kernel.session import Session
    from tuicrm.services.workspace.roles import RoleDetails

app = noun(_("Roles: what people and departments may do."))

_WHICH = typer.Argument(metavar="ROLE", help=_("A role, by key or label."))
_WHO = typer.Argument(metavar="WHO...", help=_("People or departments, by key, login or name."))
_SET = typer.Option(
    None,
    "--set",
    metavar="PLACE.OPERATION=SCOPE",
    help=_(
        "A cell: deal.edit=department, deal/sales.read=own, deal/sales/won.edit=own, *.read=all; nothing behind = has what the place "
        "around it says. Repeat for several."
    ),
)
_ALLOW = typer.Option(
    None, "--allow", metavar="RIGHT", help=_("A special right to give: merge, bulk, settings, …; repeat for several.")
)
_DENY = typer.Option(None, "--deny", metavar="RIGHT", help=_("A special right to take; repeat for several."))


@app.command("list", cls=CrmCommand, help=_("List the roles, in order, with who has them."))
def list_(context: typer.CommandContext) -> None:
    from tuicrm.services.workspace.roles import holders, plain, roles

    work = work_of(context)
    session, found = work.session, roles(work.session)
    if work.out.json:
        work.out.envelope(roles=[plain(session, role) for role in found], total=len(found))
        return
    rows = []
    for role in found:
        names = ", ".join(one.name for one in holders(session, role.key))
        rows.append([role.key, session.label(role.label), _("everything") if role.admin else _specials(role), names])
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Name")), TableColumn(_("Special rights"))]
    work.out.table([*heads, TableColumn(_("Who has it"))], rows)


def _specials(role: Role) -> str:
    return ", ".join(role.specials)


@app.command(cls=CrmCommand, help=_("Show a role: a row for each place that it speaks of, then its special rights."))
def show(context: typer.CommandContext, which: str = _WHICH) -> None:
    from tuicrm.domain.access import OPERATIONS
    from tuicrm.services.workspace.roles import (
        OPERATION_LABELS,
        SCOPE_LABELS,
        SPECIAL_LABELS,
        find_role,
        holders,
        plain,
    )

    work = work_of(context)
    session = work.session
    role = find_role(session, which)
    if work.out.json:
        work.out.envelope(role=plain(session, role))
        return
    heads = [TableColumn(_("Place"), style="accent")]
    heads += [TableColumn(_(OPERATION_LABELS[each])) for each in OPERATIONS]
    rows = [
        [place, *(_(SCOPE_LABELS[row[each]]) if each in row else "·" for each in OPERATIONS)]
        for place, row in sorted(role.rules.items())
    ]
    if role.admin:
        work.out.text(_("Whoever has it may do everything."))
    elif rows:
        work.out.table(heads, rows)
    else:
        work.out.text(_("It allows nothing yet: tuicrm role edit --set *.read=all"))
    rights = ", ".join(_(SPECIAL_LABELS[each]) if each in SPECIAL_LABELS else each for each in role.specials)
    names = ", ".join(one.name for one in holders(session, role.key))
    if rights:
        work.out.text(_("Special rights: {rights}").format(rights=rights))
    work.out.text(_("Who has it: {names}").format(names=names or _("nobody")))


@app.command(
    cls=TextCommand,
    help=_("Add a role; prints its key."),
    examples=[
        (
            '"Back office" --set "*.read=all" --set invoice.edit=department',
            N_("All is read, invoices of the department changed."),
        )
    ],
)
def add(
    context: typer.CommandContext,
    name: str = typer.Argument(metavar="NAME", help=_("The name people see.")),
    rules: list[str] | None = _SET,
    allow: list[str] | None = _ALLOW,
    deny: list[str] | None = _DENY,
    like: str = typer.Option("", metavar="ROLE", help=_("A role whose rights it begins with.")),
    key: str = typer.Option("", metavar="KEY", help=_("The permanent key; by default, made from the name.")),
) -> None:
    from tuicrm.services.workspace.roles import add_role, find_role

    work = work_of(context)
    begun = find_role(work.session, like) if like else None
    _answer(work, add_role(work.session, _details(work.session, name, rules, allow, deny), key=key, like=begun))


@app.command(
    cls=CrmCommand,
    help=_("Change a role: its name, cells of its matrix, special rights."),
    examples=[
        ("manager --set deal.edit=department", N_("Deals of the whole department can be changed.")),
        ("manager --set deal/sales/won.edit=none --allow merge", N_("Won deals by nobody; merging is allowed.")),
    ],
)
def edit(
    context: typer.CommandContext,
    which: str = _WHICH,
    name: str = typer.Option(None, metavar="NAME", help=_("The name people see.")),
    rules: list[str] | None = _SET,
    allow: list[str] | None = _ALLOW,
    deny: list[str] | None = _DENY,
) -> None:
    from tuicrm.services.workspace.roles import edit_role, find_role

    work = work_of(context)
    if name is None and not rules and not allow and not deny:
        raise UsageError(_("Nothing to change: give at least one option."))
    role = find_role(work.session, which)
    _answer(work, edit_role(work.session, role.key, _details(work.session, name, rules, allow, deny)))


def _details(
    session: Session, name: str | None, rules: list[str] | None, allow: list[str] | None, deny: list[str] | None
) -> RoleDetails:
    from tuicrm.services.workspace.roles import RoleDetails, read_cell, read_special

    specials = {read_special(text): True for text in allow or ()}
    specials |= {read_special(text): False for text in deny or ()}
    return RoleDetails(name, dict(read_cell(session, text) for text in rules or ()), specials)


@app.command(cls=TextCommand, help=_("Make a role that may what another one may; prints its key."))
def clone(
    context: typer.CommandContext,
    which: str = _WHICH,
    name: str = typer.Argument(metavar="NAME", help=_("The name of the new one.")),
    key: str = typer.Option("", metavar="KEY", help=_("The permanent key; by default, made from the name.")),
) -> None:
    from tuicrm.services.workspace.roles import clone_role, find_role

    work = work_of(context)
    _answer(work, clone_role(work.session, find_role(work.session, which).key, name, new_key=key))


@app.command(cls=CrmCommand, help=_("Move a role one place up or down in the list."))
def move(context: typer.CommandContext, which: str = _WHICH, up: bool = UP, down: bool = DOWN) -> None:
    from tuicrm.services.workspace.roles import find_role, move_role

    work = work_of(context)
    _answer(work, move_role(work.session, find_role(work.session, which).key, direction(up=up, down=down)))


@app.command(
    cls=CrmCommand, help=_("Delete a role; who had it keeps what other roles allow. --dry-run tells who that is.")
)
def delete(
    context: typer.CommandContext,
    which: str = _WHICH,
    dry_run: bool = typer.Option(False, "--dry-run", help=_("Only tell who has it and what they keep.")),
) -> None:
    from tuicrm.services.workspace.roles import delete_role, find_role, what_is_lost

    work = work_of(context)
    role = find_role(work.session, which)
    lost = what_is_lost(work.session, role.key)
    if not dry_run:
        delete_role(work.session, role.key)
    if work.out.json:
        told = [{"who": one.holder.key, "name": one.holder.name, "keeps": list(one.kept)} for one in lost]
        work.out.envelope(role=role.key, deleted=not dry_run, lost=told)
        return
    for one in lost:
        keeps = ", ".join(one.kept)
        words = _("{name} keeps: {roles}") if keeps else _("{name} keeps no role")
        work.out.text(words.format(name=one.holder.name, roles=keeps))
    if not dry_run:
        work.out.say(_("Deleted."))
    elif not lost:
        work.out.say(_("Nobody has it."))


@app.command(
    cls=CrmCommand,
    help=_("Give a role to people or departments; of a department, its head and all who are in it have it."),
)
def give(context: typer.CommandContext, which: str = _WHICH, who: list[str] = _WHO) -> None:
    from tuicrm.services.workspace.roles import find_role, give_role

    work = work_of(context)
    key = find_role(work.session, which).key
    give_role(work.session, key, who)
    _answer(work, work.session.workspace.roles[key])


@app.command(cls=CrmCommand, help=_("Take a role away from people or departments."))
def take(context: typer.CommandContext, which: str = _WHICH, who: list[str] = _WHO) -> None:
    from tuicrm.services.workspace.roles import find_role, take_role

    work = work_of(context)
    key = find_role(work.session, which).key
    take_role(work.session, key, who)
    _answer(work, work.session.workspace.roles[key])


@app.command(cls=CrmCommand, help=_("Write roles as TOML: all, or those that are named."))
def export(
    context: typer.CommandContext,
    which: list[str] | None = typer.Argument(None, metavar="ROLE...", help=_("Roles, by key or label.")),
    out: str = OUTPUT,
    force: bool = FORCE,
) -> None:
    from tuicrm.services.workspace.role_files import written
    from tuicrm.services.workspace.roles import find_role, roles

    work = work_of(context)
    chosen = [find_role(work.session, text) for text in which] if which else roles(work.session)
    text = written(chosen)
    if not out and not work.out.json:
        out = "-"
    if out == "-":
        work.out.data(text)
        return
    hand_over(work, text.encode(), "roles.toml", out, force=force, total=len(chosen))


@app.command(
    "import",
    cls=CrmCommand,
    help=_("Read roles from TOML: those that are here are changed to what it says, others are added."),
)
def import_(
    context: typer.CommandContext,
    file: str = typer.Argument(metavar="FILE", help=_("A file as `tuicrm role export` writes it; - reads stdin.")),
    dry_run: bool = typer.Option(False, "--dry-run", help=_("Only check it, and tell what would change.")),
) -> None:
    from tuicrm.services.workspace.role_files import read, take_in

    work = work_of(context)
    try:
        text = file_bytes(file).decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise Refused(_("{file} is not text in UTF-8.").format(file=file)) from wrong
    meant = read(work.session, text)
    told = take_in(work.session, meant, dry_run=dry_run)
    if work.out.json:
        work.out.envelope(added=told.added, changed=told.changed, unchanged=told.same, dry_run=dry_run)
        return
    for words, keys in ((_("added"), told.added), (_("changed"), told.changed), (_("as it was"), told.same)):
        if keys:
            work.out.text(f"{words}: {', '.join(keys)}")


def _answer(work: CommandRun, role: Role) -> None:
    from tuicrm.services.workspace.roles import plain

    work.out.names(role.key, role=plain(work.session, role))
