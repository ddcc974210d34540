"""Departments as a tree, with their heads and the roles that all who are in them have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.departments import Department
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOT
from tuicrm.screens.arranging import Arranging
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface

_INDENT = "  "


class DepartmentTree(Arranging):
    """All departments, those within others below them."""

    scope = "departments"
    steps = ("parts.",)

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.title = _("Departments")
        self.empty = _("No departments yet: {key} adds one.").format(key=surface.keys.key("parts.new"))

    def rows(self) -> Sequence[ArrangerRow]:
        return [
            ArrangerRow(part.key, f"{_INDENT * depth}{part.name}", "", self._words(part), faint=part.retired)
            for depth, part in people.departments(self.session, retired=True)
        ]

    def _words(self, part: Department) -> str:
        workspace = self.session.workspace
        n = sum(one.department == part.key and not one.retired for one in workspace.people.values())
        head = workspace.people.get(part.head)
        roles = [self.session.label(workspace.roles[key].label) for key in part.roles if key in workspace.roles]
        told = (
            _("retired") if part.retired else "",
            _("head: {name}").format(name=head.name) if head else "",
            ngettext("{n} person", "{n} people", n),
            ", ".join(roles),
        )
        return f" {DOT} ".join(filter(None, told))

    def told(self) -> str:
        """Who is in the one under the cursor."""
        names = [
            one.name
            for one in self.session.workspace.people.values()
            if one.department == self.current and not one.retired
        ]
        return ", ".join(names)

    def why_no_step(self, action_id: str) -> str | None:
        if action_id != "parts.new" and not self.current:
            return self.empty
        if self.session.access.has("settings"):
            return None
        return _("You may not change departments: ask someone who may change settings.")

    # -- actions -------------------------------------------------------------------------------------------------------
    async def do_parts_new(self) -> None:
        from tuicrm.widgets.form import Form

        made: list[str] = []

        def save(answers: Mapping[str, Answer]) -> None:
            parent, head = next(iter(answers["parent"]), ""), next(iter(answers["head"]), "")
            roles = list(answers["roles"])
            part = people.add_department(self.session, str(answers["name"]), parent=parent, head=head, roles=roles)
            made.append(part.key)

        asked = self._questions(None, self.current)
        await self.host.ask(Form(self.surface, _("New department"), asked, save))
        if made:
            self.again(made[0])

    async def do_parts_change(self) -> None:
        from tuicrm.widgets.form import Form

        part = self.session.workspace.departments[self.current]

        def save(answers: Mapping[str, Answer]) -> None:
            people.edit_department(
                self.session,
                part.key,
                name=str(answers["name"]),
                parent=next(iter(answers["parent"]), ""),
                head=next(iter(answers["head"]), ""),
                roles=list(answers["roles"]),
            )

        title = _("Change {field}").format(field=part.name)
        if await self.host.ask(Form(self.surface, title, self._questions(part, part.parent), save)) is not None:
            self.again(part.key)

    def do_parts_retire(self) -> None:
        part = self.session.workspace.departments[self.current]
        self.step(lambda: people.retire_department(self.session, part.key, back=part.retired))

    def _questions(self, part: Department | None, parent: str) -> list[Question]:
        workspace = self.session.workspace
        within = workspace.departments.tree(part.key) if part is not None else set()
        parts = [
            Choice(one.key, one.name)
            for one in workspace.departments.values()
            if one.key not in within and not one.retired
        ]
        heads = [Choice(one.key, one.name) for one in workspace.people.values() if not one.retired]
        roles = [Choice(one.key, self.session.label(one.label)) for one in workspace.roles.values()]
        return [
            Question("name", _("Name"), text=part.name if part else "", required=True),
            Question("parent", _("Part of"), "list", chosen=(parent,) if parent else (), choices=parts),
            Question("head", _("Head"), "list", chosen=(part.head,) if part and part.head else (), choices=heads),
            Question(
                "roles",
                _("Roles"),
                "list",
                chosen=tuple(part.roles) if part else (),
                choices=roles,
                many=True,
                hint=_("its head and all who are in it have them"),
            ),
        ]
