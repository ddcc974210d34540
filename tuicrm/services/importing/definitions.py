"""Definitions that files bring along: item types, dropdowns, pipelines with stages, custom fields, card layouts.

They are prepared before any row is read, so that rows are read with them, and written in the same batch as the rows. What is here
already stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from tuicrm.domain.importing import FileReport
from tuicrm.domain.schema import Field, ItemType, Option, Pipeline, Stage
from tuicrm.domain.slugs import slug, unused
from tuicrm.domain.smart import number_of
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import Refused
from tuicrm.exchange.bitrix.payloads import (
    CardLayout,
    Directories,
    Directory,
    Fields,
    Items,
    Payload,
    Pipelines,
    SourceEntry,
    SourcePipeline,
    Types,
)
from tuicrm.exchange.bitrix.taking import our_type, stage
from tuicrm.exchange.bitrix.types import SMART
from tuicrm.exchange.own_json import Bundle
from tuicrm.i18n import _, ngettext
from tuicrm.services.fields import field_record, new_field
from tuicrm.services.importing import field_definitions, layout_definitions, own_definitions, type_definitions
from tuicrm.services.importing.records import Records, tell
from tuicrm.services.importing.values import match, match_stage
from tuicrm.services.item_types import first_pipeline
from tuicrm.services.session import Session


class Found(NamedTuple):
    """A payload with definitions, and the report of its file."""

    payload: Payload
    report: FileReport


class Definitions:
    """Collects the config records to write; `workspace` is what it will be with them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.records = Records(session)
        self.allowed = session.access.has("settings")
        self._smart: dict[str, str] = {}

    @property
    def workspace(self) -> Workspace:
        """The definitions with those of the run."""
        return self.records.workspace

    @property
    def types(self) -> Mapping[str, ItemType]:
        """The item types as the person sees them."""
        return self.records.types

    def take_own(self, bundle: Bundle, report: FileReport) -> None:
        """The definitions of an export of ours, where the person may bring any along."""
        if not any(bundle.definitions.values()):
            return
        if self.allowed:
            own_definitions.take(self.records, bundle, report)
        else:
            report.notes.append(_not_allowed())

    # -- what files bring ----------------------------------------------------------------------------------------------
    def prepare(self, found: Sequence[Found]) -> None:
        """All definitions of a run, each kind before those that rest on it."""
        types = [
            (one.payload, one.report) for one in found if isinstance(one.payload, Types) and not self._refused(one)
        ]
        type_definitions.take(self.records, types)
        self._smart = _smart_names(types, self.workspace)
        told = [self.meant(one) for one in found if not isinstance(one.payload, Types) and not self._refused(one)]
        stages = {
            (directory.type, directory.pipeline): directory
            for one in told
            if isinstance(one.payload, Directories)
            for directory in one.payload.directories
            if directory.type
        }
        for kind in (Pipelines, Directories, Fields, CardLayout):
            for payload, report in told:
                if isinstance(payload, kind):
                    self._take(payload, stages, report)
            if kind is Directories:
                self._first_pipelines()

    def meant(self, found: Found) -> Found:
        """The payload with the number of the smart process that it means, where it does not tell that itself."""
        payload = found.payload
        if isinstance(payload, Items | Fields | CardLayout) and payload.type in self._smart:
            return Found(msgspec.structs.replace(payload, type=self._smart[payload.type]), found.report)
        return found

    def _take(self, payload: Payload, stages: Mapping[tuple[str, str], Directory], report: FileReport) -> None:
        if isinstance(payload, Directories):
            for directory in payload.directories:
                self._directory(directory, report)
        elif isinstance(payload, Pipelines | Fields | CardLayout) and (item_type := self._type(payload.type, report)):
            if isinstance(payload, Pipelines):
                self._pipelines(item_type, payload, stages, report)
            elif isinstance(payload, Fields):
                field_definitions.take(self.records, item_type.key, payload, report)
            else:
                layout_definitions.take(self.records, item_type.key, payload, report)

    def _refused(self, found: Found) -> bool:
        """Whether the person may not bring these definitions along, which is told."""
        reason = self._why_not(found.payload)
        if reason:
            found.report.notes.append(reason)
        return bool(reason)

    def _why_not(self, payload: Payload) -> str:
        """Why the person may not bring these definitions along; "" when they may."""
        if isinstance(payload, Types | Pipelines | Directories | Fields) and not self.allowed:
            return _not_allowed()
        if isinstance(payload, CardLayout) and not self._session.access.shapes("edit_common_layout"):
            return _("not taken: you may not change the common layout")
        return ""

    def _type(self, told: str, report: FileReport) -> ItemType | None:
        found = our_type(self.workspace.types, told)
        if found is None:
            report.notes.append(_("not taken: there is no item type like it here"))
        return found

    # -- pipelines and stages ------------------------------------------------------------------------------------------
    def _pipelines(
        self,
        item_type: ItemType,
        payload: Pipelines,
        stages: Mapping[tuple[str, str], Directory],
        report: FileReport,
    ) -> None:
        for source in payload.pipelines:
            known = self._by_source(item_type.key, source.id)
            directory = stages.get((payload.type, source.id))
            if known is not None:
                tell(report, "pipeline", source.label, "known")
            elif not item_type.has_pipelines:
                tell(report, "pipeline", source.label, "not taken", _("items of this type have one pipeline"))
            elif directory is not None:
                self._new_pipeline(item_type, source, [stage(entry) for entry in directory.entries], report)
            else:
                self._new_pipeline(item_type, source, self._default_stages(item_type, source.id), report)

    def _by_source(self, type_key: str, source: str) -> Pipeline | None:
        return next((one for one in self.workspace.pipelines(type_key) if one.source == source), None)

    @staticmethod
    def _default_stages(item_type: ItemType, source: str) -> list[Stage]:
        """The stages that a new pipeline of the source begins with, under its codes (`C9:NEW`)."""
        number = number_of(item_type) if item_type.smart else ""
        prefix = f"DT{number}_{source}:" if number else "" if source == "0" else f"C{source}:"
        shipped = item_type.pipelines[0].stages if item_type.pipelines else []
        return [msgspec.structs.replace(one, source=f"{prefix}{one.source}") for one in shipped]

    def _new_pipeline(
        self, item_type: ItemType, source: SourcePipeline, stages: Sequence[Stage], report: FileReport
    ) -> None:
        ordered = _ordered(stages)
        if sum(one.semantics == "success" for one in ordered) != 1 or ordered[0].semantics != "process":
            reason = _("a pipeline needs stages of work and exactly one of success")
            tell(report, "pipeline", source.label, "not taken", reason)
            return
        key = unused(slug(source.label, "pipeline"), [one.key for one in self.workspace.pipelines(item_type.key)])
        default = source.default and not self.workspace.pipelines(item_type.key)
        made = Pipeline(
            key, item_type.key, source.label, ordered, sort=source.sort or 500, default=default, source=source.id
        )
        self.records.put("pipeline", msgspec.to_builtins(made))
        tell(report, "pipeline", source.label, "made", ngettext("{n} stage", "{n} stages", len(ordered)))

    def _first_pipelines(self) -> None:
        """Types of the run whose stages are in none of its files begin with those that any new type begins with."""
        for record in self.workspace.smart:
            if "stages" in record.has and not self.workspace.pipelines(record.key):
                self.records.put("pipeline", msgspec.to_builtins(first_pipeline(self._session, record)))

    def _directory(self, directory: Directory, report: FileReport) -> None:
        if not directory.type:
            self._dropdown(directory, report)
            return
        item_type = self._type(directory.type, report)
        if item_type is None:
            return
        if not item_type.has_stages:
            report.notes.append(_("not taken: its items have no stages"))
            return
        pipeline = self._pipeline_for(item_type, directory)
        if pipeline is not None:
            self._stages(pipeline, directory, report)
            return
        alone = directory.pipeline == "0" or not item_type.has_pipelines
        label = _("General") if alone else f"Bitrix24 {directory.pipeline}"
        source = SourcePipeline(directory.pipeline, label, 500, False)
        self._new_pipeline(item_type, source, [stage(entry) for entry in directory.entries], report)

    def _pipeline_for(self, item_type: ItemType, directory: Directory) -> Pipeline | None:
        """The pipeline of that source; where none is, one that has all the stages, and the only one of a type with one."""
        pipelines = self.workspace.pipelines(item_type.key)
        found = self._by_source(item_type.key, directory.pipeline)
        if found is None and not item_type.has_pipelines:
            return next(iter(pipelines), None)
        whole = (one for one in pipelines if all(_stage_of(one, entry) for entry in directory.entries))
        return found or next(whole, None)

    def _stages(self, pipeline: Pipeline, directory: Directory, report: FileReport) -> None:
        stages = list(pipeline.stages)
        for entry in directory.entries:
            if _stage_of(pipeline, entry) is not None:
                tell(report, "stage", entry.label, "known")
            elif entry.semantics == "success":
                tell(report, "stage", entry.label, "not taken", _("a pipeline has one stage of success"))
            else:
                made = stage(entry)
                made = msgspec.structs.replace(made, key=unused(made.key, [one.key for one in stages]))
                stages.append(made)
                tell(report, "stage", entry.label, "made")
        if len(stages) > len(pipeline.stages):
            changed = msgspec.structs.replace(pipeline, stages=_ordered(stages))
            self.records.put("pipeline", msgspec.to_builtins(changed), self._pipeline_id(pipeline))

    def _pipeline_id(self, pipeline: Pipeline) -> int:
        records = self.workspace.records["pipeline"].values()
        wanted = (pipeline.type, pipeline.key)
        return next((entry.id for entry in records if (entry.doc["type"], entry.doc["key"]) == wanted), 0)

    # -- dropdowns -----------------------------------------------------------------------------------------------------
    def _dropdown(self, directory: Directory, report: FileReport) -> None:
        words = next((one for one in self.workspace.dictionaries.values() if one.source == directory.code), None)
        entry = self.workspace.entry("dictionary", words.key) if words else None
        if words is None or entry is None:
            tell(report, "dictionary", directory.code, "not taken", _("no dropdown is like it"))
            return
        options = list(words.entries)
        for value in directory.entries:
            if match(options, value.code) or match(options, value.label):
                tell(report, "dropdown value", value.label, "known")
                continue
            key = unused(slug(value.label, "value"), [option.key for option in options])
            options.append(Option(key, value.label, source=value.code))
            tell(report, "dropdown value", value.label, "made")
        if len(options) > len(words.entries):
            self.records.put("dictionary", {**entry.doc, "entries": msgspec.to_builtins(options)}, entry.id)

    # -- columns ------------------------------------------------------------------------------------------------------
    def column(
        self, item_type: ItemType, column: str, kind: str, report: FileReport, *, source: str = "", many: bool = False
    ) -> Field:
        """A custom field for a column (`source` its code), made if rows come in that fill it. Raises Refused when there is one of
        that name."""
        field = new_field(self._session, item_type.key, column, kind, many=many, workspace=self.workspace)
        field = msgspec.structs.replace(field, source=source)
        record_id = self.records.put("field", field_record(item_type.key, field))
        reason = _("as {kind}").format(kind=field.kind)
        self.records.await_rows(record_id, item_type.key, field.key, column, reason, report)
        return field

    def may_become(self, item_type: ItemType, column: str, kind: str) -> bool:
        """Whether a column could become a custom field: no field of the type has its name."""
        try:
            new_field(self._session, item_type.key, column, kind, workspace=self.workspace)
        except Refused:
            return False
        # A name without a Latin letter makes no key of its own.
        key = slug(column, "")
        return bool(column) and not (key and any(field.key == key for field in item_type.fields))


def _not_allowed() -> str:
    return _("not taken: you may not change the definitions of this workspace")


def _smart_names(found: Sequence[tuple[Types, FileReport]], workspace: Workspace) -> dict[str, str]:
    """What other files may call the smart processes of a run: by the id of the type, and by nothing where there is one only."""
    types = [source for payload, _report in found for source in payload.types]
    names = {f"{SMART}#{source.id}": source.type for source in types}
    numbers = {source.type for source in types} or {f"{SMART}:{number}" for number in _smart_numbers(workspace)}
    return {**names, SMART: numbers.pop()} if len(numbers) == 1 else names


def _smart_numbers(workspace: Workspace) -> set[str]:
    return {number for one in workspace.types.values() if one.smart and (number := number_of(one))}


def _stage_of(pipeline: Pipeline, entry: SourceEntry) -> Stage | None:
    return match_stage(pipeline, entry.code) or match(pipeline.stages, entry.label)


def _ordered(stages: Sequence[Stage]) -> list[Stage]:
    """Work, then success, then failure, each in the order given."""
    order = ("process", "success", "failure")
    return sorted(stages, key=lambda one: order.index(one.semantics))
