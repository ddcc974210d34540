"""Card layouts that files bring along: each becomes the common layout of all items of its type."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from tuicrm.domain.importing import FileReport
from tuicrm.domain.items import Ref
from tuicrm.domain.layout_keeping import settle
from tuicrm.domain.schema import Layout, Variant, all_labels
from tuicrm.domain.workspace import KeptLayout, LayoutRecord
from tuicrm.exchange.bitrix.payloads import CardLayout
from tuicrm.i18n import _
from tuicrm.services.importing.bitrix_tables import SOURCE
from tuicrm.services.importing.keys import digest, is_kept, key_record
from tuicrm.services.importing.records import Records, tell
from tuicrm.services.layout_files import fitted
from tuicrm.services.layouts import plain
from tuicrm.services.reader import stamp


class Told(NamedTuple):
    """A layout of a run: the report of its file, and the name by which a map calls it (`file.json`, `file.json#2`)."""

    payload: CardLayout
    report: FileReport
    name: str


def take_all(records: Records, type_key: str, told: Sequence[Told], decided: Mapping[str, str]) -> None:
    """All layouts of a type in a run. The source does not say which pipeline one is of: several different ones are only taken where
    a person said it (`decided`, by name)."""
    variants = records.workspace.variants(type_key)
    left = [one.key for one in variants]
    open_: list[Told] = []
    for one in told:
        if one.name not in decided:
            open_.append(one)
            continue
        variant = _variant(variants, decided[one.name])
        if variant is None:
            wanted = _("there is no pipeline {name}").format(name=decided[one.name])
            tell(one.report, "layout", _name(records, type_key), "not taken", wanted)
        else:
            take(records, type_key, one.payload, one.report, [variant.key])
            left = [key for key in left if key != variant.key]
    different = {msgspec.json.encode(one.payload) for one in open_ if one.payload.sections}
    for one in open_:
        if len(different) > 1 and one.payload.sections:
            example = f'[layouts] "{one.name}" = "{records.session.label(variants[0].label)}"'
            reason = _(
                "{n} layouts in one run would be laid over each other; a map says which pipeline each is of: {example}"
            )
            text = reason.format(n=len(different), example=example)
            tell(one.report, "layout", _name(records, type_key), "not taken", text)
        else:
            take(records, type_key, one.payload, one.report, left)


def _variant(variants: Sequence[Variant], text: str) -> Variant | None:
    wanted = text.strip().casefold()
    return next((one for one in variants if wanted in (one.key, *map(str.casefold, all_labels(one.label)))), None)


def _name(records: Records, type_key: str) -> str:
    return records.session.label(records.types[type_key].label)


def take(records: Records, type_key: str, payload: CardLayout, report: FileReport, variants: Sequence[str]) -> None:
    """Make it the common layout of these variants of the type; one that came before, or is so already, changes nothing."""
    session = records.session
    item_type = records.types[type_key]
    name = session.label(item_type.label)
    if not payload.sections:
        tell(report, "layout", name, "not taken", _("the source keeps none: its default holds"))
        return
    places = {key: _common(records, type_key, key) for key in variants}
    layouts: dict[str, Layout] = {}
    for variant, common in places.items():
        before = common.record.layout if common else records.workspace.built_in_layout(type_key, variant)
        layouts[variant], taken = fitted(payload, before, item_type)
    left = _("kept, but not shown: no field here is like {fields}").format(fields=", ".join(taken.left))
    reason = left if taken.left else ""
    if taken.twice:
        told = _("{name}: stands in it twice, taken where it came first: {fields}")
        report.notes.append(told.format(name=name, fields=", ".join(taken.twice)))
    if payload.unread:
        told = _("{name}: says nothing here, not kept: {keys}")
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
