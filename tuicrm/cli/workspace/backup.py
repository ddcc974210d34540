"""`tuicrm backup` and `tuicrm restore`: a copy made while people work, and a workspace made of one."""

from __future__ import annotations

import sys
from typing import Any

import msgspec

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.progress import Telling
from tuicrm.errors import UsageError
from tuicrm.i18n import _, ngettext
from tuicrm.login import at_home

backup, restore = verb(), verb()


@backup.command(
    cls=CrmCommand,
    help=_(
        "Back up the workspace while people work in it, as of one moment, with checksums. The "
        "backup goes into a new folder, a file (.tar, .tar.gz, .tar.zst), or with - as a tar "
        "stream to stdout. `tuicrm restore` restores it."
    ),
)
def _backup(
    context: typer.CommandContext,
    target: str = typer.Argument(metavar="DIR|FILE|-", help=_("The file to write; - is stdout.")),
) -> None:
    from tuicrm.services.workspace.backups import back_up

    work = work_of(context)
    if target == "-" and work.out.json:
        raise UsageError(_("stdout cannot take both the backup and the answer: name a file with --json."))
    if target == "-" and sys.stdout.isatty():
        raise UsageError(_("A backup cannot be shown in a terminal: name a file, or send it to a pipe."))
    session = work.session
    with Telling(work) as telling:

        def tell(done: int, of: int) -> None:
            telling.tell(_("{done} of {all} MB").format(done=done >> 20, all=of >> 20))

        held = back_up(session, None if target == "-" else at_home(target), tell)
    if work.out.json:
        work.out.envelope(path=target, **_plain(held))
        return
    told = ", ".join(f"{key} {count:,}" for key, count in held.items.items()) or _("no items")
    attachments = ngettext("{n} attachment", "{n} attachments", held.attachments)
    work.out.say(
        _("It contains: {items}; {attachments}; every change up to number {seq}.").format(
            items=told, attachments=attachments, seq=held.seq
        )
    )
    files = ngettext("{n} file", "{n} files", held.files)
    work.out.say(_("{files}, {size} bytes, each with its checksum.").format(files=files, size=f"{held.size:,}"))


@restore.command(
    cls=CrmCommand,
    help=_(
        "Restore a backup into a new or empty folder. Every file is checked against its checksum "
        "and every record verified first; a damaged backup leaves nothing behind."
    ),
)
def _restore(
    context: typer.CommandContext,
    source: str = typer.Argument(metavar="DIR|FILE|-", help=_("The backup; - is a tar stream on stdin.")),
    target: str = typer.Argument(metavar="NEWDIR", help=_("The folder of the new workspace.")),
) -> None:
    from tuicrm.services.workspace.backups import restore_to

    work = work_of(context)
    folder = at_home(target).absolute()
    with Telling(work) as telling:

        def tell(done: int, _of: int) -> None:
            telling.tell(_("{done} MB").format(done=done >> 20))

        contents = restore_to(None if source == "-" else at_home(source), folder, tell)
    if work.out.json:
        work.out.envelope(
            path=str(folder), made=contents.made, seq=contents.seq, files=len(contents.files), size=contents.size
        )
        return
    work.out.text(str(folder))
    work.out.say(
        _("Restored and verified: as it was at {when} (UTC), up to change {seq}.").format(
            when=contents.made, seq=contents.seq
        )
    )
    work.out.say(_("`tuicrm --data {path}` opens it.").format(path=folder))


def _plain(held: object) -> dict[str, Any]:
    found: dict[str, Any] = msgspec.to_builtins(held)
    return found
