"""Writing what a list shows, or what is marked in it, into a file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from tuicrm.domain.context import Choice
from tuicrm.domain.schema import Field
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.login import at_home
from tuicrm.screens.asking import NO, YES
from tuicrm.screens.host import Host
from tuicrm.services.exporting.exportable import withheld_text
from tuicrm.services.exporting.exporting import Exported, export_items
from tuicrm.services.kernel.saving import save_file
from tuicrm.widgets.progress import with_progress
from tuicrm.widgets.question import Answer, Question

_FORMATS = ("csv", "json")


async def ask_export(screen: Host, type_key: str, ids: Sequence[int], fields: Sequence[Field]) -> None:
    """Ask for a file and write these items with these fields, in this order."""
    from tuicrm.widgets.form import Form

    session = screen.session
    noun = session.label(session.workspace.type(type_key).plural).lower()
    wanted: list[tuple[Path, str, bool]] = []
    refused: list[Path] = []

    def take(answers: Mapping[str, Answer]) -> None:
        path = at_home(str(answers["path"]).strip())
        if not path.name or path.is_dir():
            raise Refused(_("Which file?"), [FieldProblem("path", _("is required"))])
        if path.exists() and path not in refused:
            refused.append(path)
            key = screen.surface.keys.key("form.save")
            told = _("This file exists; press {key} again to replace it").format(key=key)
            raise Refused(told, [FieldProblem("path", told)])
        kind = (*answers["format"], "csv")[0]
        wanted.append((path, str(kind), answers["spreadsheet"] == (YES,)))

    yes_no = (Choice(YES, _("yes")), Choice(NO, _("no")))
    questions = [
        Question("path", _("File"), text=f"~/{_file_name(noun)}.csv", required=True),
        Question(
            "format",
            _("Format"),
            "list",
            chosen=("csv",),
            choices=[Choice(f, f.upper()) for f in _FORMATS],
            required=True,
        ),
        Question("spreadsheet", _("For Excel"), "boolean", chosen=(NO,), choices=yes_no),
    ]
    title = _("Export {n} {noun}").format(n=len(ids), noun=noun)
    await screen.ask(Form(screen.surface, title, questions, take))
    if not wanted:
        return
    path, kind, spreadsheet = wanted[0]

    def work(tell: Callable[[int, int], None]) -> Exported:
        content, done = export_items(session, type_key, ids, fields, kind, spreadsheet=spreadsheet, tell=tell)
        save_file(path, content, replace=True, waits=False)
        return done

    done = await with_progress(screen, title, work)
    if done is None:
        screen.say(_("Stopped; nothing was written."))
        return
    told = [ngettext("{n} item written", "{n} items written", done.written)]
    if done.withheld:
        told.append(withheld_text(done.withheld))
    screen.say(f"{', '.join(told)}: {path}", "done")


def _file_name(noun: str) -> str:
    return "".join(one if one.isalnum() else "-" for one in noun).strip("-") or "export"
