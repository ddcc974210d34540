"""What the rows of a file are: the items of a known export, of an export of ours, or of the type that most columns fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from tuicrm.domain.schema import ItemType, all_labels
from tuicrm.exchange.mapping import ColumnMap, Guess, guess_mapping
from tuicrm.exchange.presets import NAME, RowVariant, fold, recognise
from tuicrm.i18n import _

_OF_A_NAME = ("name", "title", "nome", "titolo")


def plan(
    columns: Sequence[str],
    types: Mapping[str, ItemType],
    sample: Sequence[Mapping[str, str]],
    wanted: str = "",
    name: str = "",
) -> tuple[ColumnMap, ...]:
    """How to read a file: a map a type that its rows may have, () when nothing tells which type they are.

    `wanted` is the type that a person named: a preset then holds only if it knows that type. One that tells rows of several types
    apart does so all the same: the companies in a list of companies and people are no people for being called so. `sample` is some
    first rows, `name` the file's name, asked where the columns fit several types alike.
    """
    preset = recognise(columns)
    if preset is not None:
        variants = [one for one in preset.variants if one.type in types and _has_all(columns, one.when)]
        if wanted in ("", *(one.type for one in variants)):
            return _of_parts([guess_mapping(columns, types[one.type], sample, preset, one) for one in variants])
    if own := _own_export(columns, types, sample, wanted):
        return (own,)
    ranked = [wanted] if wanted else guess_types(columns, types) or _called(columns, types, name)
    return tuple(guess_mapping(columns, types[key], sample) for key in ranked[:1])


def _of_parts(maps: Sequence[ColumnMap]) -> tuple[ColumnMap, ...]:
    """The maps of rows that hold parts of several items: what is a part of another one is no field of this one."""
    return tuple(_of_its_part(one, [other for other in maps if other is not one]) if one.parts else one for one in maps)


def _of_its_part(mapping: ColumnMap, others: Sequence[ColumnMap]) -> ColumnMap:
    of_others = {guess.column for other in others for guess in other.guesses if guess.confidence}
    guesses = tuple(
        Guess(guess.column, None, "none", 100, _("belongs to another item in the row"))
        if not guess.confidence and (mapping.carried or guess.column in of_others)
        else guess
        for guess in mapping.guesses
    )
    return msgspec.structs.replace(mapping, guesses=guesses)


def _has_all(columns: Sequence[str], names: Iterable[str]) -> bool:
    folded = {fold(column) for column in columns}
    return all(folded.intersection(map(fold, name.split("|"))) for name in names)


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
        columns, item_type, sample, variant=RowVariant(item_type.key, {}, id=ref, id_scope="workspace")
    )
    return msgspec.structs.replace(mapping, source="tuicrm")
