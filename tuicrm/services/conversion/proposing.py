"""A proposal: what making a scenario from an item would come to, before anything is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from tuicrm.domain.conversion import Lost, PlannedItem, Proposal, client_links, in_order, origin_field
from tuicrm.domain.conversion import scenarios as all_scenarios
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.values import is_empty
from tuicrm.domain.required import missing_fields
from tuicrm.domain.schema import Field, ItemType, Scenario
from tuicrm.errors import AccessDenied, Refused
from tuicrm.i18n import _
from tuicrm.services.conversion import existing
from tuicrm.services.conversion.mapping import carried
from tuicrm.services.items import clients, related, stages
from tuicrm.services.kernel import item_rules
from tuicrm.services.kernel.builtin_definitions import load_carrying
from tuicrm.services.kernel.drafts import Draft, DryIds
from tuicrm.services.kernel.numbers import InCommit
from tuicrm.services.kernel.permissions import require
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc, Key

_MOST_MADE = 20
_MOST_TOLD = 3


def scenarios(session: Session, type_key: str) -> list[Scenario]:
    """What can be made from items of a type."""
    return all_scenarios(session.workspace, type_key)


def finishing(session: Session, type_key: str) -> list[Scenario]:
    """Those after which the item is in its success stage: what is offered when somebody moves it there."""
    return [one for one in scenarios(session, type_key) if one.finishes]


def find_scenario(session: Session, type_key: str, text: str) -> Scenario:
    """`deal,contact` in any order, by keys or labels. Raises Refused listing those there are."""
    known = scenarios(session, type_key)
    found = [session.workspace.find_type(word.strip()) for word in text.split(",") if word.strip()]
    wanted = {item_type.key for item_type in found if item_type is not None}
    for one in known:
        if None not in found and set(one.targets) == wanted:
            return one
    noun = session.label(session.workspace.type(type_key).label).lower()
    if not known:
        raise Refused(_("Other items cannot be created from this type: {type}.").format(type=noun))
    listed = "; ".join(one.key for one in known)
    raise Refused(
        _("“{text}” cannot be created from this type ({type}); choose from: {known}").format(
            type=noun, text=text, known=listed
        )
    )


def told(session: Session, scenario: Scenario) -> str:
    """`Deal + contact`, for people."""
    label, workspace = session.label, session.workspace
    return " + ".join(label(workspace.type(key).label) for key in scenario.targets)


def why_not(session: Session, item: Item, scenario: Scenario) -> str | None:
    """Why this person may not make it: that needs edit on the source and add on what is made. None when they may."""
    try:
        require(session, "edit", item.type, item.fields)
    except AccessDenied as denied:
        return denied.message
    for key in scenario.targets:
        places = session.workspace.pipelines(key)
        scopes = [session.access.scope("add", key), *(session.access.scope("add", key, one.key) for one in places)]
        if set(scopes) == {"none"}:
            plural = session.label(session.workspace.type(key).plural).lower()
            return _("You may not add {type}.").format(type=plural)
    return None


def propose(session: Session, item: Item, scenario: Scenario) -> Proposal:
    """What would be copied where, what is lacking, and what could be taken instead. Raises AccessDenied, and Refused where nothing
    can be made."""
    reason = why_not(session, item, scenario)
    if reason is not None:
        raise AccessDenied(reason)
    parts: list[PlannedItem] = []
    lost: dict[str, list[Lost]] = {}
    for key in in_order(session.workspace, scenario):
        part, left = _part(session, item, session.workspace.type(key), scenario)
        parts.append(part)
        for one in left:
            lost.setdefault(one.field.key, []).append(one)
    placeless = [found for found in lost.values() if len(found) == len(parts)]
    pipeline, stage = success_of(session, item) if scenario.finishes else ("", "")
    return Proposal(
        item,
        scenario,
        tuple(parts),
        pipeline,
        stage,
        tuple(_own_lacking(session, item, scenario, pipeline, stage)),
        tuple(stages.asks(session, item, pipeline, stage)) if stage else (),
        tuple(next((one for one in found if one.makeable), found[0]) for found in placeless),
        tuple(_stays(session, item, parts)),
        tuple(_made_before(session, item, scenario)),
    )


def told_made(session: Session, proposal: Proposal) -> str:
    """`Q-12 was already made from this on 3 Nov`, of those made before, the newest first; "" where nothing was."""
    told = []
    for item in (found for ref in reversed(proposal.made) if (found := session.peek(ref)) is not None):
        ref = session.workspace.show_ref(item.ref)
        when = _day(session, item.get("created"))
        sentence = _("{ref} was already made from this on {when}") if when else _("{ref} was already made from this")
        told.append(sentence.format(ref=ref, when=when))
    more = len(told) - _MOST_TOLD
    return "; ".join([*told[:_MOST_TOLD], *([_("and {n} more").format(n=more)] if more > 0 else [])])


def _day(session: Session, iso: object) -> str:
    """The day of a UTC ISO time, for people; "" for what is no time."""
    from tuicrm.domain.kinds.day_names import day_text

    context = session.context()
    try:
        return day_text(datetime.fromisoformat(str(iso)).astimezone(context.zone).date(), context)
    except (ValueError, OverflowError):
        return ""


# -- one part ----------------------------------------------------------------------------------------------------------
def _part(session: Session, item: Item, target: ItemType, scenario: Scenario) -> tuple[PlannedItem, list[Lost]]:
    found = carried(session, item, target)
    fields = {one.target.key: one.value for one in found.copied}
    links = {one.target.key: fields.pop(one.target.key) for one in found.copied if one.target.read_only}
    coming = _coming(target, scenario)
    for field in coming:
        # What is made along takes the place of the one client; of several, it comes to the others.
        if not field.many:
            fields.pop(field.key, None)
    origin = origin_field(target, item.type)
    if origin is not None:
        links[origin.key] = linking(origin, item.ref, fields.pop(origin.key, None))
    fields |= _people_of_source(session, item, target, {**fields, **links})
    doc = _own_if_need_be(session, target.key, fields, links)
    lacking = item_rules.missing(session, session.workspace, target.key, doc)
    linked, alike = _existing(session, item, target.key, fields)
    part = PlannedItem(
        target.key,
        fields,
        links,
        tuple(one for one in found.copied if one.target.key in fields),
        tuple(field for field in lacking if field not in coming),
        tuple(_named(session, target, doc)),
        tuple(dict.fromkeys((*linked, *alike))),
        bool(linked),
    )
    return part, found.lost


def _people_of_source(session: Session, item: Item, target: ItemType, values: Mapping[str, Any]) -> dict[str, Any]:
    """Whom a company brings along that is the client itself: its people, but for those who were left out the last time (§1.6)."""
    found = clients.client_fields(session, target.key)
    if found is None or values.get(found.company.key) != str(item.ref) or values.get(found.people.key):
        return {}
    people = clients.usual_people(session, str(item.ref), clients.people_of(session, found, str(item.ref)))
    return {found.people.key: people} if people else {}


def _coming(target: ItemType, scenario: Scenario) -> list[Field]:
    """The fields of a target that will name what is made along with it."""
    others = {key: Ref(key, 0) for key in scenario.targets if key != target.key}
    filled = client_links(target, others)
    return [field for field in target.fields if field.key in filled]


def _existing(session: Session, item: Item, type_key: str, fields: Mapping[str, Any]) -> tuple[list[Ref], list[Ref]]:
    """The source's own clients of a type, and others that the fields may speak of."""
    if not existing.can_be_taken(type_key):
        return [], []
    alike = [ref for ref in existing.alike(session, type_key, fields) if ref != item.ref]
    return existing.linked(session, item, type_key), alike


