"""`tuicrm layout export` and `layout import`: card layouts in Bitrix24's own form."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.cli.arguments.places import PIPELINE, SHAPED, SHOWN, TYPE, VARIANT, place_at
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, CrmGroup
from tuicrm.cli.running.output import encode
from tuicrm.cli.running.work import CommandRun, stdin_bytes
from tuicrm.errors import NotFound, Refused, StorageError
from tuicrm.i18n import _, ngettext
from tuicrm.limits import LAYOUT_SIZE
from tuicrm.login import at_home

if TYPE_CHECKING:
    from tuicrm.services.layouts.layout_files import Imported

_STANDARD = "-"


def register(app: CrmGroup) -> None:
    """Make these verbs of a noun."""
    app.command(
        "export", cls=CrmCommand, help=_("Export a card layout in Bitrix24's format: sections, elements, optionFlags.")
    )(export)
    app.command(
        "import",
        cls=CrmCommand,
        help=_(
            "Import a card layout in Bitrix24's format; a file with null resets it. It is one undo "
            "step. Fields that do not exist here are kept and exported again."
        ),
    )(import_)


def export(
    context: typer.CommandContext,
    type: str = TYPE,
    file: str = typer.Argument(_STANDARD, metavar="FILE", help=_("The file to write; - is stdout.")),
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHOWN,
    force: bool = typer.Option(False, "--force", help=_("Replace the file if it exists.")),
) -> None:
    from tuicrm.services.kernel.saving import save_file
    from tuicrm.services.layouts import layout_files, layouts
    from tuicrm.services.layouts.layout_names import layout_to_show

    work, place = place_at(context, type, pipeline, variant)
    session = work.session
    use = layout_to_show(session, place, layout)
    sections = layout_files.export_layout(session, place, use)
    where = {"type": place.type, "variant": place.variant, "layout": use.choice}
    content = f"{encode(sections, 1)}\n".encode()
    if file != _STANDARD:
        save_file(at_home(file), content, replace=force)
    if work.out.json:
        work.out.envelope(**where, **({"path": file} if file != _STANDARD else {"sections": sections}))
        return
    if file == _STANDARD:
        work.out.content(content)
    written = ngettext("{n} section written", "{n} sections written", len(sections))
    work.out.say(f"{layouts.describe(use)}: {written}")


def import_(
    context: typer.CommandContext,
    type: str = TYPE,
    file: str = typer.Argument(metavar="FILE", help=_("The file; - is stdin.")),
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.services.layouts import layout_files
    from tuicrm.services.layouts.layout_names import layout_to_shape

    work, place = place_at(context, type, pipeline, variant)
    session = work.session
    use = layout_to_shape(session, place, layout)
    name = "stdin" if file == _STANDARD else Path(file).name
    done = layout_files.import_layout(session, place, use, _content(file), name)
    if work.out.json:
        lists = {key: list(getattr(done, key)) for key in ("left", "twice", "unread", "languages")}
        work.out.envelope(type=place.type, variant=place.variant, layout=done.use.choice, outcome=done.outcome, **lists)
    else:
        _tell(work, done)


def _content(file: str) -> bytes:
    if file == _STANDARD:
        return stdin_bytes()
    path = at_home(file)
    if path.exists() and not path.is_file():
        # A pipe would wait for ever, and /dev/zero never ends.
        raise Refused(_("{path} is not a file.").format(path=path))
    try:
        with path.open("rb") as content:
            return content.read(LAYOUT_SIZE.most + 1)
    except FileNotFoundError as error:
        raise NotFound(_("There is no file {path}.").format(path=path)) from error
    except OSError as problem:
        raise StorageError(f"{path}: {problem.strerror}") from problem


def _tell(work: CommandRun, done: Imported) -> None:
    from tuicrm.services.layouts import layouts

    out, name = work.out, layouts.describe(done.use)
    said = {
        "changed": _("{layout}: imported; `tuicrm undo` reverts it."),
        "unchanged": _("{layout}: nothing to change."),
        "reset": _("Reset; the cards now have: {layout}."),
    }
    out.say(said[done.outcome].format(layout=name))
    notes = (
        (_("no such field here; kept, but not shown: {names}"), done.left),
        (_("listed twice; used where it comes first: {names}"), done.twice),
        (_("has no meaning here, dropped: {names}"), done.unread),
        (_("these sections had names in several languages; now each has one name for all: {names}"), done.languages),
    )
    for text, names in notes:
        if names:
            out.warn(text.format(names=", ".join(names)))
