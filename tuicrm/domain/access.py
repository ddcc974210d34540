"""Who may do what: roles of operations × scopes, the highest level wins (reference §12)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Literal, NamedTuple

from msgspec.structs import replace

from tuicrm.domain.conditions import ALWAYS, NEVER, And, Condition, Not, OneOf, Or, Test
from tuicrm.domain.config_records import Person, Role
from tuicrm.domain.schema import Field, ItemType
from tuicrm.domain.workspace import Workspace

Operation = Literal["read", "add", "edit", "delete", "export", "import"]
Special = Literal[
    "settings", "edit_common_layout", "personal_layout", "make_views", "templates", "make_documents", "channels", "merge", "bulk",
    "work_as",
]  # fmt: skip
OPERATIONS: tuple[Operation, ...] = ("read", "add", "edit", "delete", "export", "import")
SPECIALS: tuple[Special, ...] = (
    "settings", "edit_common_layout", "personal_layout", "make_views", "templates", "make_documents", "channels", "merge", "bulk",
    "work_as",
)  # fmt: skip
"""Rights that concern no single item."""

SCOPES = ("none", "own", "department", "subdepartments", "open", "all")
"""How far a rule reaches, from nothing to everything."""
LEVEL = {scope: level for level, scope in enumerate(SCOPES)}


class RoleRule(NamedTuple):
    """What a role says of an operation: its scope, and the place whose rule says so ("" where no rule does: `none`)."""

    scope: str
    place: str


class HeldRole(NamedTuple):
    """A role that somebody has: by their own entry, or by a department's (its key)."""

    role: Role
    department: str = ""


def rule_of(role: Role, operation: str, places: Sequence[str]) -> RoleRule:
    """What a role says at the most specific of these places that speaks of the operation."""
    for place in places:
        scope = role.rules.get(place, {}).get(operation)
        if scope is not None:
            return RoleRule(scope if scope in LEVEL else "none", place)
    return RoleRule("none", "")


def places_of(type_key: str, pipeline: str = "", stage: str = "") -> tuple[str, ...]:
    """Where rules of an item's place stand, the most specific first."""
    return (f"{type_key}/{pipeline}/{stage}", f"{type_key}/{pipeline}", type_key, "*")


def held_roles(workspace: Workspace, person: Person) -> list[HeldRole]:
    """The roles of a person: their own, those of the departments that they are in (and of those above), and of those they head."""
    found = [HeldRole(workspace.roles[key]) for key in person.roles if key in workspace.roles]
    up = list(workspace.departments.up(person.department))
    heads = [part.key for part in workspace.departments.values() if part.head == person.key and part.key not in up]
    for part in (workspace.departments[key] for key in (*up, *heads)):
        if not part.retired:
            found += [HeldRole(workspace.roles[key], part.key) for key in part.roles if key in workspace.roles]
    return found


def nearness(workspace: Workspace, person: Person, members: Collection[str]) -> int | None:
    """How near a list of people and departments names a person: 0 by name, 1 by their department, 2 by the one above it, …; None
    when it does not."""
    if person.key in members:
        return 0
    for steps, part in enumerate(workspace.departments.up(person.department), start=1):
        if f"department:{part}" in members:
            return steps
    return None


