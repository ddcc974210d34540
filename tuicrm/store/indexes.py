"""Search and likeness as a store answers them, and what it is told to: a store keeps what it needs for that wherever it likes.

Who asks says what of a record is looked through (`Wording`, `Signing`), as it hangs on the definitions. What an index says may lag
behind the records, and knows nothing of who may see what: it only proposes.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from msgspec import Struct

from tuicrm.domain.alike import Sign
from tuicrm.domain.asked import SearchQuery
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.store.protocol import Key, RecordChange


# -- what is looked through --------------------------------------------------------------------------------------------
class RecordWords(Struct, frozen=True):
    """A record's texts, each as words with spaces between: its name, its phone numbers, other texts, those that some may not see,
    what it points at, what was said on its timeline. `spelt`: words whose spelling is kept; `heard`: whose words `said` are."""

    name: str
    phone: str
    rest: str
    own: str
    links: str
    said: str
    spelt: frozenset[str]
    heard: tuple[Key, ...]


class Wording(Protocol):
    """What search looks through."""

    @property
    def said_in(self) -> Sequence[str]:
        """The tables of what is said on timelines, always in the same order."""

    def shapes(self) -> dict[str, str]:
        """The types that take part, in the order in which they are read; a shape is what of the definitions their words depend
        on."""

    def words(self, type_key: str, ids: Sequence[int]) -> Iterable[tuple[int, RecordWords]]:
        """The words of those of some records that are there, as they are now."""

    def owners(self, change: RecordChange) -> Iterable[Ref]:
        """On whose timeline stands what is said there now."""


class Signing(Protocol):
    """By which signs records are known."""

    def shapes(self) -> dict[str, str]:
        """As of `Wording`."""

    def signs(self, type_key: str, ids: Sequence[int]) -> Iterable[tuple[int, Iterable[Sign]]]:
        """The signs of those of some records that are there, as they are now."""


# -- what answers ------------------------------------------------------------------------------------------------------
class Index(Protocol):
    """What both have in common. Everything may raise IndexTrouble."""

    @property
    def seq(self) -> int:
        """The transaction up to which all that is read is followed, as seen last; -1 while it was never looked at."""

    def lacks(self) -> int:
        """How many records are still to be read before it is whole."""

    def is_new(self) -> bool:
        """Whether nothing happened since it was last caught up."""

    def catch_up(self, tell: Tell = lambda _done, _of: None) -> bool:
        """Read what is lacking, then what changed; whether anything was. Raises what `tell` raises."""

    def asking(self) -> AbstractContextManager[None]:
        """While somebody asks, what is read makes room: between a few records, for as long as that takes."""


class Proposed(Struct, frozen=True):
    """A record that the index proposes, and the words of its name in it, where they are asked for."""

    id: int
    name: str


class WordIndex(Index, Protocol):
    """Answers what holds some words."""

    def types(self) -> list[str]:
        """The types of which there is anything to find, in the order in which they are read."""

    def anything_called(self, asked: SearchQuery) -> bool:
        """Whether any record of any type is called so, or has such a number."""

    def propose(
        self,
        type_key: str,
        asked: SearchQuery,
        *,
        n: int,
        before: int | None = None,
        named: bool = False,
        own: bool = False,
    ) -> list[Proposed]:
        """The newest `n` records of a type (of those before an id) that hold what is asked; fewer only where there are no more.
        `named`: in their names and numbers alone, and the names are told; `own`: also in what some may not see."""

    def in_use(self, words: Collection[str]) -> set[str]:
        """Those of some words (`link_word`) that any record has."""

    def spelt(self, after: int) -> Iterator[tuple[int, str]]:
        """The words whose spelling is kept, numbered, from behind a number on; a number before it where all was made anew: begin
        anew with it."""


class SignIndex(Index, Protocol):
    """Answers what shares signs."""

    def holding(self, wanted: Iterable[Sign]) -> dict[Sign, list[Ref]]:
        """The records that have each of some signs; signs that nobody has, or too many, are left out."""

    def shared(self, type_key: str) -> Iterator[tuple[Sign, list[int]]]:
        """The signs that several records of a type have, and not too many, with their ids."""
