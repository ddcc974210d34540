"""People of the workspace: let in, changed, retired; what is theirs handed over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tuicrm.domain.config_records import Person
from tuicrm.domain.context import Choice
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOT
from tuicrm.screens.arranging import Arranging
from tuicrm.services.items import hand_over
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import people
from tuicrm.services.workspace.people import Details
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.confirm import Confirm
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface


class PeopleList(Arranging):
    """Everybody who works here, and who did."""

    scope = "people"
    steps = ("people.",)

    def __init__(self, session: Session, surface: Surface, see: Callable[[str], None]) -> None:
        """`see` opens the program as somebody has it."""
        super().__init__(session, surface)
        self.title = _("People")
        self._see = see

    def rows(self) -> Sequence[ArrangerRow]:
        found = sorted(people.people(self.session, retired=True), key=lambda one: one.retired)
        return [ArrangerRow(one.key, one.name, "", person_words(self.session, one), faint=one.retired) for one in found]

    def told(self) -> str:
        """How the one under the cursor comes in."""
        person = self.session.workspace.people.get(self.current)
        if person is None:
            return ""
        if not person.logins and not person.keys:
            return _("nobody comes in as {name}: there is no log-in").format(name=person.name)
        logins = ", ".join(person.logins)
        keys = ngettext("{n} SSH key", "{n} SSH keys", len(person.keys)) if person.keys else ""
        return f" {DOT} ".join(filter(None, (_("log-ins: {names}").format(names=logins) if logins else "", keys)))

    def why_no_step(self, action_id: str) -> str | None:
        if action_id == "people.hand_over":
            return None
        if action_id == "people.see_as":
            person = self.session.workspace.people.get(self.current)
            if person is None or person.retired or person.key == self.session.person_key:
                return _("Choose somebody else who works here.")
            return None if self.session.access.admin else _("Only administrators may see the program as somebody else.")
        if self.session.access.has("settings"):
            return None
        return _("You may not change people: ask someone who may change settings.")

    # -- actions -------------------------------------------------------------------------------------------------------
    async def do_people_new(self) -> None:
        from tuicrm.widgets.form import Form

        made: list[str] = []

        def save(answers: Mapping[str, Answer]) -> None:
            made.append(people.add_person(self.session, said(answers)).key)

        await self.host.ask(Form(self.surface, _("New person"), questions(self.session), save))
        if made:
            self.again(made[0])

    async def do_people_change(self) -> None:
        from tuicrm.widgets.form import Form

        person = self.session.workspace.people[self.current]

        def save(answers: Mapping[str, Answer]) -> None:
            people.edit_person(self.session, person.key, said(answers))

        title = _("Change {field}").format(field=person.name)
        if await self.host.ask(Form(self.surface, title, questions(self.session, person), save)) is not None:
            self.again(person.key)

    def do_people_see_as(self) -> None:
        key = self.current
        self.dialog.leave()
        self._see(key)

    def do_people_retire(self) -> None:
        person = self.session.workspace.people[self.current]
        self.step(lambda: people.retire_person(self.session, person.key, back=person.retired))

    async def do_people_hand_over(self) -> None:
        from tuicrm.widgets.picker import Picker
        from tuicrm.widgets.progress import with_progress

        session, giver = self.session, self.session.workspace.people[self.current]
        others = [Choice(one.key, one.name, one.key) for one in people.people(session) if one.key != giver.key]
        title = _("Hand over from {name} to").format(name=giver.name)
        chosen = await self.host.ask(Picker(self.surface, title, others))
        if not chosen:
            return
        plan = hand_over.look(session, giver, session.workspace.people[chosen[0]])
        if not plan.total and not plan.activities:
            self.host.say(_("{name} has nothing that you can hand over.").format(name=giver.name))
            return
        if not await self.host.ask(Confirm(self.surface, _("Hand this over?"), plan_words(session, plan))):
            return
        went = await with_progress(
            self.host, _("Handing over"), lambda tell: hand_over.hand_over(session, plan, tell=tell)
        )
        if went is not None:
            self.host.say(_("Handed over to {name}").format(name=plan.taker.name), "done")
        self.again(giver.key)


def person_words(session: Session, person: Person) -> str:
    """What stands beside a name: department and roles."""
    workspace = session.workspace
    part = workspace.departments.get(person.department)
    roles = [session.label(workspace.roles[key].label) for key in person.roles if key in workspace.roles]
    told = (_("retired") if person.retired else "", part.name if part else "", ", ".join(roles) or _("no role"))
    return f" {DOT} ".join(filter(None, told))


def plan_words(session: Session, plan: hand_over.HandOver) -> str:
    """What a hand-over comes to."""
    types = session.workspace.types
    told = [f"{session.label(types[key].plural)}: {len(ids)}" for key, ids in plan.items.items()]
    if plan.activities:
        told.append(f"{_('Open activities')}: {len(plan.activities)}")
    if plan.staying:
        n = sum(plan.staying.values())
        told.append(ngettext("{n} item stays: you may not change it", "{n} items stay: you may not change them", n))
    return f"{plan.giver.name} → {plan.taker.name}\n" + "\n".join(told)


def questions(session: Session, person: Person | None = None) -> list[Question]:
    """What is asked of a person."""
    workspace = session.workspace
    parts = [Choice(one.key, one.name) for one in workspace.departments.values() if not one.retired]
    roles = [Choice(one.key, session.label(one.label)) for one in workspace.roles.values()]
    department = (person.department,) if person is not None and person.department else ()
    return [
        Question("name", _("Name"), text=person.name if person else "", required=True),
        Question(
            "logins",
            _("Log-ins"),
            text=", ".join(person.logins) if person else "",
            hint=_("system users of this person, with commas between"),
        ),
        Question("department", _("Department"), "list", chosen=department, choices=parts),
        Question("roles", _("Roles"), "list", chosen=tuple(person.roles) if person else (), choices=roles, many=True),
        Question("email", _("E-mail"), text=person.email if person else ""),
        Question("language", _("Language"), text=person.language if person else "", hint=_("en, it, it_IT, …")),
        Question("zone", _("Time zone"), text=person.zone if person else "", hint="Europe/Rome"),
    ]


def said(answers: Mapping[str, Answer]) -> Details:
    """The answers of the form, as a person is told of."""
    return Details(
        str(answers["name"]),
        [one.strip() for one in str(answers["logins"]).split(",") if one.strip()],
        next(iter(answers["department"]), ""),
        list(answers["roles"]),
        str(answers["email"]).strip(),
        str(answers["language"]).strip(),
        str(answers["zone"]).strip(),
    )
