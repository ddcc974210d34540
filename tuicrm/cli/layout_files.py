"""`tuicrm layout export` and `layout import`: card layouts in Bitrix24's own form."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from tuicrm.cli.export import save
from tuicrm.cli.grammar import CrmCommand
from tuicrm.cli.layout import app
from tuicrm.cli.output import encode
from tuicrm.cli.work import Work, work_of
from tuicrm.errors import NotFound, Refused, StorageError, UsageError
from tuicrm.i18n import _, ngettext

if TYPE_CHECKING:
    from tuicrm.domain.layout_use import Place
    from tuicrm.services.layout_files import Imported

_STANDARD = "-"


@app.command(
    "export", cls=CrmCommand, help=_("Write a card layout in Bitrix24's form: sections with elements and optionFlags.")
)
def export(
    context: typer.Context,
    type: str = typer.Argument(metavar="TYPE"),
    file: str = typer.Argument(_STANDARD, metavar="FILE", help=_("Where to; - is stdout.")),
    pipeline: str = typer.Option("", metavar="NAME", help=_("Which pipeline's layout; the default one's without.")),
    variant: str = typer.Option(
        "", metavar="KEY", help=_("Whose layout, where that is not each pipeline: new, repeat.")
    ),
    layout: str = typer.Option("", metavar="NAME", help=_("common, mine, or a view; the one in use without.")),
    force: bool = typer.Option(False, "--force", help=_("Replace the file if there is one.")),
) -> None:
    from tuicrm.services import layout_files, layouts

    work = work_of(context)
    session = work.session
    place = _place(work, type, pipeline, variant)
    use = layout_files.find_use(session, place, layout)
    sections = layout_files.export_layout(session, place, use)
    where = {"type": place.type, "variant": place.variant, "layout": use.choice}
    if file != _STANDARD:
        save(Path(file).expanduser(), f"{encode(sections, 1)}\n".encode(), force=force)
    if work.out.json:
        work.out.envelope(**where, **({"path": file} if file != _STANDARD else {"sections": sections}))
        return
    if file == _STANDARD:
        work.out.raw(f"{encode(sections, 1)}\n")
    written = ngettext("{n} section written", "{n} sections written", len(sections))
    work.out.say(f"{layouts.describe(use)}: {written}")


@app.command(
    "import",
    cls=CrmCommand,
    help=_(
        "Take a card layout in from Bitrix24's form; a file with null resets it. One undo. What has no field here is kept and comes "
        "out again."
    ),
)
def import_(
    context: typer.Context,
    type: str = typer.Argument(metavar="TYPE"),
    file: str = typer.Argument(metavar="FILE", help=_("Which file; - is stdin.")),
    pipeline: str = typer.Option("", metavar="NAME", help=_("Which pipeline's layout; the default one's without.")),
    variant: str = typer.Option(
        "", metavar="KEY", help=_("Whose layout, where that is not each pipeline: new, repeat.")
    ),
    layout: str = typer.Option("", metavar="NAME", help=_("common, mine, or a view; the one you shape without.")),
) -> None:
    from tuicrm.services import layout_files

    work = work_of(context)
    session = work.session
    place = _place(work, type, pipeline, variant)
    use = layout_files.find_use(session, place, layout, begin=True)
    name = "stdin" if file == _STANDARD else Path(file).name
    done = layout_files.import_layout(session, place, use, _content(file), name)
    if work.out.json:
        lists = {key: list(getattr(done, key)) for key in ("left", "twice", "unread", "languages")}
        work.out.envelope(type=place.type, variant=place.variant, layout=done.use.choice, outcome=done.outcome, **lists)
    else:
        _tell(work, done)


def _place(work: Work, type: str, pipeline: str, variant: str) -> Place:
    from tuicrm.services.items import find_type
    from tuicrm.services.layout_files import find_place

    if pipeline and variant:
        raise UsageError(_("--pipeline or --variant, not both."))
    return find_place(work.session, find_type(work.session, type).key, pipeline=pipeline, variant=variant)


def _content(file: str) -> bytes:
    if file == _STANDARD:
        return sys.stdin.buffer.read()
    path = Path(file).expanduser()
    if path.exists() and not path.is_file():
        # A pipe would wait for ever, and /dev/zero never ends.
        raise Refused(_("{path} is no file.").format(path=path))
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise NotFound(_("There is no file {path}.").format(path=path)) from error
    except OSError as problem:
        raise StorageError(f"{path}: {problem.strerror}") from problem


def _tell(work: Work, done: Imported) -> None:
    from tuicrm.services import layouts

    out, name = work.out, layouts.describe(done.use)
    said = {
        "changed": _("{layout}: taken in; `tuicrm undo` takes it back."),
        "unchanged": _("{layout}: it is so already."),
        "reset": _("Reset; the cards have now: {layout}."),
    }
    out.say(said[done.outcome].format(layout=name))
    notes = (
        (_("no field here; kept, not shown: {names}"), done.left),
        (_("stands in it twice; taken where it came first: {names}"), done.twice),
        (_("says nothing here, not kept: {names}"), done.unread),
        (_("these sections had names in several languages, and have one for all now: {names}"), done.languages),
    )
    for text, names in notes:
        if names:
            out.warn(text.format(names=", ".join(names)))
