"""Which column goes into which field: guessed, with how and how surely, for people to see and change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from tuicrm.domain.schema import ItemType, all_labels
from tuicrm.exchange.presets import NAME, IdScope, Link, Preset, Target, Variant, fold, recognise
from tuicrm.exchange.rejects import REJECT_COLUMNS
from tuicrm.exchange.targets import Targets
from tuicrm.i18n import _

How: TypeAlias = Literal["asked", "preset", "id", "link", "key", "label", "synonym", "fuzzy", "content", "none"]

_OF_A_NAME = ("name", "title", "nome", "titolo")
_SURE: dict[How, int] = {
    "preset": 100,
    "id": 100,
    "link": 100,
    "key": 100,
    "label": 95,
    "synonym": 85,
    "content": 60,
    "none": 0,
}
_ALIKE = 86
"""How alike (0 to 100) a column's name and a label must be; "E-mail adress" and "Email address" are 92."""

_CONTENT: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("email",), re.compile(r"[^@\s]+@[^@\s]+\.\w+")),
    (("web", "link"), re.compile(r"(?:https?://|www\.)\S+")),
    (("phone",), re.compile(r"\+\d[\d\s()./-]{6,}|\(?\d{2,4}\)?[\s./-]\d[\d\s./-]{4,}")),
)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


class Guess(Struct, frozen=True):
    """One column. `target` is None where it goes nowhere; `reason` says why, or what it does instead.

    `confidence` is 0 to 100. `how` "id": it holds the row's own id; "link": it names another item.
    """

    column: str
    target: Target | None
    how: How
    confidence: int
    reason: str = ""


class ColumnMap(Struct, frozen=True):
    """How the rows of one type are read: a guess a column, in the file's order. See `presets.Variant` for the rest."""

    type: str
    guesses: tuple[Guess, ...]
    preset: str = ""
    source: str = "csv"
    id: str = ""
    id_scope: IdScope = ""
    links: tuple[Link, ...] = ()
    when: dict[str, list[str]] = {}
    skip: dict[str, list[str]] = {}

    def takes(self, cells: Mapping[str, str]) -> bool:
        """Whether a row is of this type."""
        return all(_among(cells, column, values) for column, values in self.when.items())

    def skips(self, cells: Mapping[str, str]) -> bool:
        """Whether the source itself says that a row is not wanted (deleted)."""
        return any(_among(cells, column, values) for column, values in self.skip.items())

    def with_target(self, column: str, target: Target | None) -> ColumnMap:
        """The same with one column decided by a person."""
        decided = Guess(column, target, "asked", 100) if target else Guess(column, None, "none", 100, _("as asked"))
        guesses = tuple(decided if guess.column == column else guess for guess in self.guesses)
        return msgspec.structs.replace(self, guesses=guesses)


def _among(cells: Mapping[str, str], column: str, values: Iterable[str]) -> bool:
    return cells.get(column, "").strip().casefold() in values


def plan(
    columns: Sequence[str],
    types: Mapping[str, ItemType],
    sample: Sequence[Mapping[str, str]],
    wanted: str = "",
    name: str = "",
) -> tuple[ColumnMap, ...]:
    """How to read a file: a map a type that its rows may have, () when nothing tells which type they are.

    `wanted` is the type that a person named: a preset then holds only if it knows that type. `sample` is some first rows, `name` the
    file's name, asked where the columns fit several types alike.
    """
    preset = recognise(columns)
    if preset is not None:
        variants = [variant for variant in preset.variants if wanted in ("", variant.type) and variant.type in types]
        if variants:
            return tuple(guess_mapping(columns, types[one.type], sample, preset, one) for one in variants)
    if own := _own_export(columns, types, sample, wanted):
        return (own,)
    ranked = [wanted] if wanted else guess_types(columns, types) or _called(columns, types, name)
    return tuple(guess_mapping(columns, types[key], sample) for key in ranked[:1])


