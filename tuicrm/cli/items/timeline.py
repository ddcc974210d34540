"""`tuicrm comment`, its verbs, and `tuicrm timeline`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup, TextCommand, noun, verb
from tuicrm.cli.grammar.typed import Command, CommandContext, work_of
from tuicrm.cli.running.work import CommandRun, stdin_for
from tuicrm.errors import NotFound, UsageError
from tuicrm.i18n import N_, _

if TYPE_CHECKING:
    from tuicrm.domain.card import EntryView
    from tuicrm.domain.items import Ref

_ADD = "add"


class _Comments(CrmGroup):
    """Comments on a ref that stands where a verb could."""

    def resolve_command(self, ctx: CommandContext, args: list[str]) -> tuple[str, Command, list[str]]:
        return super().resolve_command(ctx, args if self.get_command(ctx, args[0]) else [_ADD, *args])


timeline = verb()
comment = noun(
    _(
        "Write a comment on an item's timeline. You can also change and delete comments, and "
        "pin or add a note to any entry."
    ),
    _Comments,
    examples=[
        ('D-42 "Call back on Monday"', N_("A comment.")),
        ("D-42 - < minutes.txt", N_("From stdin.")),
        ("list D-42", N_("With the numbers the other verbs take.")),
        ('edit 17 "Call back on Tuesday"', N_("With a new text.")),
    ],
)

_Ref = typer.Argument(metavar="REF", help=_("The item: D-42."))
_Number = typer.Argument(metavar="NUMBER", help=_("The number shown by `comment list`."))


@comment.command(_ADD, cls=TextCommand, help=_("Write a comment; `comment D-42 TEXT` is enough."))
def add(
    context: typer.CommandContext,
    ref: str = _Ref,
    text: str = typer.Argument(metavar="TEXT", help=_("The text; - reads stdin.")),
) -> None:
    from tuicrm.services.items import timeline
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    target = read_ref(work.session, ref)
    entry = timeline.comment(work.session, target, stdin_for(text))
    shown = work.session.workspace.show_ref(target)
    work.out.done(_("Comment {n} added to {ref}.").format(ref=shown, n=entry), ref=shown, entry=entry)


@comment.command("list", cls=CrmCommand, help=_("List an item's comments with their numbers, newest first."))
def list_(
    context: typer.CommandContext,
    ref: str = _Ref,
    all_entries: bool = typer.Option(
        False, "--all", help=_("Also list other entries, which can be pinned and have notes.")
    ),
) -> None:
    from tuicrm.services.items import timeline

    work = work_of(context)
    target = _target(work, ref)
    if work.out.json:
        found = timeline.records(work.session, target)
        entries = [one for one in found if one["kind"] != "activity" and (all_entries or one["kind"] == "comment")]
        work.out.envelope(ref=work.session.workspace.show_ref(target), entries=entries)
        return
    from tuicrm.render.table import TableColumn

    view = timeline.view(work.session, target)
    shown = [
        one
        for one in view.entries
        if one.group == "day" and one.kind != "activity" and (all_entries or one.kind == "comment")
    ]
    rows = [[str(one.id), one.when, one.by, _("pinned") if one.pinned else "", _told(one)] for one in shown]
    heads = [
        TableColumn("#", "right", shrinks=False),
        *(TableColumn(name) for name in (_("When"), _("Who"), _("Pin"), _("Text"))),
    ]
    work.out.table(heads, rows)


def _told(entry: EntryView) -> str:
    """What an entry says, in a line."""
    texts = ("" if entry.kind == "comment" else entry.title, entry.text, entry.note)
    return " · ".join(" ".join(text.split()) for text in texts if text.strip())


@comment.command(cls=TextCommand, help=_("Change a comment's text."))
def edit(
    context: typer.CommandContext,
    number: int = _Number,
    text: str = typer.Argument(metavar="TEXT", help=_("The new text; - reads stdin.")),
) -> None:
    from tuicrm.services.items import timeline

    work = work_of(context)
    with _naming(number):
        timeline.edit_comment(work.session, number, stdin_for(text))
    work.out.done(_("Changed."), entry=number)


@comment.command(cls=CrmCommand, help=_("Delete comments; `tuicrm undo` restores them."))
def delete(
    context: typer.CommandContext,
    numbers: list[int] = typer.Argument(metavar="NUMBER...", help=_("The numbers shown by `comment list`.")),
) -> None:
    from tuicrm.services.items import timeline

    work = work_of(context)
    with _naming(*numbers):
        timeline.delete_entry(work.session, *dict.fromkeys(numbers))
    work.out.done(_("Deleted; `tuicrm undo` restores it."), entries=numbers)


@comment.command(cls=CrmCommand, help=_("Pin a comment, or another entry, to the top of the timeline."))
def pin(
    context: typer.CommandContext,
    number: int = _Number,
    off: bool = typer.Option(False, "--off", help=_("Unpin it.")),
) -> None:
    from tuicrm.services.items import timeline

    work = work_of(context)
    with _naming(number):
        timeline.pin(work.session, number, pinned=not off)
    work.out.done(_("Unpinned.") if off else _("Pinned."), entry=number, pinned=not off)


@comment.command(cls=TextCommand, help=_('Add a short note to a comment or another entry; "" removes it.'))
def note(
    context: typer.CommandContext,
    number: int = _Number,
    text: str = typer.Argument(metavar="TEXT", help=_("The note; - reads stdin.")),
) -> None:
    from tuicrm.services.items import timeline
    from tuicrm.services.kernel.reader import ENTRIES

    work = work_of(context)
    with _naming(number):
        timeline.note(work.session, ENTRIES, number, stdin_for(text))
    work.out.done(_("Note saved.") if text.strip() else _("Note removed."), entry=number)


@contextmanager
def _naming(*numbers: int) -> Iterator[None]:
    """Says which entry there is not."""
    try:
        yield
    except NotFound as error:
        told = ", ".join(map(str, numbers))
        raise NotFound(_("There is no entry {n}.").format(n=told)) from error


def _target(work: CommandRun, ref: str) -> Ref:
    """An item that is there. Raises NotFound, AccessDenied."""
    from tuicrm.services.kernel.lookup import read_ref

    target = read_ref(work.session, ref)
    work.session.get(target)
    return target


@timeline.command(
    cls=CrmCommand,
    help=_("Show an item's timeline: planned, pinned, then by day."),
    examples=[("D-42 --only comments", N_("Comments alone."))],
)
def _timeline(
    context: typer.CommandContext,
    ref: str = _Ref,
    only: str = typer.Option("", metavar="KINDS", help=_("comments, activities, changes; separated by commas.")),
) -> None:
    from tuicrm.services.items import timeline

    work = work_of(context)
    session = work.session
    target = _target(work, ref)
    groups = [word.strip() for word in only.split(",") if word.strip()]
    unknown = [word for word in groups if word not in timeline.GROUPS]
    if unknown:
        known = ", ".join(timeline.GROUPS)
        raise UsageError(
            _("There is no kind of entry {name}; choose from: {known}").format(name=unknown[0], known=known)
        )
    if work.out.json:
        work.out.envelope(ref=session.workspace.show_ref(target), entries=timeline.records(session, target, groups))
        return
    from tuicrm.render.timeline import build_timeline

    view = timeline.view(session, target, groups)
    rows = build_timeline(view, work.out.cells, text_lines=0)
    work.out.lines(rows.line(y) for y in range(len(rows.rows)))
    if not view.entries:
        work.out.say(_("Nothing here."))
