"""The history of an item for people: what changed when, by whom, from what to what; the item as it was; values, or all of it, brought
back. Fields that a person does not see are told nowhere, and stay as they are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any, NamedTuple

from msgspec import Struct

from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.dates import short_when
from tuicrm.domain.kinds.values import format_change
from tuicrm.domain.schema import Field
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.history.log import LogField
from tuicrm.services.kernel.computed_fields import KEPT_BY_RULES
from tuicrm.services.kernel.masking import masked_history
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Key, Version

_SLICE = 200
"""States read at once, 12 ms. More than one: who may see a deleted item is told by the state before."""


class HistoryStep(NamedTuple):
    """One state of an item, the one before it (None: it was made), and the fields that differ, by key."""

    version: Version
    before: Doc | None
    keys: tuple[str, ...]

    @property
    def what(self) -> str:
        """ "added", "deleted" or "changed"."""
        if self.version.doc is None:
            return "deleted"
        return "added" if self.before is None else "changed"


class Restored(Struct, frozen=True):
    """What was brought back, or would be: the item's fields by key, and those left as they are because they cannot be."""

    ref: Ref
    fields: tuple[str, ...]
    left: tuple[str, ...] = ()


# -- reading -----------------------------------------------------------------------------------------------------------
def versions(session: Session, ref: Ref) -> list[Version]:
    """Every state, newest first, without what the person may not see; of a deleted item for those who could read it. Raises NotFound,
    AccessDenied."""
    return _seen(session, ref, session.store.past.history(Key(*ref)) if ref.type in session.workspace.types else [])


def _seen(session: Session, ref: Ref, found: Sequence[Version]) -> list[Version]:
    last = next((version.doc for version in found if version.doc is not None), None)
    gone = bool(found) and found[0].doc is None
    if not gone or last is None or not session.access.may("read", ref.type, last):
        session.get(ref)  # says why not
    return masked_history(session, ref.type, found)


def steps(session: Session, ref: Ref, *, by: str = "", field: str = "") -> list[HistoryStep]:
    """What changed, newest first: by one person, of one field (keys) where asked for."""
    found = _steps(session, ref.type, versions(session, ref))
    return [step for step in found if (not by or step.version.by == by) and (not field or field in step.keys)]


def _steps(session: Session, type_key: str, found: Sequence[Version]) -> list[HistoryStep]:
    known = {key: at for at, key in enumerate(_told(session, type_key))}
    result = []
    archived = session.store.past.archived[0]
    for at, version in enumerate(found):
        if version.seq <= archived:
            break  # the state in which it came out of the archive: what made it so is not known here
        before = found[at + 1].doc if at + 1 < len(found) else None
        step = HistoryStep(version, before, _differing(version.doc, before, known))
        if step.keys or step.what != "changed":
            result.append(step)
    return result


class HistoryReading:
    """The history of an item, read some states at a time: the newest are there at once, of however many."""

    def __init__(self, session: Session, ref: Ref) -> None:
        self._session, self._ref = session, ref
        self._left = session.store.past.backwards(Key(*ref))
        self._found: list[Version] = []
        self.whole = False
        """Whether all of it is read."""

    def go_on(self) -> None:
        """Read some more."""
        some = list(islice(self._left, _SLICE))
        self._found += some
        self.whole = len(some) < _SLICE

    def steps(self) -> list[HistoryStep]:
        """What changed, as far as it is read. Raises NotFound, AccessDenied."""
        seen = _seen(self._session, self._ref, self._found)
        found = _steps(self._session, self._ref.type, seen)
        # What the oldest one that is read changed is not known before the next is.
        return found if self.whole or not seen else [step for step in found if step.version.seq != seen[-1].seq]


def _told(session: Session, type_key: str) -> list[str]:
    """Keys of the fields whose changes are news to this person."""
    fields = session.workspace.fields(type_key).values()
    return [f.key for f in fields if f.key not in KEPT_BY_RULES and not f.derived and session.access.sees(f)]


def _differing(doc: Doc | None, before: Doc | None, known: Mapping[str, int]) -> tuple[str, ...]:
    """Keys of the fields that differ, in the order of `known`. Documents hold what is filled: few of the fields there are."""
    if doc is None:
        return ()
    then = before or {}
    found = [key for key, value in doc.items() if key in known and value != then.get(key)]
    found += [key for key, value in then.items() if key in known and key not in doc and value is not None]
    return tuple(sorted(found, key=known.__getitem__))


