"""The lines of the settings screen: what each is about, what is told of it, and what it opens. Whatever can be set joins here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import NamedTuple

from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOT
from tuicrm.screens import opening
from tuicrm.screens.host import Host
from tuicrm.screens.settings import holds
from tuicrm.screens.settings.holds import Held
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, tabs, views
from tuicrm.services.workspace.own_settings import OWN_SETTINGS, OwnSetting


class SettingLine(NamedTuple):
    """One line: a key of its own, its name, what is told of it, what opens it. `place` where it is a card that has layouts, `holds`
    lists what it is about (`settings/holds.py`)."""

    key: str
    name: str
    told: str
    open: Callable[[], Awaitable[object]]
    place: LayoutPlace | None = None
    holds: Callable[[], Held] | None = None


def _fields(screen: Host, type_key: str) -> Iterator[SettingLine]:
    async def open_fields() -> None:
        opening.open_fields(screen, type_key)

    session = screen.session
    known = [field for field in session.workspace.fields(type_key).values() if session.access.sees(field)]
    own = sum(1 for field in known if field.custom)
    counted = ngettext("{n} field", "{n} fields", len(known))
    if own:
        counted = _("{fields}, {n} custom").format(fields=counted, n=own)
    held = partial(holds.fields_of, session, type_key)
    yield SettingLine(f"{type_key} fields", _("Fields"), counted, open_fields, holds=held)


def _cards(screen: Host, type_key: str) -> Iterator[SettingLine]:
    session = screen.session
    variants = session.workspace.variants(type_key)
    for variant in variants:
        place = LayoutPlace(type_key, variant.key)
        name = _("Card of {what}").format(what=session.label(variant.label)) if len(variants) > 1 else _("Card")
        key, held = f"{type_key} card {variant.key}", partial(holds.sections_of, session, place)
        yield SettingLine(key, name, _layouts(session, place), _opens_views(screen, place), place, held)


def _layouts(session: Session, place: LayoutPlace) -> str:
    """`common layout · 2 views · 1 tab hidden`."""
    kept = len(views.views(session, place))
    hidden = len(tabs.arranged(session, place).hidden)
    parts = [layouts.describe(layouts.in_use(session, place))]
    if kept:
        parts.append(ngettext("{n} view", "{n} views", kept))
    if hidden:
        parts.append(ngettext("{n} tab hidden", "{n} tabs hidden", hidden))
    return f" {DOT} ".join(parts)


def _opens_views(screen: Host, place: LayoutPlace) -> Callable[[], Awaitable[object]]:
    async def open_views() -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.views import Views

        await arrange(screen, Views(screen.session, screen.surface, place), screen.reload)

    return open_views


def _pipelines(screen: Host, type_key: str) -> Iterator[SettingLine]:
    session = screen.session
    found = session.workspace.pipelines(type_key)
    if not found:
        return

    async def open_pipelines() -> None:
        if session.workspace.type(type_key).has_pipelines:
            await opening.arrange_pipelines(screen, session, type_key, screen.reload)
        else:
            await opening.arrange_stages(screen, session, type_key, found[0].key, screen.reload)

    count = sum(len(pipeline.stages) for pipeline in found)
    told, held = ngettext("{n} stage", "{n} stages", count), partial(holds.stages_of, session, type_key)
    if session.workspace.type(type_key).has_pipelines:
        told = f"{ngettext('{n} pipeline', '{n} pipelines', len(found))} {DOT} {told}"
        yield SettingLine(f"{type_key} pipelines", _("Pipelines and stages"), told, open_pipelines, holds=held)
    else:
        yield SettingLine(f"{type_key} pipelines", _("Stages"), told, open_pipelines, holds=held)


def _numbering(screen: Host, type_key: str) -> Iterator[SettingLine]:
    from tuicrm.services.definitions import numbering

    session = screen.session
    if type_key not in numbering.numbered(session):
        return

    async def open_numbering() -> None:
        from tuicrm.screens.settings.numbering import change_numbering

        await change_numbering(screen, type_key)

    found = numbering.numbering(session, type_key)
    told = _("{pattern}, next {number}").format(pattern=found.numerator.pattern, number=found.next_text)
    yield SettingLine(
        f"{type_key} numbering", _("Numbers"), told, open_numbering, holds=partial(holds.numbers_of, session, type_key)
    )


def _dictionaries(screen: Host) -> Iterator[SettingLine]:
    async def open_dictionaries() -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.dictionaries import Dictionaries

        await arrange(screen, Dictionaries(screen.session, screen.surface), screen.reload)

    count = len(screen.session.workspace.dictionaries)
    told = ngettext("{n} dictionary", "{n} dictionaries", count)
    yield SettingLine(
        "dictionaries", _("Dictionaries"), told, open_dictionaries, holds=partial(holds.dictionaries_of, screen.session)
    )


def _channels(screen: Host) -> Iterator[SettingLine]:
    async def open_channels() -> None:
        await opening.arrange_channels(screen, screen.session, screen.reload)

    count = sum(not one.retired for one in screen.session.workspace.channels.values())
    told = ngettext("{n} channel", "{n} channels", count) if count else _("no channels yet")
    held = partial(holds.channels_of, screen.session)
    yield SettingLine("channels", _("Channels"), told, open_channels, holds=held)


def _rooms(screen: Host) -> Iterator[SettingLine]:
    async def open_rooms() -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.rooms import Rooms

        await arrange(screen, Rooms(screen.session, screen.surface), screen.reload)

    count = sum(not room.retired for room in screen.session.workspace.rooms.values())
    told = ngettext("{n} to book", "{n} to book", count) if count else _("nothing to book yet")
    held = partial(holds.rooms_of, screen.session)
    yield SettingLine("rooms", _("Rooms and resources"), told, open_rooms, holds=held)


def _people(screen: Host) -> Iterator[SettingLine]:
    session = screen.session

    async def open_people() -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.seeing_as import see_as
        from tuicrm.screens.settings.people import PeopleList

        people = PeopleList(session, screen.surface, lambda key: see_as(screen, key))
        await arrange(screen, people, screen.reload)

    async def open_departments() -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.department_tree import DepartmentTree

        await arrange(screen, DepartmentTree(session, screen.surface), screen.reload)

    async def open_roles() -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.roles import RoleList

        await arrange(screen, RoleList(session, screen.surface), screen.reload)

    workspace = session.workspace
    living = sum(not one.retired for one in workspace.people.values())
    parts = sum(not one.retired for one in workspace.departments.values())
    yield SettingLine("people", _("People"), ngettext("{n} person", "{n} people", living), open_people)
    told = ngettext("{n} department", "{n} departments", parts)
    yield SettingLine("departments", _("Departments"), told, open_departments)
    yield SettingLine("roles", _("Roles"), ngettext("{n} role", "{n} roles", len(workspace.roles)), open_roles)


def _templates(screen: Host) -> Iterator[SettingLine]:
    async def open_templates() -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.templates import Templates

        await arrange(screen, Templates(screen.session, screen.surface), screen.reload)

    count = sum(not one.retired and not one.deleted for one in screen.session.workspace.doc_templates.values())
    told = ngettext("{n} template", "{n} templates", count) if count else _("no templates yet")
    held = partial(holds.templates_of, screen.session)
    yield SettingLine("templates", _("Document templates"), told, open_templates, holds=held)


def _text_templates(screen: Host) -> Iterator[SettingLine]:
    from tuicrm.services.messages.text_templates import text_templates

    async def open_text_templates() -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.text_templates import TextTemplates

        await arrange(screen, TextTemplates(screen.session, screen.surface), screen.reload)

    count = len(text_templates(screen.session))
    told = ngettext("{n} template", "{n} templates", count) if count else _("no templates yet")
    held = partial(holds.text_templates_of, screen.session)
    yield SettingLine("text templates", _("Text templates"), told, open_text_templates, holds=held)


def _types(screen: Host) -> Iterator[SettingLine]:
    async def open_types() -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.item_types import Types

        await arrange(screen, Types(screen.session, screen.surface), screen.reload)

    own = len(screen.session.workspace.smart)
    told = ngettext("{n} custom type", "{n} custom types", own) if own else _("the built-in ones only")
    yield SettingLine("types", _("Item types"), told, open_types, holds=partial(holds.types_of, screen.session))


def _repeats(screen: Host) -> Iterator[SettingLine]:
    from tuicrm.services.definitions import repeat_rules
    from tuicrm.services.kernel import repeats

    async def open_repeats() -> None:
        from tuicrm.screens.settings.repeats import change_repeats

        await change_repeats(screen)

    on, excluded = repeats.rules(screen.session.workspace).on, len(repeat_rules.excluded(screen.session))
    told = [_("marked") if on else _("not marked")]
    if excluded:
        told.append(ngettext("{n} client left out", "{n} clients left out", excluded))
    held = partial(holds.clients_left_out, screen.session)
    yield SettingLine("repeats", _("Repeat leads and deals"), f" {DOT} ".join(told), open_repeats, holds=held)


def _working(screen: Host) -> Iterator[SettingLine]:
    from tuicrm.screens.settings.working import change_working
    from tuicrm.services.workspace.shared_settings import SHARED_SETTINGS, value_of

    hours, days, *_more = (value_of(screen.session, one.key) for one in SHARED_SETTINGS)
    held = partial(holds.shared_settings_of, screen.session)
    yield SettingLine("working", _("Working time"), f"{days} {DOT} {hours}", lambda: change_working(screen), holds=held)


def _activity_kinds(screen: Host) -> Iterator[SettingLine]:
    from tuicrm.screens.settings.working import change_kinds

    own = len(screen.session.workspace.activity_kinds)
    told = ngettext("{n} custom kind", "{n} custom kinds", own) if own else _("the built-in ones only")
    held = partial(holds.activity_kinds_of, screen.session)
    yield SettingLine("activity kinds", _("Kinds of activities"), told, lambda: change_kinds(screen), holds=held)


def _own(screen: Host) -> Iterator[SettingLine]:
    from tuicrm.screens.settings.own import choose_own, told

    def opens(setting: OwnSetting) -> Callable[[], Awaitable[object]]:
        return lambda: choose_own(screen, setting)

    for one in OWN_SETTINGS:
        held = partial(holds.values_of, screen.session, one)
        yield SettingLine(f"own {one.key}", _(one.label), told(screen.session, one), opens(one), holds=held)


OF_PERSON: tuple[Callable[[Host], Iterator[SettingLine]], ...] = (_own,)
"""What a person sets for themselves."""

OF_WORKSPACE: tuple[Callable[[Host], Iterator[SettingLine]], ...] = (
    _types,
    _dictionaries,
    _repeats,
    _working,
    _rooms,
    _templates,
    _text_templates,
    _channels,
    _activity_kinds,
    _people,
)
"""What is set for all item types together, in its order."""

OF_TYPE: tuple[Callable[[Host, str], Iterator[SettingLine]], ...] = (_fields, _cards, _pipelines, _numbering)
"""What is set of one item type."""
