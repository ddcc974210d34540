"""What somebody types about the items to be made: `deal.title=…`, `own.verdict=…`, or `title=…` where one alone is made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from tuicrm.domain.conversion import Plan, Proposal, WantedItem
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Scenario
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.conversion import existing
from tuicrm.services.conversion.making import OWN
from tuicrm.services.items import items
from tuicrm.services.kernel import lookup
from tuicrm.services.kernel.session import Session


class ConversionValues(NamedTuple):
    """Values in JSON form: of what is made, by type, and of the source itself."""

    fields: dict[str, dict[str, Any]]
    own: dict[str, Any]


def read_values(
    session: Session, type_key: str, scenario: Scenario, texts: Mapping[str, str], within: Item | None = None
) -> ConversionValues:
    """Read texts by `TYPE.FIELD`. Raises Refused listing all that is wrong, by the same names."""
    sides: dict[str, dict[str, str]] = {}
    problems: list[FieldProblem] = []
    for name, text in texts.items():
        side, field = _side(session, scenario, name)
        if side:
            sides.setdefault(side, {})[field] = text
        else:
            known = ", ".join(f"{one}." for one in (*scenario.targets, OWN))
            problems.append(FieldProblem(name, _("say for which item: {known}").format(known=known), text))
    read: dict[str, dict[str, Any]] = {}
    for side, given in sides.items():
        try:
            key, inside = (type_key, within) if side == OWN else (side, None)
            read[side] = items.values(session, key, given, within=inside)
        except Refused as refused:
            problems += [FieldProblem(f"{side}.{one.field}", one.message, one.value) for one in refused.fields]
    if problems:
        raise Refused("; ".join(f"{one.field}: {one.message}" for one in problems), problems)
    own = read.pop(OWN, {})
    return ConversionValues(read, own)


def _side(session: Session, scenario: Scenario, name: str) -> tuple[str, str]:
    """The type (or `own`) and the field that a name is about; "" where that is not said."""
    word, dot, field = name.partition(".")
    if dot and word == OWN:
        return OWN, field
    found = session.workspace.find_type(word) if dot else None
    if found is not None and found.key in scenario.targets:
        return found.key, field
    return (scenario.targets[0], name) if len(scenario.targets) == 1 else ("", name)


def decide(
    session: Session,
    proposal: Proposal,
    said: ConversionValues,
    take: Mapping[str, Ref],
    *,
    new: bool = False,
    make: bool = False,
) -> Plan:
    """A plan: the source's own clients and those named in `take` are taken, values that were said come over those proposed."""
    wanted: dict[str, WantedItem] = {}
    for part in proposal.parts:
        named = take.get(part.type) or (part.existing[0] if part.linked and not new else None)
        fields = said.fields.get(part.type, {})
        if named is not None and fields and part.type in take:
            ref = session.workspace.show_ref(named)
            message = _("{ref} is used as it is").format(ref=ref)
            raise Refused(message, [FieldProblem(f"{part.type}.{key}", message, None) for key in fields])
        if named is not None and not fields:
            wanted[part.type] = WantedItem(named)
        else:
            wanted[part.type] = WantedItem(fields={**part.fields, **fields})
    return Plan(proposal, wanted, said.own, make)


def read_take(session: Session, scenario: Scenario, texts: list[str]) -> dict[str, Ref]:
    """The items to take, by their type. Raises NotFound, AccessDenied, and Refused for one that is not to be made."""
    found: dict[str, Ref] = {}
    for text in texts:
        item = session.get(lookup.read_ref(session, text.strip()))
        if item.type not in scenario.targets or not existing.can_be_taken(item.type):
            message = _("{ref} cannot be used in place of what is created").format(ref=text)
            raise Refused(message, [FieldProblem("take", message, text)])
        found[item.type] = item.ref
    return found
