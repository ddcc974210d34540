"""Item types of one's own (smart processes): made, changed, put in order, removed. Each is one undoable change.

A type is a record of switches and relations (`domain/smart.py`); what follows from it (fields, tabs, board) is built anew whenever it
changes. A type with items is not removed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from msgspec.structs import replace

from tuicrm.domain.conditions import Empty, Test
from tuicrm.domain.config_records import FORMER_TYPES, ConfigRecord
from tuicrm.domain.schema import ItemType, Label, Pipeline
from tuicrm.domain.smart import Relation, SmartType
from tuicrm.domain.stamps import stamp
from tuicrm.errors import AccessDenied, Conflict, FieldProblem, NotFound, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.services.definitions import item_type_checks as checks
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Key, Op

if TYPE_CHECKING:
    from tuicrm.services.kernel.bulk import Bulk
    from tuicrm.services.kernel.changes import Change

FIRST_SWITCHES = ("stages", "client", "observers")
"""What a new type has where nothing else is said."""

_CHUNK = 200


# -- which there are ---------------------------------------------------------------------------------------------------
def why_not_define(session: Session) -> str | None:
    """Why this person may not make or change item types; None when they may."""
    if session.access.has("settings"):
        return None
    return _("You may not change item types: ask someone who may change settings.")


def _require(session: Session) -> None:
    reason = why_not_define(session)
    if reason is not None:
        raise AccessDenied(reason)


def find_own(session: Session, text: str) -> SmartType:
    """A type of one's own by key or name. Raises NotFound, Refused for one that is built in."""
    from tuicrm.services.kernel.lookup import find_type

    key = find_type(session, text).key
    found = session.workspace.smart_type(key)
    if found is None:
        name = session.label(session.workspace.type(key).plural)
        message = _("{types} are built in: only custom item types can be changed and removed").format(types=name)
        raise Refused(message, [FieldProblem("type", message, text)])
    return found


def count(session: Session, key: str) -> int:
    """How many items of a type this person may see."""
    return session.count(key)


# -- making and changing -----------------------------------------------------------------------------------------------
class TypeChanges(NamedTuple):
    """What is said of a type; None leaves it as it is, or to what a new one begins with."""

    label: Label | None = None
    plural: Label | None = None
    prefix: str | None = None
    symbol: str | None = None
    has: Sequence[str] | None = None
    parents: Sequence[Relation] | None = None
    children: Sequence[Relation] | None = None


def add(session: Session, said: TypeChanges, *, key: str = "", source: str = "") -> ItemType:
    """Make a type. Raises Refused listing all that is wrong, AccessDenied."""
    _require(session)
    session.store.refresh()
    record = new_record(session, said, key=key, source=source)
    _refuse(checks.problems(session, record))
    with session.change(_("make the item type {name}").format(name=session.label(record.plural))) as change:
        change.put("type", plain(record))
        if "stages" in record.has:
            change.put("pipeline", msgspec.to_builtins(first_pipeline(session, record)))
    return session.workspace.type(record.key)


def new_record(session: Session, said: TypeChanges, *, key: str = "", source: str = "") -> SmartType:
    """A type that is not written yet, with what nobody said filled in; nothing of it is checked."""
    label = _trimmed(said.label or "")
    plural = _trimmed(said.plural or label)
    name = session.label(label)
    return SmartType(
        key or checks.new_key(session, name),
        label,
        plural,
        (said.prefix or checks.new_prefix(session, name) or "T").strip().upper(),
        said.symbol or checks.new_symbol(session),
        list(FIRST_SWITCHES if said.has is None else said.has),
        list(said.parents or ()),
        list(said.children or ()),
        max((one.sort for one in session.workspace.smart), default=0) + 10,
        source,
    )