def texts(
    session: Session, ref: Ref, step: HistoryStep, context: Context, keys: Collection[str] = ()
) -> list[LogField]:
    """The differing fields (only `keys`, where there are any) as people read them."""
    from tuicrm.services.kernel.field_texts import show

    fields = session.workspace.fields(ref.type)

    def text(field: Field, doc: Doc | None) -> str:
        value = (doc or {}).get(field.key)
        return "" if value is None else show(session, Item(ref.type, ref.id, 0, doc or {}), field, value, context)

    def sides(field: Field) -> tuple[str, str]:
        if field.traits.holds_rows:
            old, new = ((doc or {}).get(field.key) for doc in (step.before, step.version.doc))
            return format_change(old, new, field, context)
        return text(field, step.before), text(field, step.version.doc)

    return [
        LogField(key, session.label(fields[key].label), *sides(fields[key]))
        for key in step.keys
        if not keys or key in keys
    ]


def version_at(session: Session, ref: Ref, when: datetime | int) -> Version:
    """The state at a moment, or after a transaction (its number, as the log tells it). Raises NotFound where there was none."""
    latest = stamp(when) if isinstance(when, datetime) else ""
    archived, archived_at = session.store.past.archived
    for version in versions(session, ref):
        if version.seq <= archived and not latest and int(str(when)) <= archived:
            break
        if version.at <= latest if latest else version.seq <= int(str(when)):
            if version.doc is None:
                raise NotFound(_("{ref} was deleted at that time.").format(ref=session.workspace.show_ref(ref)))
            return version
    if archived and (latest <= archived_at if latest else int(str(when)) <= archived):
        told = _("The history up to {when} was moved to an archive.")
        raise NotFound(told.format(when=short_when(archived_at, session.context())))
    raise NotFound(_("{ref} did not exist at that time.").format(ref=session.workspace.show_ref(ref)))


def item_of(ref: Ref, version: Version) -> Item:
    """The item as it was."""
    return Item(ref.type, ref.id, version.seq, version.doc or {})


# -- bringing back -----------------------------------------------------------------------------------------------------
def restore(
    session: Session, ref: Ref, version: Version | None = None, fields: Sequence[str] = (), *, dry_run: bool = False
) -> Restored:
    """Bring values (`fields`, by key), or all of them, back to what they were in a version: an edit like any other, so that required
    fields, rights and checks hold. A deleted item comes back with it (without a version: as it was when it was deleted).

    Raises Refused, RequiredFields, AccessDenied, NotFound, Conflict."""
    session.store.refresh()
    known = versions(session, ref)
    gone = known[0].doc is None
    if version is None:
        if not gone:
            told = _("{ref} is not deleted: choose which earlier state to restore.")
            raise Refused(told.format(ref=session.workspace.show_ref(ref)))
        version = known[1]
    now = known[1] if gone else known[0]
    wanted, left = _wanted(session, ref.type, version.doc or {}, now.doc or {}, fields)
    if not wanted and not gone:
        raise Refused(_("Nothing to restore.") if not left else _left(session, ref.type, left))
    if dry_run:
        return Restored(ref, tuple(wanted), left)
    shown = session.workspace.show_ref(ref)
    with session.change(_("restore {ref}").format(ref=shown)) as change:
        if gone:
            raw = next(one for one in session.store.past.history(Key(*ref)) if one.doc is not None)
            change.bring_back(ref, raw.doc or {}, wanted, known[0].seq)
        else:
            change.edit(ref, wanted, base=session.get(ref))
    return Restored(ref, tuple(wanted), left)


def _wanted(
    session: Session, type_key: str, then: Doc, now: Doc, keys: Sequence[str]
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The values to bring back, and what cannot be: stages and pipelines that are gone. Raises Refused where that was asked for."""
    workspace = session.workspace
    known = workspace.fields(type_key)
    told = [key for key in _told(session, type_key) if not known[key].read_only and not known[key].immutable]
    for key in keys:
        if key not in told:
            label = session.label(known[key].label) if key in known and session.access.sees(known[key]) else key
            raise Refused(
                _("{field} cannot be changed by hand.").format(field=label),
                [FieldProblem(key, _("cannot be changed by hand"))],
            )
    wanted = {key: then.get(key) for key in keys or told if then.get(key) != now.get(key)}
    place = {"pipeline", "stage"} & wanted.keys()
    if not place:
        return wanted, ()
    where = {"pipeline": then.get("pipeline"), "stage": then.get("stage")}
    pipeline = workspace.pipeline(type_key, str(where["pipeline"]))
    if pipeline is None or pipeline.stage(str(where["stage"])) is None:
        if keys:
            raise Refused(
                _left(session, type_key, tuple(place)), [FieldProblem(key, _("no longer exists")) for key in place]
            )
        return {key: value for key, value in wanted.items() if key not in place}, tuple(sorted(place))
    # A stage is one of its pipeline: they come back together.
    return {**wanted, **where}, ()


def _left(session: Session, type_key: str, keys: Sequence[str]) -> str:
    fields = session.workspace.fields(type_key)
    names = ", ".join(session.label(fields[key].label) for key in keys)
    return _("Could not be restored, because it no longer exists: {fields}.").format(fields=names)
