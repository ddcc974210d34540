"""Definitions that files bring along: dropdowns, pipelines with stages, custom fields, card layouts.

They are prepared before any row is read, so that rows are read with them, and written in the same batch as the rows. What is here
already stays as it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from tuicrm.domain.importing import Definition, FileReport, Outcome
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field, ItemType, Layout, Option, Pipeline, Stage
from tuicrm.domain.slugs import slug, unused
from tuicrm.domain.workspace import Entry, KeptLayout, LayoutRecord, Workspace
from tuicrm.errors import Refused
from tuicrm.exchange.bitrix.layout_fields import take_layout
from tuicrm.exchange.bitrix.payloads import (
    CardLayout,
    Directories,
    Directory,
    Fields,
    Payload,
    Pipelines,
    SourceEntry,
    SourceField,
    SourcePipeline,
)
from tuicrm.exchange.bitrix.taking import custom_field, fields_by_code, stage, why_left
from tuicrm.i18n import _, ngettext
from tuicrm.services.fields import field_record, new_field, used_keys
from tuicrm.services.importing.bitrix_tables import SOURCE, our_type
from tuicrm.services.importing.keys import Known, digest, key_record, look_up
from tuicrm.services.importing.values import match, match_stage
from tuicrm.services.importing.writing import Writer
from tuicrm.services.layouts import plain
from tuicrm.services.session import Session
from tuicrm.store.protocol import Doc


class Found(NamedTuple):
    """A payload with definitions, and the report of its file."""

    payload: Payload
    report: FileReport


class Definitions:
    """Collects the config records to write; `workspace` is what it will be with them."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._records: dict[tuple[str, int], Doc] = {}
        self._fresh = 0
        self._layout_keys: list[Doc] = []
        self.workspace: Workspace = session.workspace
        self.allowed = session.access.has("settings")

    # -- the records ---------------------------------------------------------------------------------------------------
    def _put(self, table: str, doc: Doc, record_id: int = 0) -> None:
        """Keep a record for writing: over the one with this id, or a new one (a negative id until it is written)."""
        if not record_id:
            self._fresh -= 1
            record_id = self._fresh
        self._records[table, record_id] = doc
        extra: dict[str, list[Entry]] = {}
        for (kept, number), record in self._records.items():
            extra.setdefault(kept, []).append(Entry(number, 0, record))
        self.workspace = self._session.load_workspace(extra)

    def write(self, writer: Writer) -> None:
        """Hand all records to the batch."""
        for (table, record_id), doc in self._records.items():
            writer.put(table, doc, max(record_id, 0))
        for doc in self._layout_keys:
            writer.keep(doc)

    # -- what files bring ----------------------------------------------------------------------------------------------
    def prepare(self, found: Sequence[Found]) -> None:
        """All definitions of a run, each kind before those that rest on it."""
        told = [one for one in found if isinstance(one.payload, Pipelines | Directories | Fields | CardLayout)]
        if told and not self.allowed:
            for one in told:
                one.report.notes.append(_("not taken: you may not change the definitions of this workspace"))
            return
        stages = {
            (directory.type, directory.pipeline): directory
            for one in told
            if isinstance(one.payload, Directories)
            for directory in one.payload.directories
            if directory.type
        }
        for one in told:
            if isinstance(one.payload, Pipelines):
                self._pipelines(one.payload, stages, one.report)
        for one in told:
            if isinstance(one.payload, Directories):
                for directory in one.payload.directories:
                    self._directory(directory, one.report)
        for one in told:
            if isinstance(one.payload, Fields):
                self._fields(one.payload, one.report)
        for one in told:
            if isinstance(one.payload, CardLayout):
                self._layout(one.payload, one.report)

    def _type(self, told: str, report: FileReport) -> ItemType | None:
        found = our_type(self.workspace.types, told)
        if found is None:
            report.notes.append(_("not taken: there is no item type like it here"))
        return found

    # -- pipelines and stages ------------------------------------------------------------------------------------------
    def _pipelines(self, payload: Pipelines, stages: Mapping[tuple[str, str], Directory], report: FileReport) -> None:
        item_type = self._type(payload.type, report)
        if item_type is None:
            return
        for source in payload.pipelines:
            known = self._by_source(item_type.key, source.id)
            directory = stages.get((payload.type, source.id))
            if known is not None:
                _tell(report, "pipeline", source.label, "known")
            elif not item_type.has_pipelines:
                _tell(report, "pipeline", source.label, "not taken", _("items of this type have one pipeline"))
            elif directory is not None:
                self._new_pipeline(item_type, source, [stage(entry) for entry in directory.entries], report)
            else:
                self._new_pipeline(item_type, source, self._default_stages(item_type, source.id), report)

    def _by_source(self, type_key: str, source: str) -> Pipeline | None:
        return next((one for one in self.workspace.pipelines(type_key) if one.source == source), None)

    @staticmethod
    def _default_stages(item_type: ItemType, source: str) -> list[Stage]:
        """The stages that a new pipeline of the source begins with, under its codes (`C9:NEW`)."""
        prefix = "" if source == "0" else f"C{source}:"
        shipped = item_type.pipelines[0].stages if item_type.pipelines else []
        return [msgspec.structs.replace(one, source=f"{prefix}{one.source}") for one in shipped]

    def _new_pipeline(
        self, item_type: ItemType, source: SourcePipeline, stages: Sequence[Stage], report: FileReport
    ) -> None:
        ordered = _ordered(stages)
        if sum(one.semantics == "success" for one in ordered) != 1 or ordered[0].semantics != "process":
            reason = _("a pipeline needs stages of work and exactly one of success")
            _tell(report, "pipeline", source.label, "not taken", reason)
            return
        key = unused(slug(source.label, "pipeline"), [one.key for one in self.workspace.pipelines(item_type.key)])
        made = Pipeline(key, item_type.key, source.label, ordered, sort=source.sort or 500, source=source.id)
        self._put("pipeline", msgspec.to_builtins(made))
        _tell(report, "pipeline", source.label, "made", ngettext("{n} stage", "{n} stages", len(ordered)))

    def _directory(self, directory: Directory, report: FileReport) -> None:
        if not directory.type:
            self._dropdown(directory, report)
            return
        item_type = self._type(directory.type, report)
        if item_type is None:
            return
        pipeline = self._pipeline_for(item_type, directory)
        if pipeline is not None:
            self._stages(pipeline, directory, report)
            return
        label = _("General") if directory.pipeline == "0" else f"Bitrix24 {directory.pipeline}"
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
                _tell(report, "stage", entry.label, "known")
            elif entry.semantics == "success":
                _tell(report, "stage", entry.label, "not taken", _("a pipeline has one stage of success"))
            else:
                made = stage(entry)
                made = msgspec.structs.replace(made, key=unused(made.key, [one.key for one in stages]))
                stages.append(made)
                _tell(report, "stage", entry.label, "made")
        if len(stages) > len(pipeline.stages):
            changed = msgspec.structs.replace(pipeline, stages=_ordered(stages))
            self._put("pipeline", msgspec.to_builtins(changed), self._pipeline_id(pipeline))

    def _pipeline_id(self, pipeline: Pipeline) -> int:
        records = self.workspace.records["pipeline"].values()
        wanted = (pipeline.type, pipeline.key)
        return next((entry.id for entry in records if (entry.doc["type"], entry.doc["key"]) == wanted), 0)

    # -- dropdowns -----------------------------------------------------------------------------------------------------
    def _dropdown(self, directory: Directory, report: FileReport) -> None:
        words = next((one for one in self.workspace.dictionaries.values() if one.source == directory.code), None)
        entry = self.workspace.entry("dictionary", words.key) if words else None
        if words is None or entry is None:
            _tell(report, "dictionary", directory.code, "not taken", _("no dropdown is like it"))
            return
        options = list(words.entries)
        for value in directory.entries:
            if match(options, value.code) or match(options, value.label):
                _tell(report, "dropdown value", value.label, "known")
                continue
            key = unused(slug(value.label, "value"), [option.key for option in options])
            options.append(Option(key, value.label, source=value.code))
            _tell(report, "dropdown value", value.label, "made")
        if len(options) > len(words.entries):
            self._put("dictionary", {**entry.doc, "entries": msgspec.to_builtins(options)}, entry.id)

    # -- fields --------------------------------------------------------------------------------------------------------
    def _fields(self, payload: Fields, report: FileReport) -> None:
        item_type = self._type(payload.type, report)
        if item_type is None:
            return
        for source in payload.fields:
            self._field(item_type.key, source, report)

    def _field(self, type_key: str, source: SourceField, report: FileReport) -> None:
        item_type = self.workspace.type(type_key)
        known = fields_by_code(item_type).get(source.code)
        buried = any(
            entry.doc.get("source") == source.code and entry.doc.get("deleted") and entry.doc["type"] == type_key
            for entry in self.workspace.records["field"].values()
        )
        if known is not None:
            _tell(report, "field", source.label, "known", _("here it is {key}").format(key=known.key))
        elif buried:
            _tell(report, "field", source.label, "not taken", _("it was deleted here"))
        elif not source.custom:
            _tell(report, "field", source.label, "not taken", _(why_left(source.code, None)))
        else:
            taken = used_keys(self._session, type_key) | {field.key for field in item_type.fields}
            dictionaries = {one.source: one.key for one in self.workspace.dictionaries.values() if one.source}
            key = unused(slug(source.label, "field"), taken)
            made = custom_field(source, key, dictionaries)
            self._put("field", field_record(type_key, made))
            changed = made.kind != source.kind
            reason = _("as {kind}").format(kind=made.kind)
            if changed:
                reason += " " + _("(what it points at is not here)")
            _tell(report, "field", source.label, "made", reason)

    def column(self, item_type: ItemType, column: str, kind: str) -> Field:
        """A custom field for a column. Raises Refused when there is one of that name."""
        existing = {field.key for field in self.workspace.type(item_type.key).fields}
        field = new_field(self._session, item_type.key, column, kind, taken=existing)
        self._put("field", field_record(item_type.key, field))
        return field

    # -- layouts -------------------------------------------------------------------------------------------------------
    def _layout(self, payload: CardLayout, report: FileReport) -> None:
        item_type = self._type(payload.type, report)
        if item_type is None:
            return
        name = self._session.label(item_type.label)
        if not payload.sections:
            _tell(report, "layout", name, "not taken", _("the source keeps none: its default holds"))
            return
        taken = take_layout(payload, item_type)
        left = (
            _("without {fields}: there are no such fields").format(fields=", ".join(taken.left)) if taken.left else ""
        )
        key = digest("layout", SOURCE, item_type.key, msgspec.json.encode(payload).decode())
        kept: Known | None = look_up(self._session.store, [key]).get(key)
        if kept is not None or self._in_use(item_type, Layout(taken.sections)):
            _tell(report, "layout", name, "known", left)
            return
        for variant in self.workspace.variants(item_type.key):
            common = self._common(item_type, variant.key)
            record = LayoutRecord(item_type.key, variant.key, "common", taken.sections)
            self._put("layout", plain(record), common.id if common else 0)
        self._layout_keys.append(key_record(key, Ref("layout", 0), "", SOURCE))
        _tell(report, "layout", name, "made", left)

    def _common(self, item_type: ItemType, variant: str) -> KeptLayout | None:
        kept = self.workspace.kept_layouts(item_type.key, variant)
        return next((one for one in kept if one.record.scope == "common"), None)

    def _in_use(self, item_type: ItemType, layout: Layout) -> bool:
        found = [self._common(item_type, variant.key) for variant in self.workspace.variants(item_type.key)]
        return all(one is not None and one.record.sections == layout.sections for one in found)


def _stage_of(pipeline: Pipeline, entry: SourceEntry) -> Stage | None:
    return match_stage(pipeline, entry.code) or match(pipeline.stages, entry.label)


def _ordered(stages: Sequence[Stage]) -> list[Stage]:
    """Work, then success, then failure, each in the order given."""
    order = ("process", "success", "failure")
    return sorted(stages, key=lambda one: order.index(one.semantics))


def _tell(report: FileReport, what: str, name: str, outcome: Outcome, reason: str = "") -> None:
    report.definitions.append(Definition(what, name, outcome, reason))


def offer(session: Session, item_type: ItemType, column: str, kind: str) -> bool:
    """Whether a column could become a custom field: no field of the type has its name."""
    try:
        new_field(session, item_type.key, column, kind)
    except Refused:
        return False
    return bool(column) and not any(field.key == slug(column, "field") for field in item_type.fields)
