"""What moving all items of a stage or a pipeline came to, and how far it is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tuicrm.cli.arguments.places import only_told
from tuicrm.cli.running.progress import Telling
from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import _, ngettext

if TYPE_CHECKING:
    from tuicrm.domain.progress import Tell
    from tuicrm.services.items.item_moves import Outcome


@contextmanager
def telling_of(work: CommandRun) -> Iterator[Tell]:
    """What shows how far the work is; ctrl+c stops it, and then nothing was done."""
    with Telling(work) as telling:
        yield lambda done, of: telling.tell(_("{n} of {all}").format(n=f"{done:,}", all=f"{of:,}"))


def answer(work: CommandRun, outcome: Outcome, key: str, *, dry_run: bool, deleted: bool = False) -> None:
    """How many moved, and those that stay with the reason; `deleted`: what they were in (`key`) is gone, or would be."""
    from tuicrm.services.items.stages import told
    from tuicrm.services.kernel.bulk import left_out_text

    session, out = work.session, work.out
    if out.json:
        stayed = [
            {
                "ref": session.workspace.show_ref(one.ref),
                "lacks": [field.key for field in one.fields],
                "reason": one.reason,
            }
            for one in outcome.first
        ]
        more = {"deleted": not dry_run} if deleted else {"done": not dry_run}
        left_out = outcome.left_out
        out.envelope(key=key, moved=outcome.moved, stayed=outcome.stayed, first=stayed, left_out=left_out, **more)
        return
    out.text(key)
    for one in outcome.first:
        out.warn(told(session, one))
    if outcome.stayed > len(outcome.first):
        out.warn(_("and {n} more").format(n=outcome.stayed - len(outcome.first)))
    if outcome.left_out:
        out.warn(left_out_text(outcome.left_out))
    items = ngettext("{n} item", "{n} items", outcome.moved)
    moved = _("Moved: {items}; not moved: {n}.").format(items=items, n=outcome.stayed)
    said = [moved] if outcome.moved or outcome.stayed or not deleted else []
    said += [_("Deleted; `tuicrm undo` restores it.")] if deleted and not dry_run else []
    out.say(" ".join((*said, only_told(dry_run))).rstrip())
