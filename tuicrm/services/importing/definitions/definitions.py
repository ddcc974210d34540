"""Definitions that files bring along: item types, dropdowns, pipelines with stages, custom fields, card layouts.

They are prepared before any row is read, so that rows are read with them, and written in the same batch as the rows. What is here
already stays as it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from tuicrm.domain.importing import FileReport
from tuicrm.domain.schema import Field, ItemType, Option
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
    PayloadPipelines,
    PayloadTypes,
)
from tuicrm.exchange.bitrix.taking import our_type
from tuicrm.exchange.bitrix.types import SMART
from tuicrm.exchange.own_json import Bundle
from tuicrm.i18n import _
from tuicrm.services.definitions.fields import field_record, new_field
from tuicrm.services.definitions.item_types import first_pipeline
from tuicrm.services.importing.definitions import (
    field_definitions,
    layout_definitions,
    own_definitions,
    pipeline_definitions,
    type_definitions,
)
from tuicrm.services.importing.definitions.records import Records, tell
from tuicrm.services.importing.naming import match
from tuicrm.services.kernel.session import Session


class FoundPayload(NamedTuple):
    """A payload with definitions, and the report of its file."""

    payload: Payload
    report: FileReport


class Definitions:
    """Collects the config records to write; `workspace` is what it will be with them."""

    def __init__(self, session: Session, ask: layout_definitions.Ask | None = None) -> None:
        """`ask` is asked whose several card layouts are."""
        self._session, self._ask = session, ask
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
    def prepare(self, found: Sequence[FoundPayload], layouts: Mapping[str, str]) -> None:
        """All definitions of a run, each kind before those that rest on it. `layouts` says whose the card layout of a file is."""
        types = [
            (one.payload, one.report)
            for one in found
            if isinstance(one.payload, PayloadTypes) and not self._refused(one)
        ]
        type_definitions.take(self.records, types)
        self._smart = _smart_names(types, self.workspace)
        told = [
            self.meant(one) for one in found if not isinstance(one.payload, PayloadTypes) and not self._refused(one)
        ]
        stages = {
            (directory.type, directory.pipeline): directory
            for one in told
            if isinstance(one.payload, Directories)
            for directory in one.payload.directories
            if directory.type
        }
        for kind in (PayloadPipelines, Directories, Fields):
            for payload, report in told:
                if isinstance(payload, kind):
                    self._take(payload, stages, report)
            if kind is Directories:
                self._first_pipelines()
        self._layouts([one for one in told if isinstance(one.payload, CardLayout)], layouts)

    def _layouts(self, found: Sequence[FoundPayload], decided: Mapping[str, str]) -> None:
        """The card layouts of a run, those of one type together: they could be laid over each other."""
        by_type: dict[str, list[layout_definitions.RunLayout]] = {}
        counts: Counter[str] = Counter()
        for payload, report in found:
            counts[report.name] += 1
            name = report.name if counts[report.name] == 1 else f"{report.name}#{counts[report.name]}"
            if isinstance(payload, CardLayout) and (item_type := self._type(payload.type, report)):
                told = layout_definitions.RunLayout(payload, report, name)
                by_type.setdefault(item_type.key, []).append(told)
        for key, several in by_type.items():
            layout_definitions.take_all(self.records, key, several, decided, self._ask)

    def meant(self, found: FoundPayload) -> FoundPayload:
        """The payload with the number of the smart process that it means, where it does not tell that itself."""
        payload = found.payload
        if isinstance(payload, Items | Fields | CardLayout) and payload.type in self._smart:
            return FoundPayload(msgspec.structs.replace(payload, type=self._smart[payload.type]), found.report)
        return found

    def _take(self, payload: Payload, stages: Mapping[tuple[str, str], Directory], report: FileReport) -> None:
        if isinstance(payload, Directories):
            for directory in payload.directories:
                self._directory(directory, report)
        elif isinstance(payload, PayloadPipelines | Fields) and (item_type := self._type(payload.type, report)):
            if isinstance(payload, PayloadPipelines):
                pipeline_definitions.take(self.records, item_type, payload, stages, report)
            else:
                field_definitions.take(self.records, item_type.key, payload, report)

    def _refused(self, found: FoundPayload) -> bool:
        """Whether the person may not bring these definitions along, which is told."""
        reason = self._why_not(found.payload)
        if reason:
            found.report.notes.append(reason)
        return bool(reason)

    def _why_not(self, payload: Payload) -> str:
        """Why the person may not bring these definitions along; "" when they may."""
        if isinstance(payload, PayloadTypes | PayloadPipelines | Directories | Fields) and not self.allowed:
            return _not_allowed()
        if isinstance(payload, CardLayout) and not self._session.access.shapes("edit_common_layout"):
            return _("skipped: you may not change the common layout")
        return ""

    def _type(self, told: str, report: FileReport) -> ItemType | None:
        found = our_type(self.workspace.types, told)
        if found is None:
            report.notes.append(_("skipped: there is no similar item type here"))
        return found

    def _first_pipelines(self) -> None:
        """Types of the run whose stages are in none of its files begin with those that any new type begins with."""
        for record in self.workspace.smart:
            if "stages" in record.has and not self.workspace.pipelines(record.key):
                self.records.put("pipeline", msgspec.to_builtins(first_pipeline(self._session, record)))

    def _directory(self, directory: Directory, report: FileReport) -> None:
        if not directory.type:
            self._dropdown(directory, report)
        elif item_type := self._type(directory.type, report):
            pipeline_definitions.take_stages(self.records, item_type, directory, report)

    # -- dropdowns -----------------------------------------------------------------------------------------------------
    def _dropdown(self, directory: Directory, report: FileReport) -> None:
        words = next((one for one in self.workspace.dictionaries.values() if one.source == directory.code), None)
        entry = self.workspace.entry("dictionary", words.key) if words else None
        if words is None or entry is None:
            tell(report, "dictionary", directory.code, "not taken", _("there is no similar dropdown"))
            return
        options = list(words.entries)
        for value in directory.entries:
            if match(options, value.code, accents=True) or match(options, value.label, accents=True):
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
    return _("skipped: you may not change the definitions of this workspace")


def _smart_names(found: Sequence[tuple[PayloadTypes, FileReport]], workspace: Workspace) -> dict[str, str]:
    """What other files may call the smart processes of a run: by the id of the type, and by nothing where there is one only."""
    types = [source for payload, _report in found for source in payload.types]
    names = {f"{SMART}#{source.id}": source.type for source in types}
    numbers = {source.type for source in types} or {f"{SMART}:{number}" for number in _smart_numbers(workspace)}
    return {**names, SMART: numbers.pop()} if len(numbers) == 1 else names


def _smart_numbers(workspace: Workspace) -> set[str]:
    return {number for one in workspace.types.values() if one.smart and (number := number_of(one))}
