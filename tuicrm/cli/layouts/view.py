"""`tuicrm view list`, `show`, `add`, `edit`, `members`, `move`, `delete`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.places import DOWN, PIPELINE, TYPE, UP, VARIANT, VIEW, direction, place_at
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.config_records import KeptLayout
    from tuicrm.domain.layout_use import LayoutPlace
    from tuicrm.services.kernel.session import Session

app = noun(_("Views: named card layouts for chosen people and departments."))

_For = typer.Option(
    [], "--for", metavar="WHO", help=_("A person or department, by key, login or name; repeat for several.")
)
_From = typer.Option("", "--from", metavar="LAYOUT", help=_("Based on this layout: common, mine, built-in, or a view."))


@app.command("list", cls=CrmCommand, help=_("List the views of a type's cards and who uses them."))
def list_(context: typer.CommandContext, type: str = TYPE, pipeline: str = PIPELINE, variant: str = VARIANT) -> None:
    from tuicrm.services.layouts.layouts import in_use
    from tuicrm.services.layouts.views import member_names, views

    work, place = place_at(context, type, pipeline, variant)
    session, found = work.session, views(work.session, place)
    if work.out.json:
        rows = [_plain(session, place, kept) for kept in found]
        work.out.envelope(type=place.type, variant=place.variant, views=rows, total=len(rows))
        return
    mine = in_use(session, place).choice
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Name")), TableColumn(_("For")), TableColumn("")]
    table = [
        [
            kept.record.key,
            kept.record.name,
            ", ".join(member_names(session, kept.record.members)),
            _("yours") if mine == f"view:{kept.record.key}" else "",
        ]
        for kept in found
    ]
    work.out.table(heads, table)


@app.command(cls=CrmCommand, help=_("Show a view: who uses it, its sections and fields."))
def show(
    context: typer.CommandContext, type: str = TYPE, view: str = VIEW, pipeline: str = PIPELINE, variant: str = VARIANT
) -> None:
    from tuicrm.cli.layouts.layout_output import lines, plain, which
    from tuicrm.domain.layout_use import LayoutUse
    from tuicrm.services.layouts.views import find_view, member_names

    work, place = place_at(context, type, pipeline, variant)
    kept = find_view(work.session, place, view)
    use = LayoutUse("view", kept.record.layout, kept)
    if work.out.json:
        work.out.envelope(**plain(work.session, place, use))
        return
    work.out.lines(lines(work.session, place, use, work.out.cells if work.out.terminal else 0))
    names = ", ".join(member_names(work.session, kept.record.members)) or _("nobody")
    work.out.text(_("For: {names}").format(names=names))
    work.out.say(which(work.session, place, use))


@app.command(cls=TextCommand, help=_("Create a view from your card as it is; prints its key."))
def add(
    context: typer.CommandContext,
    type: str = TYPE,
    name: str = typer.Argument(metavar="NAME", help=_("The label people see.")),
    members: list[str] = _For,
    like: str = _From,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
) -> None:
    from tuicrm.services.layouts.layout_names import find_layout
    from tuicrm.services.layouts.views import add_view

    work, place = place_at(context, type, pipeline, variant)
    shape = find_layout(work.session, place, like) if like else None
    _answer(work, place, add_view(work.session, place, name, _members(work.session, members), layout=shape))


@app.command(cls=TextCommand, help=_("Rename a view, or base it on another layout."))
def edit(
    context: typer.CommandContext,
    type: str = TYPE,
    view: str = VIEW,
    name: str = typer.Option(None, metavar="NAME", help=_("The label people see.")),
    like: str = _From,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
) -> None:
    from tuicrm.services.layouts.layout_names import find_layout
    from tuicrm.services.layouts.views import edit_view, find_view

    if name is None and not like:
        raise UsageError(_("Nothing to change: give at least one option."))
    work, place = place_at(context, type, pipeline, variant)
    key = find_view(work.session, place, view).record.key
    shape = find_layout(work.session, place, like) if like else None
    _answer(work, place, edit_view(work.session, place, key, name=name, layout=shape))


@app.command(cls=CrmCommand, help=_("Choose who uses a view; without options, list them."))
def members(
    context: typer.CommandContext,
    type: str = TYPE,
    view: str = VIEW,
    exactly: list[str] = _For,
    also: list[str] = typer.Option([], metavar="WHO", help=_("Add this one; repeat for several.")),
    without: list[str] = typer.Option([], "--not", metavar="WHO", help=_("Remove this one; repeat for several.")),
    nobody: bool = typer.Option(False, "--nobody", help=_("Remove everyone.")),
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
) -> None:
    from tuicrm.services.layouts.views import edit_view, find_view, member_names

    work, place = place_at(context, type, pipeline, variant)
    session, kept = work.session, find_view(work.session, place, view)
    if exactly or also or without or nobody:
        less = _members(session, without)
        wanted = _members(session, exactly) if exactly else [] if nobody else kept.record.members
        wanted = [member for member in [*wanted, *_members(session, also)] if member not in less]
        kept = edit_view(session, place, kept.record.key, members=wanted)
    if work.out.json:
        work.out.envelope(view=_plain(session, place, kept))
        return
    found = kept.record.members
    table = [[key, name] for key, name in zip(found, member_names(session, found), strict=True)]
    work.out.table([TableColumn(_("Key"), style="accent"), TableColumn(_("Name"))], table)


@app.command(cls=CrmCommand, help=_("Move a view up or down in the list."))
def move(
    context: typer.CommandContext,
    type: str = TYPE,
    view: str = VIEW,
    up: bool = UP,
    down: bool = DOWN,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
) -> None:
    from tuicrm.services.layouts.views import find_view, move_view, views

    step = direction(up=up, down=down)
    work, place = place_at(context, type, pipeline, variant)
    key = find_view(work.session, place, view).record.key
    moved = move_view(work.session, place, key, step)
    order = [kept.record.key for kept in views(work.session, place)]
    if work.out.json:
        work.out.envelope(views=order, changed=moved)
        return
    for one in order:
        work.out.text(one)
    if not moved:
        work.out.say(_("Nothing to change."))


@app.command(cls=CrmCommand, help=_("Delete a view; those who used it get their other layout."))
def delete(
    context: typer.CommandContext, type: str = TYPE, view: str = VIEW, pipeline: str = PIPELINE, variant: str = VARIANT
) -> None:
    from tuicrm.services.layouts.views import delete_view, find_view

    work, place = place_at(context, type, pipeline, variant)
    kept = find_view(work.session, place, view)
    delete_view(work.session, place, kept.record.key)
    _answer(work, place, kept)
    work.out.say(_("Deleted; `tuicrm undo` restores it."))


def _members(session: Session, names: Sequence[str]) -> list[str]:
    from tuicrm.services.workspace.members import find_member

    return [find_member(session, name) for name in names]


def _answer(work: CommandRun, place: LayoutPlace, kept: KeptLayout) -> None:
    if work.out.json:
        work.out.envelope(view=_plain(work.session, place, kept))
    else:
        work.out.text(kept.record.key)


def _plain(session: Session, place: LayoutPlace, kept: KeptLayout) -> dict[str, Any]:
    """A view for programs; only the fields that this person may see."""
    from tuicrm.domain.layout_use import LayoutUse
    from tuicrm.services.layouts.layouts import current, in_use

    record = kept.record
    layout = current(session, place, LayoutUse("view", record.layout, kept))
    return {
        "key": record.key,
        "name": record.name,
        "members": record.members,
        "edited": record.edited,
        "in_use": in_use(session, place).choice == f"view:{record.key}",
        "sections": len(layout.sections),
        "fields": sum(len(section.fields) for section in layout.sections),
    }
