"""Where `g` and the palette can go: the items of every type, as the person looked at them last, the inbox, and the settings."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from tuicrm.domain.schema import ItemType, all_labels
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.host import Workplace
from tuicrm.services.boards.place_due import place_due
from tuicrm.widgets.menu import MenuEntry, letter

_FIND = "f"
"""The key of the search, in every language."""


def places(screen: Workplace, type_here: str = "", pipeline_here: str = "") -> Sequence[MenuEntry]:
    """The places that this person may read, each with a letter of its name as its key; `type_here` is the type that is looked
    at, `pipeline_here` the pipeline, which stays where one goes to the same type. What ships with the program chooses first: a type
    of one's own takes no letter that hands already know."""
    session = screen.session
    types = list(session.workspace.types.values())
    find, dupes, settings, calendar = _("Find anywhere"), _("Duplicates"), _("Settings"), _("Calendar")
    inbox = _("Inbox")
    names = {one.key: session.label(one.plural) for one in types}
    taken = {_FIND}
    keys = {one.key: letter(names[one.key], taken) for one in types if not one.smart}
    duplicates = letter(dupes, taken) if any(one.alike for one in types) else ""
    last = letter(settings, taken)
    days = letter(calendar, taken)
    box = letter(inbox, taken)
    keys |= {one.key: letter(names[one.key], taken) for one in types if one.smart}
    entries = [
        MenuEntry(
            keys[one.key],
            names[one.key],
            _to_type(screen, one, pipeline_here if one.key == type_here else ""),
            here=one.key == type_here,
            words=" ".join((*all_labels(one.plural), *all_labels(one.label))),
            due=partial(place_due(session).of_type, one.key),
        )
        for one in types
        if session.access.scope("read", one.key) != "none"
    ]
    entries.append(MenuEntry(days, calendar, lambda: _to_calendar(screen), due=place_due(session).of_calendar))
    entries.append(MenuEntry(box, inbox, lambda: opening.go_to_inbox(screen), due=place_due(session).of_inbox))
    entries.append(MenuEntry(_FIND, find, lambda: opening.open_find(screen)))
    if duplicates:
        entries.append(MenuEntry(duplicates, dupes, lambda: opening.open_dupes(screen, type_here)))
    return [*entries, MenuEntry(last, settings, lambda: opening.go_to_settings(screen))]


def _to_calendar(screen: Workplace) -> None:
    from tuicrm.screens.viewing import go_to_calendar

    go_to_calendar(screen)


def _to_type(screen: Workplace, item_type: ItemType, pipeline: str) -> Callable[[], None]:
    def go() -> None:
        from tuicrm.screens.viewing import go_to_type

        go_to_type(screen, item_type.key, pipeline)

    return go
