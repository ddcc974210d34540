"""`tuicrm layout show`, and the steps that shape a card: fields moved, placed, hidden; whole layouts are in `layout_whole`."""

from __future__ import annotations

from functools import partial

from tuicrm.cli.arguments.places import (
    DOWN,
    FIELD,
    FIELDS,
    PIPELINE,
    SHAPED,
    SHOWN,
    TYPE,
    UP,
    VARIANT,
    direction,
    place_at,
)
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.verbs import USUAL
from tuicrm.cli.layouts import layout_files, layout_sections, layout_whole
from tuicrm.cli.layouts.shaping import LayoutShaping
from tuicrm.errors import UsageError
from tuicrm.i18n import _

app = noun(_("Card layouts: which sections and fields a card shows, and in which order."))
app.add_typer(layout_sections.app, name="section")
layout_whole.register(app)
layout_files.register(app)


@app.command(
    cls=CrmCommand, help=_("Show a card's sections and fields, which layout it has, and why you have that one.")
)
def show(
    context: typer.CommandContext,
    type: str = typer.Argument(USUAL, metavar="TYPE", help=_("An item type: deal, contact, …")),
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHOWN,
) -> None:
    from tuicrm.cli.layouts.layout_output import lines, plain, which, why
    from tuicrm.services.layouts.layout_names import layout_to_show

    work, place = place_at(context, type, pipeline, variant)
    session = work.session
    use = layout_to_show(session, place, layout)
    if work.out.json:
        work.out.envelope(**plain(session, place, use))
        return
    work.out.lines(lines(session, place, use, work.out.cells if work.out.terminal else 0))
    work.out.say(f"{which(session, place, use)} {why(session, place, use)}")


@app.command(cls=CrmCommand, help=_("Move a field up or down; at the edge of a section it moves into the next one."))
def move(
    context: typer.CommandContext,
    type: str = TYPE,
    field: str = FIELD,
    up: bool = UP,
    down: bool = DOWN,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.domain.layouts import move_field

    step = direction(up=up, down=down)
    shaping = LayoutShaping(context, type, pipeline, variant, layout)
    moved = shaping.shown(field)
    label = _("move the field {field}").format(field=shaping.session.label(moved.label))
    shaping.take(label, partial(move_field, field=moved.key, step=step), [moved.key])


@app.command(cls=TextCommand, help=_("Put fields, shown or hidden, into a section."))
def place(
    context: typer.CommandContext,
    type: str = TYPE,
    words: list[str] = typer.Argument(metavar="FIELD... SECTION", help=_("Fields by key or label, then the section.")),
    at: int = typer.Option(
        0, min=0, metavar="N", help=_("Make the first one the section's Nth field; by default, they go at its end.")
    ),
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.domain.layouts import place_fields
    from tuicrm.domain.schema import Layout
    from tuicrm.services.layouts.layout_names import find_section

    if len(words) < 2:
        raise UsageError(_("Name the fields and the section they go into."))
    shaping = LayoutShaping(context, type, pipeline, variant, layout)
    fields = [shaping.field(word) for word in words[:-1]]
    section = find_section(shaping.session, shaping.layout, words[-1]).key
    keys = [field.key for field in fields]

    def step(before: Layout) -> Layout:
        return place_fields(before, keys, layout_sections.index(before, section), at - 1 if at else None)

    names = ", ".join(shaping.session.label(field.label) for field in fields)
    label = _("move the field {field}") if len(fields) == 1 else _("move the fields {field}")
    shaping.take(label.format(field=names), step, keys)


@app.command(cls=TextCommand, help=_("Hide fields; their values are kept."))
def hide(
    context: typer.CommandContext,
    type: str = TYPE,
    fields: list[str] = FIELDS,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.domain.layouts import without
    from tuicrm.domain.schema import Layout

    shaping = LayoutShaping(context, type, pipeline, variant, layout)
    hidden = [shaping.shown(field) for field in fields]
    keys = [field.key for field in hidden]

    def step(before: Layout) -> Layout:
        return without(before, keys)

    names = ", ".join(shaping.session.label(field.label) for field in hidden)
    label = _("hide the field {field}") if len(hidden) == 1 else _("hide the fields {field}")
    shaping.take(label.format(field=names), step, keys)


@app.command(cls=TextCommand, help=_("Show fields even when they are empty."))
def always(
    context: typer.CommandContext,
    type: str = TYPE,
    fields: list[str] = FIELDS,
    off: bool = typer.Option(False, "--off", help=_("Show them only when they are filled in.")),
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHAPED,
) -> None:
    from tuicrm.domain.layouts import show_always
    from tuicrm.domain.schema import Layout

    shaping = LayoutShaping(context, type, pipeline, variant, layout)
    flagged = [shaping.shown(field) for field in fields]

    def step(before: Layout) -> Layout:
        for field in flagged:
            before = show_always(before, field.key, always=not off)
        return before

    names = ", ".join(shaping.session.label(field.label) for field in flagged)
    label = _("show {field} only when filled in") if off else _("show {field} always")
    shaping.take(label.format(field=names), step, [field.key for field in flagged])