class Access:
    """What one person may do in a workspace. Cheap to make; make a new one when definitions change."""

    def __init__(self, person: Person, workspace: Workspace) -> None:
        self.person = person
        self._workspace = workspace
        self.held = held_roles(workspace, person)
        """The roles that decide, each with what gives it."""
        self.admin = not person.retired and any(one.role.admin for one in self.held)
        self._scopes: dict[tuple[str, str, str, str], str] = {}
        self._hidden: dict[str, frozenset[str]] = {}

    def scope(self, operation: Operation, type_key: str, pipeline: str = "", stage: str = "") -> str:
        """One of SCOPES: the highest that any of the person's roles gives there."""
        if self.admin:
            return "all"
        if self.person.retired:
            return "none"
        question = (operation, type_key, pipeline, stage)
        if question not in self._scopes:
            places = places_of(type_key, pipeline, stage)
            scopes = [rule_of(one.role, operation, places).scope for one in self.held]
            self._scopes[question] = max(scopes, key=LEVEL.__getitem__, default="none")
        return self._scopes[question]

    def may(self, operation: Operation, type_key: str, doc: Mapping[str, Any]) -> bool:
        """Whether the operation is allowed on an item that has these fields."""
        scope = self.scope(operation, type_key, doc.get("pipeline") or "", doc.get("stage") or "")
        if scope == "all":
            return True
        if operation == "read" and self.person.key in (doc.get("observers") or ()) and not self.person.retired:
            return True
        if scope == "none":
            return False
        if scope == "open" and doc.get("open_to_all"):
            return True
        return doc.get("responsible") in self.colleagues(scope)

    def has(self, special: Special) -> bool:
        """Whether the person holds a right that concerns no single item."""
        return self.admin or (not self.person.retired and any(special in one.role.specials for one in self.held))

    def shapes(self, special: Special) -> bool:
        """Whether the person may have a layout of their own, or shape the common one or views; who may change settings may."""
        return self.has(special) or self.has("settings")

    def sees(self, field: Field) -> bool:
        """Whether the person may see a field at all (reference §3.2). Administrators always do."""
        if not field.visible_to or self.admin:
            return True
        return nearness(self._workspace, self.person, field.visible_to) is not None

    def seen_type(self, item_type: ItemType) -> ItemType:
        """The type with only the fields that the person may see: what files are read and written with."""
        seen = [field for field in item_type.fields if self.sees(field)]
        return item_type if len(seen) == len(item_type.fields) else replace(item_type, fields=seen)

    def hidden(self, type_key: str) -> frozenset[str]:
        """Keys of the fields that must not be shown to this person; nobody sees deleted ones."""
        found = self._hidden.get(type_key)
        if found is None:
            unseen = (f.key for f in self._workspace.fields(type_key).values() if not self.sees(f))
            found = self._hidden[type_key] = frozenset(self._workspace.deleted_fields(type_key)).union(unseen)
        return found

    def readable(self, type_key: str) -> Condition:
        """The condition that leaves only items this person may read. ALWAYS when that is all."""
        return self.covers("read", type_key)

    def covers(self, operation: Operation, type_key: str) -> Condition:
        """The condition that leaves only items with which this person may do that. ALWAYS when that is all."""
        watches = operation == "read"
        base = self.scope(operation, type_key)
        exceptions: list[tuple[Condition, Condition]] = []
        for pipeline in self._workspace.pipelines(type_key):
            in_pipeline = Test("pipeline", "pipeline", "=", pipeline.key)
            in_its_stages = [
                (And((in_pipeline, Test("stage", "stage", "=", stage.key))), scope)
                for stage in pipeline.stages
                if (scope := self.scope(operation, type_key, pipeline.key, stage.key))
                != self.scope(operation, type_key, pipeline.key)
            ]
            scope = self.scope(operation, type_key, pipeline.key)
            if scope != base or in_its_stages:
                exceptions += [(where, self._within(stage_scope, watches)) for where, stage_scope in in_its_stages]
                rest = And((in_pipeline, *(Not(where) for where, _ in in_its_stages)))
                exceptions.append((rest, self._within(scope, watches)))
        if not exceptions:
            return self._within(base, watches)
        elsewhere = And(tuple(Not(where) for where, _ in exceptions))
        return Or((*(And((where, what)) for where, what in exceptions), And((elsewhere, self._within(base, watches)))))

    def _within(self, scope: str, watches: bool) -> Condition:
        if scope == "all":
            return ALWAYS
        watched = [Test("observers", "person", "=", self.person.key)] if watches else []
        if self.person.retired or (scope == "none" and not watched):
            return NEVER
        if scope == "none":
            return watched[0]
        colleagues = OneOf("responsible", "person", tuple(sorted(self.colleagues(scope))))
        everyone = (Test("open_to_all", "boolean", "=", True),) if scope == "open" else ()
        return Or((colleagues, *watched, *everyone)) if watched or everyone else colleagues

    def colleagues(self, scope: str) -> set[str]:
        """The people whose items the scope covers, the person among them."""
        me, people = self.person, self._workspace.people.values()
        if scope == "own" or not me.department:
            return {me.key}
        parts = {me.department} if scope == "department" else self._workspace.departments.tree(me.department)
        return {me.key} | {person.key for person in people if person.department in parts}
