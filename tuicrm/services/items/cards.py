"""A card as view data: the stage bar, tabs and sections of one item, for screens and the command line alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from tuicrm.domain import layouts as layout_edits
from tuicrm.domain.card import CardView, FieldView, SectionView, StageStep, TabView
from tuicrm.domain.context import Context
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.values import is_empty
from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.products import rows_of, totals
from tuicrm.domain.required import first_stage_needing, required_at
from tuicrm.domain.schema import Field, Pipeline, Placed, Tab
from tuicrm.domain.tabs import DOCUMENTS as DOCUMENTS_TAB
from tuicrm.domain.tabs import arrange
from tuicrm.i18n import _
from tuicrm.services.items import clients, known_clients, related
from tuicrm.services.items.client_lines import ClientLines
from tuicrm.services.kernel.computed_fields import FOLLOWS
from tuicrm.services.kernel.field_texts import field_value, show
from tuicrm.services.kernel.product_rules import MANUAL
from tuicrm.services.kernel.reader import DOCUMENTS
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts
from tuicrm.services.layouts.layouts import LayoutUse
from tuicrm.services.workspace import preferences

_NOTHING: Mapping[str, str] = MappingProxyType({})


def view(
    session: Session,
    item: Item,
    *,
    position: str = "",
    use: LayoutUse | None = None,
    changed: Mapping[str, str] = _NOTHING,
) -> CardView:
    """The card of an item already read. `use` shows another layout than the one in use; `changed` tells of fields that others
    changed while it was open."""
    from tuicrm.domain.kinds.dates import short_when

    workspace, context = session.workspace, session.context()
    item_type = workspace.type(item.type)
    pipeline = workspace.pipeline_of(item.type, item.fields)
    place = layouts.place_of(session, item)
    use = use or layouts.in_use(session, place)
    layout = layouts.current(session, place, use)
    folded = preferences.folded(session, place)
    known = workspace.fields(item.type)
    sees, told = session.access.sees, _told(session, item, context)
    fields = [field for field in known.values() if sees(field)]
    lines = ClientLines(session, item, context)
    return CardView(
        ref=workspace.show_ref(item.ref),
        type=item.type,
        noun=session.label(item_type.plural),
        place=session.label(pipeline.label) if pipeline and item_type.has_pipelines else "",
        title=session.title_of(item),
        steps=_steps(session, item, pipeline),
        days=_days(session, item, pipeline, context),
        tabs=_tabs(session, item, arrange(item_type.tabs, layout).shown),
        sections=tuple(
            SectionView(
                section.key,
                session.label(section.title),
                tuple(
                    shown
                    for placed in section.fields
                    for shown in (
                        field_view(
                            session,
                            item,
                            known[placed.field],
                            placed,
                            pipeline,
                            context,
                            changed.get(placed.field, ""),
                            told.get(placed.field, ()),
                        ),
                        *lines.under(known[placed.field]),
                    )
                ),
                section.key in folded,
            )
            for section in layout.sections
        ),
        hidden=len(layout_edits.hidden(layout, fields)),
        layout=layouts.describe(use),
        saved=_("saved {when}").format(when=short_when(item.fields["updated"], context)) if item.get("updated") else "",
        position=position,
        sign=known_clients.repeat_label(session, item),
    )


def _key(pipeline: Pipeline | None) -> str:
    return pipeline.key if pipeline else ""


def _steps(session: Session, item: Item, pipeline: Pipeline | None) -> tuple[StageStep, ...]:
    if pipeline is None:
        return ()
    here = pipeline.index(item.get("stage") or "")
    steps = []
    for at, stage in enumerate(pipeline.stages):
        # Failure stages stand after success without being further on: nothing before them was passed on the way.
        passed = at < here and stage.semantics == "process"
        state: Literal["past", "here", "ahead"] = "here" if at == here else "past" if passed else "ahead"
        steps.append(StageStep(stage.key, session.label(stage.label), stage.colour, stage.semantics, state))
    return tuple(steps)


def _days(session: Session, item: Item, pipeline: Pipeline | None, context: Context) -> str:
    """`day 4 in Qualified`: the first day counts."""
    stage = pipeline.stage(item.get("stage") or "") if pipeline else None
    since = item.get("stage_since")
    if stage is None or not since:
        return ""
    return _("day {n} in {stage}").format(n=day_in_stage(since, context), stage=session.label(stage.label))


def day_in_stage(since: str, context: Context) -> int:
    """Which day it is in a stage, as board and card tell it: the first day is 1."""
    return days_since(since, context) + 1


def days_since(since: str, context: Context) -> int:
    """Whole days in the person's own calendar between a UTC ISO time and now; 0 for what is no time."""
    try:
        began = datetime.fromisoformat(since).astimezone(context.zone).date()
    except (ValueError, TypeError, OverflowError):
        return 0
    return max((context.now.astimezone(context.zone).date() - began).days, 0)


