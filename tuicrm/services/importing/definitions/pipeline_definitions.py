"""Pipelines and stages that files bring along. The source's default pipeline takes the place of ours where that was never used: under
its own name, with its own stages. What is in use stays as it is, and gets the stages that it lacks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from tuicrm.domain.conditions import Test
from tuicrm.domain.importing import FileReport
from tuicrm.domain.schema import ItemType, Pipeline, Stage, all_labels
from tuicrm.domain.slugs import slug, unused
from tuicrm.domain.smart import number_of
from tuicrm.exchange.bitrix.payloads import Directory, PayloadPipelines, SourceEntry, SourcePipeline
from tuicrm.exchange.bitrix.taking import PLAIN
from tuicrm.exchange.bitrix.taking import stage as like_source
from tuicrm.i18n import _, ngettext
from tuicrm.services.importing.definitions.records import Records, tell
from tuicrm.services.importing.naming import match, match_stage
from tuicrm.store.protocol import Find

_ORDER = ("process", "success", "failure")


def take(
    records: Records,
    item_type: ItemType,
    payload: PayloadPipelines,
    stages: Mapping[tuple[str, str], Directory],
    report: FileReport,
) -> None:
    """The pipelines of a type, with the stages that other files of the run tell (by type and the source's id of the pipeline)."""
    for source in payload.pipelines:
        directory = stages.get((payload.type, source.id))
        told = [like_source(entry) for entry in directory.entries] if directory else []
        known = _by_source(records, item_type, source.id)
        if known is not None:
            _known(records, item_type, known, source, told, report)
        elif not item_type.has_pipelines:
            tell(report, "pipeline", source.label, "not taken", _("items of this type have one pipeline"))
        else:
            _make(records, item_type, source, told or _default_stages(item_type, source.id), report)


def take_stages(records: Records, item_type: ItemType, directory: Directory, report: FileReport) -> None:
    """The stages of one pipeline, which is made where it is not here."""
    if not item_type.has_stages:
        report.notes.append(_("skipped: its items have no stages"))
        return
    told = [like_source(entry) for entry in directory.entries]
    pipeline = _pipeline_for(records, item_type, directory)
    if pipeline is None:
        alone = directory.pipeline == "0" or not item_type.has_pipelines
        label = _("General") if alone else f"Bitrix24 {directory.pipeline}"
        _make(records, item_type, SourcePipeline(directory.pipeline, label, 500, False), told, report)
    elif _is_unused(records, item_type, pipeline) and _why_no_pipeline(told) == "":
        _lay_over(records, pipeline, "", told, report)
    else:
        _add_stages(records, pipeline, directory, report)


# -- which one ---------------------------------------------------------------------------------------------------------
def _by_source(records: Records, item_type: ItemType, source: str) -> Pipeline | None:
    return next((one for one in records.workspace.pipelines(item_type.key) if one.source == source), None)


def _pipeline_for(records: Records, item_type: ItemType, directory: Directory) -> Pipeline | None:
    """The pipeline of that source; where none is, one that has all the stages, and the only one of a type with one."""
    pipelines = records.workspace.pipelines(item_type.key)
    found = _by_source(records, item_type, directory.pipeline)
    if found is None and not item_type.has_pipelines:
        return next(iter(pipelines), None)
    whole = (one for one in pipelines if all(_stage_of(one, entry) for entry in directory.entries))
    return found or next(whole, None)


def _stage_of(pipeline: Pipeline, entry: SourceEntry) -> Stage | None:
    return match_stage(pipeline, entry.code, accents=True) or match(pipeline.stages, entry.label, accents=True)


def _is_unused(records: Records, item_type: ItemType, pipeline: Pipeline) -> bool:
    """Whether a pipeline is as it was shipped, and holds nothing."""
    shipped = item_type.pipelines[0] if item_type.pipelines else None
    if shipped is None or (pipeline.label, pipeline.stages) != (shipped.label, shipped.stages):
        return False
    where = Test("pipeline", "string", "=", pipeline.key)
    return not records.session.whole.find(Find(item_type.key, where, limit=1)).records


# -- a known one -------------------------------------------------------------------------------------------------------
def _known(
    records: Records,
    item_type: ItemType,
    known: Pipeline,
    source: SourcePipeline,
    told: Sequence[Stage],
    report: FileReport,
) -> None:
    """One of this source. Ours of the source's default is only taken for it: it gives way, or a new one is made beside it."""
    shipped = item_type.pipelines[0] if item_type.pipelines else None
    ours = shipped is not None and known.label == shipped.label
    named = source.label.casefold() in map(str.casefold, all_labels(known.label))
    reason = _why_no_pipeline(told) if told else ""
    if not ours or reason or (named and not told):
        tell(report, "pipeline", source.label, "known", reason)
    elif _is_unused(records, item_type, known):
        _lay_over(records, known, "" if named else source.label, told or known.stages, report)
    elif named or not item_type.has_pipelines:
        tell(report, "pipeline", source.label, "known")
    else:
        records.put("pipeline", msgspec.to_builtins(_without_source(known)), _record(records, known))
        report.notes.append(
            _("{name} has items or was changed, so it is kept beside {new}").format(
                name=records.session.label(known.label), new=source.label
            )
        )
        _make(records, item_type, source, told or _default_stages(item_type, source.id), report)


def _without_source(pipeline: Pipeline) -> Pipeline:
    """The pipeline as one of the workspace's own: codes of the source mean the other one from now on."""
    return replace(pipeline, source="", stages=[replace(one, source="") for one in pipeline.stages])


def _lay_over(records: Records, pipeline: Pipeline, label: str, told: Sequence[Stage], report: FileReport) -> None:
    """Give an unused pipeline the source's name ("" to leave its own) and stages; those of the same code keep their keys and what
    belongs to them here."""
    taken = {one.key for one in pipeline.stages}
    stages: list[Stage] = []
    for one in told:
        same = next((known for known in pipeline.stages if known.source == one.source), None)
        if same is not None:
            name = same.label if one.label in all_labels(same.label) else one.label
            colour = same.colour if one.colour == PLAIN else one.colour
            stages.append(replace(same, label=name, colour=colour, semantics=one.semantics))
        else:
            stages.append(replace(one, key=unused(one.key, taken)))
            taken.add(stages[-1].key)
    changed = replace(pipeline, label=label or pipeline.label, stages=ordered(stages))
    name = label or records.session.label(pipeline.label)
    if changed == pipeline:
        tell(report, "pipeline", name, "known")
        return
    records.put("pipeline", msgspec.to_builtins(changed), _record(records, pipeline))
    before = records.session.label(pipeline.label)
    reason = _("in place of {name}, which was not used").format(name=before) if label else ""
    counted = ngettext("{n} stage", "{n} stages", len(stages)).format(n=len(stages))
    tell(report, "pipeline", name, "made", ", ".join(filter(None, [counted, reason])))


def _add_stages(records: Records, pipeline: Pipeline, directory: Directory, report: FileReport) -> None:
    stages = list(pipeline.stages)
    for entry in directory.entries:
        if _stage_of(pipeline, entry) is not None:
            tell(report, "stage", entry.label, "known")
        elif entry.semantics == "success":
            tell(report, "stage", entry.label, "not taken", _("a pipeline has one success stage"))
        else:
            made = like_source(entry)
            stages.append(replace(made, key=unused(made.key, [one.key for one in stages])))
            tell(report, "stage", entry.label, "made")
    if len(stages) > len(pipeline.stages):
        changed = replace(pipeline, stages=ordered(stages))
        records.put("pipeline", msgspec.to_builtins(changed), _record(records, pipeline))


def _record(records: Records, pipeline: Pipeline) -> int:
    entries = records.workspace.records["pipeline"].values()
    wanted = (pipeline.type, pipeline.key)
    return next((entry.id for entry in entries if (entry.doc["type"], entry.doc["key"]) == wanted), 0)


# -- a new one ---------------------------------------------------------------------------------------------------------
def _default_stages(item_type: ItemType, source: str) -> list[Stage]:
    """The stages that a new pipeline of the source begins with, under its codes (`C9:NEW`)."""
    number = number_of(item_type) if item_type.smart else ""
    prefix = f"DT{number}_{source}:" if number else "" if source == "0" else f"C{source}:"
    shipped = item_type.pipelines[0].stages if item_type.pipelines else []
    return [replace(one, source=f"{prefix}{one.source}") for one in shipped]


def _make(
    records: Records, item_type: ItemType, source: SourcePipeline, stages: Sequence[Stage], report: FileReport
) -> None:
    if reason := _why_no_pipeline(stages):
        tell(report, "pipeline", source.label, "not taken", reason)
        return
    key = unused(slug(source.label, "pipeline"), [one.key for one in records.workspace.pipelines(item_type.key)])
    default = source.default and not records.workspace.pipelines(item_type.key)
    in_order = ordered(stages)
    made = Pipeline(
        key, item_type.key, source.label, in_order, sort=source.sort or 500, default=default, source=source.id
    )
    records.put("pipeline", msgspec.to_builtins(made))
    tell(report, "pipeline", source.label, "made", ngettext("{n} stage", "{n} stages", len(in_order)))


def _why_no_pipeline(stages: Sequence[Stage]) -> str:
    """Why these are not the stages of a pipeline; "" where they are."""
    in_order = ordered(stages)
    if sum(one.semantics == "success" for one in in_order) == 1 and in_order[0].semantics == "process":
        return ""
    return _("a pipeline needs stages in progress and exactly one success stage")


def ordered(stages: Sequence[Stage]) -> list[Stage]:
    """Work, then success, then failure, each in the order given."""
    return sorted(stages, key=lambda one: _ORDER.index(one.semantics))