def guess_types(columns: Sequence[str], types: Mapping[str, ItemType]) -> list[str]:
    """The types that most columns fit by name, best first; [] when two fit alike or none fits two columns.

    Where as many columns fit, the type is meant whose items the columns name: first and last names are a contact's.
    """
    fits = {key: _fit(guess_mapping(columns, one, ()), one) for key, one in types.items()}
    ranked = sorted(fits, key=lambda key: fits[key], reverse=True)
    best = fits[ranked[0]] if ranked else (0, 0)
    if best[0] < 2 or (len(ranked) > 1 and fits[ranked[1]] == best):
        return []
    return [key for key in ranked if fits[key][0]]


def _called(columns: Sequence[str], types: Mapping[str, ItemType], name: str) -> list[str]:
    """The type that a column (`Deal name`) or else the file (`deals.csv`) is called after, if that is one only, which some column
    fits; [] otherwise."""
    named = {
        key: {fold(word) for word in (key, *all_labels(one.label), *all_labels(one.plural))}
        for key, one in types.items()
    }
    heads = {
        " ".join(words[:-1]) for column in columns if (words := fold(column).split())[-1:] and words[-1] in _OF_A_NAME
    }
    for told in (heads, set(fold(name).split())):
        found = [key for key, words in named.items() if words & told]
        if len(found) == 1 and _fit(guess_mapping(columns, types[found[0]], ()), types[found[0]])[0]:
            return found
    return []


def _fit(mapping: ColumnMap, item_type: ItemType) -> tuple[int, int]:
    named = [
        guess.target.field for guess in mapping.guesses if guess.target and guess.how in ("key", "label", "synonym")
    ]
    return len(named), sum(field in (*item_type.title, NAME) for field in named)


def _own_export(
    columns: Sequence[str], types: Mapping[str, ItemType], sample: Sequence[Mapping[str, str]], wanted: str
) -> ColumnMap | None:
    """What `tuicrm export` writes: keys for names, and a ref in each row (`D-42`), which tells the type and is the row's
    id in its own workspace only."""
    ref = next((column for column in columns if fold(column) == "ref"), "")
    prefixes = {cells.get(ref, "").partition("-")[0].upper() for cells in sample}
    item_type = next((one for one in types.values() if {one.prefix} == prefixes and wanted in ("", one.key)), None)
    if not ref or item_type is None:
        return None
    mapping = guess_mapping(
        columns, item_type, sample, variant=Variant(item_type.key, {}, id=ref, id_scope="workspace")
    )
    return msgspec.structs.replace(mapping, source="tuicrm")


def guess_mapping(
    columns: Sequence[str],
    item_type: ItemType,
    sample: Sequence[Mapping[str, str]],
    preset: Preset | None = None,
    variant: Variant | None = None,
) -> ColumnMap:
    """Guess each column's target: by the preset, its key, a label in any language, a usual name, likeness, its content.

    A target is given away once: the surest column gets it. `sample` is some first rows, for the content. A preset knows
    its columns: those it leaves out can only be custom fields, by key or label (made by an earlier import, say).
    """
    variant = _unfolded(variant or Variant(item_type.key, {}), columns)
    targets = Targets(item_type)
    guesses: dict[str, Guess] = _by_preset(columns, variant, targets)
    used = {guess.target for guess in guesses.values() if guess.target}
    _by_name(columns, targets if preset is None else targets.custom(), guesses, used, known=preset is not None)
    if preset is None:
        _by_likeness(columns, targets, guesses, used)
        _by_content(columns, item_type, sample, guesses, used)
    links = tuple(link for link in variant.links if link.column in columns)
    return ColumnMap(
        type=item_type.key,
        guesses=tuple(
            guesses.get(column) or Guess(column, None, "none", 0, _("no field is like it")) for column in columns
        ),
        preset=preset.key if preset else "",
        source=preset.source if preset else "csv",
        id=variant.id if variant.id in columns else "",
        id_scope=variant.id_scope if variant.id in columns else "",
        links=tuple(link for link in links if targets.has(Target(link.field))),
        when=variant.when,
        skip={column: values for column, values in variant.skip.items() if column in columns},
    )


