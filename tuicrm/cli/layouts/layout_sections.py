"""`tuicrm layout section add`, `rename`, `move`, `delete`."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from tuicrm.cli.arguments.places import DOWN, PIPELINE, SHAPED, TYPE, UP, VARIANT, direction
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.layouts.shaping import LayoutShaping
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.schema import Layout, Section

app = noun(_("The sections of a card layout."))

_SECTION = typer.Argument(metavar="SECTION", help=_("A section, by key or title."))
_TITLE = typer.Argument(metavar="TITLE", help=_("The title shown above its fields."))


@app.command(cls=TextCommand, help=_("Add a section at the end; prints its key."))
def add(
    context: typer.CommandContext,
    type: str = TYPE,
    title: str = _TITLE,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.domain.layouts import add_section
    from tuicrm.services.layouts.layouts import new_section_key

    name, key = _named(title), new_section_key()
    shaping = LayoutShaping(context, type, pipeline, variant, layout)
    label = _("add the section {section}").format(section=name)
    shaping.take(label, partial(add_section, key=key, title=name), [key])


@app.command(cls=TextCommand, help=_("Rename a section."))
def rename(
    context: typer.CommandContext,
    type: str = TYPE,
    section: str = _SECTION,
    title: str = _TITLE,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.domain.layouts import rename_section

    name = _named(title)
    shaping, found = _found(context, type, section, pipeline, variant, layout)
    label = _("rename the section {section}").format(section=shaping.session.label(found.title))
    shaping.take(label, partial(rename_section, key=found.key, title=name), [found.key])


@app.command(cls=CrmCommand, help=_("Move a section up or down."))
def move(
    context: typer.CommandContext,
    type: str = TYPE,
    section: str = _SECTION,
    up: bool = UP,
    down: bool = DOWN,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.domain.layouts import move_section

    step = direction(up=up, down=down)
    shaping, found = _found(context, type, section, pipeline, variant, layout)
    label = _("move the section {section}").format(section=shaping.session.label(found.title))
    shaping.take(label, partial(move_section, key=found.key, step=step), [found.key])


@app.command(cls=CrmCommand, help=_("Delete a section; its fields are hidden, not lost."))
def delete(
    context: typer.CommandContext,
    type: str = TYPE,
    section: str = _SECTION,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.domain.layouts import delete_section

    shaping, found = _found(context, type, section, pipeline, variant, layout)
    label = _("delete the section {section}").format(section=shaping.session.label(found.title))
    shaping.take(label, partial(delete_section, key=found.key), [found.key])


def index(layout: Layout, key: str) -> int:
    """Where a section stands. Raises NoSuchPlace when someone took it away."""
    from tuicrm.domain.layouts import NoSuchPlace

    for at, section in enumerate(layout.sections):
        if section.key == key:
            return at
    raise NoSuchPlace(key)


def _found(
    context: typer.CommandContext, type: str, section: str, pipeline: str, variant: str, layout: str
) -> tuple[LayoutShaping, Section]:
    from tuicrm.services.layouts.layout_names import find_section

    shaping = LayoutShaping(context, type, pipeline, variant, layout)
    return shaping, find_section(shaping.session, shaping.layout, section)


def _named(title: str) -> str:
    name = " ".join(title.split())
    if not name:
        message = _("A section needs a name.")
        raise Refused(message, [FieldProblem("title", message, title)])
    return name
