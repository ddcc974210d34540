"""Why somebody may do something or may not: which role, place and scope decide, what hides a field, and who could change that."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct

from tuicrm.domain.access import LEVEL, Access, HeldRole, Operation, RoleRule, places_of, rule_of
from tuicrm.domain.config_records import Person
from tuicrm.domain.granting import administrators
from tuicrm.domain.items import Item
from tuicrm.domain.layout_use import uses
from tuicrm.domain.schema import Field, ItemType
from tuicrm.errors import AccessDenied
from tuicrm.i18n import N_, _
from tuicrm.services.kernel.computed_fields import KEPT_BY_RULES
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.services.layouts.views import member_names

_MOST_NAMED = 5
_DOES: Mapping[Operation, str] = {
    "read": N_("read"),
    "add": N_("add"),
    "edit": N_("change"),
    "delete": N_("delete"),
    "export": N_("export"),
    "import": N_("import"),
}
_REACHES: Mapping[str, str] = {
    "none": N_("nothing"),
    "own": N_("what they are responsible for"),
    "department": N_("what their department is responsible for"),
    "subdepartments": N_("what their department and those beneath it are responsible for"),
    "open": N_("what is their department's, and what is open to all"),
    "all": N_("everything"),
}
_LIKE_READING: tuple[Operation, ...] = ("add", "import")
"""Operations of which there is no item yet: any scope but nothing allows them."""


class WhyAnswer(Struct, frozen=True):
    """The answer: whether it is allowed, the sentences that lead to it (the last one decides), and who could change it."""

    allowed: bool
    steps: Sequence[str]
    changers: Sequence[str]


def why(
    session: Session,
    person: Person,
    operation: Operation,
    item_type: ItemType,
    item: Item | None = None,
    field: str = "",
) -> WhyAnswer:
    """Why a person may or may not do something with an item, a field of it (its key), or a type. The item is one that the asker may
    read. Raises AccessDenied for who asks about somebody else without being an administrator."""
    if person.key != session.person_key and not session.access.admin:
        raise AccessDenied(_("Only administrators may ask what others may do."))
    access = Access(person, session.workspace)
    allowed, steps = _of_item(session, access, operation, item_type, item)
    if field and allowed:
        allowed, more = _of_field(session, access, operation, item_type, item, field)
        steps += more
    return WhyAnswer(allowed, steps, _changers(session))


def _of_item(
    session: Session, access: Access, operation: Operation, item_type: ItemType, item: Item | None
) -> tuple[bool, list[str]]:
    name = access.person.name
    if access.person.retired:
        return False, [_("{name} no longer works here, and may do nothing.").format(name=name)]
    if access.admin:
        held = next(one for one in access.held if one.role.admin)
        told = _("{name} is an administrator ({role}) and may do everything.")
        return True, [told.format(name=name, role=_role(session, held))]
    pipeline = str(item.get("pipeline") or "") if item is not None else ""
    stage = str(item.get("stage") or "") if item is not None else ""
    places = places_of(item_type.key, pipeline, stage)
    rules = [(held, rule_of(held.role, operation, places)) for held in access.held]
    steps = [_says(session, held, operation, rule) for held, rule in rules]
    if not rules:
        steps.append(_("{name} has no role.").format(name=name))
    scope = max((rule.scope for _held, rule in rules), key=LEVEL.__getitem__, default="none")
    if len(rules) > 1:
        steps.append(_("The highest counts: {reach}.").format(reach=_(_REACHES[scope])))
    decided, told = _decides(session, access, operation, item, scope)
    return decided, [*steps, told]


def _says(session: Session, held: HeldRole, operation: Operation, rule: RoleRule) -> str:
    """What one role says."""
    if not rule.place:
        told = _("The role {role} says nothing of that: it allows nothing.")
        return told.format(role=_role(session, held))
    told = _("The role {role} says for {place}: {operation} {reach}.")
    return told.format(
        role=_role(session, held),
        place=place_name(session, rule.place),
        operation=_(_DOES[operation]),
        reach=_(_REACHES[rule.scope]),
    )


def _role(session: Session, held: HeldRole) -> str:
    label = f"“{session.label(held.role.label)}”"
    if not held.department:
        return label
    part = session.workspace.departments.get(held.department)
    return _("{role}, through {department},").format(role=label, department=part.name if part else held.department)


def place_name(session: Session, place: str) -> str:
    """A place of rules as people call it: all types, Deals, Deals › General › Won."""
    if place == "*":
        return _("all types")
    key, *rest = place.split("/")
    item_type = session.workspace.types.get(key)
    names = [session.label(item_type.plural) if item_type is not None else key]
    pipeline = next((one for one in session.workspace.pipelines(key) if rest and one.key == rest[0]), None)
    if rest:
        names.append(session.label(pipeline.label) if pipeline is not None else rest[0])
    if len(rest) > 1:
        stage = next((one for one in pipeline.stages if one.key == rest[1]), None) if pipeline is not None else None
        names.append(session.label(stage.label) if stage is not None else rest[1])
    return " › ".join(names)


def _decides(session: Session, access: Access, operation: Operation, item: Item | None, scope: str) -> tuple[bool, str]:
    """Whether the scope reaches the item, and the sentence that says so."""
    name, doc = access.person.name, item.fields if item is not None else {}
    if scope == "all":
        return True, _("So {name} may.").format(name=name)
    if operation == "read" and access.person.key in (doc.get("observers") or ()):
        return True, _("{name} is an observer of it, and may read it.").format(name=name)
    if scope == "none":
        return False, _("So {name} may not.").format(name=name)
    if item is None or operation in _LIKE_READING:
        return True, _("So {name} may, of {reach}.").format(name=name, reach=_(_REACHES[scope]))
    if scope == "open" and doc.get("open_to_all"):
        return True, _("It is open to all, so {name} may.").format(name=name)
    field = session.workspace.fields(item.type).get("responsible")
    if field is not None and not session.access.sees(field):
        may = doc.get("responsible") in access.colleagues(scope)
        return may, (_("So {name} may.") if may else _("So {name} may not.")).format(name=name)
    who = session.names.person(str(doc.get("responsible") or "")) or _("nobody")
    if doc.get("responsible") in access.colleagues(scope):
        return True, _("{who} is responsible for it, so {name} may.").format(who=who, name=name)
    return False, _("{who} is responsible for it, so {name} may not.").format(who=who, name=name)


def _of_field(
    session: Session, access: Access, operation: Operation, item_type: ItemType, item: Item | None, key: str
) -> tuple[bool, list[str]]:
    workspace, name = session.workspace, access.person.name
    field = workspace.fields(item_type.key)[key]
    label = session.label(field.label)
    steps: list[str] = []
    if field.visible_to:
        names = ", ".join(member_names(session, field.visible_to))
        steps.append(_("“{field}” is shown only to {names}.").format(field=label, names=names))
        if not access.sees(field):
            return False, [*steps, _("{name} is not among them, so it is hidden from {name}.").format(name=name)]
        if access.admin:
            steps.append(_("Administrators see it all the same."))
    if operation != "read" and (key in KEPT_BY_RULES or field.read_only):
        return False, [*steps, _("“{field}” follows from other things: nobody changes it by hand.").format(field=label)]
    steps += _placed(session, access, item, field, label)
    return True, [*steps, _("“{field}” itself keeps nothing from {name}.").format(field=label, name=name)]


def _placed(session: Session, access: Access, item: Item | None, field: Field, label: str) -> Iterator[str]:
    """Whether the card shows it, by the layout that the person gets."""
    if item is None:
        return
    use = uses(session.workspace, access, layouts.place_of(session, item))[0]
    placed = {one.field for section in use.layout.sections for one in section.fields}
    if field.key not in placed:
        told = _("The card does not show “{field}”: it is in no section of the {layout}.")
        yield told.format(field=label, layout=layouts.describe(use))


def _changers(session: Session) -> list[str]:
    """Names of people who could change that, a few of them."""
    found = sorted(administrators(session.workspace), key=lambda one: one.name.casefold())
    return [one.name for one in found[:_MOST_NAMED]]


# -- what somebody can reach ---------------------------------------------------------------------------------------------
class ReachRow(Struct, frozen=True):
    """A type, and with how many of its items somebody may do what; `total` of them there are."""

    type: str
    total: int
    counts: Mapping[str, int]


COUNTED: tuple[Operation, ...] = ("read", "edit", "delete", "export")
"""Operations that are counted by item."""


def reach(session: Session, person: Person) -> list[ReachRow]:
    """With how many items of each type a person may do what. Raises AccessDenied for who asks about somebody else without being an
    administrator."""
    if person.key != session.person_key and not session.access.admin:
        raise AccessDenied(_("Only administrators may ask what others may do."))
    access = Access(person, session.workspace)
    rows = []
    for key in session.workspace.types:
        counts = {str(operation): session.store.count(key, access.covers(operation, key)) for operation in COUNTED}
        rows.append(ReachRow(key, session.store.count(key) if session.access.admin else counts["read"], counts))
    return rows
