"""The same made from many items at once: what can be made is one change and one undo, the others are told with what they lack."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from tuicrm.domain.conversion import Came, Plan, Proposal, WantedItem
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Scenario
from tuicrm.errors import AccessDenied, NotFound, Refused
from tuicrm.services.conversion import existing, making
from tuicrm.services.conversion.making import MadeField
from tuicrm.services.conversion.proposing import propose, told_made
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences

_AT_ONCE = 1_000
"""Sources of one transaction; beyond that it is a batch of smaller ones."""
_LINE = 50


class How(Struct, frozen=True):
    """What holds for all: clients that are here already are taken (`take`), fields that are missing are made (`make`), values that
    every new item of a type gets, and `own` values of the sources, for those whose stage asks for them. Of those that the same was
    made from before, it is made `again` only where that is said."""

    take: bool = True
    make: bool = False
    fields: Mapping[str, Mapping[str, Any]] = {}
    own: Mapping[str, Any] = {}
    again: bool = False


class Stayed(Struct, frozen=True):
    """An item from which nothing is made, and why; `barred` where the person may not, `before` where it was made before."""

    ref: Ref
    title: str
    reason: str
    barred: bool = False
    before: bool = False


class SeveralPlans(Struct, frozen=True):
    """Plans for those that can be made, and the others; `made` are fields made on the way."""

    plans: tuple[Plan, ...]
    stayed: tuple[Stayed, ...]
    made: Mapping[str, MadeField] = {}
    alike: Mapping[int, Mapping[str, int]] = {}
    """Plans (by place) whose client of a type is the one that another plan makes."""


_AS_PROPOSED = How()


def plan_all(
    session: Session,
    refs: Sequence[Ref],
    scenario: Scenario,
    how: How = _AS_PROPOSED,
    tell: Tell = lambda _done, _of: None,
) -> SeveralPlans:
    """Look at each: what would be made, or why nothing. Nothing is written."""
    plans: list[Plan] = []
    stayed: list[Stayed] = []
    alike: dict[int, dict[str, int]] = {}
    known: dict[tuple[str, str], int] = {}
    made: dict[str, MadeField] = {}
    for at, ref in enumerate(refs):
        title = session.workspace.show_ref(ref)
        try:
            item = session.get(ref)
            title = session.title_of(item)
            proposal = propose(session, item, scenario)
            if proposal.made and not how.again:
                stayed.append(Stayed(ref, title, told_made(session, proposal), before=True))
                tell(at + 1, len(refs))
                continue
            plan = _plan(proposal, how)
            if how.make:
                made = making.missing_fields(session, [*plans, plan])
            making.check(session, plan, made)
        except (NotFound, AccessDenied, Refused) as error:
            stayed.append(Stayed(ref, title, error.message, isinstance(error, AccessDenied)))
        else:
            if how.take and (same := _same(session, plan, known, len(plans))):
                alike[len(plans)] = same
            plans.append(plan)
        tell(at + 1, len(refs))
    return SeveralPlans(tuple(plans), tuple(stayed), made, alike)


def _plan(proposal: Proposal, how: How) -> Plan:
    """All parts as proposed; clients that are here already, if they are beyond doubt one, are taken."""
    wanted: dict[str, WantedItem] = {}
    for part in proposal.parts:
        if how.take and (part.linked or len(part.existing) == 1):
            wanted[part.type] = WantedItem(part.existing[0])
        else:
            wanted[part.type] = WantedItem(fields={**part.fields, **how.fields.get(part.type, {})})
    own = {field.key: how.own[field.key] for field in (*proposal.lacking, *proposal.asked) if field.key in how.own}
    return Plan(proposal, wanted, own, make=how.make)


def _same(session: Session, plan: Plan, known: dict[tuple[str, str], int], at: int) -> dict[str, int]:
    """New clients of this plan that an earlier plan makes already, by type; its own are known from now on."""
    same: dict[str, int] = {}
    for key, wanted in plan.wanted.items():
        if wanted.take is not None or not existing.can_be_taken(key):
            continue
        told = existing.identity(session, key, wanted.fields)
        found = next((known[key, one] for one in told if (key, one) in known), None)
        if found is not None:
            same[key] = found
        for one in told:
            known.setdefault((key, one), at if found is None else found)
    return same


def carry_out_all(
    session: Session, several: SeveralPlans, tell: Tell = lambda _done, _of: None
) -> tuple[list[Came], list[Ref]]:
    """Make all that was planned, as one undo; what was made, and the sources left out because others changed them in that moment.

    Raises Conflict where a source has changed in what was copied, and what making raises; nothing is made then."""
    plans = several.plans
    if not plans:
        return [], []
    label = making.label(session, plans)
    proposal = plans[0].proposal
    workspace = making.with_fields(session, several.made)
    came: list[Came] = []
    left: list[Ref] = []
    if len(plans) <= _AT_ONCE:
        change = Change(session, label, workspace=workspace)
        making.put_fields(change, several.made)
        for at in range(len(plans)):
            came.append(_add(change, several, at, came))
            tell(at + 1, len(plans))
        change.commit()
    else:
        with session.bulk(label) as bulk:
            bulk.workspace = workspace
            for start in range(0, len(plans), _LINE):
                with bulk.change() as change:
                    if not start:
                        making.put_fields(change, several.made)
                    for at in range(start, min(start + _LINE, len(plans))):
                        came.append(_add(change, several, at, came))
                tell(len(came), len(plans))
        left = [Ref(*key) for key in bulk.left_out if key.table in session.workspace.types]
    preferences.choose_scenario(session, proposal.item.type, proposal.scenario.key)
    return came, left


def _add(change: Change, several: SeveralPlans, at: int, came: Sequence[Came]) -> Came:
    plan, fresh = several.plans[at], set[Ref]()
    for key, other in several.alike.get(at, {}).items():
        ref = came[other].made[key]
        fresh.add(ref)
        plan = Plan(plan.proposal, {**plan.wanted, key: WantedItem(ref)}, plan.own, plan.make)
    return making.add_to(change, plan, several.made, fresh)


def told(session: Session, stayed: Stayed) -> str:
    """One line about an item from which nothing is made."""
    ref = session.workspace.show_ref(stayed.ref)
    return f"{ref} {stayed.title}: {stayed.reason}" if stayed.title != ref else f"{ref}: {stayed.reason}"
