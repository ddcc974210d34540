"""Roles: what they allow, by type, pipeline and stage; their special rights; who has them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tuicrm.domain.access import OPERATIONS, SCOPES, SPECIALS
from tuicrm.domain.config_records import Role
from tuicrm.domain.context import Choice
from tuicrm.i18n import N_, _
from tuicrm.render.symbols import DOT
from tuicrm.render.text import fit
from tuicrm.screens.arranging import Arranging, arrange, ask_name
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import roles
from tuicrm.services.workspace.members import member_choices
from tuicrm.services.workspace.roles import OPERATION_LABELS, SCOPE_LABELS, SPECIAL_LABELS, RoleDetails
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.confirm import Confirm
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface

_CELLS = 8
"""Cells of a column of the matrix."""
_SHORT: Mapping[str, str] = {
    "none": N_("–"),
    "own": N_("own"),
    "department": N_("dept."),
    "subdepartments": N_("dept.+"),
    "open": N_("open"),
    "all": N_("all"),
}
_UNSET = "·"
_HEADS = "heads"
_AROUND = "around"
"""The choice that leaves it to the place around; no scope is called so."""


class RoleList(Arranging):
    """All roles."""

    scope = "roles"
    steps = ("roles.", "customise.")

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.title = _("Roles")

    def rows(self) -> Sequence[ArrangerRow]:
        return [
            ArrangerRow(role.key, self.session.label(role.label), "", role_words(self.session, role))
            for role in roles.roles(self.session)
        ]

    def told(self) -> str:
        """The special rights of the one under the cursor."""
        role = self.session.workspace.roles.get(self.current)
        if role is None:
            return ""
        if role.admin:
            return _("Whoever has it may do everything.")
        return ", ".join(_(SPECIAL_LABELS[one]) for one in role.specials if one in SPECIAL_LABELS)

    def why_no_step(self, action_id: str) -> str | None:
        role = self.session.workspace.roles.get(self.current)
        if action_id == "roles.rules" and role is not None and not role.admin:
            return None
        if action_id in ("roles.rules", "roles.specials") and role is not None and role.admin:
            return _("An administrator's role may do everything; clone another one to say less.")
        return roles.why_not_change(self.session)

    # -- actions -------------------------------------------------------------------------------------------------------
    async def do_roles_new(self) -> None:
        name = await ask_name(self.host, _("New role"))
        if name is not None:
            self._made(lambda: roles.add_role(self.session, RoleDetails(name)))

    async def do_roles_clone(self) -> None:
        key = self.current
        name = await ask_name(self.host, _("Clone {name} as").format(name=self._label(key)))
        if name is not None:
            self._made(lambda: roles.clone_role(self.session, key, name))

    async def do_roles_rename(self) -> None:
        key = self.current
        name = await ask_name(self.host, _("Rename"), self._label(key))
        if name is not None:
            self.step(lambda: roles.edit_role(self.session, key, RoleDetails(name)))

    async def do_roles_rules(self) -> None:
        rules = RoleRules(self.session, self.surface, self.current)
        await arrange(self.host, rules, self.again)

    async def do_roles_specials(self) -> None:
        from tuicrm.widgets.picker import Picker

        role = self.session.workspace.roles[self.current]
        choices = [Choice(one, _(SPECIAL_LABELS[one])) for one in SPECIALS]
        title = _("Special rights of {name}").format(name=self._label(role.key))
        chosen = await self.host.ask(Picker(self.surface, title, choices, chosen=role.specials, many=True))
        if chosen is not None:
            said = {str(one): one in chosen for one in SPECIALS if (one in chosen) is not (one in role.specials)}
            self.step(lambda: roles.edit_role(self.session, role.key, RoleDetails(specials=said)))

    async def do_roles_give(self) -> None:
        from tuicrm.widgets.picker import Picker

        key = self.current
        has = [one.key for one in roles.holders(self.session, key)]
        title = _("Who has {name}").format(name=self._label(key))
        chosen = await self.host.ask(
            Picker(self.surface, title, member_choices(self.session, has), chosen=has, many=True)
        )
        if chosen is None:
            return

        def hand() -> None:
            if gone := [one for one in has if one not in chosen]:
                roles.take_role(self.session, key, gone)
            if new := [one for one in chosen if one not in has]:
                roles.give_role(self.session, key, new)

        self.step(hand)

    async def do_roles_delete(self) -> None:
        key = self.current
        lost = roles.what_is_lost(self.session, key)
        told = [
            _("{name} keeps: {roles}").format(name=one.holder.name, roles=", ".join(one.kept))
            if one.kept
            else _("{name} keeps no role").format(name=one.holder.name)
            for one in lost
        ]
        title = _("Delete the role {name}?").format(name=self._label(key))
        if await self.host.ask(Confirm(self.surface, title, "\n".join(told) or _("Nobody has it."))):
            self.step(lambda: roles.delete_role(self.session, key))

    def do_customise_down(self) -> None:
        self.step(lambda: roles.move_role(self.session, self.current, 1))

    def do_customise_up(self) -> None:
        self.step(lambda: roles.move_role(self.session, self.current, -1))

    def _label(self, key: str) -> str:
        return self.session.label(self.session.workspace.roles[key].label)

    def _made(self, make: Callable[[], Role]) -> None:
        made: list[str] = []

        def step() -> None:
            made.append(make().key)

        self.step(step)
        if made:
            self.again(made[0])


class RoleRules(Arranging):
    """The matrix of one role: a row for all types, for each type, and for the pipelines and stages of those that are unfolded or of
    which something is said."""

    scope = "role rules"
    steps = ("rules.",)

    def __init__(self, session: Session, surface: Surface, key: str) -> None:
        super().__init__(session, surface)
        self._key = key
        self._unfolded: set[str] = set()
        self.title = _("What {name} allows").format(name=session.label(session.workspace.roles[key].label))
        self.first = roles.EVERYWHERE

    @property
    def _role(self) -> Role | None:
        return self.session.workspace.roles.get(self._key)

    def why_gone(self) -> str:
        return "" if self._role is not None else _("This role was removed by someone. Choose another.")

    def rows(self) -> Sequence[ArrangerRow]:
        role = self._role
        if role is None:
            return []
        heads = "".join(fit(_(OPERATION_LABELS[one]), _CELLS) for one in OPERATIONS)
        found = [ArrangerRow(_HEADS, "", "", heads, faint=True), self._row(role, roles.EVERYWHERE, _("All types"))]
        for item_type in self.session.workspace.types.values():
            found.append(self._row(role, item_type.key, self.session.label(item_type.plural)))
            found += self._within(role, item_type.key)
        return found

    def _within(self, role: Role, type_key: str) -> list[ArrangerRow]:
        found = []
        for pipeline in self.session.workspace.pipelines(type_key):
            place = f"{type_key}/{pipeline.key}"
            inside = [
                self._row(role, f"{place}/{stage.key}", f"    {self.session.label(stage.label)}")
                for stage in pipeline.stages
                if type_key in self._unfolded or f"{place}/{stage.key}" in role.rules
            ]
            if inside or type_key in self._unfolded or place in role.rules:
                found += [self._row(role, place, f"  {self.session.label(pipeline.label)}"), *inside]
        return found

    @staticmethod
    def _row(role: Role, place: str, label: str) -> ArrangerRow:
        row = role.rules.get(place, {})
        cells = "".join(fit(_(_SHORT[row[one]]) if row.get(one) in _SHORT else _UNSET, _CELLS) for one in OPERATIONS)
        return ArrangerRow(place, label, "", cells, faint=not row)

    def told(self) -> str:
        """What the signs mean."""
        return _(
            "– nothing · own: theirs · dept.: their department's · dept.+: with those beneath · open: and open to all · "
            "a point: as the row around it"
        )

    def why_no_step(self, action_id: str) -> str | None:
        if self.current == _HEADS:
            return _("Put the cursor on a type, pipeline or stage.")
        return roles.why_not_change(self.session) if action_id == "rules.change" else None

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_rules_unfold(self) -> None:
        self._unfolded ^= {self.current.partition("/")[0]}
        self.again(self.current)

    async def do_rules_change(self) -> None:
        from tuicrm.widgets.form import Form

        role, place = self._role, self.current
        if role is None:
            return
        before = role.rules.get(place, {})
        leaves = Choice(_AROUND, _("as the place around it") if place != roles.EVERYWHERE else _("not said: nothing"))
        choices = [leaves, *(Choice(one, _(SCOPE_LABELS[one])) for one in SCOPES)]
        asked = [
            Question(
                one,
                _(OPERATION_LABELS[one]),
                "list",
                chosen=(before.get(one, _AROUND),),
                choices=choices,
                required=True,
            )
            for one in OPERATIONS
        ]

        def save(answers: Mapping[str, Answer]) -> None:
            said = {one: next(iter(answers[one]), _AROUND) for one in OPERATIONS}
            rules = {
                (place, str(one)): "" if scope == _AROUND else scope
                for one, scope in said.items()
                if scope != before.get(one, _AROUND)
            }
            roles.edit_role(self.session, self._key, RoleDetails(rules=rules))

        row = next((one for one in self.rows() if one.key == place), None)
        title = f"{self.title} {DOT} {row.label.strip() if row else place}"
        if await self.host.ask(Form(self.surface, title, asked, save)) is not None:
            self.again(place)


def role_words(session: Session, role: Role) -> str:
    """What stands beside a role's name: who has it."""
    names = [one.name for one in roles.holders(session, role.key)]
    return ", ".join(names) or _("nobody has it")
