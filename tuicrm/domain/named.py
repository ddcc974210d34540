"""What a word names: one way for stages, pipelines, people, options, fields, types, views and all else that has a key and labels.

A key, then a label in any shipped language (case and accents do not matter); then, only where something is read or asked, a
beginning that is one thing's alone. No write takes a beginning. Who finds nothing, or several, is told what there is, nearest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

import msgspec

from tuicrm.domain.schema import Label, all_labels, label_text
from tuicrm.i18n import _

Thing = TypeVar("Thing")

LISTED = 12
_NEAR = 70
"""From which likeness on (of 100) a name comes before the others, which keep their own order."""
_LONGEST = 40
_COMPARED = 80


class Named(msgspec.Struct, Generic[Thing], frozen=True):
    """A thing as it can be named: `names` are all its labels, `shown` the one that this person reads, or types. What is `retired` is
    meant only where nothing else is called so."""

    thing: Thing
    key: str
    names: tuple[str, ...]
    shown: str
    retired: bool = False
    detail: str = ""
    """What tells it from another that is called the same; its key without."""


def labelled(thing: Thing, key: str, label: Label, language: str, *, retired: bool = False) -> Named[Thing]:
    """A thing with a key and a label in several languages."""
    return Named(thing, key, tuple(all_labels(label)), label_text(label, language), retired)


def find(text: str, things: Iterable[Named[Thing]], *, begins: bool = False, accents: bool = False) -> list[Thing]:
    """What the text names: one thing, several where it may be any of them, or nothing. `begins`: a beginning will do. `accents` count
    where names that differ by them are those of two things."""
    word = " ".join(text.split())
    known = list(things)
    for name_is in (*_ways(word)[: _SURE if accents else None], *(_beginnings(word) if begins else ())):
        found = [one for one in known if name_is(one)]
        if found:
            living = [one for one in found if not one.retired] or found
            return [one.thing for one in living]
    return []


def _ways(word: str) -> tuple[Callable[[Named[Thing]], bool], ...]:
    """Each way to be named, the surest first."""
    cased = word.casefold()
    return (
        lambda one: one.key == word,
        lambda one: any(" ".join(name.split()).casefold() == cased for name in (one.key, *one.names)) and bool(word),
        lambda one: bool(word) and any(_plain(name) == _plain(word) for name in one.names),
    )


_SURE = 2
"""Ways of `_ways` that look at accents."""


def _beginnings(word: str) -> tuple[Callable[[Named[Thing]], bool], ...]:
    """Of a whole name, else of one of its words."""
    plain = _plain(word)
    if not plain:
        return ()
    return (
        lambda one: any(_plain(name).startswith(plain) for name in (one.key, *one.names)),
        lambda one: any(f" {plain}" in _plain(name) for name in one.names),
    )


def _plain(name: str) -> str:
    """A name without case and accents."""
    from tuicrm.domain.words import fold  # 10 ms, which opening a workspace need not pay

    return " ".join(fold(name).split())


class NotNamed(LookupError):
    """A text that names nothing, or may name several things; the message says so, with what there is."""

    def __init__(self, message: str, *, several: bool) -> None:
        super().__init__(message)
        self.message = message
        self.several = several


def the(text: str, things: Iterable[Named[Thing]], nothing: str, *, begins: bool = False) -> Thing:
    """The one thing that the text names; `nothing` is what to say where there is no such thing. Raises NotNamed."""
    known = list(things)
    found = find(text, known, begins=begins)
    if len(found) == 1:
        return found[0]
    raise NotNamed(several(text, found, known) if found else nothing + there_are(text, known), several=bool(found))


# -- what to say -------------------------------------------------------------------------------------------------------
def nearest(text: str, things: Iterable[Named[Thing]], *, only_near: bool = False) -> list[Named[Thing]]:
    """All that can be chosen: those whose name is like the text first, the likest at the top; the others as they stand, unless
    `only_near`."""
    known = [one for one in things if not one.retired]
    word = _plain(text)[:_COMPARED]
    if not word or (len(known) < 2 and not only_near):
        return [] if only_near else known
    from rapidfuzz import fuzz  # 30 ms, for mistakes only

    def likeness(one: Named[Thing]) -> float:
        names = {_plain(name)[:_COMPARED] for name in (one.key, *one.names)}
        return max(100.0 if name.startswith(word) else fuzz.WRatio(word, name) for name in names)

    scored = [(likeness(one), one) for one in known]
    like = sorted((pair for pair in scored if pair[0] >= _NEAR), key=lambda pair: -pair[0])
    far = [] if only_near else [one for score, one in scored if score < _NEAR]
    return [one for _score, one in like] + far


def choices(found: Sequence[Named[Thing]]) -> str:
    """`Negotiation, New, Won and 3 more`; with the key where two are called the same."""
    shown = [one.shown for one in found]
    told = [f"{one.shown} ({one.detail or one.key})" if shown.count(one.shown) > 1 else one.shown for one in found]
    return listed(told)


def listed(texts: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    told = ", ".join(texts[:LISTED])
    more = len(texts) - LISTED
    return _("{shown} and {n} more").format(shown=told, n=more) if more > 0 else told


def several(text: str, found: Iterable[Thing], things: Iterable[Named[Thing]]) -> str:
    """What to say where a text may be any of those found."""
    meant = list(found)
    known = choices([one for one in things if any(one.thing is thing for thing in meant)])
    return _("“{text}” may be: {known}").format(text=text.strip()[:_LONGEST], known=known)


def nearest_choices(text: str, things: Iterable[Named[Thing]]) -> str:
    """What can be chosen, nearest first."""
    return choices(nearest(text, things))


def there_are(text: str, things: Iterable[Named[Thing]]) -> str:
    """`; there are: …`, nearest first, to stand behind what is not there; "" where there is nothing to choose."""
    near = nearest_choices(text, things)
    return _("; choose one of: {choices}").format(choices=near) if near else ""