def _unfolded(variant: Variant, columns: Sequence[str]) -> Variant:
    """The variant with the file's own spelling of the columns."""
    own = {fold(column): column for column in reversed(columns)}

    def named(name: str) -> str:
        return own.get(fold(name), name)

    return Variant(
        type=variant.type,
        columns={named(column): target for column, target in variant.columns.items()},
        when={named(column): values for column, values in variant.when.items()},
        skip={named(column): values for column, values in variant.skip.items()},
        id=named(variant.id) if variant.id else "",
        id_scope=variant.id_scope,
        links=[Link(named(link.column), link.field, link.type, link.by) for link in variant.links],
        not_taken={named(column): reason for column, reason in variant.not_taken.items()},
    )


def _by_preset(columns: Sequence[str], variant: Variant, targets: Targets) -> dict[str, Guess]:
    guesses: dict[str, Guess] = {}
    links = {link.column: link for link in variant.links}
    for column in columns:
        if column == variant.id:
            guesses[column] = Guess(column, None, "id", 100, _("the row's own id"))
        elif column in links:
            known = targets.has(Target(links[column].field))
            reason = "" if known else _("items of this type have no field for it")
            target = Target(links[column].field) if known else None
            guesses[column] = Guess(column, target, "link" if known else "none", 100, reason)
        elif column in variant.not_taken:
            guesses[column] = Guess(column, None, "none", 100, _(variant.not_taken[column]))
        elif column in REJECT_COLUMNS:
            guesses[column] = Guess(column, None, "none", 100, _("written by an import that rejected the row"))
        elif column in variant.columns and targets.has(target := Target.parse(variant.columns[column])):
            guesses[column] = Guess(column, target, "preset", 100)
    return guesses


def _by_name(
    columns: Sequence[str], targets: Targets, guesses: dict[str, Guess], used: set[Target], known: bool
) -> None:
    ways: list[tuple[How, Callable[[str], Iterable[Target]]]] = [("key", targets.by_key), ("label", targets.by_label)]
    if not known:
        ways.append(("synonym", targets.by_synonym))
    for how, find in ways:
        for column in columns:
            if column not in guesses and (target := next((one for one in find(column) if one not in used), None)):
                guesses[column] = Guess(column, target, how, _SURE[how])
                used.add(target)


def _by_likeness(columns: Sequence[str], targets: Targets, guesses: dict[str, Guess], used: set[Target]) -> None:
    from rapidfuzz import fuzz, process

    names = {name: target for name, target in targets.names().items() if target not in used}
    found = [
        (best[1], column, names[best[0]], best[0])
        for column in columns
        if column not in guesses
        and (best := process.extractOne(fold(column), list(names), scorer=fuzz.ratio, score_cutoff=_ALIKE))
    ]
    for score, column, target, name in sorted(found, key=lambda one: -one[0]):
        if target not in used:
            guesses[column] = Guess(column, target, "fuzzy", int(score), _("like “{name}”").format(name=name))
            used.add(target)


def _by_content(
    columns: Sequence[str],
    item_type: ItemType,
    sample: Sequence[Mapping[str, str]],
    guesses: dict[str, Guess],
    used: set[Target],
) -> None:
    """Addresses and numbers of people say themselves what they are, whatever their column is called."""
    for column in columns:
        values = [text for row in sample if (text := row.get(column, "").strip())]
        if column in guesses or not values:
            continue
        for kinds, pattern in _CONTENT:
            fitting = sum(bool(pattern.fullmatch(text)) and not _DATE.fullmatch(text) for text in values)
            field = next((one for one in item_type.fields if one.kind in kinds and Target(one.key) not in used), None)
            if field and fitting >= len(values) * 0.8:
                guesses[column] = Guess(column, Target(field.key), "content", _SURE["content"], _("by what is in it"))
                used.add(Target(field.key))
                break
