"""Which column goes into which field: guessed, with how and how surely, for people to see and change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Literal, TypeAlias

import msgspec
from msgspec import Struct

from tuicrm.domain.kinds import Traits
from tuicrm.domain.schema import ItemType
from tuicrm.exchange.families import labels, members
from tuicrm.exchange.presets import FILLED, NAME, REASONS, ColumnTarget, IdScope, LinkColumn, Preset, RowVariant, fold
from tuicrm.exchange.rejects import REJECT_COLUMNS
from tuicrm.exchange.targets import Targets
from tuicrm.i18n import _
from tuicrm.regex import regex

MappedBy: TypeAlias = Literal[
    "asked", "preset", "id", "link", "key", "label", "synonym", "family", "fuzzy", "content", "none"
]

_SURE: dict[MappedBy, int] = {
    "preset": 100,
    "id": 100,
    "link": 100,
    "key": 100,
    "label": 95,
    "synonym": 85,
    "family": 85,
    "content": 60,
    "none": 0,
}
_ALIKE = 86
"""How alike (0 to 100) a column's name and a label must be; "E-mail adress" and "Email address" are 92."""

_CONTENT: tuple[tuple[Callable[[Traits], bool], re.Pattern[str]], ...] = (
    (lambda traits: traits.is_email, re.compile(r"[^@\s]+@[^@\s]+\.\w+")),
    (lambda traits: traits.is_website or traits.is_link, re.compile(r"(?:https?://|www\.)\S+")),
    (lambda traits: traits.is_phone, re.compile(r"\+\d[\d\s()./-]{6,}|\(?\d{2,4}\)?[\s./-]\d[\d\s./-]{4,}")),
)
_YES = ("true", "1", "yes", "y", "t", "x", "sì", "si")
_DATE = regex(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}")


class Guess(Struct, frozen=True):
    """One column. `target` is None where it goes nowhere; `reason` says why, or what it does instead.

    `confidence` is 0 to 100. `how` "id": it holds the row's own id; "link": it names another item.
    """

    column: str
    target: ColumnTarget | None
    how: MappedBy
    confidence: int
    reason: str = ""


class ColumnMap(Struct, frozen=True):
    """How the rows of one type are read: a guess a column, in the file's order; `labels` are the columns that say the sort of the
    values in another (`families.labels`). See `presets.RowVariant` for the rest."""

    type: str
    guesses: tuple[Guess, ...]
    preset: str = ""
    source: str = "csv"
    id: str = ""
    id_scope: IdScope = ""
    links: tuple[LinkColumn, ...] = ()
    when: dict[str, list[str]] = {}
    skip: dict[str, list[str]] = {}
    labels: dict[str, str] = {}
    lists: dict[str, str] = {}
    won: str = ""
    closed: str = ""
    by_own_domain: str = ""
    parts: bool = False
    carried: tuple[str, ...] = ()

    def takes(self, cells: Mapping[str, str]) -> bool:
        """Whether a row is of this type."""
        return all(_among(cells, column, values) for column, values in self.when.items())

    def skips(self, cells: Mapping[str, str]) -> bool:
        """Whether the source itself says that a row is not wanted (deleted)."""
        return any(_among(cells, column, values) for column, values in self.skip.items())

    def ended(self, cells: Mapping[str, str]) -> Literal["success", "failure", ""]:
        """How the source says that the item of a row has ended; "" where it says nothing of that."""
        if _among(cells, self.won, _YES):
            return "success"
        return "failure" if _among(cells, self.closed, _YES) and cells.get(self.won, "").strip() else ""

    def with_target(self, column: str, target: ColumnTarget | None) -> ColumnMap:
        """The same with one column decided by a person."""
        decided = Guess(column, target, "asked", 100) if target else Guess(column, None, "none", 100, _("as asked"))
        guesses = tuple(decided if guess.column == column else guess for guess in self.guesses)
        return msgspec.structs.replace(self, guesses=guesses)


