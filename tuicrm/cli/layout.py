"""`tuicrm layout show`."""

from __future__ import annotations

import typer

from tuicrm.cli.grammar import CrmCommand, noun
from tuicrm.cli.work import work_of
from tuicrm.i18n import _, ngettext
from tuicrm.render.compose import pad
from tuicrm.render.line import Run
from tuicrm.render.text import clean, width

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

    def label(key: str) -> str:
        return f"  {clean(session.label(known[key].label))}"

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
    rows: list[tuple[str, str, str]] = []
    for section in layout.sections:
        rows.append((clean(session.label(section.title)), section.key, "heading"))
        rows += [(label(placed.field), placed.field, "") for placed in section.fields]
    cells = max((width(name) for name, _key, _style in rows), default=0) + 2
    work.out.lines([(*pad((Run(name, style),), cells), Run(clean(key), "faint")) for name, key, style in rows])
    if hidden:
        names = ", ".join(field.key for field in hidden)
        work.out.text(ngettext("{n} field hidden: ", "{n} fields hidden: ", len(hidden)) + names)
    work.out.say(_("The common layout of this workspace.") if kept == "common" else _("The built-in layout."))
