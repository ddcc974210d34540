"""Who may do what: roles of operations × scopes, the highest level wins (reference §12)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, Literal

from msgspec.structs import replace

from tuicrm.domain.conditions import ALWAYS, NEVER, And, Condition, Not, OneOf, Or, Test
from tuicrm.domain.config_records import Person, Role
from tuicrm.domain.schema import Field, ItemType
from tuicrm.domain.workspace import Workspace

Operation = Literal["read", "add", "edit", "delete", "export", "import"]
Special = Literal[
    "settings", "edit_common_layout", "personal_layout", "make_views", "templates", "make_documents", "channels"
]

SCOPES = ("none", "own", "department", "subdepartments", "open", "all")
_LEVEL = {scope: level for level, scope in enumerate(SCOPES)}


def _rule(role: Role, operation: str, places: tuple[str, ...]) -> str:
    """A role's scope at the most specific place that speaks of the operation."""
    for place in places:
        scope = role.rules.get(place, {}).get(operation)
        if scope is not None:
            return scope if scope in _LEVEL else "none"
    return "none"


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
        self._roles = [workspace.roles[key] for key in person.roles if key in workspace.roles]
        self.admin = not person.retired and any(role.admin for role in self._roles)
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
            places = (f"{type_key}/{pipeline}/{stage}", f"{type_key}/{pipeline}", type_key, "*")
            scopes = [_rule(role, operation, places) for role in self._roles]
            self._scopes[question] = max(scopes, key=_LEVEL.__getitem__, default="none")
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
        return doc.get("responsible") in self._colleagues(scope)

    def has(self, special: Special) -> bool:
        """Whether the person holds a right that concerns no single item."""
        return self.admin or (not self.person.retired and any(special in role.specials for role in self._roles))

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
        base = self.scope("read", type_key)
        exceptions: list[tuple[Condition, Condition]] = []
        for pipeline in self._workspace.pipelines(type_key):
            in_pipeline = Test("pipeline", "pipeline", "=", pipeline.key)
            in_its_stages = [
                (And((in_pipeline, Test("stage", "stage", "=", stage.key))), scope)
                for stage in pipeline.stages
                if (scope := self.scope("read", type_key, pipeline.key, stage.key))
                != self.scope("read", type_key, pipeline.key)
            ]
            scope = self.scope("read", type_key, pipeline.key)
            if scope != base or in_its_stages:
                exceptions += [(where, self._within(stage_scope)) for where, stage_scope in in_its_stages]
                rest = And((in_pipeline, *(Not(where) for where, _ in in_its_stages)))
                exceptions.append((rest, self._within(scope)))
        if not exceptions:
            return self._within(base)
        elsewhere = And(tuple(Not(where) for where, _ in exceptions))
        return Or((*(And((where, what)) for where, what in exceptions), And((elsewhere, self._within(base)))))

    def _within(self, scope: str) -> Condition:
        if scope == "all":
            return ALWAYS
        watched = Test("observers", "person", "=", self.person.key)
        if self.person.retired:
            return NEVER
        if scope == "none":
            return watched
        colleagues = OneOf("responsible", "person", tuple(sorted(self._colleagues(scope))))
        everyone = (Test("open_to_all", "boolean", "=", True),) if scope == "open" else ()
        return Or((colleagues, watched, *everyone))

    def _colleagues(self, scope: str) -> set[str]:
        """The people whose items the scope covers, the person among them."""
        me, people = self.person, self._workspace.people.values()
        if scope == "own" or not me.department:
            return {me.key}
        parts = {me.department} if scope == "department" else self._workspace.departments.tree(me.department)
        return {me.key} | {person.key for person in people if person.department in parts}
