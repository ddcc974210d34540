"""The living definitions of one workspace: shipped types with the workspace's own fields, pipelines, people laid over them.

Pure: built from the documents of the config tables (`CONFIG_TABLES`), rebuilt as a whole when one of them changes; they are few.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from functools import cached_property
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from tuicrm.domain import named, smart
from tuicrm.domain.channels import Channel
from tuicrm.domain.config_records import (
    CONFIG_TABLES,
    FORMER_TYPES,
    INVITE_BY_MAIL,
    SHAPES,
    ActivityKind,
    ConfigRecord,
    KeptLayout,
    LayoutRecord,
    NumeratorRecord,
    Person,
    Role,
    roles_as_meant,
    sound_parts,
)
from tuicrm.domain.departments import Department, Departments
from tuicrm.domain.documents.templates import DocTemplate, why_no_numbers
from tuicrm.domain.documents.templates import why_misshapen as why_no_template
from tuicrm.domain.field_records import FieldRecords
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.text_template import TextTemplate
from tuicrm.domain.money import Rates
from tuicrm.domain.rooms import BookableRoom
from tuicrm.domain.schema import (
    Dictionary,
    Field,
    ItemType,
    Layout,
    Numerator,
    Pipeline,
    Stage,
    Variant,
    all_labels,
)
from tuicrm.domain.smart import SmartType

_Record = TypeVar("_Record")


class Misshapen(Struct, frozen=True):
    """A config record of which nothing can be made: a script past the door may write anything. It is left out, and told of."""

    table: str
    id: int
    reason: str


class Workspace:
    """All definitions, looked up by key. `records[table][id]` are the raw config records; `misshapen` those left out of them."""

    def __init__(self, shipped: Mapping[str, ItemType], records: Mapping[str, Iterable[ConfigRecord]]) -> None:
        self._shipped = shipped
        self._template = next((one for one in shipped.values() if one.smart), None)
        self._field_records = FieldRecords(shipped, self._template)
        self.misshapen: list[Misshapen] = []
        self.records: dict[str, dict[int, ConfigRecord]] = {
            table: dict(self._sound(table, records.get(table, ()))) for table in CONFIG_TABLES
        }
        self.people = {person.key: person for person in self._all("person", Person)}
        self.departments = Departments((part.key, part) for part in self._all("department", Department))
        self.dictionaries = {words.key: words for words in self._all("dictionary", Dictionary)}
        self.rooms = {
            room.key: room for room in sorted(self._all("room", BookableRoom), key=lambda room: (room.sort, room.key))
        }
        self.channels = {
            one.key: one for one in sorted(self._all("channel", Channel), key=lambda one: (one.sort, one.key))
        }
        self.doc_templates = {
            one.key: one for one in sorted(self._all("template", DocTemplate), key=lambda one: (one.sort, one.key))
        }
        self.text_templates = {
            one.key: one
            for one in sorted(self._all("text_template", TextTemplate), key=lambda one: (one.sort, one.key))
        }
        self.activity_kinds = {kind.key: kind for kind in self._all("activity_kind", ActivityKind)}
        self.settings: dict[str, Any] = {entry.doc["key"]: entry.doc.get("value") for entry in self._entries("setting")}
        self.roles = {role.key: role for role in roles_as_meant(self._all("role", Role), self.settings)}
        self.invites = self.settings.get(INVITE_BY_MAIL) == "on"
        own = [] if self._template is None else self._all("type", SmartType)
        self.smart = sorted(own, key=lambda one: (one.sort, one.key))
        bare = self._bare_types()
        self._pipelines: dict[str, list[Pipeline]] = {}
        self._gone_pipelines: dict[str, list[Pipeline]] = {}
        for pipeline in sorted(self._all("pipeline", Pipeline), key=lambda p: (not p.default, p.sort, p.key)):
            if pipeline.type in bare and not bare[pipeline.type].has_stages:
                continue
            by_type = self._gone_pipelines if pipeline.deleted else self._pipelines
            by_type.setdefault(pipeline.type, []).append(pipeline)
        self._numerators = {record.type: record.numerator for record in self._all("numerator", NumeratorRecord)}
        self._layouts: dict[tuple[str, str], list[KeptLayout]] = {}
        for entry in self._entries("layout"):
            kept = KeptLayout(entry.id, entry.rev, msgspec.convert(entry.doc, LayoutRecord))
            self._layouts.setdefault((kept.record.type, kept.record.variant), []).append(kept)
        own_fields = [entry.doc for entry in self._entries("field")]
        self.types = {key: self._field_records.laid_over(item_type, own_fields) for key, item_type in bare.items()}
        self._fields = {key: {f.key: f for f in item_type.fields} for key, item_type in self.types.items()}
        self._deleted: dict[str, set[str]] = {}
        for entry in self._entries("field"):
            if entry.doc.get("deleted"):
                self._deleted.setdefault(entry.doc["type"], set()).add(entry.doc["key"])
        self._prefixes = {item_type.prefix.upper(): key for key, item_type in self.types.items()}

    def _bare_types(self) -> dict[str, ItemType]:
        """The types as they are before any field of one's own: those that ship, then those of the workspace, in their order."""
        shipped = {key: item_type for key, item_type in self._shipped.items() if not item_type.smart}
        if self._template is None or not self.smart:
            return shipped
        built = {one.key: smart.build(one, self._template) for one in self.smart}
        return smart.relate({**shipped, **built}, self.smart)

    def _sound(self, table: str, entries: Iterable[ConfigRecord]) -> Iterator[tuple[int, ConfigRecord]]:
        types = set[str]()
        for entry in entries:
            reason = self.why_misshapen(table, entry.doc)
            if table == "type" and not reason:
                reason = f"there are two types {entry.doc['key']}" if entry.doc["key"] in types else ""
                types.add(entry.doc["key"])
            if reason:
                self.misshapen.append(Misshapen(table, entry.id, reason))
                if table == "person" and (doc := sound_parts(entry.doc, Person)) is not None:
                    # Who works here is not shut out for one wrong value.
                    yield entry.id, ConfigRecord(entry.id, entry.rev, doc)
            else:
                if table == "field":
                    self._field_records.learn(entry.doc)
                yield entry.id, entry

    def why_misshapen(self, table: str, doc: Mapping[str, Any]) -> str:
        """Why a document is no definition of its table; "" when it is one, and for other tables."""
        try:
            made = msgspec.convert(doc, SHAPES.get(table, dict))
            if table == "field":
                self._field_records.read(doc)
            if isinstance(made, DocTemplate):
                return why_no_template(made)
            if isinstance(made, NumeratorRecord):
                return why_no_numbers(made.numerator)
            if isinstance(made, SmartType):
                return f"{made.key!r} is taken" if made.key in self._shipped else smart.why_none(made)
        except msgspec.ValidationError as problem:
            return str(problem)
        return ""

    def _entries(self, table: str) -> Iterable[ConfigRecord]:
        return self.records[table].values()

    def _all(self, table: str, kind: type[_Record]) -> list[_Record]:
        return [msgspec.convert(entry.doc, kind) for entry in self._entries(table)]

    # -- types and fields ----------------------------------------------------------------------------------------------
    def type(self, key: str) -> ItemType:
        """The item type of that key. Raises KeyError: callers resolve what people typed first."""
        return self.types[key]

    def fields(self, type_key: str) -> dict[str, Field]:
        """All fields of a type by key, in the type's order. Raises KeyError for an unknown type."""
        return self._fields[type_key]

    def field(self, type_key: str, key: str) -> Field | None:
        """A field of a type; None where there is no such. Raises KeyError for an unknown type."""
        return self._fields[type_key].get(key)

    def deleted_fields(self, type_key: str) -> Set[str]:
        """Keys of fields that were deleted or switched off: old values may still stand in the journal, or in the items."""
        return self._deleted.get(type_key, frozenset()) | self.off_fields(type_key)

    def off_fields(self, type_key: str) -> set[str]:
        """Keys of the fields of a type that are switched off, parents that it no longer has among them."""
        if self._template is None or not (self.smart or self.former_types):
            return set()
        own = [one.key for one in self.smart]
        of_template = () if type_key in self._shipped else self._template.fields
        parents = (*own, *self.former_types, *(() if type_key in self._shipped else self._shipped))
        off = {*(field.key for field in of_template), *(smart.PARENT + key for key in parents)}
        return off - self._fields[type_key].keys()

    @property
    def former_types(self) -> list[str]:
        """Keys of item types that were removed."""
        kept = self.settings.get(FORMER_TYPES)
        return [str(key) for key in kept] if isinstance(kept, list) else []

    def smart_type(self, key: str) -> SmartType | None:
        """What is kept of a type of one's own."""
        return next((one for one in self.smart if one.key == key), None)

    @property
    def template(self) -> ItemType | None:
        """What types of one's own are built from."""
        return self._template

    def find_type(self, text: str) -> ItemType | None:
        """By key, label or plural in any language; None for what names no type, or several."""
        found = named.find(text, self.named_types())
        return found[0] if len(found) == 1 else None

    def named_types(self) -> list[named.Named[ItemType]]:
        """All types, as they can be named; they are shown by their keys, which is how commands call them."""
        return [
            named.Named(one, one.key, (*all_labels(one.label), *all_labels(one.plural)), one.key)
            for one in self.types.values()
        ]

    # -- refs ----------------------------------------------------------------------------------------------------------
    def show_ref(self, ref: Ref) -> str:
        """`D-42`; `deal:42` where the type is gone."""
        item_type = self.types.get(ref.type)
        return f"{item_type.prefix}-{ref.id}" if item_type else str(ref)

    def read_ref(self, text: str) -> Ref | None:
        """`D-42`, `d42` or `deal:42`; None for anything else."""
        text = text.strip()
        try:
            ref = Ref.parse(text)
            return ref if ref.type in self.types else None
        except ValueError:
            pass
        letters = text.rstrip("0123456789").rstrip("-")
        digits = text[len(text.rstrip("0123456789")) :]
        key = self._prefixes.get(letters.upper())
        return Ref(key, int(digits)) if key and digits and len(digits) < 19 else None

    # -- pipelines and stages ------------------------------------------------------------------------------------------
    def pipelines(self, type_key: str) -> list[Pipeline]:
        """The type's pipelines, the default one first; [] for a type without stages."""
        return self._pipelines.get(type_key, [])

    def gone_pipelines(self, type_key: str) -> list[Pipeline]:
        """Those that were deleted: what happened in them keeps their names."""
        return self._gone_pipelines.get(type_key, [])

    def pipeline(self, type_key: str, key: str) -> Pipeline | None:
        """A pipeline by key; None where the type has no such."""
        return next((pipeline for pipeline in self.pipelines(type_key) if pipeline.key == key), None)

    def pipeline_entry(self, pipeline: Pipeline) -> ConfigRecord | None:
        """The config record of a pipeline; None for one that its type brings along."""
        wanted = (pipeline.type, pipeline.key)
        entries = self._entries("pipeline")
        return next((one for one in entries if (one.doc.get("type"), one.doc.get("key")) == wanted), None)

    def pipeline_of(self, type_key: str, doc: Mapping[str, Any]) -> Pipeline | None:
        """The pipeline an item is in; the default one when it names none or one that is gone."""
        found = self.pipeline(type_key, doc.get("pipeline") or "")
        return found or next(iter(self.pipelines(type_key)), None)

    def stage_of(self, type_key: str, doc: Mapping[str, Any]) -> Stage | None:
        """The stage that an item's values put it in; None for a type without stages, and for a stage that is gone."""
        pipeline = self.pipeline_of(type_key, doc)
        return pipeline.stage(doc.get("stage") or "") if pipeline else None

    def stage_known(self, type_key: str, doc: Mapping[str, Any]) -> Stage | None:
        """The stage that an item is or was in, for its name: one that was deleted since, too."""
        key = doc.get("pipeline") or ""
        gone = next((one for one in self.gone_pipelines(type_key) if one.key == key), None)
        pipeline = gone or self.pipeline_of(type_key, doc)
        stage = doc.get("stage") or ""
        return next((one for one in (*pipeline.stages, *pipeline.gone) if one.key == stage), None) if pipeline else None

    def pipeline_known(self, type_key: str, key: str) -> Pipeline | None:
        """The pipeline of that key, for its name: one that was deleted since, too."""
        return next(
            (one for one in (*self.pipelines(type_key), *self.gone_pipelines(type_key)) if one.key == key), None
        )

    # -- numbering -----------------------------------------------------------------------------------------------------
    def numerator(self, type_key: str) -> Numerator | None:
        """How the items of a type are numbered; None where they are not."""
        item_type = self.types.get(type_key)
        if item_type is None or item_type.numbering is None:
            return None
        return self._numerators.get(type_key, item_type.numbering)

    # -- layouts -------------------------------------------------------------------------------------------------------
    def variants(self, type_key: str) -> list[Variant]:
        """Who has card layouts of their own: the type's variants, else each pipeline, else all items alike (one of key "")."""
        item_type = self.types[type_key]
        if item_type.variants:
            return item_type.variants
        return [Variant(p.key, p.label) for p in self.pipelines(type_key)] or [Variant("", item_type.plural)]

    def variant_of(self, type_key: str, doc: Mapping[str, Any]) -> str:
        """The variant an item is of."""
        of_type = self.types[type_key].variants
        if of_type:
            found = next((one for one in of_type if one.when and doc.get(one.when) is True), None)
            return (found or next(one for one in of_type if not one.when)).key
        pipeline = self.pipeline_of(type_key, doc)
        return pipeline.key if pipeline else ""

    def built_in_layout(self, type_key: str, variant: str) -> Layout:
        """The layout that ships for a variant of a type, else the type's own."""
        item_type = self.types[type_key]
        own = next((one.layout for one in item_type.variants if one.key == variant), None)
        return own or item_type.layout

    def kept_layouts(self, type_key: str, variant: str) -> list[KeptLayout]:
        """The common layout, the personal ones and the views of (type, variant), in no order."""
        return self._layouts.get((type_key, variant), [])

    def entry(self, table: str, key: str) -> ConfigRecord | None:
        """The config record with that `key`."""
        return next((entry for entry in self._entries(table) if entry.doc.get("key") == key), None)

    # -- people --------------------------------------------------------------------------------------------------------
    def person_of_login(self, login: str) -> Person | None:
        """The person a system user is, retired ones too."""
        return next((person for person in self.people.values() if login in person.logins), None)

    # -- money ---------------------------------------------------------------------------------------------------------
    @cached_property
    def rates(self) -> Rates:
        """Rates kept by hand, in the base currency."""
        rates = {entry.doc["code"]: entry.doc["rate"] for entry in self._entries("currency") if entry.doc.get("rate")}
        return Rates(self.base_currency, rates)

    @cached_property
    def currencies(self) -> frozenset[str]:
        """Codes of the currencies kept here, with a rate or without."""
        return frozenset((self.base_currency, *(str(entry.doc["code"]) for entry in self._entries("currency"))))

    @property
    def base_currency(self) -> str:
        """The currency that amounts are compared and added up in (ISO 4217)."""
        return str(self.settings.get("base_currency") or "EUR")

    @property
    def country(self) -> str:
        """Where phone numbers without a prefix lie (ISO 3166); "" where nobody has said."""
        return str(self.settings.get("country") or "")

    @property
    def name(self) -> str:
        """What people call the workspace; "" where nobody has said."""
        return str(self.settings.get("name") or "")
