"""Finding anything in the workspace by what was typed so far: all types at once, each with what matched, as the person may see it.

The index (`search_index.py`) only proposes: each proposal is looked at on the item as this person sees it, so that neither a field
that is not for them nor an item they may not read ever shows, not even in a count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence

import msgspec
from msgspec import Struct

from tuicrm.domain.asked import link_word
from tuicrm.domain.items import Ref
from tuicrm.domain.schema import all_labels
from tuicrm.domain.words import Chunk, SoughtWords, fold, wanted
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import IndexTrouble
from tuicrm.limits import SEARCH_WORDS
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.fuzzy_terms import Spelling
from tuicrm.services.search.name_lookup import check_search, too_long
from tuicrm.services.search.query import Alternatives, SearchQuery, holds_any
from tuicrm.services.search.verify import Verifier
from tuicrm.services.search.word_texts import SearchWording
from tuicrm.store.indexes import Proposed, WordIndex

LIMIT = 50
"""Items of a type that are found at most, unless more are asked for."""

FEW = 5
"""Of fewer finds, what is spelt nearly so, or holds it within a word, is looked for too."""

_RANKED = 100
"""Among so many that are called so, the newest, those whose name begins so come first."""


class SearchHit(msgspec.Struct, frozen=True):
    """An item that was found; `near` where only something like what was typed stands in it."""

    ref: Ref
    near: bool = False


class SearchGroup(Struct, frozen=True):
    """What was found of one type, the likeliest first; `more`: there are more than are listed."""

    type: str
    finds: tuple[SearchHit, ...]
    more: bool = False


class Findings(Struct, frozen=True):
    """All that was found. `lacks`: how many items were not read yet, of which nothing is known.

    `asked` is what was looked for, `wider` the same with what is spelt nearly so, where that was looked for too."""

    text: str
    groups: tuple[SearchGroup, ...] = ()
    lacks: int = 0
    asked: SearchQuery = SearchQuery(())
    wider: SearchQuery = SearchQuery(())

    @property
    def count(self) -> int:
        """How many items were found, of all types."""
        return sum(len(group.finds) for group in self.groups)


class _FoundGroups(msgspec.Struct, frozen=True):
    """The groups of a question, and what was asked for them."""

    groups: list[SearchGroup]
    asked: SearchQuery
    wider: SearchQuery


class _NameIndex(msgspec.Struct, frozen=True):
    """What may be pointed at, each with a folded name of it, and all those names as one text."""

    of: Workspace
    each: list[tuple[tuple[str, str], str]]
    all: str


_MANY = 100
"""Values that one word may stand for, above which only those in use are asked for."""
_SLICE = 500
"""Items proposed at once."""


class SearchStopped(Exception):
    """Nobody waits for the answer any more."""


class Finder:
    """Asks for one session. Safe from worker threads, one question at a time."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self._index: WordIndex = session.store.words(SearchWording(session))
        self._spelling = Spelling(self._index)
        self._names: _NameIndex | None = None
        self._used: dict[tuple[str, str], bool] = {}
        self._used_at = -1

    @property
    def index(self) -> WordIndex:
        """What it is looked up in."""
        return self._index

    def find(
        self,
        text: str,
        types: Sequence[str] = (),
        limit: int = LIMIT,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Findings:
        """Items that hold all that was typed, of these types (all, without). Raises Stopped once `stopped` says so, UsageError for
        more text or words than can be looked for."""
        session = self.session
        check_search(text)
        keys = self._types(types)
        asked = wanted(text)
        if sum(len(chunk.words) for chunk in asked.chunks) > SEARCH_WORDS.most:
            raise too_long(SEARCH_WORDS)
        exact = session.workspace.read_ref(text)
        named = (
            [SearchHit(exact)]
            if exact is not None and exact.type in (types or (exact.type,)) and session.peek(exact)
            else []
        )
        if not asked and not named:
            return Findings(text)
        lacks = self._index.lacks()
        try:
            found = (
                self._groups(asked, keys, limit, stopped)
                if asked
                else _FoundGroups([], SearchQuery(()), SearchQuery(()))
            )
        except IndexTrouble as error:
            if stopped():
                raise SearchStopped from error
            raise
        return Findings(text, tuple(_with_exact(found.groups, named)), lacks, found.asked, found.wider)

    def _types(self, types: Sequence[str]) -> list[str]:
        """Those of the types (all, without) of which there is anything to find."""
        wanted = types or self.session.workspace.types
        return [key for key in self._index.types() if key in wanted]

    # -- asking --------------------------------------------------------------------------------------------------------
    def _groups(self, text: SoughtWords, keys: Sequence[str], limit: int, stopped: Callable[[], bool]) -> _FoundGroups:
        asked, wider = self._asked(text), SearchQuery(())
        called = self._index.anything_called(asked)
        found = {key: self._of_type(key, asked, limit, stopped, called=called) for key in keys}
        if sum(len(group.finds) for group, _named in found.values()) < FEW:
            wider = self._asked(text, near=True)
            if any(part.near for part in wider.parts):
                for key in keys:
                    found[key] = self._widened(key, found[key], wider, limit, stopped)
        groups = [(group, likely) for group, likely in found.values() if group.finds]
        # Whom one rings up so, then what is called so, then what only mentions it; a stable sort keeps the order of types.
        return _FoundGroups([group for group, _likely in sorted(groups, key=lambda pair: pair[1])], asked, wider)

    def _asked(self, text: SoughtWords, *, near: bool = False) -> SearchQuery:
        parts = []
        for chunk in dict.fromkeys(text.chunks):
            words = self._spelling.near(chunk.words[-1]) if near and len(chunk.words) == 1 else ()
            parts.append(Alternatives(chunk, tuple(words), self._in_use(frozenset(self._pointed_at(chunk, words)))))
        return SearchQuery(tuple(parts), text.phone)

    def _pointed_at(self, chunk: Chunk, near: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Values that stand for something of that name: people and options."""
        names = self._folded_names()
        either = [words for words in (chunk.words, *((word,) for word in near)) if words[0] in names.all]
        if either:
            yield from (value for value, folded in names.each if holds_any(either, folded))

    def _in_use(self, values: frozenset[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """Of very many values those that any item points at: of 8,000 options that hold an "e", a few."""
        if len(values) <= _MANY:
            return values
        seq = self.session.store.seq()
        if seq != self._used_at:
            self._used, self._used_at = {}, seq
        asked = {link_word(*value): value for value in values if value not in self._used}
        found = self._index.in_use(asked)
        self._used.update((value, word in found) for word, value in asked.items())
        return frozenset(value for value in values if self._used[value])

    def _folded_names(self) -> _NameIndex:
        """Names of people and options, folded once for the definitions as they are, not for every word."""
        workspace = self.session.workspace
        if self._names is None or self._names.of is not workspace:
            each = [(("person", person.key), fold(person.name)) for person in workspace.people.values()]
            lists = [(words.key, words.entries) for words in workspace.dictionaries.values()]
            for fields in map(workspace.fields, workspace.types):
                lists += [(field.key, field.options) for field in fields.values() if field.traits.has_own_options]
            for key, options in lists:
                for option in options:
                    each += [(("option", f"{key}/{option.key}"), fold(label)) for label in all_labels(option.label)]
            self._names = _NameIndex(workspace, each, "\n".join(folded for _value, folded in each))
        return self._names

    def _of_type(
        self, key: str, asked: SearchQuery, limit: int, stopped: Callable[[], bool], *, called: bool = True
    ) -> tuple[SearchGroup, int]:
        """What was found of a type, and how likely the first of it is what is looked for: 0 where its number holds the digits one
        after the other, 1 where it is called so, 2 else. `called`: anything may be called so."""
        look = Verifier(self.session, key, asked)
        most = max(limit, _RANKED)
        proposed = list(self._propose(key, asked, most, named=True)) if called else []
        begins = [part.chunk.words[0] for part in asked.parts]
        # A stable sort: among equals the newest stays first.
        proposed.sort(key=lambda one: _rank(one.name, begins))
        ringing = self._ringing(key, asked, limit, look, stopped) if called else []
        first = [*ringing, *self._seen(proposed, limit + 1, look, stopped)]
        ids = dict.fromkeys(first)
        if len(ids) <= limit:
            ids |= dict.fromkeys(self._seen(self._propose(key, asked), limit + 1, look, stopped))
        listed = list(ids)[: limit + 1]
        finds = tuple(SearchHit(Ref(key, i)) for i in listed[:limit])
        return SearchGroup(key, finds, more=len(listed) > limit), 0 if ringing else 1 if first else 2

    def _ringing(
        self, key: str, asked: SearchQuery, limit: int, look: Verifier, stopped: Callable[[], bool]
    ) -> list[int]:
        """Of what was typed as one number, the items with a phone number that holds its digits one after the other."""
        one = asked.parts[0].chunk.digits if len(asked.parts) == 1 else ""
        number = asked.phone or one
        if not number:
            return []
        run = SearchQuery((Alternatives(Chunk((number,), number)),))
        proposed = (each for each in self._propose(key, run, named=True) if look.rings(each.id, number))
        return self._seen(proposed, limit + 1, look, stopped)

    def _widened(
        self, key: str, found: tuple[SearchGroup, int], asked: SearchQuery, limit: int, stopped: Callable[[], bool]
    ) -> tuple[SearchGroup, int]:
        """The same with what is spelt nearly so behind it."""
        group, likely = found
        near, _near_likely = self._of_type(key, asked, limit, stopped)
        known = {find.ref for find in group.finds}
        more = [SearchHit(find.ref, near=True) for find in near.finds if find.ref not in known]
        finds = (*group.finds, *more)[:limit]
        return SearchGroup(key, tuple(finds), group.more or near.more), likely

    def _sees_own(self, key: str) -> bool:
        """Whether this person may look in what some may not see: who sees something of it."""
        sees = self.session.access.sees
        return any(field.visible_to and sees(field) for field in self.session.workspace.fields(key).values())

    @staticmethod
    def _seen(proposed: Iterable[Proposed], limit: int, look: Verifier, stopped: Callable[[], bool]) -> list[int]:
        """Those of the proposed items that hold what is asked, as this person sees them."""
        found: list[int] = []
        for one in proposed:
            if stopped():
                raise SearchStopped
            if look.holds(one.id):
                found.append(one.id)
                if len(found) >= limit:
                    break
        return found

    def _propose(self, key: str, asked: SearchQuery, limit: int = 0, *, named: bool = False) -> Iterator[Proposed]:
        """Items of a type that may be read, the newest first, that the index proposes; `named` tells what they are called."""
        own = not named and self._sees_own(key)
        count, some, before = 0, min(limit, _SLICE) if limit else _SLICE, None
        # In slices, nothing being held between them: who asks may let go of this at any item, and in another thread.
        while True:
            proposed = self._index.propose(key, asked, n=some, before=before, named=named, own=own)
            readable = set(self.session.among(key, [one.id for one in proposed]))
            for one in proposed:
                if one.id in readable:
                    yield one
                    count += 1
                    if count == limit:
                        return
            if len(proposed) < some:
                return
            before = proposed[-1].id

    def close(self) -> None:
        """Nothing of its own is open."""


def finder(session: Session) -> Finder:
    """The session's finder."""
    found = session.followers.get("finder")
    if not isinstance(found, Finder):
        found = session.followers["finder"] = Finder(session)
    return found


def _rank(name: str, begins: Sequence[str]) -> int:
    """0 for a name that begins with what was typed, 1 for one with a word that does, 2 for others. As the index knows it: to read all
    documents of a letter would take longer than finding them."""
    if begins and name.startswith(begins[0]):
        return 0
    return 1 if any(f" {word}" in f" {name}" for word in begins) else 2


def _with_exact(groups: list[SearchGroup], named: list[SearchHit]) -> Iterable[SearchGroup]:
    """The item whose ref was typed stands before all."""
    if not named:
        return groups
    first = named[0]
    own = next((group for group in groups if group.type == first.ref.type), None)
    others = tuple(find for find in own.finds if find.ref != first.ref) if own else ()
    group = SearchGroup(first.ref.type, (first, *others), more=own.more if own else False)
    return [group, *(each for each in groups if each is not own)]