def linking(field: Field, ref: Ref, present: object = None) -> str | list[str]:
    """The value of an item field that names a ref, first of several."""
    if not field.many:
        return str(ref)
    others = present if isinstance(present, list) else []
    return [str(ref), *(one for one in others if one != str(ref))]


def trial(
    session: Session, type_key: str, fields: Mapping[str, Any], links: Mapping[str, Any], *, enforce: bool = False
) -> Doc:
    """The document that a new item would be. Raises what making it would raise; nothing is written."""
    draft = Draft(session, session.workspace, DryIds(session), InCommit())
    ref = Ref(type_key, draft.new_id(type_key))
    item_rules.make(draft, ref, fields, enforce=enforce, origin=None, links=links)
    return draft.get(Key(*ref)) or {}


def _own_if_need_be(session: Session, type_key: str, fields: dict[str, Any], links: Mapping[str, Any]) -> Doc:
    """A trial; where somebody may add items of their own only, the new one is theirs."""
    try:
        return trial(session, type_key, fields, links)
    except AccessDenied:
        if fields.get("responsible") in (None, session.person_key):
            raise
        del fields["responsible"]
        return trial(session, type_key, fields, links)


def _named(session: Session, target: ItemType, doc: Mapping[str, Any]) -> list[Field]:
    """The fields of which one must be filled, for a client without a name."""
    if target.key not in load_carrying().clients or any(not is_empty(doc.get(key)) for key in target.title):
        return []
    return [field for field in target.fields if field.key in target.title and session.access.sees(field)]


# -- the source --------------------------------------------------------------------------------------------------------
def success_of(session: Session, item: Item) -> tuple[str, str]:
    """Pipeline and stage that the source goes to; nothing where it is there already."""
    pipeline = session.workspace.pipeline_of(item.type, item.fields)
    stage = next((one for one in pipeline.stages if one.semantics == "success"), None) if pipeline else None
    if pipeline is None or stage is None or stage.key == item.get("stage"):
        return "", ""
    return pipeline.key, stage.key


def _own_lacking(session: Session, item: Item, scenario: Scenario, pipeline: str, stage: str) -> Iterable[Field]:
    """What the source itself needs where it goes, but for the clients that it gets."""
    if not stage:
        return ()
    item_type = session.workspace.type(item.type)
    coming = client_links(item_type, dict.fromkeys(scenario.targets, item.ref))
    fields = session.workspace.fields(item.type).values()
    lacking = missing_fields(fields, item.fields, pipeline, stage, session.access.sees)
    return [field for field in lacking if field.key not in coming]


def _stays(session: Session, item: Item, parts: Iterable[PlannedItem]) -> Iterable[Field]:
    """System fields that go along elsewhere, hold a value, and have no place in what is made."""
    gone = {one.source.key for part in parts for one in part.copied}
    fields = session.workspace.fields(item.type)
    for key in load_carrying().carried:
        field = fields.get(key)
        if field is None or key in gone or field.traits.names_items or not session.access.sees(field):
            continue
        if not is_empty(item.get(key)):
            yield field


def _made_before(session: Session, item: Item, scenario: Scenario) -> list[Ref]:
    """What was made from it: the items of these types that name it as what they come from."""
    found: list[Ref] = []
    for key in scenario.targets:
        target = session.workspace.type(key)
        origin = origin_field(target, item.type)
        if origin is not None and origin.key not in target.client:
            where = related.pointing(session, item, key)
            ids = session.ids(key, where) if where is not None else []
            found += [Ref(key, item_id) for item_id in ids[:_MOST_MADE]]
    return found
