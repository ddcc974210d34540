"""`tuicrm fsck`: look for faults, and save what can be read of a damaged workspace."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.progress import Telling
from tuicrm.errors import Damaged
from tuicrm.i18n import _, ngettext
from tuicrm.login import at_home
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.services.checks.checking import Leftover

fsck = verb()


@fsck.command(
    cls=CrmCommand,
    help=_("Check every record of the workspace. Lists each fault by file and byte; changes nothing."),
)
def _fsck(
    context: typer.CommandContext,
    whole: bool = typer.Option(
        False, "--all", help=_("Also check everything derived from the records, not just a sample.")
    ),
    salvage: str = typer.Option("", metavar="DIR", help=_("Save what can be read into a new workspace there.")),
) -> None:
    from tuicrm.services.checks import checking
    from tuicrm.services.workspace.environment import system_login

    work = work_of(context)
    with Telling(work) as telling:

        def tell(done: int, of: int) -> None:
            telling.tell(_("{done} of {all}").format(done=done, all=of))

        found = checking.faults(work.place, whole=whole, tell=tell)
    left = checking.left_over(work.place)
    rows = [{"file": fault.place, "byte": fault.at, "what": fault.what} for fault in found]
    if not work.out.json and found:
        heads = [TableColumn(_("File")), TableColumn(_("Byte"), "right"), TableColumn(_("Fault"))]
        shown = [[fault.place, str(fault.at) if fault.at >= 0 else "", fault.what] for fault in found]
        work.out.table(heads, shown)
    if salvage:
        target = at_home(salvage)
        saved = checking.salvage(work.place, target, by=system_login())
        if work.out.json:
            work.out.envelope(faults=rows, saved=saved.records, lost=saved.damage, path=str(target))
            return
        work.out.text(ngettext("{n} record saved in ", "{n} records saved in ", saved.records) + str(target))
        for lost in saved.damage:
            work.out.warn(_("Not readable: {what}").format(what=lost))
        return
    if found:
        told = ngettext("{n} fault found; ", "{n} faults found; ", len(found))
        hint = _("`tuicrm fsck --salvage DIR` saves what can be read.")
        raise Damaged(told + hint, rows)
    unnamed = checking.unnamed_files(work.place)
    if work.out.json:
        left_over = [{"file": one.file, "size": one.size, "what": one.what} for one in left]
        work.out.envelope(faults=[], left_over=left_over, unnamed={"files": unnamed.files, "bytes": unnamed.size})
        return
    if left:
        heads = [TableColumn(_("File")), TableColumn(_("Bytes"), "right"), TableColumn(_("Leftover files"))]
        work.out.table(heads, _rows(left))
        work.out.say(
            _(
                "These take up space but do no harm. Compacting the journal removes some; keep "
                "or delete the rest as you like."
            )
        )
    if unnamed.files:
        told = ngettext(
            "{n} attached file ({size} bytes) belongs to no record any more; undo and history may still need it.",
            "{n} attached files ({size} bytes) belong to no record any more; undo and history may still need them.",
            unnamed.files,
            size=f"{unnamed.size:,}",
        )
        work.out.say(told)
    work.out.text(_("No faults."))


def _rows(left: Sequence[Leftover]) -> list[list[str]]:
    """A row a file; of what is derived, which is disposable, one for all."""
    kept = [one for one in left if one.folder == ".cache"]
    rows = [[one.file, f"{one.size:,}", one.what] for one in left if one not in kept]
    if kept:
        size = sum(one.size for one in kept)
        rows.append(
            [
                ".cache",
                f"{size:,}",
                ngettext(
                    "{n} file derived from data that no longer exists",
                    "{n} files derived from data that no longer exists",
                    len(kept),
                ),
            ]
        )
    return rows