def _among(cells: Mapping[str, str], column: str, values: Iterable[str]) -> bool:
    text = cells.get(column, "").strip().casefold()
    return text in values or (bool(text) and FILLED in values)


def guess_mapping(
    columns: Sequence[str],
    item_type: ItemType,
    sample: Sequence[Mapping[str, str]],
    preset: Preset | None = None,
    variant: RowVariant | None = None,
) -> ColumnMap:
    """Guess each column's target: by the preset, its key, a label in any language, a usual name, likeness, its content.

    A target is given away once: the surest column gets it; what has several values takes all its columns. `sample` is some first
    rows, for the content. A preset knows its columns: those it leaves out can only be custom fields, by key or label (made by an
    earlier import, say).
    """
    variant = _unfolded(variant or RowVariant(item_type.key, {}), columns)
    targets = Targets(item_type)
    guesses: dict[str, Guess] = _by_preset(columns, variant, targets)
    used = {guess.target for guess in guesses.values() if guess.target}
    _by_name(columns, targets if preset is None else targets.custom(), guesses, used, known=preset is not None)
    labels = _by_family(columns, targets, variant if preset else None, guesses)
    used |= {guess.target for guess in guesses.values() if guess.target}
    if preset is None:
        _by_likeness(columns, targets, guesses, used)
        _by_content(columns, item_type, sample, guesses, used)
    links = tuple(link for link in variant.links if link.column in columns)
    return ColumnMap(
        type=item_type.key,
        guesses=tuple(
            guesses.get(column) or Guess(column, None, "none", 0, _("there is no similar field")) for column in columns
        ),
        preset=preset.key if preset else "",
        source=preset.source if preset else "csv",
        id=variant.id if variant.id in columns else "",
        id_scope=variant.id_scope if variant.id in columns else "",
        links=tuple(link for link in links if targets.has(ColumnTarget(link.field))),
        when=variant.when,
        skip={column: values for column, values in variant.skip.items() if column in columns},
        labels=labels,
        lists=variant.lists,
        won=variant.won,
        closed=variant.closed,
        by_own_domain=variant.by_own_domain if targets.has(ColumnTarget(variant.by_own_domain)) else "",
        parts=variant.parts,
        carried=tuple(column for column in variant.carried if column in columns),
    )


def _unfolded(variant: RowVariant, columns: Sequence[str]) -> RowVariant:
    """The variant with the file's own spelling of the columns."""
    own = {fold(column): column for column in reversed(columns)}

    def named(name: str) -> str:
        return next((own[folded] for one in name.split("|") if (folded := fold(one)) in own), name)

    identity = named(variant.id) if variant.id else ""
    in_run = bool(variant.run_id) and identity not in columns
    return RowVariant(
        type=variant.type,
        columns={named(column): target for column, target in variant.columns.items()},
        when={named(column): values for column, values in variant.when.items()},
        skip={named(column): values for column, values in variant.skip.items()},
        id=named(variant.run_id) if in_run else identity,
        id_scope="run" if in_run else variant.id_scope,
        links=[LinkColumn(named(link.column), link.field, link.type, link.by) for link in variant.links],
        not_taken={named(column): reason for column, reason in variant.not_taken.items()},
        lists={named(column): mark for column, mark in variant.lists.items()},
        won=named(variant.won) if variant.won else "",
        closed=named(variant.closed) if variant.closed else "",
        by_own_domain=variant.by_own_domain,
        parts=variant.parts,
        carried=[named(column) for column in variant.carried],
    )


