"""Making what was decided: all items, links, timeline entries and the source's own change as one change, which is one undo."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from msgspec.structs import replace

from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.conversion import Came, Plan, PlannedItem, client_links
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.values import is_empty
from tuicrm.domain.schema import Field
from tuicrm.domain.slugs import slug, unused
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied, FieldProblem, Refused, RequiredFields
from tuicrm.i18n import _
from tuicrm.services.conversion import proposing
from tuicrm.services.definitions.field_changes import require_define
from tuicrm.services.definitions.fields import field_record, used_keys
from tuicrm.services.kernel import item_rules
from tuicrm.services.kernel.builtin_definitions import load_carrying
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.drafts import Draft, DryIds
from tuicrm.services.kernel.numbers import InCommit
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences
from tuicrm.store.protocol import Key

OWN = "own"
"""Before a field's key, in problems and answers: that the source itself needs it."""


class MadeField(NamedTuple):
    """A field that is made on the way, for the values of another one."""

    type: str
    field: Field


def carry_out(session: Session, plan: Plan) -> Came:
    """Make it. Raises what is wrong with a part as Refused with `type.field` problems; AccessDenied, Conflict where the source has
    changed in what was copied, NotFound; nothing is made then."""
    made = missing_fields(session, [plan])
    check(session, plan, made)
    change = Change(session, label(session, [plan]), workspace=with_fields(session, made))
    put_fields(change, made)
    came = add_to(change, plan, made)
    change.commit()
    preferences.choose_scenario(session, plan.proposal.item.type, plan.proposal.scenario.key)
    return came


def label(session: Session, plans: Sequence[Plan]) -> str:
    """What it is called in the log and by undo."""
    scenario = proposing.told(session, plans[0].proposal.scenario).lower()
    item = plans[0].proposal.item
    if len(plans) == 1:
        return _("create {what} from {ref}").format(what=scenario, ref=session.workspace.show_ref(item.ref))
    plural = session.label(session.workspace.type(item.type).plural).lower()
    return _("create {what} from {n} {items}").format(what=scenario, n=len(plans), items=plural)


# -- fields that are missing -------------------------------------------------------------------------------------------
def missing_fields(session: Session, plans: Sequence[Plan]) -> dict[str, MadeField]:
    """The fields that are made on the way, by the source's key; whoever may see the source's may see them. Raises AccessDenied."""
    made: dict[str, MadeField] = {}
    taken: set[str] = set()
    for plan in plans:
        main = plan.proposal.main
        if not plan.make or plan.wanted[main].take is not None:
            continue
        for lost in plan.proposal.lost:
            if not lost.makeable or lost.field.key in made:
                continue
            require_define(session)
            taken |= used_keys(session.workspace, main)
            key = unused(slug(lost.field.key, "field"), taken)
            taken.add(key)
            made[lost.field.key] = MadeField(main, replace(lost.field, key=key, required=False, required_at={}))
    return made


def may_define(session: Session) -> bool:
    """Whether the person may have fields made on the way."""
    try:
        require_define(session)
    except AccessDenied:
        return False
    return True


def with_fields(session: Session, made: Mapping[str, MadeField]) -> Workspace | None:
    """The definitions with the fields that are made; None where none are."""
    if not made:
        return None
    entries = [ConfigRecord(-at, 0, field_record(one.type, one.field)) for at, one in enumerate(made.values(), start=1)]
    return session.load_workspace({"field": entries})


def put_fields(change: Change, made: Mapping[str, MadeField]) -> None:
    """Add the definitions of the fields that are made."""
    for one in made.values():
        change.put("field", field_record(one.type, one.field))


def _brought(plan: Plan, part: PlannedItem, made: Mapping[str, MadeField]) -> dict[str, Any]:
    """The values that fields which are made begin with."""
    if not plan.make or part.type != plan.proposal.main:
        return {}
    item = plan.proposal.item
    return {
        made[lost.field.key].field.key: item.get(lost.field.key)
        for lost in plan.proposal.lost
        if lost.field.key in made
    }


# -- checking ----------------------------------------------------------------------------------------------------------
def check(session: Session, plan: Plan, made: Mapping[str, MadeField]) -> None:
    """Raise what is wrong with each part, all at once, before anything is made."""
    wrong = list(_wrong(session, plan, made))
    if not wrong:
        return
    told = "; ".join(f"{name}: {refused.message}" for _prefix, name, refused in wrong)
    found = [
        FieldProblem(f"{prefix}.{problem.field}", problem.message, problem.value)
        for prefix, _name, refused in wrong
        for problem in refused.fields
    ]
    lacks = all(isinstance(refused, RequiredFields) for _prefix, _name, refused in wrong)
    raise (RequiredFields if lacks else Refused)(told, found)