def change(session: Session, key: str, said: TypeChanges) -> ItemType:
    """Change what is said of a type. Raises Refused listing all that is wrong, NotFound, AccessDenied."""
    _require(session)
    session.store.refresh()
    before = find_own(session, key)
    after = _changed(before, said)
    _refuse(checks.problems(session, after, before))
    if after != before:
        label = _("change the item type {name}").format(name=session.label(before.plural))
        stages_begin = "stages" in after.has and "stages" not in before.has
        if stages_begin and session.whole.count(key):
            with session.bulk(label) as bulk:
                _begin_stages(bulk, before, after)
        else:
            with session.change(label) as written:
                _put(written, before, after)
    return session.workspace.type(key)


def _changed(before: SmartType, said: TypeChanges) -> SmartType:
    given: dict[str, Any] = {name: value for name, value in said._asdict().items() if value is not None}
    for name in ("label", "plural"):
        if name in given:
            given[name] = _trimmed(given[name])
    for name in ("has", "parents", "children"):
        if name in given:
            given[name] = list(given[name])
    if "prefix" in given:
        given["prefix"] = given["prefix"].strip().upper()
    return replace(before, **given)


def _trimmed(label: Label) -> Label:
    if isinstance(label, str):
        return label.strip()
    return {language: text.strip() for language, text in label.items()}


def _refuse(found: Sequence[FieldProblem]) -> None:
    if found:
        raise Refused("; ".join(f"{problem.field}: {problem.message}" for problem in found), found)


# -- writing -----------------------------------------------------------------------------------------------------------
def plain(record: SmartType) -> dict[str, Any]:
    """The record as the store keeps it."""
    kept: dict[str, Any] = msgspec.to_builtins(record)
    return kept


def entry_of(session: Reader, key: str) -> ConfigRecord:
    """The config record of a type. Raises NotFound."""
    entry = session.workspace.entry("type", key)
    if entry is None:
        raise NotFound(_("There is no custom item type {name}.").format(name=key))
    return entry


def first_pipeline(session: Reader, record: SmartType) -> Pipeline:
    """The default pipeline that a type with stages begins with."""
    template = session.workspace.template
    if template is None:
        raise NotFound(_("There is no custom item type {name}.").format(name=record.key))
    return replace(template.pipelines[0], type=record.key)


def _put(written: Change, before: SmartType, after: SmartType) -> None:
    session = written.session
    entry = entry_of(session, before.key)
    written.put("type", plain(after), entry.id, expect=entry.rev)
    if "stages" in after.has and not _kept_pipelines(session, after.key):
        written.put("pipeline", msgspec.to_builtins(first_pipeline(session, after)))


def _kept_pipelines(session: Reader, key: str) -> list[ConfigRecord]:
    """The records of a type's pipelines, shown or not, without those that were deleted."""
    entries = session.workspace.records["pipeline"].values()
    return [entry for entry in entries if entry.doc.get("type") == key and not entry.doc.get("deleted")]


def _begin_stages(bulk: Bulk, before: SmartType, after: SmartType) -> None:
    """Items that were made without stages come to the first stage: else no board would have them."""
    session = bulk.session
    with bulk.change() as written:
        _put(written, before, after)
    kept = [msgspec.convert(entry.doc, Pipeline) for entry in _kept_pipelines(session, after.key)]
    kept.sort(key=lambda one: (not one.default, one.sort, one.key))
    pipeline = kept[0] if kept else first_pipeline(session, after)
    start = {"pipeline": pipeline.key, "stage": pipeline.stages[0].key, "closed": False}
    start["stage_since"] = stamp(session.moment())
    ids = session.whole.ids(after.key, Empty("stage"))
    for at in range(0, len(ids), _CHUNK):
        records = session.whole.get(after.key, ids[at : at + _CHUNK])
        ops = [Op(after.key, record.id, {**record.doc, **start}) for record in records]
        bulk.write(ops, {Key(after.key, record.id): record.rev for record in records})


