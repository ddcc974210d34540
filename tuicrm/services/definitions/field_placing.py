"""A field and its place on the card in one change: a new one where the cursor is, one that is configured there."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from tuicrm.domain import layouts as edits
from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.domain.schema import Field, Layout
from tuicrm.i18n import _
from tuicrm.services.definitions import field_changes
from tuicrm.services.definitions.field_changes import Required
from tuicrm.services.definitions.fields import field_record, refuse
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts


class Spot(NamedTuple):
    """A place on a card: the layout that is shaped, a section of it, and the field that a new one goes under ("" for its end)."""

    place: LayoutPlace
    use: LayoutUse
    section: str
    under: str = ""


def add_placed(session: Session, type_key: str, field: Field, spot: Spot) -> Field:
    """Make a field (`fields.new_field`) and put it on the card, as one change. Raises AccessDenied, Conflict."""
    with session.change(_("add the field {label}").format(label=session.label(field.label))) as change:
        change.put("field", field_record(type_key, field))
        layouts.stage(change, spot.place, spot.use, _placed(spot, field.key))
    return session.workspace.fields(type_key)[field.key]


def _placed(spot: Spot, key: str) -> Layout:
    """The layout with the field in the spot. Where the section is gone meanwhile, it stands at the end of the last one."""
    layout = spot.use.layout
    if not layout.sections:
        return layout
    at = next((n for n, one in enumerate(layout.sections) if one.key == spot.section), len(layout.sections) - 1)
    found = edits.where(layout, spot.under) if spot.under else None
    return edits.place_field(layout, key, at, found[1] + 1 if found is not None and found[0] == at else None)


def configure(
    session: Session,
    type_key: str,
    key: str,
    *,
    required: Required | None = None,
    members: Collection[str] | None = None,
    spot: Spot | None = None,
    always: bool | None = None,
) -> None:
    """Where a field is required, who may see it, whether its place in the spot's layout always shows it; None leaves it as it is. One
    change. Raises Refused, NotFound, AccessDenied, Conflict."""
    field = field_changes.living(session, type_key, key)
    changed, found = field_changes.changed_field(session, type_key, field, required=required, visible_to=members)
    refuse(found)
    with session.change(_("configure the field {label}").format(label=session.label(field.label))) as change:
        field_changes.stage_field(change, type_key, field, changed)
        if spot is not None and always is not None and edits.where(spot.use.layout, key) is not None:
            shown = edits.show_always(spot.use.layout, key, always=always)
            if shown != spot.use.layout:
                layouts.stage(change, spot.place, spot.use, shown)