def _wrong(session: Session, plan: Plan, made: Mapping[str, MadeField]) -> Iterator[tuple[str, str, Refused]]:
    """What each part is refused for: its prefix, its name for people, the refusal."""
    workspace = with_fields(session, made) or session.workspace
    item, scenario = plan.proposal.item, plan.proposal.scenario
    coming = {key: plan.wanted[key].take or Ref(key, 1) for key in scenario.targets}
    for part in plan.proposal.parts:
        wanted = plan.wanted[part.type]
        if wanted.take is not None:
            continue
        name = session.label(workspace.type(part.type).label)
        draft = Draft(session, workspace, DryIds(session), InCommit())
        ref = Ref(part.type, draft.new_id(part.type))
        values = {**wanted.fields, **_brought(plan, part, made)}
        try:
            links = _links(workspace, plan, part, coming)
            item_rules.make(draft, ref, values, enforce=True, origin=None, links=links)
            _refuse_nameless(session, part, draft.get(Key(*ref)) or {})
        except Refused as refused:
            yield part.type, name, refused
    try:
        _try_source(session, workspace, plan, coming)
    except Refused as refused:
        yield OWN, workspace.show_ref(item.ref), refused


def _refuse_nameless(session: Session, part: PlannedItem, doc: Mapping[str, Any]) -> None:
    target = session.workspace.type(part.type)
    if part.type not in load_carrying().clients or any(not is_empty(doc.get(key)) for key in target.title):
        return
    fields = session.workspace.fields(part.type)
    names = _(" or ").join(session.label(fields[key].label) for key in target.title)
    problems = [FieldProblem(key, _("is required"), None) for key in target.title]
    raise RequiredFields(_("Required: {fields}").format(fields=names), problems)


def _try_source(session: Session, workspace: Workspace, plan: Plan, coming: Mapping[str, Ref]) -> None:
    item = plan.proposal.item
    fields = _of_source(workspace, session, plan, coming)
    if not fields:
        return
    draft = Draft(session, workspace, DryIds(session), InCommit())
    before = draft.get(Key(*item.ref)) or dict(item.fields)
    changed = item_rules.changes(draft, item.ref, before, fields)
    if changed:
        item_rules.edit(draft, item.ref, before, changed, enforce=True)


# -- making ------------------------------------------------------------------------------------------------------------
def add_to(change: Change, plan: Plan, made: Mapping[str, MadeField], fresh: Collection[Ref] = ()) -> Came:
    """Add all of a plan to a change. What it refuses is raised at commit. `fresh` are items that come to be with it: those taken tell
    already what they come from."""
    session, workspace, proposal = change.session, change.workspace, plan.proposal
    item = proposal.item
    change.rest_on(item, _resting(plan))
    refs: dict[str, Ref] = {}
    came = Came(item.ref, {}, {})
    for part in proposal.parts:
        wanted = plan.wanted[part.type]
        if wanted.take is not None:
            refs[part.type] = came.taken[part.type] = wanted.take
            change.entry(item.ref, "taken", {"to": str(wanted.take)})
            if wanted.take not in fresh:
                change.entry(wanted.take, "taken", {"from": str(item.ref)})
            continue
        values = {**wanted.fields, **_brought(plan, part, made)}
        links = _links(workspace, plan, part, refs)
        ref = change.add(part.type, values, links=links, origin={"from": str(item.ref)})
        refs[part.type] = came.made[part.type] = ref
        change.entry(item.ref, "made", {"to": str(ref)})
    fields = _of_source(workspace, session, plan, refs)
    if fields:
        change.edit(item.ref, fields, base=item)
    return came


def _resting(plan: Plan) -> set[str]:
    """Fields of the source whose values are copied as they were seen."""
    return {
        one.source.key
        for part in plan.proposal.parts
        if plan.wanted[part.type].take is None
        for one in part.copied
        if plan.wanted[part.type].fields.get(one.target.key) == one.value
    }


def _links(workspace: Workspace, plan: Plan, part: PlannedItem, refs: Mapping[str, Ref]) -> dict[str, Any]:
    """The item fields of a part that follow from what it is made from, and from the clients made or taken along."""
    target = workspace.type(part.type)
    fields = workspace.fields(part.type)
    links = dict(part.links)
    others = {key: ref for key, ref in refs.items() if key != part.type}
    for key, ref in client_links(target, others).items():
        present = links.get(key, plan.wanted[part.type].fields.get(key))
        links[key] = proposing.linking(fields[key], ref, present)
    return links


def _of_source(workspace: Workspace, session: Reader, plan: Plan, refs: Mapping[str, Ref]) -> dict[str, Any]:
    """What changes on the source: its stage, what that needs, and the clients that it had none of yet."""
    proposal = plan.proposal
    item = proposal.item
    fields: dict[str, Any] = dict(plan.own)
    if proposal.stage:
        fields |= {"pipeline": proposal.pipeline, "stage": proposal.stage}
    if not proposal.scenario.finishes:
        return fields
    item_type, known = workspace.type(item.type), workspace.fields(item.type)
    for key, ref in client_links(item_type, refs).items():
        field, present = known[key], item.get(key)
        if not session.access.sees(field) or field.read_only:
            continue
        if field.many and str(ref) not in (present or []):
            fields[key] = [*(present if isinstance(present, list) else []), str(ref)]
        elif not field.many and is_empty(present):
            fields[key] = str(ref)
    return fields
