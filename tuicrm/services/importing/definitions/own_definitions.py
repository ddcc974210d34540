"""Definitions of an export of ours: item types of one's own, dropdowns, pipelines, fields. What is here stays as it is, and gets the
options, stages and values that it lacks, since items name them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from msgspec.structs import replace

from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.field_settings import problems
from tuicrm.domain.importing import DefinitionOutcome, FileReport
from tuicrm.domain.rooms import BookableRoom
from tuicrm.domain.schema import Dictionary, Field, Label, Option, Pipeline, Stage
from tuicrm.domain.smart import SYMBOLS, SmartType
from tuicrm.exchange.own_json import Bundle
from tuicrm.i18n import _
from tuicrm.limits import FIELDS, ROOMS
from tuicrm.services.definitions.fields import used_keys
from tuicrm.services.definitions.item_type_checks import new_prefix, new_symbol
from tuicrm.services.definitions.item_types import plain
from tuicrm.services.importing.definitions.records import Records, tell
from tuicrm.store.protocol import Doc

TABLES = ("type", "dictionary", "room", "pipeline", "field")
"""The tables of definitions that an export holds, each before those that rest on it."""

_Keyed = TypeVar("_Keyed", Option, Stage)


def take(records: Records, bundle: Bundle, report: FileReport) -> None:
    """All definitions of a file; what came of each stands in the report."""
    taking = _TakenDefinitions(records, report)
    readers: Mapping[str, Callable[[Doc], None]] = {
        "type": taking.type,
        "dictionary": taking.dictionary,
        "room": taking.room,
        "pipeline": taking.pipeline,
        "field": taking.field,
    }
    for table in TABLES:
        for doc in bundle.definitions.get(table, ()):
            reason = records.workspace.why_misshapen(table, doc)
            known_type = table in ("type", "dictionary", "room") or doc.get("type") in records.workspace.types
            if reason or not known_type:
                name = str(doc.get("key") or table)
                tell(report, _WHAT[table], name, "not taken", reason or _("there is no similar item type here"))
            else:
                readers[table](doc)


_WHAT = {"type": "type", "dictionary": "dictionary", "room": "room", "pipeline": "pipeline", "field": "field"}


class _TakenDefinitions:
    """What is known while the definitions of one file are taken."""

    def __init__(self, records: Records, report: FileReport) -> None:
        self._records, self._report = records, report

    def _label(self, label: Label) -> str:
        return self._records.session.label(label)

    def _tell(self, what: str, label: Label, outcome: DefinitionOutcome, reason: str = "") -> None:
        tell(self._report, what, self._label(label), outcome, reason)

    def _entry(self, table: str, **wanted: str) -> ConfigRecord | None:
        """The record of a table that has these values."""
        entries = self._records.workspace.records[table].values()
        return next((one for one in entries if all(one.doc.get(name) == value for name, value in wanted.items())), None)

    # -- types ---------------------------------------------------------------------------------------------------------
    def type(self, doc: Doc) -> None:
        record = msgspec.convert(doc, SmartType)
        workspace = self._records.workspace
        if workspace.smart_type(record.key) is not None:
            self._tell("type", record.plural, "known")
        elif record.key in workspace.types or record.key in workspace.former_types:
            self._tell("type", record.plural, "not taken", _("an item type with this key exists or existed"))
        else:
            prefix, symbol = record.prefix, record.symbol
            if any(one.prefix == prefix for one in workspace.types.values()):
                prefix = new_prefix(self._records, self._label(record.label)) or prefix
            if symbol not in SYMBOLS:
                symbol = new_symbol(self._records)
            self._records.put("type", plain(replace(record, prefix=prefix, symbol=symbol)))
            self._tell("type", record.plural, "made", _("refs: {prefix}-1").format(prefix=prefix))

    # -- dropdowns -----------------------------------------------------------------------------------------------------
    def dictionary(self, doc: Doc) -> None:
        words = msgspec.convert(doc, Dictionary)
        known = self._records.workspace.dictionaries.get(words.key)
        entry = self._entry("dictionary", key=words.key)
        if known is None or entry is None:
            self._records.put("dictionary", msgspec.to_builtins(words))
            self._tell("dictionary", words.label, "made")
            return
        more = _lacking(known.entries, words.entries)
        for value in more:
            self._tell("dropdown value", value.label, "made")
        if more:
            self._records.put(
                "dictionary", {**entry.doc, "entries": msgspec.to_builtins([*known.entries, *more])}, entry.id
            )

    # -- rooms ---------------------------------------------------------------------------------------------------------
    def room(self, doc: Doc) -> None:
        """A room that fields book. Who may book it is kept as far as they are here; where nobody of them is, all may."""
        source, workspace = msgspec.convert(doc, BookableRoom), self._records.workspace
        if source.key in workspace.rooms:
            self._tell("room", workspace.rooms[source.key].label, "known")
            return
        if len(workspace.rooms) >= ROOMS.most:
            self._tell("room", source.label, "not taken", ROOMS.told)
            return
        here = {*workspace.people, *(f"department:{key}" for key in workspace.departments)}
        bookers = [one for one in source.bookers if one in here]
        last = max((room.sort for room in workspace.rooms.values()), default=0)
        self._records.put("room", msgspec.to_builtins(replace(source, bookers=bookers, sort=last + 10)))
        self._tell("room", source.label, "made")

    # -- pipelines -----------------------------------------------------------------------------------------------------
    def pipeline(self, doc: Doc) -> None:
        source = msgspec.convert(doc, Pipeline)
        workspace = self._records.workspace
        known = workspace.pipeline(source.type, source.key)
        entry = self._entry("pipeline", type=source.type, key=source.key)
        if known is None:
            if not workspace.type(source.type).has_stages:
                self._tell("pipeline", source.label, "not taken", _("its items have no stages"))
                return
            if sum(one.semantics == "success" for one in source.stages) != 1 or source.stages[0].semantics != "process":
                reason = _("a pipeline needs stages in progress and exactly one success stage")
                self._tell("pipeline", source.label, "not taken", reason)
                return
            others = workspace.pipelines(source.type)
            made = replace(source, default=source.default and not others, gone=[])
            self._records.put("pipeline", msgspec.to_builtins(made), entry.id if entry else 0)
            self._tell("pipeline", source.label, "made")
            return
        more = [stage for stage in _lacking(known.stages, source.stages) if self._fits(stage)]
        if more and entry is not None:
            order = ("process", "success", "failure")
            stages = sorted([*known.stages, *more], key=lambda one: order.index(one.semantics))
            self._records.put("pipeline", {**entry.doc, "stages": msgspec.to_builtins(stages)}, entry.id)

    def _fits(self, stage: Stage) -> bool:
        """Whether a stage may come to a pipeline that is here, which is told."""
        if stage.semantics == "success":
            self._tell("stage", stage.label, "not taken", _("a pipeline has one success stage"))
            return False
        self._tell("stage", stage.label, "made")
        return True

    # -- fields --------------------------------------------------------------------------------------------------------
    def field(self, doc: Doc) -> None:
        workspace, type_key, key = self._records.workspace, doc["type"], doc["key"]
        known = workspace.field(type_key, key)
        if known is not None:
            self._options(type_key, known, doc.get("options") or ())
        elif not doc.get("custom"):
            return
        elif key in used_keys(workspace, type_key):
            tell(self._report, "field", key, "not taken", _("a field with this key exists or existed"))
        elif sum(field.custom for field in workspace.fields(type_key).values()) >= FIELDS.most:
            message = FIELDS.told
            tell(self._report, "field", key, "not taken", message)
        elif reason := self._why_not(doc):
            tell(self._report, "field", key, "not taken", reason)
        else:
            self._records.put("field", dict(doc))
            self._tell("field", doc["label"], "made", _("as {kind}").format(kind=doc["kind"]))

    def _why_not(self, doc: Doc) -> str:
        """Why a field can be none here; "" where it can."""
        session = self._records.session
        field = msgspec.convert({name: value for name, value in doc.items() if name != "type"}, Field)
        if not field.traits.custom:
            return _("there is no kind {kind}").format(kind=field.kind)
        found = problems(field, session.context(canonical=True))
        return "; ".join(f"{problem.field}: {problem.message}" for problem in found)

    def _options(self, type_key: str, known: Field, options: Sequence[Any]) -> None:
        """A field that is here gets the options that it lacks."""
        if not known.traits.has_own_options:
            self._tell("field", known.label, "known")
            return
        more = _lacking(known.options, msgspec.convert(options, list[Option]))
        self._tell("field", known.label, "known", ", ".join(self._label(one.label) for one in more))
        if more:
            entry = self._entry("field", type=type_key, key=known.key)
            before = entry.doc if entry else {"type": type_key, "key": known.key}
            told = msgspec.to_builtins([*known.options, *more])
            self._records.put("field", {**before, "options": told}, entry.id if entry else 0)


def _lacking(here: Sequence[_Keyed], there: Sequence[_Keyed]) -> list[_Keyed]:
    """Those that are not here, by their keys."""
    keys = {one.key for one in here}
    return [one for one in there if one.key not in keys]