# -- order and removal -------------------------------------------------------------------------------------------------
def move(session: Session, key: str, step: int) -> bool:
    """One place down (1) or up (-1) among the types of one's own; whether it moved."""
    keys = [one.key for one in session.workspace.smart]
    at = keys.index(find_own(session, key).key)
    if not 0 <= at + step < len(keys):
        return False
    keys[at], keys[at + step] = keys[at + step], keys[at]
    order(session, keys)
    return True


def order(session: Session, keys: Sequence[str]) -> None:
    """Put the types of one's own in this order; those not named follow as they stand. Raises Refused, NotFound, AccessDenied."""
    _require(session)
    named = list(dict.fromkeys(find_own(session, key).key for key in keys))
    wanted = [*named, *(one.key for one in session.workspace.smart if one.key not in named)]
    with session.change(_("order the item types")) as change:
        for at, key in enumerate(wanted, start=1):
            entry = entry_of(session, key)
            if entry.doc.get("sort") != at * 10:
                change.put("type", {**entry.doc, "sort": at * 10}, entry.id, expect=entry.rev)


def why_not_remove(session: Session, key: str, but: Collection[int] = ()) -> str | None:
    """Why a type stays: it has items, whoever may see them, beside those that go with it. None when it can go."""
    items = session.whole.count(key)
    if items == len(session.whole.among(key, but)):
        return None
    told = ngettext("It has {n} item", "It has {n} items", items)
    where = ", ".join(_places(session, key))
    return _("{told} ({where}): only an empty item type can be removed; delete them first").format(
        told=told, where=where
    )


def _places(session: Session, key: str) -> list[str]:
    """Where the items are: by pipeline and stage as far as this person may see them, the rest counted."""
    workspace, label = session.workspace, session.label
    found: list[str] = []
    told = 0
    several = len(workspace.pipelines(key)) > 1
    for pipeline in workspace.pipelines(key):
        within = f"{label(pipeline.label)} › " if several else ""
        seen = session.count_by(key, "stage", Test("pipeline", "pipeline", "=", pipeline.key))
        held = [(stage, seen.get(stage.key, 0)) for stage in pipeline.stages]
        found += [f"{within}{label(stage.label)} {count}" for stage, count in held if count]
        told += sum(count for _stage, count in held)
    elsewhere = session.count(key) - told
    hidden = session.whole.count(key) - session.count(key)
    if elsewhere and found:
        found.append(ngettext("{n} elsewhere", "{n} elsewhere", elsewhere))
    elif elsewhere:
        found.append(label(workspace.type(key).plural))
    if hidden:
        found.append(ngettext("{n} that you may not see", "{n} that you may not see", hidden))
    return found


def remove(session: Session, key: str) -> None:
    """Remove a type without items, and with it its pipelines, fields and layouts; undo brings all back.

    Raises Refused saying how many items it has and where, NotFound, AccessDenied."""
    _require(session)
    session.store.refresh()
    record = find_own(session, key)
    _refuse_held(session, record.key)
    try:
        _remove(session, record)
    except Conflict:
        session.store.refresh()
        _refuse_held(session, record.key)
        raise


def _refuse_held(session: Session, key: str) -> None:
    reason = why_not_remove(session, key)
    if reason is not None:
        raise Refused(reason, [FieldProblem("type", reason, key)])


def _remove(session: Session, record: SmartType) -> None:
    workspace = session.workspace
    name = session.label(record.plural)
    with session.change(_("remove the item type {name}").format(name=name)) as change:
        change.still(record.key, ())
        change.remove("type", entry_of(session, record.key).id)
        for table in ("pipeline", "field", "layout", "numerator"):
            for entry in workspace.records[table].values():
                if entry.doc.get("type") == record.key:
                    change.remove(table, entry.id)
        former = workspace.entry("setting", FORMER_TYPES)
        doc = {"key": FORMER_TYPES, "value": sorted({*workspace.former_types, record.key})}
        change.put("setting", doc, former.id if former else 0)
