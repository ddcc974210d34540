"""Why one may do something with an item or a field of it, or may not: for oneself, and for others where one is an administrator."""

from __future__ import annotations

from tuicrm.domain.access import Operation
from tuicrm.domain.config_records import Person
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item
from tuicrm.i18n import _
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, wrap
from tuicrm.screens.host import Host
from tuicrm.services.items import reasons
from tuicrm.services.items.reasons import WhyAnswer
from tuicrm.services.workspace import people
from tuicrm.services.workspace.roles import OPERATION_LABELS
from tuicrm.widgets.pages import Pages
from tuicrm.widgets.picker import Picker

_OF_ITEM: tuple[Operation, ...] = ("read", "edit", "delete", "export")
_OF_FIELD: tuple[Operation, ...] = ("read", "edit")


async def show_why(host: Host, item: Item, field: str = "") -> None:
    """Ask whom it is about, where that can be others, and show what they may do with an item, or a field of it (its key), and why."""
    session = host.session
    person = await _who(host)
    if person is None:
        return
    item_type = session.workspace.type(item.type)
    operations = _OF_FIELD if field else _OF_ITEM
    answers = {one: reasons.why(session, person, one, item_type, item, field) for one in operations}
    about = session.workspace.show_ref(item.ref)
    if field:
        about = f"{about} {session.label(session.workspace.fields(item.type)[field].label)}"
    title = _("What {name} may do · {item}").format(name=person.name, item=about)
    await host.ask(Pages(host.surface, title, lambda cells: why_lines(answers, cells)))


async def _who(host: Host) -> Person | None:
    session = host.session
    if not session.access.admin:
        return session.person
    first = [session.person, *(one for one in people.people(session) if one.key != session.person_key)]
    choices = [Choice(one.key, one.name, one.key) for one in first]
    chosen = await host.ask(Picker(host.surface, _("About whom"), choices))
    return session.workspace.people.get(chosen[0]) if chosen else None


def why_lines(answers: dict[Operation, WhyAnswer], cells: int) -> list[Line]:
    """The answers one after the other, then who could change it."""
    lines: list[Line] = []
    for operation, told in answers.items():
        word = _("yes") if told.allowed else _("no")
        head = f"{_(OPERATION_LABELS[operation])}: "
        lines.append((Run(clean(head), "title"), Run(word, "done" if told.allowed else "refused")))
        for step in told.steps:
            lines += [(Run("  "), Run(text, "value")) for text in wrap(step, max(cells - 2, 1))]
        lines.append(())
    changers = ", ".join(next(iter(answers.values())).changers)
    told_last = _("Who could change that: {names}").format(names=changers)
    return [*lines, *((Run(text, "dim"),) for text in wrap(told_last, cells))]
