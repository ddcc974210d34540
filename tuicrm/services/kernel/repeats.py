"""Items of clients who came before are marked, whatever way they come (reference §13): leads from people who are known, deals of
clients who had some already; `repeat_rules.py` says whether, and whose never are.

The mark is a fact about one's own item, so it is found among all there is, whoever may see it: else it would be another one after
everybody's edit. It tells neither who nor how many.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.domain.conditions import NEVER, And, Condition, OneOf, Or, Test
from tuicrm.domain.items import Ref
from tuicrm.domain.reach import MADE_OF
from tuicrm.domain.schema import ItemType
from tuicrm.domain.workspace import Workspace
from tuicrm.services.kernel import contact_lookup
from tuicrm.store.protocol import Doc, Key

if TYPE_CHECKING:
    from tuicrm.domain.workspace import Workspace
    from tuicrm.services.kernel.drafts import Draft

_REACHED = "reached"
"""Before a phone or an e-mail: of which leads those were made in this change whom it reaches; "" for none."""


def mark(draft: Draft, ref: Ref, before: Mapping[str, Any], doc: Doc, given: Container[str]) -> None:
    """Mark an item that is being made, or whose client changes. What is `given` by hand or by a file stays as it is given."""
    item_type = draft.workspace.type(ref.type)
    rule, kept = item_type.repeats, rules(draft.workspace)
    if rule is None or not kept.on or rule.mark in given or rule.inquiry in given:
        return
    looked_at = (*item_type.client, *(MADE_OF if rule.reach else (_origin(draft.workspace),)))
    if before and all(before.get(key) == doc.get(key) for key in looked_at):
        return
    clients = [one for one in clients_of(item_type, doc) if one not in kept.excluded]
    if rule.reach:
        doc[rule.mark] = _is_known(draft, ref, doc, clients)
    else:
        came, won = _earlier(draft, ref, clients)
        doc[rule.mark] = won
        if rule.inquiry:
            doc[rule.inquiry] = not won and (came or _from_repeat(draft, doc))


def remember(draft: Draft, ref: Ref, doc: Mapping[str, Any]) -> None:
    """Let the items that the same change (or import) makes after this one know of it: the store has none of them yet."""
    item_type, workspace = draft.workspace.type(ref.type), draft.workspace
    stage = workspace.stage_of(ref.type, doc)
    if item_type.reached and (stage is None or stage.semantics != "process"):
        for found in contact_lookup.reach_of(doc):
            draft.remember(f"{_REACHED} {found}", [str(doc.get(_origin(workspace)) or "")])
    if item_type.repeats and not item_type.repeats.reach:
        clients = clients_of(item_type, doc)
        draft.remember(ref.type, clients)
        if stage is not None and stage.semantics == "success":
            draft.remember(f"{ref.type} won", clients)


def _origin(workspace: Workspace) -> str:
    """The field in which contacts, companies and deals name the lead that they were made from: it is called as leads are."""
    return next((one.key for one in workspace.types.values() if one.repeats and one.repeats.reach), "")


def clients_of(item_type: ItemType, doc: Mapping[str, Any]) -> list[str]:
    """The stored refs of an item's clients."""
    values = [doc.get(key) for key in item_type.client]
    return [str(one) for value in values for one in (value if isinstance(value, list) else [value]) if one]


# -- leads -------------------------------------------------------------------------------------------------------------
def _is_known(draft: Draft, ref: Ref, doc: Mapping[str, Any], clients: Iterable[str]) -> bool:
    """Whether the lead names a client, or a client or a lead that is done with can be reached the same way."""
    if any(not _made_from(draft, client, ref) for client in clients):
        return True
    found = contact_lookup.reach_of(doc)
    if not found:
        return False
    for type_key in contact_lookup.reached_types(draft.workspace):
        where = contact_lookup.reached_by(found)
        if type_key == ref.type:
            # One that is still open is the same inquiry once more, not the next one.
            where = And((where, in_stages(draft.workspace, type_key, "success", "failure")))
        same = draft.session.whole.ids(type_key, where) if type_key in draft.workspace.types else []
        others = (Ref(type_key, item_id) for item_id in same)
        left_out = rules(draft.workspace).excluded
        if any(
            other != ref and str(other) not in left_out and not _made_from(draft, str(other), ref) for other in others
        ):
            return True
    return any(draft.remembered(f"{_REACHED} {one}") - {str(ref)} for one in found)


def _made_from(draft: Draft, client: str, lead: Ref) -> bool:
    """Whether a client was made from this very lead: that makes it no repeat one."""
    ref = Ref.read(client)
    doc = draft.get(Key(*ref)) if ref is not None and ref.type in draft.workspace.types else None
    return doc is not None and doc.get(_origin(draft.workspace)) == str(lead)


# -- deals -------------------------------------------------------------------------------------------------------------
def _earlier(draft: Draft, ref: Ref, clients: Iterable[str]) -> tuple[bool, bool]:
    """Whether these clients had items of the type before, and whether one of them was won."""
    item_type, store = draft.workspace.type(ref.type), draft.session.whole
    named = tuple(clients)
    if not named:
        return False, False
    theirs = Or(tuple(OneOf(key, "item", named) for key in item_type.client))
    won = And((theirs, in_stages(draft.workspace, ref.type, "success")))
    if _before(store.ids(ref.type, won), ref) or draft.remembers(f"{ref.type} won", named):
        return True, True
    return _before(store.ids(ref.type, theirs), ref) or draft.remembers(ref.type, named), False


def _before(ids: Iterable[int], ref: Ref) -> bool:
    return any(item_id < ref.id for item_id in ids)


def _from_repeat(draft: Draft, doc: Mapping[str, Any]) -> bool:
    """Whether the lead that it was made from was a repeat one."""
    lead = Ref.read(doc.get(_origin(draft.workspace)))
    rule = draft.workspace.type(lead.type).repeats if lead is not None and lead.type in draft.workspace.types else None
    found = draft.get(Key(*lead)) if lead is not None and rule is not None else None
    return found is not None and rule is not None and found.get(rule.mark) is True


def in_stages(workspace: Workspace, type_key: str, *semantics: str) -> Condition:
    """The condition that leaves only items in stages of these semantics."""
    parts: list[Condition] = []
    for pipeline in workspace.pipelines(type_key):
        keys = tuple(stage.key for stage in pipeline.stages if stage.semantics in semantics)
        parts.append(And((Test("pipeline", "pipeline", "=", pipeline.key), OneOf("stage", "stage", keys))))
    return Or(tuple(parts)) if parts else NEVER


SETTING = "repeats"


class Rules(msgspec.Struct, frozen=True):
    """`excluded` are stored refs of clients: what they ask again is no repeat."""

    on: bool = True
    excluded: tuple[str, ...] = ()


def rules(workspace: Workspace) -> Rules:
    """The rules as they are kept; what another program wrote there that is no rule counts as not said."""
    kept = workspace.settings.get(SETTING)
    if not isinstance(kept, dict):
        return Rules()
    excluded = kept.get("excluded")
    named = [one for one in excluded if isinstance(one, str)] if isinstance(excluded, list) else []
    return Rules(kept.get("on") is not False, tuple(named))
