"""`tuicrm dupes`: items that are likely the same, by likelihood; and pairs that are not, however like."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.indexing import reading
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import NotFound, UsageError
from tuicrm.i18n import N_, _, ngettext
from tuicrm.render.line import Run

if TYPE_CHECKING:
    from tuicrm.domain.items import Ref
    from tuicrm.services.duplicates.duplicates import Alike

dupes = verb()


@dupes.command(cls=CrmCommand, help=_("List likely duplicates: of a type, of all types, or of one item."))
def _dupes(
    context: typer.CommandContext,
    words: list[str] = typer.Argument(
        None, metavar="[TYPE | REF...]", help=_("A type; an item, to find its duplicates; by default, all types.")
    ),
    apart: bool = typer.Option(False, "--apart", help=_("Mark these items as not duplicates of each other.")),
    limit: int = typer.Option(50, min=0, metavar="N", help=_("Maximum number of groups per type; 0 for all.")),
) -> None:
    from tuicrm.services.duplicates import duplicates

    work, given = work_of(context), words or []
    session = work.session
    if apart:
        refs = duplicates.read_refs(session, given)
        duplicates.tell_apart(session, refs)
        _tell_apart(work, refs)
        return
    if len(given) > 1:
        raise UsageError(_("Give one type or one item at a time; --apart takes several items."))
    ref = session.workspace.read_ref(given[0]) if given else None
    with reading(work) as tell:
        duplicates.catch_up(session, tell)
    if ref is not None:
        _like(work, ref)
    else:
        _groups(work, given[0] if given else "", limit)


def _tell_apart(work: CommandRun, refs: list[Ref]) -> None:
    shown = [work.session.workspace.show_ref(ref) for ref in refs]
    work.out.done(_("Marked as not duplicates: {refs}.").format(refs=", ".join(shown)), apart=shown)


def _like(work: CommandRun, ref: Ref) -> None:
    from tuicrm.cli.items.alike import plain
    from tuicrm.domain.alike import why
    from tuicrm.render.table import TableColumn
    from tuicrm.services.duplicates import duplicates

    session = work.session
    item = session.get(ref)
    duplicates.require_looked_at(session, ref.type)
    found = duplicates.like(session, ref.type, item.fields, but=ref)
    if work.out.json:
        work.out.envelope(alike=plain(session, found), total=len(found))
        return
    rows = [
        [
            session.workspace.show_ref(one.ref),
            session.names.item(one.ref) or "",
            f"{one.likelihood:.0%}",
            why(one.reasons),
        ]
        for one in found
    ]
    heads = [TableColumn(_("Ref"), style="accent", shrinks=False), TableColumn(_("Name"))]
    if rows:
        work.out.table([*heads, TableColumn(_("Likelihood"), "right"), TableColumn(_("In common"))], rows)
    work.out.say(
        ngettext("{n} possible duplicate", "{n} possible duplicates", len(found))
        if found
        else _("No duplicates of it found.")
    )


def _groups(work: CommandRun, name: str, limit: int) -> None:
    from tuicrm.services.duplicates import duplicates
    from tuicrm.services.kernel.lookup import find_type

    session = work.session
    try:
        types = [find_type(session, name)] if name else duplicates.looked_at(session)
    except NotFound as error:
        raise NotFound(error.message + " " + _("A ref looks like C-7.")) from error
    with reading(work, N_("Comparing: {done} of {all}")) as tell:
        found = {one.key: duplicates.groups(session, one.key, tell) for one in types}
    shown = {key: groups[:limit] if limit else groups for key, groups in found.items()}
    total = sum(map(len, found.values()))
    if work.out.json:
        rows = [_plain(work, group) for groups in shown.values() for group in groups]
        work.out.envelope(groups=rows, total=total)
        return
    for key, groups in shown.items():
        _draw(work, key, groups, len(found[key]))
    told = ngettext("{n} group of likely duplicates", "{n} groups of likely duplicates", total)
    work.out.say(told if total else _("No duplicates found."))


def _plain(work: CommandRun, group: Alike) -> dict[str, Any]:
    session = work.session
    items = session.many(group.type, group.ids)
    return {
        "type": group.type,
        "likelihood": round(group.likelihood, 2),
        "reasons": list(group.reasons),
        "items": [{"ref": session.workspace.show_ref(item.ref), "title": session.title_of(item)} for item in items],
    }


def _draw(work: CommandRun, key: str, groups: list[Alike], of: int) -> None:
    from tuicrm.domain.alike import why
    from tuicrm.render.text import clean

    if not groups:
        return
    session = work.session
    label = session.label(session.workspace.type(key).plural)
    count = f"{len(groups)}/{of}" if of > len(groups) else str(of)
    work.out.lines([(Run(clean(f"{label} {count}"), "heading"),)])
    for group in groups:
        work.out.lines([(Run(f"{group.likelihood:>4.0%}  ", "today"), Run(clean(why(group.reasons)), "dim"))])
        for item in session.many(group.type, group.ids):
            ref = clean(session.workspace.show_ref(item.ref))
            work.out.lines([(Run(f"      {ref}  ", "accent"), Run(clean(session.title_of(item)), "title"))])
