"""Card layouts: which one a person gets at a place, and its shaping step by step; every step is one undoable change.

Fields that a person may not see stay where they are, whoever shapes the layout.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
from msgspec.structs import replace

from tuicrm.domain import layouts
from tuicrm.domain.access import Special
from tuicrm.domain.config_records import KeptLayout, LayoutRecord, LayoutScope
from tuicrm.domain.items import Item
from tuicrm.domain.layout_use import BUILT_IN, COMMON, PERSONAL, LayoutPlace, LayoutUse, chosen, uses
from tuicrm.domain.schema import Field, Layout, all_labels
from tuicrm.domain.stamps import stamp
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.limits import SECTION_NAME, SECTIONS
from tuicrm.services.kernel.permissions import why_not_shape
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences

if TYPE_CHECKING:
    from tuicrm.services.kernel.changes import Change

__all__ = ["LayoutPlace", "LayoutUse"]

LayoutStep: TypeAlias = Callable[[Layout], Layout]

_RIGHTS: Mapping[str, Special] = {"view": "make_views", "personal": "personal_layout"}

_ATTEMPTS = 20


# -- which one ---------------------------------------------------------------------------------------------------------
def place_of(session: Session, item: Item) -> LayoutPlace:
    """Where an item's layout holds."""
    return LayoutPlace(item.type, session.workspace.variant_of(item.type, item.fields))


def available(session: Session, place: LayoutPlace) -> list[LayoutUse]:
    """The layouts that this person may use, the one they would get first; there is always one."""
    return uses(session.workspace, session.access, place)


def in_use(session: Session, place: LayoutPlace) -> LayoutUse:
    """The layout that this person's cards have there."""
    return chosen(available(session, place), preferences.layout_choice(session, place))


def common(session: Session, place: LayoutPlace) -> LayoutUse:
    """The layout of those who have no other: the common one, or the built-in one where nobody made one."""
    return chosen(available(session, place), COMMON)


def own(session: Session, place: LayoutPlace) -> LayoutUse | None:
    """The layout of their own that this person has there."""
    return next((use for use in available(session, place) if use.kind == PERSONAL), None)


def current(session: Session, place: LayoutPlace, use: LayoutUse | None = None) -> Layout:
    """The layout in use (or another), with only the fields that exist and that this person may see."""
    return layouts.without_unknown((use or in_use(session, place)).layout, _seen(session, place))


def hidden_fields(session: Session, place: LayoutPlace, use: LayoutUse | None = None) -> list[Field]:
    """Fields in no section, that this person may see."""
    fields = [field for field in session.workspace.fields(place.type).values() if session.access.sees(field)]
    return layouts.hidden((use or in_use(session, place)).layout, fields)


def _seen(session: Session, place: LayoutPlace) -> set[str]:
    return {field.key for field in session.workspace.fields(place.type).values() if session.access.sees(field)}


def switch(session: Session, place: LayoutPlace, choice: str) -> LayoutUse:
    """Use another of the layouts one may use from now on; "" goes back to whichever comes first. Raises NotFound."""
    found = available(session, place)
    if choice and not any(use.choice == choice for use in found):
        raise NotFound(_("You have no such layout."))
    preferences.choose_layout(session, place, choice)
    return in_use(session, place)


# -- what one may shape ------------------------------------------------------------------------------------------------
def why_not_edit(session: Session, use: LayoutUse) -> str | None:
    """Why this person may not shape a layout; None when they may."""
    special = _RIGHTS.get(use.kind, "edit_common_layout")
    return None if session.access.shapes(special) else why_not_shape(special)


def require_edit(session: Session, use: LayoutUse) -> None:
    """Raise AccessDenied unless this person may shape a layout."""
    reason = why_not_edit(session, use)
    if reason is not None:
        raise AccessDenied(reason)


def target(session: Session, place: LayoutPlace) -> LayoutUse:
    """What this person shapes there: the layout in use, or one of their own, begun from it, where they may not shape that. Who has
    one and chose what all have shapes neither: their own would be lost under a copy of the common one."""
    use = in_use(session, place)
    if own(session, place) or use.kind not in (COMMON, BUILT_IN) or not why_not_edit(session, use):
        return use
    return LayoutUse(PERSONAL, use.layout) if session.access.shapes("personal_layout") else use


