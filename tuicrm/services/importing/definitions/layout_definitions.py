"""Card layouts that files bring along: each becomes the common layout of all items of its type."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import msgspec

from tuicrm.domain.config_records import KeptLayout, LayoutRecord
from tuicrm.domain.importing import FileReport
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_keeping import settle
from tuicrm.domain.named import Named, NotNamed, labelled, the
from tuicrm.domain.schema import Layout, Variant
from tuicrm.domain.stamps import stamp
from tuicrm.exchange.bitrix.payloads import CardLayout
from tuicrm.i18n import _
from tuicrm.services.importing.definitions.records import Records, tell
from tuicrm.services.importing.keys import digest, is_kept, key_record
from tuicrm.services.importing.tables.bitrix_tables import SOURCE
from tuicrm.services.layouts.layout_files import fitted
from tuicrm.services.layouts.layouts import plain


class RunLayout(NamedTuple):
    """A layout of a run: the report of its file, and the name by which a map calls it (`file.json`, `file.json#2`)."""

    payload: CardLayout
    report: FileReport
    name: str


class LayoutQuestion(NamedTuple):
    """Whose the card layouts of a type are: `layouts` by the names that a map calls them, with the titles of their sections;
    `variants` are the pipelines (or kinds of lead) that no layout of the run is of yet."""

    type_label: str
    layouts: Mapping[str, Sequence[str]]
    variants: Sequence[Named[str]]


Ask: TypeAlias = Callable[[LayoutQuestion], Mapping[str, str]]
"""Answers as a map would: layout → key of a variant, "" to leave it out; what it does not name is told as without it."""


def take_all(
    records: Records, type_key: str, told: Sequence[RunLayout], decided: Mapping[str, str], ask: Ask | None = None
) -> None:
    """All layouts of a type in a run. The source does not say which pipeline one is of: several different ones are only taken where
    a person said it (`decided`, by name; "" leaves one out), or says it when they are asked."""
    places = _Places(records, type_key)
    open_ = [one for one in told if one.name not in decided]
    for one in told:
        if one.name in decided:
            places.decide(one, decided[one.name])
    if ask is not None and _count(open_) > 1 and places.free:
        shown = {one.name: [part.title for part in one.payload.sections] for one in open_ if one.payload.sections}
        answers = ask(LayoutQuestion(_name(records, type_key), shown, places.free))
        for one in open_:
            if one.name in answers:
                places.decide(one, answers[one.name])
        open_ = [one for one in open_ if one.name not in answers]
    for one in open_:
        if _count(open_) > 1 and one.payload.sections:
            places.refuse(one, _several(one.name, _count(open_), places.all[0].shown))
        elif one.payload.sections and not places.free:
            places.refuse(one, _("every pipeline already has another layout in this run"))
        else:
            take(records, type_key, one.payload, one.report, [variant.key for variant in places.free])


def _count(told: Sequence[RunLayout]) -> int:
    """How many different layouts there are."""
    return len({msgspec.json.encode(one.payload) for one in told if one.payload.sections})


def _several(name: str, count: int, pipeline: str) -> str:
    reason = _(
        "these layouts ({n}) would overwrite each other in one run; use a map (--map) to say which "
        "pipeline each is for: {example}"
    )
    return reason.format(n=count, example=f'[layouts] "{name}" = "{pipeline}"')


class _Places:
    """The variants of a type, and whose layout came in this run."""

    def __init__(self, records: Records, type_key: str) -> None:
        self._records, self._type = records, type_key
        language = records.session.language
        variants: Sequence[Variant] = records.workspace.variants(type_key)
        self.all = [labelled(one.key, one.key, one.label, language) for one in variants]
        self._taken: dict[str, RunLayout] = {}

    @property
    def free(self) -> list[Named[str]]:
        """Those of which there is no layout yet."""
        return [one for one in self.all if one.key not in self._taken]

    def decide(self, told: RunLayout, text: str) -> None:
        """Take a layout where a person said, unless there is no such place, or another one has it."""
        try:
            key = the(text, self.all, _("there is no pipeline {name}").format(name=text)) if text else ""
        except NotNamed as missing:
            self.refuse(told, missing.message)
            return
        before = self._taken.setdefault(key, told) if key else told
        if not key:
            self.refuse(told, _("not imported"))
        elif before.payload != told.payload:
            shown = next(one.shown for one in self.all if one.key == key)
            self.refuse(
                told, _("“{pipeline}” already has the one from {file}").format(pipeline=shown, file=before.name)
            )
        else:
            take(self._records, self._type, told.payload, told.report, [key])

    def refuse(self, told: RunLayout, reason: str) -> None:
        tell(told.report, "layout", _name(self._records, self._type), "not taken", reason)


def _name(records: Records, type_key: str) -> str:
    return records.session.label(records.types[type_key].label)


def take(records: Records, type_key: str, payload: CardLayout, report: FileReport, variants: Sequence[str]) -> None:
    """Make it the common layout of these variants of the type; one that came before, or is so already, changes nothing."""
    session = records.session
    item_type = records.types[type_key]
    name = session.label(item_type.label)
    if not payload.sections:
        tell(report, "layout", name, "not taken", _("the source has no layout of its own: its default applies"))
        return
    places = {key: _common(records, type_key, key) for key in variants}
    layouts: dict[str, Layout] = {}
    for variant, common in places.items():
        before = common.record.layout if common else records.workspace.built_in_layout(type_key, variant)
        layouts[variant], taken = fitted(payload, before, item_type)
    left = _("kept, but not shown: no field here is similar to {fields}").format(fields=", ".join(taken.left))
    reason = left if taken.left else ""
    if taken.twice:
        told = _("{name}: listed twice, used where it comes first: {fields}")
        report.notes.append(told.format(name=name, fields=", ".join(taken.twice)))
    if payload.unread:
        told = _("{name}: has no meaning here, dropped: {keys}")
        report.notes.append(told.format(name=name, keys=", ".join(payload.unread)))
    whole = len(variants) == len(records.workspace.variants(type_key))
    key = digest("layout", SOURCE, type_key, msgspec.json.encode(payload).decode(), *(() if whole else variants))
    so_already = all(common is not None and common.record.layout == layouts[one] for one, common in places.items())
    if so_already or is_kept(session, key):
        tell(report, "layout", name, "known", reason, taken.left)
        return
    for variant, common in places.items():
        record = LayoutRecord(type_key, variant, "common", [], edited=stamp(session.moment()))
        _put(records, common or KeptLayout(0, 0, record), layouts[variant])
    records.keep(key_record(key, Ref("layout", 0), "", SOURCE, session.person_key))
    tell(report, "layout", name, "made", reason, taken.left)


def settle_everywhere(records: Records, type_key: str, made: Mapping[str, str]) -> None:
    """Give new fields (keys by the source's code) the places that layouts have kept for them."""
    for entry in list(records.workspace.records["layout"].values()):
        if entry.doc["type"] != type_key:
            continue
        kept = KeptLayout(entry.id, entry.rev, msgspec.convert(entry.doc, LayoutRecord))
        settled = kept.record.layout
        for code, field in made.items():
            settled = settle(settled, code, field)
        if settled != kept.record.layout:
            _put(records, kept, settled)


def _common(records: Records, type_key: str, variant: str) -> KeptLayout | None:
    kept = records.workspace.kept_layouts(type_key, variant)
    return next((one for one in kept if one.record.scope == "common"), None)


def _put(records: Records, kept: KeptLayout, layout: Layout) -> None:
    """Keep a layout's new sections, over its record where it has one."""
    record = msgspec.structs.replace(
        kept.record, sections=layout.sections, tabs=layout.tabs, hidden_tabs=layout.hidden_tabs
    )
    records.put("layout", plain(record), kept.id)
