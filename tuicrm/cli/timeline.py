"""`tuicrm comment` and `tuicrm timeline`."""

from __future__ import annotations

from tuicrm.cli import typed as typer

from tuicrm.cli.grammar import CrmCommand, TextCommand, verb
from tuicrm.cli.work import stdin_for, work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import _

comment, timeline = verb(), verb()


@comment.command(cls=TextCommand, help=_("Write a comment on an item's timeline."))
def _comment(
    context: typer.Context,
    ref: str = typer.Argument(metavar="REF"),
    text: str = typer.Argument(metavar="TEXT", help=_("What to write; - reads stdin.")),
) -> None:
    from tuicrm.services import timeline
    from tuicrm.services.items import read_ref

    work = work_of(context)
    target = read_ref(work.session, ref)
    entry = timeline.comment(work.session, target, stdin_for(text))
    shown = work.session.workspace.show_ref(target)
    if work.out.json:
        work.out.envelope(ref=shown, entry=entry)
    else:
        work.out.say(_("Commented on {ref}.").format(ref=shown))


@timeline.command(cls=CrmCommand, help=_("Show an item's timeline: planned, pinned, then by day."))
def _timeline(
    context: typer.Context,
    ref: str = typer.Argument(metavar="REF"),
    only: str = typer.Option("", metavar="KINDS", help=_("comments, activities, changes; with commas between.")),
) -> None:
    from tuicrm.render.timeline import build_timeline
    from tuicrm.services import timeline
    from tuicrm.services.items import read_ref

    work = work_of(context)
    session = work.session
    target = read_ref(session, ref)
    session.get(target)
    groups = [word.strip() for word in only.split(",") if word.strip()]
    unknown = [word for word in groups if word not in timeline.GROUPS]
    if unknown:
        known = ", ".join(timeline.GROUPS)
        raise UsageError(_("There is no kind {name}; there are: {known}").format(name=unknown[0], known=known))
    if work.out.json:
        work.out.envelope(ref=session.workspace.show_ref(target), entries=timeline.records(session, target, groups))
        return
    view = timeline.view(session, target, groups)
    rows = build_timeline(view, work.out.cells, text_lines=0)
    work.out.lines(rows.line(y) for y in range(len(rows.rows)))
    if not view.entries:
        work.out.say(_("Nothing here."))