def _tabs(session: Session, item: Item, tabs: Sequence[Tab]) -> tuple[TabView, ...]:
    """The tabs in the bar, each with how many it holds, where it holds any, and what these come to for a client."""
    sold = {one.key: one for one in clients.sold_types(session, item.type)}
    context = session.context()
    found = []
    for tab in tabs:
        count = _count(session, item, tab.kind)
        if tab.kind == DOCUMENTS_TAB and not count and not _has_templates(session, item.type):
            continue
        summed = clients.sales_of(session, item, sold[tab.kind]) if count and tab.kind in sold else None
        told = clients.told(summed, context) if summed is not None else ""
        found.append(TabView(tab.key, session.label(tab.label), count or None, told))
    return tuple(found)


def _count(session: Session, item: Item, tab_kind: str) -> int:
    """How many things a tab of that kind holds."""
    if tab_kind == DOCUMENTS_TAB:
        return len(session.owned(DOCUMENTS, item.ref))
    return len(rows_of(item.get(PRODUCTS))) if tab_kind == PRODUCTS else len(related.ids(session, item, tab_kind))


def _has_templates(session: Session, type_key: str) -> bool:
    """Whether documents are made of items of a type."""
    known = session.workspace.doc_templates.values()
    return any(place.partition("/")[0] == type_key for one in known if not one.deleted for place in one.types)


def field_view(
    session: Session,
    item: Item,
    field: Field,
    placed: Placed,
    pipeline: Pipeline | None,
    context: Context,
    changed: str = "",
    told: tuple[str, ...] = (),
) -> FieldView:
    """One field of an item as it stands on a card."""
    value = field_value(item, field)
    empty = is_empty(value)
    stage = item.get("stage") or ""
    required = required_at(field, _key(pipeline), stage)
    needed_for = ""
    if pipeline and not required:
        later = pipeline.stage(first_stage_needing(field, pipeline, stage))
        needed_for = session.label(later.label) if later else ""
    return FieldView(
        key=field.key,
        label=session.label(field.label),
        kind=field.kind,
        value="" if empty else show(session, item, field, value, context),
        empty=empty,
        required=required,
        missing=required and empty,
        needed_for=needed_for,
        read_only=field.read_only or bool(field.derived),
        link=_link(session, field, value),
        only=", ".join(_who(session, key) for key in field.visible_to),
        changed=changed,
        always=placed.always,
        help=session.label(field.help),
        told=told,
    )


def _told(session: Session, item: Item, context: Context) -> dict[str, tuple[str, ...]]:
    """What is told behind values, by field: of the amount of an item with product rows, whether it is their sum; of a client's
    people, who is the main one."""
    from tuicrm.domain.kinds.money import money_text

    told: dict[str, tuple[str, ...]] = {}
    named = clients.client_fields(session, item.type)
    if named is not None and len(item.get(named.people.key) or ()) > 1:
        told[named.people.key] = (_("the first one is the main one"), _("first: main"))
    item_type = session.workspace.type(item.type)
    summed = totals(rows_of(item.get(PRODUCTS)) if item_type.products else [])
    if summed is None:
        return told
    if item.get(MANUAL) is True:
        made = money_text(summed.total, summed.currency, context)
        told[item_type.amount] = (_("set by hand, the products add up to {sum}").format(sum=made), _("by hand"))
    else:
        told[item_type.amount] = (_("= sum of products"), _("= products"))
    return told


def news(session: Session, before: Item, after: Item) -> dict[str, str]:
    """Fields of an item that changed between two readings: by whom and when (`Luca Verdi, 14:02`), "" where it was oneself."""
    from tuicrm.domain.kinds.dates import short_when

    who, told = str(after.get("updated_by") or ""), ""
    if who and who != session.person_key:
        told = f"{session.names.person(who) or who}, {short_when(str(after.get('updated') or ''), session.context())}"
    keys = {**before.fields, **after.fields}
    return {key: told for key in keys if before.get(key) != after.get(key) and key not in FOLLOWS}


def _link(session: Session, field: Field, value: object) -> str:
    """The ref that `enter` opens: that of the first item named."""
    if not field.traits.names_items or not value:
        return ""
    first = value[0] if isinstance(value, list) else value
    try:
        ref = Ref.parse(str(first))
    except ValueError:
        return ""
    return session.workspace.show_ref(ref)


def _who(session: Session, key: str) -> str:
    """A person or `department:key` by name."""
    if key.startswith("department:"):
        part = session.workspace.departments.get(key.partition(":")[2])
        return part.name if part else key
    return session.names.person(key) or key
