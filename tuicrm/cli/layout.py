"""`tuicrm layout show`."""

from __future__ import annotations

import typer

from tuicrm.cli.grammar import CrmCommand, noun
from tuicrm.cli.work import work_of
from tuicrm.i18n import _, ngettext
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean

app = noun(_("Card layouts."))


@app.command(cls=CrmCommand, help=_("Show the sections and fields of a card."))
def show(
    context: typer.Context,
    type: str = typer.Argument("deal", metavar="TYPE"),
    pipeline: str = typer.Option("", metavar="NAME", help=_("Which pipeline's layout; the default one's without.")),
) -> None:
    from tuicrm.services import layouts
    from tuicrm.services.items import find_pipeline, find_type

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    pipelines = session.workspace.pipelines(type_key)
    chosen = find_pipeline(session, type_key, pipeline) if pipeline else next(iter(pipelines), None)
    key = chosen.key if chosen else ""
    place = layouts.Place(type_key, key)
    use = layouts.in_use(session, place)
    layout = layouts.current(session, place, use)
    hidden = layouts.hidden_fields(session, place, use)
    known = session.workspace.fields(type_key)
    kept = use.kind
    if work.out.json:
        sections = [
            {
                "key": section.key,
                "title": session.label(section.title),
                "fields": [placed.field for placed in section.fields],
            }
            for section in layout.sections
        ]
        hidden_keys = [field.key for field in hidden]
        work.out.envelope(type=type_key, pipeline=key, layout=kept, sections=sections, hidden=hidden_keys)
        return
    lines: list[Line] = []
    for section in layout.sections:
        lines.append((Run(clean(session.label(section.title)), "heading"), Run(f"  {section.key}", "faint")))
        for placed in section.fields:
            label = clean(session.label(known[placed.field].label))
            lines.append((Run(f"  {label}"), Run(f"  {placed.field}", "faint")))
    work.out.lines(lines)
    if hidden:
        names = ", ".join(field.key for field in hidden)
        work.out.text(ngettext("{n} field hidden: ", "{n} fields hidden: ", len(hidden)) + names)


from tuicrm.cli import layout_files  # noqa: E402, F401 - its verbs join this noun
