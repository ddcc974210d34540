"""Views: named card layouts for chosen people and departments, made from the card as it stands (reference §4.2)."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from tuicrm.domain import named
from tuicrm.domain.config_records import KeptLayout, LayoutRecord
from tuicrm.domain.layout_use import LayoutPlace
from tuicrm.domain.slugs import slug, unused
from tuicrm.domain.stamps import stamp
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import VIEW_NAME
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.services.workspace.members import check_members


def views(session: Session, place: LayoutPlace) -> list[KeptLayout]:
    """All views of a place, in their order."""
    found = [kept for kept in session.workspace.kept_layouts(*place) if kept.record.scope == "view"]
    return sorted(found, key=lambda kept: (kept.record.sort, kept.id))


def find_view(session: Session, place: LayoutPlace, text: str) -> KeptLayout:
    """A view by key or name. Raises NotFound listing those there are."""
    known = [
        named.Named(kept, kept.record.key, (kept.record.name,), kept.record.name) for kept in views(session, place)
    ]
    try:
        return named.the(text, known, _("There is no view “{name}” here").format(name=text))
    except named.NotNamed as missing:
        raise NotFound(missing.message) from missing


def add_view(
    session: Session,
    place: LayoutPlace,
    name: str,
    members: Collection[str],
    *,
    layout: layouts.LayoutUse | None = None,
) -> KeptLayout:
    """Make a view of the card as it stands (or of another layout); its members have it at once. Raises Refused, AccessDenied."""
    name = _checked_name(session, place, name)
    found = views(session, place)
    shape = (layout or layouts.in_use(session, place)).layout
    record = LayoutRecord(
        place.type,
        place.variant,
        "view",
        shape.sections,
        shape.tabs,
        shape.hidden_tabs,
        key=unused(slug(name, "view"), [kept.record.key for kept in found]),
        name=name,
        members=check_members(session, members),
        edited=stamp(session.moment()),
        sort=max((kept.record.sort for kept in found), default=0) + 10,
    )
    with session.change(_("create the view {name}").format(name=name)) as change:
        change.put("layout", layouts.plain(record))
    return find_view(session, place, record.key)


def rename_view(session: Session, place: LayoutPlace, key: str, name: str) -> None:
    """Raises Refused, NotFound, AccessDenied."""
    kept = find_view(session, place, key)
    label = _("rename the view {name}").format(name=kept.record.name)
    _put(session, kept, _changed(session, place, kept, name=name), label)


def set_members(session: Session, place: LayoutPlace, key: str, members: Collection[str]) -> None:
    """Whom a view is for: people's keys and `department:key`. Raises Refused, NotFound, AccessDenied."""
    kept = find_view(session, place, key)
    label = _("change who uses the view {name}").format(name=kept.record.name)
    _put(session, kept, _changed(session, place, kept, members=members), label)


def edit_view(
    session: Session,
    place: LayoutPlace,
    key: str,
    *,
    name: str | None = None,
    members: Collection[str] | None = None,
    layout: layouts.LayoutUse | None = None,
) -> KeptLayout:
    """Change what is given of a view: its name, whom it is for, its shape to that of another layout. One change. Raises Refused,
    NotFound, AccessDenied."""
    kept = find_view(session, place, key)
    label = _("change the view {name}").format(name=kept.record.name)
    _put(session, kept, _changed(session, place, kept, name=name, members=members, layout=layout), label)
    return find_view(session, place, kept.record.key)


def _changed(
    session: Session,
    place: LayoutPlace,
    kept: KeptLayout,
    *,
    name: str | None = None,
    members: Collection[str] | None = None,
    layout: layouts.LayoutUse | None = None,
) -> LayoutRecord:
    """A view's record with what is given, checked. One whose members or shape are others is newer than it was."""
    record = kept.record
    if name is not None:
        record = replace(record, name=_checked_name(session, place, name, but=record.key))
    named = record
    if members is not None:
        check_members(session, [member for member in members if member not in record.members])
        record = replace(record, members=list(dict.fromkeys(members)))
    if layout is not None:
        shape = layout.layout
        record = replace(record, sections=shape.sections, tabs=shape.tabs, hidden_tabs=shape.hidden_tabs)
    return record if record == named else replace(record, edited=stamp(session.moment()))


def delete_view(session: Session, place: LayoutPlace, key: str) -> None:
    """Its members go back to what they had without it. Raises NotFound, AccessDenied."""
    kept = find_view(session, place, key)
    with session.change(_("delete the view {name}").format(name=kept.record.name)) as change:
        change.remove("layout", kept.id)


def move_view(session: Session, place: LayoutPlace, key: str, step: int) -> bool:
    """One place down (1) or up (-1) in the list; whether it moved."""
    found = views(session, place)
    at = next(at for at, kept in enumerate(found) if kept.record.key == find_view(session, place, key).record.key)
    if not 0 <= at + step < len(found):
        return False
    found[at], found[at + step] = found[at + step], found[at]
    label = _("order the views: {name}").format(name=found[at + step].record.name)
    with session.change(label) as change:
        for sort, kept in enumerate(found, start=1):
            if kept.record.sort != sort * 10:
                change.put("layout", layouts.plain(replace(kept.record, sort=sort * 10)), kept.id, expect=kept.rev)
    return True


def member_names(session: Session, members: Sequence[str]) -> list[str]:
    """People and departments by name, in their order."""
    workspace = session.workspace
    names = []
    for key in members:
        part = workspace.departments.get(key.removeprefix("department:")) if key.startswith("department:") else None
        names.append(part.name if part else session.names.person(key) or key)
    return names


def _put(session: Session, kept: KeptLayout, record: LayoutRecord, label: str) -> None:
    if record != kept.record:
        with session.change(label) as change:
            change.put("layout", layouts.plain(record), kept.id, expect=kept.rev)


def _checked_name(session: Session, place: LayoutPlace, name: str, but: str = "") -> str:
    session.store.refresh()
    name = " ".join(name.split())
    if not name:
        raise Refused(_("A view needs a name."), [FieldProblem("name", _("is required"), name)])
    VIEW_NAME.check("name", name)
    taken = {kept.record.name.casefold() for kept in views(session, place) if kept.record.key != but}
    if name.casefold() in taken:
        message = _("a view “{name}” already exists").format(name=name)
        raise Refused(message, [FieldProblem("name", message, name)])
    return name
