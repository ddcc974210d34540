"""What was seen of an event the last time, on both sides: kept in the table `ical_known`, one record for each UID of a source.

A source is "file" (whatever file it came in: a UID is one event all over the world) or the address of a collection on a server. Each
side is kept as its own file would say it, so that what is kept here in another way is no change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from tuicrm.domain.conditions import And, Condition, Empty, OneOf, Test
from tuicrm.domain.matching import fold
from tuicrm.exchange.ical.events import IcalEvent, IcalWhen
from tuicrm.exchange.ical.merging import Prefer, TwoSides
from tuicrm.exchange.ical.plain import event_of, plain_event
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Find, Key, QueryAnswer, Record

TABLE = "ical_known"
FILES = "file"
_AT_ONCE = 500


class KnownClash(Struct, frozen=True):
    """What was changed here and there: the title of it, why nothing more can be told ("" where it can), and each part that differs:
    its name (`GROUPS` of `exchange/ical/merging.py`), what it is here, what it is there."""

    title: str
    message: str = ""
    parts: tuple[tuple[str, str, str], ...] = ()


class KnownEvent(Struct, frozen=True, kw_only=True):
    """A UID of a source as it was seen last: the activity it is here (0: none yet), where it lies there and in which state, and the
    events on both sides by the occurrence that they stand in for (None: the event itself).

    `clash` is what waits for somebody who decides, as it was at the activity's revision `seen`; `decided` is the side
    that holds by them."""

    id: int
    uid: str
    activity: int = 0
    href: str = ""
    etag: str = ""
    pending: bool = False
    clash: KnownClash | None = None
    decided: Prefer = ""
    seen: int = 0
    ours: Mapping[IcalWhen | None, IcalEvent] = {}
    theirs: Mapping[IcalWhen | None, IcalEvent] = {}

    def sides(self, occurrence: IcalWhen | None) -> TwoSides | None:
        """One event on both sides; None where it was not seen on both."""
        ours, theirs = self.ours.get(occurrence), self.theirs.get(occurrence)
        return TwoSides(ours, theirs) if ours is not None and theirs is not None else None


def known_of(session: Session, source: str, uids: Iterable[str]) -> dict[str, KnownEvent]:
    """What this person has seen of these UIDs in a source."""
    wanted = list(dict.fromkeys(uids))
    found: dict[str, KnownEvent] = {}
    for start in range(0, len(wanted), _AT_ONCE):
        some = OneOf("uid", "string", tuple(map(fold, wanted[start : start + _AT_ONCE])))
        found |= _read(session, And((_mine(session, source), some)))
    return found


def all_known(session: Session, source: str) -> dict[str, KnownEvent]:
    """All that this person has seen in a source, by UID."""
    return _read(session, _mine(session, source))


def known_doc(session: Session, source: str, known: KnownEvent) -> Doc:
    """The record of what is known."""
    doc: Doc = {
        "source": source,
        "by": session.person_key,
        "uid": known.uid,
        "activity": known.activity,
        "href": known.href,
        "etag": known.etag,
        "pending": known.pending,
        "clash": msgspec.to_builtins(known.clash) if known.clash is not None else None,
        "decided": known.decided,
        "seen": known.seen,
        "ours": [plain_event(one) for one in known.ours.values()],
        "theirs": [plain_event(one) for one in known.theirs.values()],
    }
    return {key: value for key, value in doc.items() if value}


def token_of(session: Session, source: str) -> str:
    """Up to where a source was seen whole; "" for never."""
    record = _token_record(session, source)
    return str(record.doc.get("token") or "") if record is not None else ""


def token_doc(session: Session, source: str, token: str) -> tuple[int, Doc]:
    """The record that says so, with its id (0: there is none yet)."""
    record = _token_record(session, source)
    return (record.id if record is not None else 0), {"source": source, "by": session.person_key, "token": token}


def keep_known(draft: Draft, docs: Sequence[tuple[int, Doc]]) -> None:
    """Write records of what is known of one source, new ones (0) where nobody wrote one of that UID meanwhile: over it else."""
    fresh = [doc for number, doc in docs if not number]
    uids = tuple(dict.fromkeys(fold(str(doc["uid"])) for doc in fresh if "uid" in doc))
    asked: list[Condition] = [OneOf("uid", "string", uids)] if uids else []
    asked += [Empty("uid")] if any("uid" not in doc for doc in fresh) else []
    there: dict[str, int] = {}
    for one in asked:
        where = And((_mine(draft.session, str(fresh[0]["source"])), one))
        found = draft.session.whole.find(Find(TABLE, where)).records
        draft.answers.append(QueryAnswer(TABLE, where, frozenset(record.id for record in found)))
        there |= {str(record.doc.get("uid") or ""): record.id for record in found}
    for number, doc in docs:
        key = Key(TABLE, number or there.get(str(doc.get("uid") or "")) or draft.new_id(TABLE))
        draft.get(key)
        draft.put(key, doc)


def _token_record(session: Session, source: str) -> Record | None:
    found = session.whole.find(Find(TABLE, And((_mine(session, source), Empty("uid"))))).records
    return next(iter(found), None)


def by_occurrence(events: Iterable[IcalEvent]) -> dict[IcalWhen | None, IcalEvent]:
    """Events of one UID by the occurrence that they stand in for."""
    return {event.occurrence: event for event in events}


def _mine(session: Reader, source: str) -> And:
    return And((Test("source", "string", "=", fold(source)), Test("by", "string", "=", fold(session.person_key))))


def _read(session: Session, where: And) -> dict[str, KnownEvent]:
    found = session.whole.find(Find(TABLE, where)).records
    return {str(one.doc.get("uid")): _known(one.id, one.doc) for one in found if one.doc.get("uid")}


def clash_of(doc: Mapping[str, Any]) -> KnownClash | None:
    """What waits for somebody who decides; None where nothing does, or a script wrote nonsense."""
    try:
        return msgspec.convert(doc["clash"], KnownClash)
    except (KeyError, msgspec.ValidationError):
        return None


def decided_of(doc: Mapping[str, Any]) -> Prefer:
    """The side that somebody said holds; "" for neither."""
    decided = doc.get("decided")
    return "mine" if decided == "mine" else "theirs" if decided == "theirs" else ""


def _known(record_id: int, doc: Mapping[str, Any]) -> KnownEvent:
    number, seen = doc.get("activity"), doc.get("seen")
    return KnownEvent(
        id=record_id,
        uid=str(doc.get("uid")),
        activity=number if isinstance(number, int) else 0,
        href=str(doc.get("href") or ""),
        etag=str(doc.get("etag") or ""),
        pending=doc.get("pending") is True,
        clash=clash_of(doc),
        decided=decided_of(doc),
        seen=seen if isinstance(seen, int) else 0,
        ours=by_occurrence(_events(doc.get("ours"))),
        theirs=by_occurrence(_events(doc.get("theirs"))),
    )


def _events(kept: object) -> list[IcalEvent]:
    events = map(event_of, kept if isinstance(kept, list) else ())
    return [event for event in events if event is not None]
