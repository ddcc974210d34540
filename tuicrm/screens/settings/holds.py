"""What each line of the settings holds, for the right side of a wide screen: names, each with a word about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeAlias

from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import MARKED
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.services.workspace import own_settings
from tuicrm.services.workspace.own_settings import OwnSetting

Held: TypeAlias = Iterator[tuple[str, str]]
"""Name and word; without a name, a heading."""


def fields_of(session: Session, type_key: str) -> Held:
    """A type's fields, those of one's own first."""
    from tuicrm.screens.settings.field_forms import kind_name

    known = [field for field in session.workspace.fields(type_key).values() if session.access.sees(field)]
    for own in (True, False):
        some = [field for field in known if field.custom == own]
        if some:
            yield "", _("Custom fields") if own else _("Built-in")
        for field in some:
            yield session.label(field.label), kind_name(field.kind)


def sections_of(session: Session, place: LayoutPlace) -> Held:
    """The sections of the card that the person has there, with their fields."""
    known = session.workspace.fields(place.type)
    for section in layouts.current(session, place).sections:
        yield "", session.label(section.title)
        for placed in section.fields:
            if placed.field in known:
                yield session.label(known[placed.field].label), _("always shown") if placed.always else ""


def stages_of(session: Session, type_key: str) -> Held:
    """The stages of each pipeline, with what is weighed by."""
    several = session.workspace.type(type_key).has_pipelines
    for pipeline in session.workspace.pipelines(type_key):
        if several:
            yield "", session.label(pipeline.label)
        for stage in pipeline.stages:
            yield session.label(stage.label), f"{stage.probability} %"


def dictionaries_of(session: Session) -> Held:
    """All dictionaries."""
    for one in session.workspace.dictionaries.values():
        yield session.label(one.label), ngettext("{n} entry", "{n} entries", len(one.entries))


def rooms_of(session: Session) -> Held:
    """The rooms and resources that can be booked, with what is said of each."""
    from tuicrm.screens.settings.rooms import room_words

    for room in session.workspace.rooms.values():
        if not room.retired:
            yield room.label, room_words(room)


def channels_of(session: Session) -> Held:
    """The channels, with whose they are and what kind."""
    from tuicrm.screens.settings.channels import channel_words

    for one in session.workspace.channels.values():
        yield one.label, channel_words(session, one)


def templates_of(session: Session) -> Held:
    """The templates of documents, with what they are for."""
    from tuicrm.screens.settings.templates import template_words

    for one in session.workspace.doc_templates.values():
        if not one.deleted:
            yield one.label, template_words(session, one)


def shared_settings_of(session: Session) -> Held:
    """What holds for everyone: working time, and what is asked."""
    from tuicrm.services.workspace.shared_settings import SHARED_SETTINGS, value_of

    for one in SHARED_SETTINGS:
        yield _(one.label), value_of(session, one.key)


def activity_kinds_of(session: Session) -> Held:
    """All kinds of activities, with their signs."""
    from tuicrm.services.items.activity_kinds import kinds

    for one in kinds(session, retired=True):
        yield session.label(one.label), _("retired") if one.retired else one.symbol


def types_of(session: Session) -> Held:
    """All item types, with the letters of their refs."""
    for one in session.workspace.types.values():
        yield session.label(one.plural), f"{one.prefix}-1"


def clients_left_out(session: Session) -> Held:
    """The clients whose leads and deals are never marked."""
    from tuicrm.services.definitions import repeat_rules

    left_out = repeat_rules.excluded(session)
    if left_out:
        yield "", _("Excluded")
    for ref in left_out:
        yield session.names.item(ref) or "", session.workspace.show_ref(ref)


def values_of(session: Session, setting: OwnSetting) -> Held:
    """What a setting may be; what was chosen is marked."""
    now = own_settings.chosen(session).get(setting.key, next(iter(setting.values)))
    for value in setting.values:
        yield own_settings.told(session, setting, value), MARKED if value == now else ""


def numbers_of(session: Session, type_key: str) -> Held:
    """How a type is numbered."""
    from tuicrm.services.definitions import numbering

    found = numbering.numbering(session, type_key)
    yield _("Pattern"), found.numerator.pattern
    yield _("Next number"), found.next_text
