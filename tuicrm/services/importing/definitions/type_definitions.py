"""Item types that files bring along (smart processes): made with their switches and relations, or known by their source and left as
they are here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec.structs import replace

from tuicrm.domain.importing import FileReport
from tuicrm.domain.reserved import WORDS
from tuicrm.domain.smart import PARENT, Relation, SmartType, names
from tuicrm.exchange.bitrix.payloads import PayloadTypes, SourceRelation, SourceType
from tuicrm.exchange.bitrix.taking import our_type
from tuicrm.i18n import _
from tuicrm.limits import TYPE_NAME
from tuicrm.services.definitions.item_type_checks import new_key, new_prefix, new_symbol
from tuicrm.services.definitions.item_types import plain
from tuicrm.services.importing.definitions.records import Records, tell


def take(records: Records, found: Sequence[tuple[PayloadTypes, FileReport]]) -> None:
    """All types of a run: first the types, then what relates them, since each may name another."""
    made = [one for payload, report in found for source in payload.types if (one := _make(records, source, report))]
    for source, record, record_id, report in made:
        related = replace(
            record,
            parents=list(_relations(records, record, source.parents, report)),
            children=list(_relations(records, record, source.children, report, children=True)),
        )
        if related != record:
            records.put("type", plain(related), record_id)


def _make(
    records: Records, source: SourceType, report: FileReport
) -> tuple[SourceType, SmartType, int, FileReport] | None:
    known = our_type(records.workspace.types, source.type)
    if known is not None:
        tell(report, "type", source.label, "known", _("here it is {key}").format(key=known.key))
        return None
    label = _label(records, source)
    prefix = new_prefix(records, label)
    if not prefix:
        tell(report, "type", source.label, "not taken", _("no letters are left for its refs"))
        return None
    record = SmartType(
        new_key(records, label),
        label,
        label,
        prefix,
        new_symbol(records),
        list(source.has),
        sort=max((one.sort for one in records.workspace.smart), default=0) + 10,
        source=f"DYNAMIC_{source.type.partition(':')[2]}",
    )
    record_id = records.put("type", plain(record))
    tell(report, "type", label, "made", _("refs: {prefix}-1").format(prefix=prefix), source.left)
    return source, record, record_id, report


def _label(records: Records, source: SourceType) -> str:
    """The name in one line, not too long, with its number behind it where another type or a word of the program has it."""
    number = source.type.partition(":")[2]
    label = " ".join(source.label.split())[: TYPE_NAME.most].strip() or number
    taken = {name for one in records.workspace.types.values() for name in names(one)}
    if label.casefold() not in taken and label.casefold() not in WORDS:
        return label
    mark = f" ({number})"
    return label[: TYPE_NAME.most - len(mark)].rstrip() + mark


def _relations(
    records: Records,
    record: SmartType,
    told: Iterable[SourceRelation],
    report: FileReport,
    *,
    children: bool = False,
) -> Iterator[Relation]:
    """Those to types that are here; the others are told of, and those whose field is one of the workspace's own already."""
    seen: set[str] = set()
    for one in told:
        other = our_type(records.workspace.types, one.type)
        if other is None:
            text = _("{type}: its relation to the item type {number} was skipped: that type is not here")
            report.notes.append(text.format(type=record.label, number=one.type.partition(":")[2]))
        elif _is_taken(records, *((record.key, other.key) if children else (other.key, record.key))):
            text = _("{type}: its relation to {other} was skipped: a field with that key exists")
            report.notes.append(text.format(type=record.label, other=records.session.label(other.plural)))
        elif other.key not in seen:
            seen.add(other.key)
            yield Relation(other.key, tab=one.listed)


def _is_taken(records: Records, parent: str, child: str) -> bool:
    field = records.workspace.field(child, PARENT + parent)
    return field is not None and field.custom
