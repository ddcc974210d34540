"""Creating one item from another (reference §8), as data: what goes along where, and what a proposal says before anything is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec import Struct

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Field, ItemType, Scenario, all_labels
from tuicrm.domain.workspace import Workspace

PARENT = "parent_"
"""Before a type's key, the item field in which a smart process names what it belongs to."""


class Carrying(Struct, frozen=True, forbid_unknown_fields=True):
    """Which system fields go along (`data/conversion.json`).

    `carried`: keys that mean the same in every type. `apart`: by type, those of them that mean something else in it. `renamed`: by
    source and target, fields that answer to another key there. `clients`: types whose items can be taken instead of made twice, and
    that come from others only with a name of their own."""

    carried: list[str]
    apart: dict[str, list[str]] = msgspec.field(default_factory=dict)
    renamed: dict[str, dict[str, dict[str, str]]] = msgspec.field(default_factory=dict)
    clients: list[str] = msgspec.field(default_factory=list)

    def pairs(self, source: str, target: str) -> Iterator[tuple[str, str]]:
        """Keys of system fields that answer to each other, the source's first."""
        apart = {*self.apart.get(source, ()), *self.apart.get(target, ())}
        yield from ((key, key) for key in self.carried if key not in apart)
        yield from self.renamed.get(source, {}).get(target, {}).items()


class Copied(Struct, frozen=True):
    """A value that goes along: from which field of the source into which of the target."""

    source: Field
    target: Field
    value: Any


class Lost(Struct, frozen=True):
    """A field of one's own whose value finds no place in anything that is made, and why. `makeable`: a field like it can be made."""

    field: Field
    reason: str
    makeable: bool = False


class PlannedItem(Struct, frozen=True):
    """One item that is to be made: `fields` is what it gets, of which `copied` comes from the source; `links` are fields that name
    other items and follow from what it is made from. `lacking` must be filled besides; of `named` one must, where any are.

    `existing` are items that could be taken instead, the likeliest first; `linked` that the first of them is the source's own."""

    type: str
    fields: dict[str, Any]
    links: dict[str, Any]
    copied: tuple[Copied, ...] = ()
    lacking: tuple[Field, ...] = ()
    named: tuple[Field, ...] = ()
    existing: tuple[Ref, ...] = ()
    linked: bool = False


class Proposal(Struct, frozen=True):
    """What making a scenario from an item comes to, its parts in the order in which they are made.

    `lacking` are fields that the source itself needs for the stage it goes to (`stage` of `pipeline`, "" where it stays), `asked`
    those that the stage asks for besides. `lost` finds no place; `stays` are other fields with a value that nothing made has. `made`
    are items made from it before."""

    item: Item
    scenario: Scenario
    parts: tuple[PlannedItem, ...]
    pipeline: str = ""
    stage: str = ""
    lacking: tuple[Field, ...] = ()
    asked: tuple[Field, ...] = ()
    lost: tuple[Lost, ...] = ()
    stays: tuple[Field, ...] = ()
    made: tuple[Ref, ...] = ()

    @property
    def main(self) -> str:
        """The type that it is about: where fields that are missing are made."""
        return self.scenario.targets[0]

    def part(self, type_key: str) -> PlannedItem:
        """What is to be made of a type. Raises StopIteration where that type is not made."""
        return next(part for part in self.parts if part.type == type_key)


class WantedItem(Struct, frozen=True):
    """What somebody decided about a part: an item to take instead, else the fields of the new one (all of them)."""

    take: Ref | None = None
    fields: Mapping[str, Any] = msgspec.field(default_factory=dict)


class Plan(Struct, frozen=True):
    """A proposal with what was decided, by type; `own` are fields of the source; `make`: the fields that are missing are made."""

    proposal: Proposal
    wanted: Mapping[str, WantedItem]
    own: Mapping[str, Any] = msgspec.field(default_factory=dict)
    make: bool = False


class Came(Struct, frozen=True):
    """What came of one item: what was made from it and what was taken, by type."""

    item: Ref
    made: dict[str, Ref]
    taken: dict[str, Ref]


# -- what can be made --------------------------------------------------------------------------------------------------
def scenarios(workspace: Workspace, type_key: str) -> list[Scenario]:
    """What can be made from an item of a type: what its definition says, then each type that names it as its parent or client."""
    item_type = workspace.type(type_key)
    found = [one for one in item_type.creates if all(target in workspace.types for target in one.targets)]
    said = {one.key for one in found}
    for other in workspace.types.values():
        if other.key not in said and _is_child(other, type_key):
            found.append(Scenario([other.key]))
    return found


def _is_child(item_type: ItemType, parent: str) -> bool:
    """Whether a type has a field of its own making for the parent it belongs to; the client of a type of one's own is one too."""
    keys = (f"{PARENT}{parent}", parent, *item_type.client) if item_type.smart else (f"{PARENT}{parent}",)
    return any(field.key in keys and _names(field, parent) for field in item_type.fields)


def origin_field(item_type: ItemType, source: str) -> Field | None:
    """The field of a type in which its items name what they were made from; the client field where that is a client."""
    named = [field for field in item_type.fields if not field.custom and _names(field, source)]
    for key in (source, f"{PARENT}{source}", *item_type.client):
        if found := next((field for field in named if field.key == key), None):
            return found
    return None


def _names(field: Field, type_key: str) -> bool:
    return field.traits.names_items and type_key in field.targets


def client_links(item_type: ItemType, refs: Mapping[str, Ref]) -> dict[str, Ref]:
    """The fields of a type that name its client, for clients (by type) that are made or taken along with it."""
    fields = {field.key: field for field in item_type.fields}
    return {
        key: refs[target]
        for key in item_type.client
        if key in fields
        for target in fields[key].targets
        if target in refs
    }


def in_order(workspace: Workspace, scenario: Scenario) -> list[str]:
    """The scenario's types so that what others name as their client comes before them."""
    done: list[str] = []
    waiting = list(scenario.targets)
    while waiting:
        free = [key for key in waiting if not _waits_for(workspace.type(key), [one for one in waiting if one != key])]
        done += free or waiting
        waiting = [key for key in waiting if key not in done]
    return done


def _waits_for(item_type: ItemType, others: list[str]) -> bool:
    fields = {field.key: field for field in item_type.fields}
    return any(not set(others).isdisjoint(fields[key].targets) for key in item_type.client if key in fields)


# -- fields of one's own -----------------------------------------------------------------------------------------------
def alike(source: Field, target: Field) -> bool:
    """Whether a field of one's own is meant by the other: the same kind, and the same key or a name in common."""
    if not (target.custom and source.kind == target.kind) or target.derived:
        return False
    names = {label.casefold().strip() for label in all_labels(source.label)}
    return source.key == target.key or not names.isdisjoint(
        label.casefold().strip() for label in all_labels(target.label)
    )


def tells_more(source: Field, target: Field) -> bool:
    """Whether people would see in the target what they may not see in the source."""
    if not source.visible_to:
        return False
    return not target.visible_to or not set(target.visible_to) <= set(source.visible_to)
