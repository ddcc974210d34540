"""Card layouts as files in the model product's own form (reference §4.1): written out, and taken in as one undoable change.

What cannot be shown here is kept in the layout and comes out again (`Section.foreign`). A field that the person may not see is not
written, and stays where it is when they take a layout in."""

from __future__ import annotations

from typing import Any, Literal, NamedTuple, TypeAlias

from msgspec.structs import replace

from tuicrm.domain.layout_keeping import keep_unseen
from tuicrm.domain.layout_use import BUILT_IN, PERSONAL, LayoutKind, LayoutPlace, LayoutUse
from tuicrm.domain.schema import ItemType, Layout
from tuicrm.exchange.bitrix.layout_fields import TakenLayout, give_layout, take_layout
from tuicrm.exchange.bitrix.payloads import CardLayout
from tuicrm.exchange.bitrix.recognise import read_layout
from tuicrm.i18n import _
from tuicrm.limits import LAYOUT_SIZE
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts

FileOutcome: TypeAlias = Literal["changed", "unchanged", "reset"]


class Imported(NamedTuple):
    """What came of a file. `use` is the layout as it is now; `left` the elements without a field here, kept and not shown; `twice`
    those that stood in it before; `unread` what else stood there and is not kept; `languages` the sections that had names in several
    languages and have one now."""

    use: LayoutUse
    outcome: FileOutcome
    left: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()


# -- which one ---------------------------------------------------------------------------------------------------------
def export_layout(session: Session, place: LayoutPlace, use: LayoutUse) -> list[dict[str, Any]]:
    """A layout as the model product keeps it: sections with name, title, type and elements."""
    return give_layout(use.layout, seen_type(session, place.type), session.language)


def seen_type(session: Session, type_key: str) -> ItemType:
    """A type with the fields that this person may see."""
    return session.access.seen_type(session.workspace.type(type_key))


# -- in ----------------------------------------------------------------------------------------------------------------
def import_layout(session: Session, place: LayoutPlace, use: LayoutUse, data: bytes, name: str) -> Imported:
    """Put the sections of a file in the place of a layout's own; its tabs stay. A file that says that nothing is stored (null) resets
    it. Raises Refused naming what is no layout and where, AccessDenied, Conflict."""
    layouts.require_edit(session, use)
    LAYOUT_SIZE.check(name, data)
    form = read_layout(data, name)
    if not form.sections:
        return _reset(session, place, use)
    layout, taken = fitted(form, use.layout, seen_type(session, place.type))
    languages = _one_language(use.layout, layout)
    if layout == use.layout and (use.kept is not None or use.kind != PERSONAL):
        return Imported(use, "unchanged", taken.left, taken.twice, form.unread)
    layouts.put(session, place, use, layout, _label(use))
    return Imported(_kept(session, place, use), "changed", taken.left, taken.twice, form.unread, languages)


def fitted(form: CardLayout, before: Layout, item_type: ItemType) -> tuple[Layout, TakenLayout]:
    """What a layout becomes by a file, and what the file held besides. `item_type` has the fields that the person sees: all others
    stay where they are."""
    taken = take_layout(form, item_type)
    after = replace(before, sections=taken.sections)
    return keep_unseen(before, after, {field.key for field in item_type.fields}), taken


def _reset(session: Session, place: LayoutPlace, use: LayoutUse) -> Imported:
    if use.kept is None:
        return Imported(use, "unchanged")
    layouts.reset(session, place, use)
    return Imported(layouts.in_use(session, place), "reset")


def _kept(session: Session, place: LayoutPlace, use: LayoutUse) -> LayoutUse:
    """The layout as it is kept now."""
    kind: LayoutKind = "common" if use.kind == BUILT_IN else use.kind
    person = session.person_key if kind == PERSONAL else ""
    key = use.kept.record.key if use.kept else ""
    for kept in session.workspace.kept_layouts(*place):
        record = kept.record
        if (record.scope, record.person, record.key) == (kind, person, key):
            return LayoutUse(kind, record.layout, kept, use.near)
    return use


def _one_language(before: Layout, after: Layout) -> tuple[str, ...]:
    """Sections that had names in several languages, and have one of them for all now."""
    several = {section.key: section.title for section in before.sections if isinstance(section.title, dict)}
    return tuple(
        section.title
        for section in after.sections
        if isinstance(section.title, str) and section.title in several.get(section.key, {}).values()
    )


def _label(use: LayoutUse) -> str:
    if use.kind == "view":
        return _("import the view {name}").format(name=use.name)
    return _("import my personal card layout") if use.kind == PERSONAL else _("import the card layout")