def edit(session: Session, place: LayoutPlace, label: str, step: LayoutStep, use: LayoutUse | None = None) -> Layout:
    """Apply one step to a layout (the one that this person shapes) and keep it; tried again where others shape it too. The step
    gets the layout with the fields that this person sees.

    Raises AccessDenied, and NotFound when someone took away what the step speaks of."""
    for attempt in range(_ATTEMPTS):
        found = as_kept(session, place, use)
        require_edit(session, found)
        before = found.layout
        try:
            after = layouts.among_seen(before, _seen(session, place), step)
        except layouts.NoSuchPlace as gone:
            raise NotFound(_("This is no longer on the card: someone changed the layout.")) from gone
        if after == before:
            break
        try:
            put(session, place, found, after, label)
            break
        except Conflict:
            session.store.refresh()
            if attempt == _ATTEMPTS - 1:
                raise
    return current(session, place, use and as_kept(session, place, use))


def as_kept(session: Session, place: LayoutPlace, use: LayoutUse | None = None) -> LayoutUse:
    """A layout (the one that this person shapes, without) as it is kept now: what nobody had made when it was read, someone may have
    made meanwhile. Raises NotFound."""
    if use is None:
        use = target(session, place)
    if use.kept is None:
        session.store.refresh()
    scope = _scope(use)
    for kept in _kept(session, place, scope):
        if scope != "view" or (use.kept and kept.id == use.kept.id):
            return LayoutUse(scope, kept.record.layout, kept, use.near)
    if use.kept is not None:
        raise NotFound(_("This layout was deleted by someone. Choose another."))
    return use


def _scope(use: LayoutUse) -> LayoutScope:
    """What a layout is kept as; the built-in one, shaped, is the common one."""
    return COMMON if use.kind == BUILT_IN else use.kind


def _kept(session: Session, place: LayoutPlace, scope: LayoutScope) -> list[KeptLayout]:
    """The records of a scope, the newest first; of personal layouts, this person's."""
    found = [
        kept
        for kept in session.workspace.kept_layouts(*place)
        if kept.record.scope == scope and (scope != PERSONAL or kept.record.person == session.person_key)
    ]
    return sorted(found, key=lambda kept: kept.rev, reverse=True)


def put(session: Session, place: LayoutPlace, use: LayoutUse, layout: Layout, label: str) -> None:
    """Keep a whole layout as this one. Raises Refused, AccessDenied, Conflict when someone else changed it meanwhile."""
    with session.change(label) as change:
        stage(change, place, use, layout)
    if use.kept is None and use.kind == PERSONAL and preferences.layout_choice(session, place) in (COMMON, BUILT_IN):
        # Who shapes one of their own from here sees what they shape.
        preferences.choose_layout(session, place, PERSONAL)


def stage(change: Change, place: LayoutPlace, use: LayoutUse, layout: Layout) -> None:
    """The same as a part of a change."""
    doc = record_of(change.session, place, use, layout)
    if use.kept is None:
        change.put("layout", doc)
    else:
        change.put("layout", doc, use.kept.id, expect=use.kept.rev)


def record_of(session: Reader, place: LayoutPlace, use: LayoutUse, layout: Layout) -> dict[str, Any]:
    """The record that keeps a layout. Raises Refused where the record's content is no layout."""
    _check(layout)
    kept = use.kept.record if use.kept else None
    scope = _scope(use)
    person = session.person_key if scope == PERSONAL else ""
    record = kept or LayoutRecord(place.type, place.variant, scope, [], person=person)
    edited = stamp(session.moment())
    whole = replace(record, sections=layout.sections, tabs=layout.tabs, hidden_tabs=layout.hidden_tabs, edited=edited)
    return plain(whole)


def plain(record: LayoutRecord) -> dict[str, Any]:
    """A layout's record as the store keeps it: only what is said."""
    whole: dict[str, Any] = msgspec.to_builtins(record)
    return {key: value for key, value in whole.items() if value not in ("", [], 0) or key in ("variant", "sections")}


def _check(layout: Layout) -> None:
    shown = Counter(placed.field for section in layout.sections for placed in section.fields)
    twice = [field for field, times in shown.items() if times > 1]
    if twice:
        raise Refused(_("A field can be in one section only: {fields}").format(fields=", ".join(sorted(twice))))
    if any(not section.title for section in layout.sections):
        raise Refused(_("A section needs a name."))
    SECTIONS.check("sections", layout.sections)
    for section in layout.sections:
        for title in all_labels(section.title):
            SECTION_NAME.check("title", title)


