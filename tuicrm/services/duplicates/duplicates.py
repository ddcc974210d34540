"""Records that are likely to be of the same person, company or inquiry: like one that is being made, and groups of those there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

from tuicrm.domain.alike import LEAST, Sign, kinds_of, likelihood, signs, why
from tuicrm.domain.conditions import OneOf
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import ItemType
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.sign_texts import alike_index
from tuicrm.store.protocol import Find

DISTINCT = "distinct"
"""The table of pairs that somebody told are not the same: `owner` and `other`, stored refs."""

_MOST = 20

_TOLD = 2_000
"""How far it is is told every so many records."""


class Candidate(NamedTuple):
    """A record that may be the same, and the kinds of signs that both have, the most telling first."""

    ref: Ref
    likelihood: float
    reasons: tuple[str, ...]


class Alike(NamedTuple):
    """Records of a type that are likely one, by id; `likelihood` is that of the two that are likest."""

    type: str
    ids: tuple[int, ...]
    likelihood: float
    reasons: tuple[str, ...]


def looked_at(session: Session) -> list[ItemType]:
    """The types that are looked at for duplicates and that this person may read."""
    types = session.workspace.types.values()
    return [one for one in types if one.alike and session.access.scope("read", one.key) != "none"]


def require_looked_at(session: Session, type_key: str) -> ItemType:
    """The type. Raises Refused where its items are not looked at."""
    item_type = session.workspace.type(type_key)
    if not item_type.alike:
        names = ", ".join(session.label(one.plural).lower() for one in looked_at(session))
        raise Refused(_("Duplicates can be searched for in: {names}.").format(names=names))
    return item_type


def catch_up(session: Session, tell: Tell = lambda _done, _of: None) -> None:
    """Read what is not in the index yet. Raises what `tell` raises, IndexTrouble where nothing can be written."""
    alike_index(session).catch_up(tell)


# -- like one ----------------------------------------------------------------------------------------------------------
def like(session: Session, type_key: str, fields: Mapping[str, Any], but: Ref | None = None) -> list[Candidate]:
    """Records that share signs with these values (JSON form), the likeliest first; not `but`, nor what was told to be another.

    Of all types that are looked at: a lead may be of a contact that is known. Only what the person sees counts, on both sides."""
    item_type = session.workspace.types.get(type_key)
    if item_type is None or not item_type.alike:
        return []
    mine = _signs(session, type_key, fields)
    if not mine:
        return []
    catch_up(session)
    held = alike_index(session).holding(mine)
    proposed = dict.fromkeys(ref for refs in held.values() for ref in refs if ref != but)
    others = distinct_from(session, but) if but is not None else set[Ref]()
    found = [_candidate(session, ref, mine) for ref in proposed if ref not in others]
    likely = [one for one in found if one is not None and one.likelihood >= LEAST]
    return sorted(likely, key=lambda one: (-one.likelihood, one.ref.type != type_key, one.ref))[:_MOST]


def like_edited(session: Session, item: Item, changes: Mapping[str, Any]) -> list[Candidate]:
    """What an item will be like by an edit: what shares a sign that it did not have before."""
    after = {**item.fields, **changes}
    fresh = _signs(session, item.type, after) - _signs(session, item.type, item.fields)
    if not fresh:
        return []
    found = [(one, session.peek(one.ref)) for one in like(session, item.type, after, item.ref)]
    return [one for one, other in found if other is not None and fresh & _signs(session, other.type, other.fields)]


def _signs(session: Session, type_key: str, fields: Mapping[str, Any]) -> set[Sign]:
    """The signs of values, as far as the person sees them."""
    return _reader(session, type_key)(fields)


def _reader(session: Session, type_key: str) -> Callable[[Mapping[str, Any]], set[Sign]]:
    """The same for many records of a type: values → signs."""
    hidden, item_type = session.access.hidden(type_key), session.workspace.type(type_key)
    known = {key: field for key, field in session.workspace.fields(type_key).items() if key not in hidden}
    return lambda fields: set(signs(item_type, known, fields)) if item_type.alike else set()


def _candidate(session: Session, ref: Ref, mine: set[Sign]) -> Candidate | None:
    item = session.peek(ref)
    shared = mine & _signs(session, ref.type, item.fields) if item is not None else set()
    return Candidate(ref, likelihood(shared), kinds_of(shared)) if shared else None


def told(session: Session, candidate: Candidate) -> str:
    """`C-7 Maria Rossi (phone, name)`."""
    item = session.peek(candidate.ref)
    name = session.title_of(item) if item is not None else ""
    return f"{session.workspace.show_ref(candidate.ref)} {name} ({why(candidate.reasons)})"


# -- groups ------------------------------------------------------------------------------------------------------------
def groups(session: Session, type_key: str, tell: Tell = lambda _done, _of: None) -> list[Alike]:
    """All groups of a type, the likeliest first, as the person sees them. Raises Refused for a type that is not looked at, and what
    `tell` raises."""
    require_looked_at(session, type_key)
    catch_up(session)
    apart = _told_apart(session, type_key)
    likely = [pair for pair in _likely_pairs(session, type_key, tell) if frozenset(pair) not in apart]
    seen = _seen(session, type_key, likely, tell)
    found = [_group(type_key, ids, seen) for ids in _joined(seen)]
    return sorted(found, key=lambda one: (-one.likelihood, len(one.ids), one.ids))


def _likely_pairs(session: Session, type_key: str, tell: Tell) -> list[tuple[int, int]]:
    """Every two that share signs by which they are likely the same, as far as the index knows."""
    pairs: dict[tuple[int, int], set[str]] = defaultdict(set)
    for number, (sign, ids) in enumerate(alike_index(session).shared(type_key)):
        if number % _TOLD == 0:
            tell(0, 0)
        for pair in combinations(sorted(ids), 2):
            pairs[pair].add(sign.kind)
    likelihoods: dict[frozenset[str], float] = {}

    def of_kinds(kinds: set[str]) -> float:
        found = frozenset(kinds)
        if found not in likelihoods:
            likelihoods[found] = likelihood(Sign(kind, "") for kind in found)
        return likelihoods[found]

    return [pair for pair, kinds in pairs.items() if of_kinds(kinds) >= LEAST]


def _seen(
    session: Session, type_key: str, pairs: Sequence[tuple[int, int]], tell: Tell
) -> dict[tuple[int, int], set[Sign]]:
    """The pairs that still are likely when both are looked at as the person sees them, with what they share."""
    ids = sorted({item_id for pair in pairs for item_id in pair})
    signs_of, known = _reader(session, type_key), dict[int, set[Sign]]()
    for start in range(0, len(ids), _TOLD):
        tell(start, len(ids))
        known |= {item.id: signs_of(item.fields) for item in session.many(type_key, ids[start : start + _TOLD])}
    nothing = set[Sign]()
    shared = {(a, b): known.get(a, nothing) & known.get(b, nothing) for a, b in pairs}
    return {pair: both for pair, both in shared.items() if both and likelihood(both) >= LEAST}


def _joined(pairs: Mapping[tuple[int, int], set[Sign]]) -> Iterator[tuple[int, ...]]:
    """Ids that hang together."""
    beside: dict[int, set[int]] = defaultdict(set)
    for a, b in pairs:
        beside[a].add(b)
        beside[b].add(a)
    done: set[int] = set()
    for first in sorted(beside):
        if first in done:
            continue
        group, waiting = set[int](), [first]
        while waiting:
            one = waiting.pop()
            if one not in group:
                group.add(one)
                waiting += beside[one] - group
        done |= group
        yield tuple(sorted(group))


def _group(type_key: str, ids: tuple[int, ...], pairs: Mapping[tuple[int, int], set[Sign]]) -> Alike:
    within = [pairs[pair] for pair in combinations(ids, 2) if pair in pairs]
    return Alike(type_key, ids, max(map(likelihood, within)), kinds_of(set().union(*within)))


# -- not the same ------------------------------------------------------------------------------------------------------
def tell_apart(session: Session, refs: Sequence[Ref]) -> None:
    """Keep that these are not the same, each from each; one undo. Raises NotFound, AccessDenied."""
    tell_pairs_apart(session, list(combinations(sorted(set(refs)), 2)))


def tell_pairs_apart(session: Session, pairs: Sequence[tuple[Ref, Ref]]) -> None:
    """The same of pairs."""
    known = {ref: session.get(ref) for pair in pairs for ref in pair}
    shown = ", ".join(session.workspace.show_ref(ref) for ref in known)
    with session.change(_("mark as not duplicates: {refs}").format(refs=shown)) as change:
        for one, other in pairs:
            if other not in distinct_from(session, one):
                change.put(DISTINCT, {"owner": str(one), "other": str(other)})


def distinct_from(session: Session, ref: Ref) -> set[Ref]:
    """What was told to be another than this."""
    found: set[Ref] = set()
    for mine, theirs in (("owner", "other"), ("other", "owner")):
        for record in session.store.find(Find(DISTINCT, OneOf(mine, "string", (str(ref),)))).records:
            other = Ref.read(record.doc.get(theirs))
            if other is not None:
                found.add(other)
    return found


def _told_apart(session: Session, type_key: str) -> set[frozenset[int]]:
    found = set()
    for record in session.store.find(Find(DISTINCT)).records:
        one, other = Ref.read(record.doc.get("owner")), Ref.read(record.doc.get("other"))
        if one is not None and other is not None and one.type == other.type == type_key:
            found.add(frozenset((one.id, other.id)))
    return found


def read_refs(session: Session, texts: Sequence[str]) -> list[Ref]:
    """At least two items of one type. Raises NotFound, Refused."""
    from tuicrm.services.kernel.lookup import read_refs as read

    refs = list(dict.fromkeys(read(session, texts)))
    for ref in refs:
        session.get(ref)
    if len(refs) < 2:
        raise Refused(_("Name at least two items: C-7 C-9."))
    if len({ref.type for ref in refs}) > 1:
        raise Refused(_("Choose items of one type."))
    return refs
