"""`tuicrm stage list`."""

from __future__ import annotations

import typer

from tuicrm.cli.grammar import CrmCommand, noun
from tuicrm.cli.work import work_of
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

app = noun(_("Stages of a pipeline."))


@app.command("list", cls=CrmCommand, help=_("List the stages of a type, pipeline by pipeline."))
def list_(
    context: typer.Context,
    type: str = typer.Argument("deal", metavar="TYPE"),
    pipeline: str = typer.Option("", metavar="NAME", help=_("Only this pipeline.")),
) -> None:
    from tuicrm.services.items import find_pipeline, find_type

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    chosen = [find_pipeline(session, type_key, pipeline)] if pipeline else session.workspace.pipelines(type_key)
    label = session.label
    stages = [(line, stage) for line in chosen for stage in line.stages]
    if work.out.json:
        rows = [
            {
                "pipeline": line.key,
                "key": stage.key,
                "label": label(stage.label),
                "semantics": stage.semantics,
                "colour": stage.colour,
                "probability": stage.probability,
            }
            for line, stage in stages
        ]
        work.out.envelope(stages=rows, total=len(rows))
        return
    heads = [TableColumn(_("Pipeline")), TableColumn(_("Key"), style="accent"), TableColumn(_("Label"))]
    heads += [TableColumn(_("Kind")), TableColumn("%", "right")]
    words = {"process": _("in progress"), "success": _("success"), "failure": _("failure")}
    work.out.table(
        heads,
        [
            [label(line.label), stage.key, label(stage.label), words[stage.semantics], str(stage.probability)]
            for line, stage in stages
        ],
    )