# -- whole layouts -----------------------------------------------------------------------------------------------------
def begin_personal(session: Session, place: LayoutPlace, use: LayoutUse | None = None) -> LayoutUse:
    """A layout of one's own, as the card stands now (or is shaped: `use`); it is in use from then on. One that there is already is
    taken up again. Raises Refused, AccessDenied."""
    use = use or in_use(session, place)
    if use.kind == PERSONAL and use.kept is not None:
        raise Refused(_("You already use your personal layout."))
    begun = LayoutUse(PERSONAL, use.layout)
    require_edit(session, begun)
    if own(session, place) is None:
        put(session, place, begun, use.layout, _("use a personal layout"))
    preferences.choose_layout(session, place, PERSONAL)
    return in_use(session, place)


def whose_personal(session: Session, place: LayoutPlace) -> list[str]:
    """The names of those who have a layout of their own there."""
    found = session.workspace.kept_layouts(*place)
    people = {kept.record.person for kept in found if kept.record.scope == PERSONAL}
    return sorted(session.names.person(person) or person for person in people)


def set_for_everyone(session: Session, place: LayoutPlace, use: LayoutUse | None = None) -> list[str]:
    """Make the card as it stands (or is shaped, or another layout) the common one, and take away the personal ones; returns whose they
    were.

    One change. Views stay: they are made for some on purpose. Raises AccessDenied."""
    use, whose = use or in_use(session, place), whose_personal(session, place)
    common = next(iter(_kept(session, place, COMMON)), None)
    doc = record_of(session, place, LayoutUse(COMMON, use.layout, common), use.layout)
    with session.change(_("set the card layout for everyone")) as change:
        change.put("layout", doc, common.id if common else 0)
        for kept in session.workspace.kept_layouts(*place):
            if kept.record.scope != "view" and kept != common:
                change.remove("layout", kept.id)
    return whose


def told_everyone(whose: Sequence[str]) -> str:
    """What came of `set_for_everyone`, in a sentence."""
    if not whose:
        return _("Everyone has this layout now; nobody had a personal one.")
    count = ngettext("{n} personal layout was removed", "{n} personal layouts were removed", len(whose))
    return _("Everyone has this layout now; {count}: {names}.").format(count=count, names=", ".join(whose))


def reset(session: Session, place: LayoutPlace, use: LayoutUse | None = None) -> LayoutUse:
    """Back to what the layout in use was built on: one's own to the common one, that to the built-in one, a view to what those get
    who have none. Returns what is in use then. Raises Refused where there is nothing to go back to."""
    use = use or in_use(session, place)
    if use.kept is None:
        raise Refused(_("This is the built-in layout: there is nothing to reset."))
    if use.kind == "view":
        put(session, place, use, common(session, place).layout, _("reset the view {name}").format(name=use.name))
    else:
        label = _("reset my personal card layout") if use.kind == PERSONAL else _("reset the card layout")
        with session.change(label) as change:
            for kept in _kept(session, place, _scope(use)):
                change.remove("layout", kept.id)
    return in_use(session, place)


def new_section_key() -> str:
    """`user_` and 8 characters, as the model product names them (reference §4.1)."""
    import secrets

    return "user_" + "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _i in range(8))


def describe(use: LayoutUse) -> str:
    """`common layout`, `view “Sales”`: what the footer says."""
    if use.kind == "view":
        return _("view {name}").format(name=use.name)
    return {
        "personal": _("personal layout"),
        "common": _("common layout"),
        "built-in": _("built-in layout"),
    }[use.kind]


def explain(session: Session, place: LayoutPlace) -> str:
    """Why this person's cards have the layout they have, in a sentence."""
    use = in_use(session, place)
    choice = preferences.layout_choice(session, place)
    if choice and use != available(session, place)[0]:
        return _("You chose it.")
    if use.kind == "view" and use.near == 0:
        return _("A view made for you personally comes before all others.")
    if use.kind == "view" and use.kept is not None:
        return _("A view made for {department}, your nearest department that has one.").format(
            department=_through(session, use)
        )
    return {
        "personal": _("No view is made for you; your personal layout comes before the common one."),
        "common": _("You have no view or personal layout, so you have the common one, shared by everyone."),
        "built-in": _("No layout was made here yet, so this is the built-in one."),
    }[use.kind]


def _through(session: Session, use: LayoutUse) -> str:
    """The department through which a view is for this person."""
    workspace = session.workspace
    parts = list(workspace.departments.up(session.person.department))
    return workspace.departments[parts[use.near - 1]].name
