"""`tuicrm pipeline list`."""

from __future__ import annotations

import typer

from tuicrm.cli.grammar import CrmCommand, noun
from tuicrm.cli.work import work_of
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

app = noun(_("Pipelines of an item type."))


@app.command("list", cls=CrmCommand, help=_("List a type's pipelines, the default one first."))
def list_(context: typer.Context, type: str = typer.Argument("deal", metavar="TYPE")) -> None:
    from tuicrm.domain.conditions import Test
    from tuicrm.services.items import find_type

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    pipelines = session.workspace.pipelines(type_key)
    counts = {p.key: len(session.ids(type_key, Test("pipeline", "pipeline", "=", p.key))) for p in pipelines}
    if work.out.json:
        rows = [
            {
                "key": p.key,
                "label": session.label(p.label),
                "default": p.default,
                "stages": [stage.key for stage in p.stages],
                "items": counts[p.key],
            }
            for p in pipelines
        ]
        work.out.envelope(pipelines=rows, total=len(rows))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Label")), TableColumn(_("Stages")), TableColumn("")]
    table = [
        [
            p.key,
            session.label(p.label),
            " › ".join(session.label(stage.label) for stage in p.stages),
            _("default") if p.default else "",
            str(counts[p.key]),
        ]
        for p in pipelines
    ]
    work.out.table([*heads, TableColumn(_("Items"), "right")], table)