def _by_preset(columns: Sequence[str], variant: RowVariant, targets: Targets) -> dict[str, Guess]:
    guesses: dict[str, Guess] = {}
    links = {link.column: link for link in variant.links}
    for column in columns:
        if column == variant.id:
            guesses[column] = Guess(column, None, "id", 100, _("the row's own id"))
        elif column in (variant.won, variant.closed):
            guesses[column] = Guess(column, None, "none", 100, _("tells whether it was won or lost"))
        elif column in links:
            known = targets.has(ColumnTarget(links[column].field))
            reason = "" if known else _("items of this type have no field for it")
            target = ColumnTarget(links[column].field) if known else None
            guesses[column] = Guess(column, target, "link" if known else "none", 100, reason)
        elif column in variant.not_taken:
            guesses[column] = Guess(column, None, "none", 100, _(REASONS[variant.not_taken[column]]))
        elif column in REJECT_COLUMNS:
            guesses[column] = Guess(column, None, "none", 100, _("written by an import that rejected this row"))
        elif column in variant.columns and targets.has(target := ColumnTarget.parse(variant.columns[column])):
            guesses[column] = Guess(column, target, "preset", 100)
    return guesses


def _by_name(
    columns: Sequence[str], targets: Targets, guesses: dict[str, Guess], used: set[ColumnTarget], known: bool
) -> None:
    ways: list[tuple[MappedBy, Callable[[str], Iterable[ColumnTarget]]]] = [
        ("key", targets.by_key),
        ("label", targets.by_label),
    ]
    if not known:
        ways.append(("synonym", targets.by_synonym))
    for how, find in ways:
        for column in columns:
            # A whole name beside the first and last one would be laid over them.
            whole = any(map(targets.makes_name, used))
            free = (one for one in find(column) if one not in used or targets.takes_several(one))
            if column not in guesses and (
                target := next((one for one in free if not (whole and one.field == NAME)), None)
            ):
                guesses[column] = Guess(column, target, how, _SURE[how])
                used.add(target)


def _by_family(
    columns: Sequence[str], targets: Targets, variant: RowVariant | None, guesses: dict[str, Guess]
) -> dict[str, str]:
    """Guess the further columns of families; returns which column says the sort of which. A preset names its columns itself."""
    named = {fold(column): ColumnTarget.parse(text) for column, text in variant.columns.items()} if variant else {}

    def find(base: str) -> list[ColumnTarget]:
        if variant is not None:
            return [target for target in (named.get(base),) if target and targets.has(target)]
        return [*targets.by_key(base.replace(" ", "_")), *targets.by_label(base), *targets.by_synonym(base)]

    known = {column: guess.target for column, guess in guesses.items() if guess.target}
    several = {field for field in targets.fields() if targets.takes_several(ColumnTarget(field))}
    taken = [column for column in columns if column not in guesses or column in known]
    for column, target in members(taken, known, find, several).items():
        guesses[column] = Guess(column, target, "family", _SURE["family"])
    found = {
        column: guess.target for column, guess in guesses.items() if guess.target and targets.has_sorts(guess.target)
    }
    told = {value: label for value, label in labels(columns, found).items() if label not in known}
    for value, label in told.items():
        guesses[label] = Guess(label, None, "none", 100, _("gives the kind of {column}").format(column=value))
    return told


def _by_likeness(columns: Sequence[str], targets: Targets, guesses: dict[str, Guess], used: set[ColumnTarget]) -> None:
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
            guesses[column] = Guess(column, target, "fuzzy", int(score), _("similar to “{name}”").format(name=name))
            used.add(target)


def _by_content(
    columns: Sequence[str],
    item_type: ItemType,
    sample: Sequence[Mapping[str, str]],
    guesses: dict[str, Guess],
    used: set[ColumnTarget],
) -> None:
    """Addresses and numbers of people say themselves what they are, whatever their column is called."""
    for column in columns:
        values = [text for row in sample if (text := row.get(column, "").strip())]
        if column in guesses or not values:
            continue
        for is_wanted, pattern in _CONTENT:
            fitting = sum(bool(pattern.fullmatch(text)) and not _DATE.fullmatch(text) for text in values)
            field = next(
                (one for one in item_type.fields if is_wanted(one.traits) and ColumnTarget(one.key) not in used), None
            )
            if field and fitting >= len(values) * 0.8:
                guesses[column] = Guess(
                    column, ColumnTarget(field.key), "content", _SURE["content"], _("by its content")
                )
                used.add(ColumnTarget(field.key))
                break
