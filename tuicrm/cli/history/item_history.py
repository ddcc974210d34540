"""`tuicrm deal history` and `restore`: what changed of an item, the item as it was, and bringing it back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.item_words import type_of
from tuicrm.cli.arguments.moments import moment
from tuicrm.cli.arguments.places import DRY_RUN, only_told
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.history.history import remark
from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import _, ngettext
from tuicrm.render.line import Run
from tuicrm.render.text import clean, clean_lines

if TYPE_CHECKING:
    from tuicrm.domain.items import Ref
    from tuicrm.services.history.history import HistoryStep
    from tuicrm.services.kernel.session import Session

_REF = typer.Argument(metavar="REF", help=_("D-42, or 42; works for deleted items, too."))
_AT = typer.Option(
    "", "--at", metavar="WHEN", help=_("2026-11-23, 2026-11-23T09:30, -7d, or a change number from `tuicrm log`.")
)


history_, restore_ = verb(), verb()


@history_.command(
    cls=CrmCommand, help=_("Show what changed on an item: when, by whom, from what to what; or the item as it was.")
)
def history(
    context: typer.CommandContext,
    ref: str = _REF,
    field: str = typer.Option("", metavar="FIELD", help=_("Only changes to this field.")),
    by: str = typer.Option("", metavar="WHO", help=_("Only what this person did.")),
    at: str = _AT,
    limit: int = typer.Option(0, min=0, metavar="N", help=_("Maximum number; 0 for all.")),
) -> None:
    from tuicrm.services.history import history as past
    from tuicrm.services.kernel.lookup import named_field, read_ref
    from tuicrm.services.workspace.people import find_person

    work, item_type = work_of(context), type_of(context)
    session = work.session
    found = read_ref(session, ref, item_type.key)
    if at:
        _as_it_was(work, found, _when(session, at))
        return
    key = named_field(session, item_type.key, field).key if field else ""
    person = find_person(session.workspace, by, me=session.person_key).key if by else ""
    steps = past.steps(session, found, by=person, field=key)
    shown = steps[:limit] if limit else steps
    if work.out.json:
        rows = [_plain(session, found, step, key) for step in shown]
        work.out.envelope(ref=session.workspace.show_ref(found), history=rows, total=len(steps))
        return
    for step in shown:
        _draw(work, found, step, key)
    work.out.say(
        _("{n} of {all}").format(n=len(shown), all=len(steps))
        if len(shown) < len(steps)
        else ngettext("{n} change", "{n} changes", len(steps))
    )


def _when(session: Session, text: str) -> datetime | int:
    """A moment, or the number of a transaction."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else moment(session, text, "at")


def _as_it_was(work: CommandRun, ref: Ref, when: datetime | int) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.render.card_text import card_text
    from tuicrm.services.exporting.exportable import plain_item
    from tuicrm.services.history import history as past
    from tuicrm.services.items import cards

    session = work.session
    version = past.version_at(session, ref, when)
    item = past.item_of(ref, version)
    if work.out.json:
        work.out.envelope(items=[plain_item(session, item)], at=version.at, seq=version.seq, total=1)
        return
    work.out.lines(card_text(cards.view(session, item), None, work.out.cells, show_empty=False))
    who = session.names.person(version.by) or version.by
    work.out.say(_("As it was from {when} ({who}).").format(when=short_when(version.at, session.context()), who=who))


@restore_.command(
    cls=CrmCommand, help=_("Restore values, or the whole item, to what they were; works for a deleted item, too.")
)
def restore(
    context: typer.CommandContext,
    ref: str = _REF,
    fields: list[str] = typer.Argument(
        None, metavar="[FIELD...]", help=_("Only these fields; by default, the whole item.")
    ),
    at: str = _AT,
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.services.history import history as past
    from tuicrm.services.kernel.lookup import named_field, read_ref

    work, item_type = work_of(context), type_of(context)
    session = work.session
    found = read_ref(session, ref, item_type.key)
    keys = [named_field(session, item_type.key, text).key for text in fields or ()]
    version = past.version_at(session, found, _when(session, at)) if at else None
    done = past.restore(session, found, version, keys, dry_run=dry_run)
    shown = session.workspace.show_ref(found)
    if work.out.json:
        work.out.envelope(ref=shown, fields=list(done.fields), left=list(done.left), restored=not dry_run)
        return
    known = session.workspace.fields(found.type)
    work.out.text(shown)
    names = ", ".join(session.label(known[key].label) for key in done.fields)
    work.out.say(_("Restored: {fields}.").format(fields=names or shown))
    if done.left:
        names = ", ".join(session.label(known[key].label) for key in done.left)
        work.out.warn(_("Could not be restored, because it no longer exists: {fields}.").format(fields=names))
    if dry_run:
        work.out.say(only_told(dry_run))


def _plain(session: Session, ref: Ref, step: HistoryStep, field: str) -> dict[str, Any]:
    from tuicrm.services.history import history as past

    told = past.texts(session, ref, step, session.context(), {field} if field else ())
    before, after = step.before or {}, step.version.doc or {}
    return {
        "seq": step.version.seq,
        "at": step.version.at,
        "clock": step.version.clock,
        "by": step.version.by,
        "what": step.what,
        "fields": [
            {
                "field": one.key,
                "from": before.get(one.key),
                "to": after.get(one.key),
                "from_text": one.old,
                "to_text": one.new,
            }
            for one in told
        ],
    }


def _draw(work: CommandRun, ref: Ref, step: HistoryStep, field: str) -> None:
    from tuicrm.domain.kinds.dates import clock_said, short_when
    from tuicrm.services.history import history as past

    session, context = work.session, work.session.context()
    version = step.version
    who = session.names.person(version.by) or version.by
    words = {"added": _("added"), "deleted": _("deleted")}.get(step.what, "")
    work.out.lines(
        [
            (
                Run(f"{version.seq:>6}", "faint"),
                Run(f"  {clean(short_when(version.at, context)):<16}", "dim"),
                Run(f"  {clean(who)}", "accent"),
                Run(f"  {words}" if words else "", "dim"),
                *remark(clock_said(version.clock, context)),
            )
        ]
    )
    for one in past.texts(session, ref, step, context, {field} if field else ()):
        old, new = (" ".join(clean_lines(side)) or "—" for side in (one.old, one.new))
        sides = new if step.what == "added" else f"{old} → {new}"
        work.out.lines([(Run(f"          {clean(one.label)}: ", "label"), Run(sides))])
