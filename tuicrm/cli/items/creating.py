"""`tuicrm lead create L-7 deal,contact`: one item from another, or the same from each of several."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from unicodedata import combining, normalize

from tuicrm.cli.arguments.item_words import type_of, words_and_values
from tuicrm.cli.arguments.places import DRY_RUN, only_told
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import TextCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.progress import Telling
from tuicrm.cli.running.work import CommandRun, assignments
from tuicrm.domain.items import Item, Ref
from tuicrm.errors import AccessDenied, CrmError, Refusal, Refused, UsageError
from tuicrm.i18n import _, ngettext
from tuicrm.render.text import clean

if TYPE_CHECKING:
    from tuicrm.domain.conversion import Came, Plan, PlannedItem
    from tuicrm.domain.schema import Scenario
    from tuicrm.services.conversion.several import SeveralPlans
    from tuicrm.services.conversion.words import ConversionValues
    from tuicrm.services.kernel.session import Session


create_ = verb()


@create_.command(
    cls=TextCommand,
    help=_(
        "Create items from other items: a deal and a contact from a lead, a quote from a deal. "
        "Matching fields are copied."
    ),
)
def create(
    context: typer.CommandContext,
    words: list[str] = typer.Argument(
        None,
        metavar="[REF...] WHAT [FIELD=VALUE...]",
        help=_(
            "The items, what to create from each (deal,contact), and values for it: title=…, or "
            "deal.title=… if there are several."
        ),
    ),
    where: str = typer.Option("", metavar="EXPR", help=_("Instead of named items: all that match this filter.")),
    take: list[str] = typer.Option(
        [], metavar="REF", help=_("Use this existing contact or company instead of creating one.")
    ),
    new: bool = typer.Option(False, "--new", help=_("Create contacts and companies even where matching ones exist.")),
    make_fields: bool = typer.Option(
        False, "--make-fields", help=_("Create custom fields that the new item's type lacks.")
    ),
    again: bool = typer.Option(False, "--again", help=_("Make it also where the same was made from the item before.")),
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.services.conversion import proposing
    from tuicrm.services.conversion import words as said_words

    work, item_type = work_of(context), type_of(context)
    session = work.session
    texts, given = words_and_values(words or [])
    sources, what = _apart(session, texts)
    if not what or not (sources or where):
        example = _example(session, item_type.key)
        raise UsageError(_("Say what to create from which item: {example}.").format(example=example))
    scenario = proposing.find_scenario(session, item_type.key, what)
    refs = _meant(session, item_type.key, sources, where)
    within = session.get(refs[0]) if len(refs) == 1 and not where else None
    said = said_words.read_values(session, item_type.key, scenario, assignments(given), within)
    if within is None:
        if take or said.own:
            raise UsageError(_("Use --take and values for one item at a time."))
        _from_many(work, refs, scenario, said, new=new, make=make_fields, again=again, dry_run=dry_run)
        return
    taken = said_words.read_take(session, scenario, take)
    proposal = proposing.propose(session, within, scenario)
    plan = said_words.decide(session, proposal, said, taken, new=new, make=make_fields)
    _from_one(work, plan, again=again, dry_run=dry_run)


def _apart(session: Session, texts: Sequence[str]) -> tuple[Sequence[str], str]:
    """The items, and what is made of each: `L-7 deal,contact` and `L-7 deal contact` say the same.

    The last text is always of what is made; those before it are where they name nothing but types.
    """
    first = max(len(texts) - 1, 0)
    while first > 0 and _names_types(session, texts[first - 1]):
        first -= 1
    return texts[:first], ",".join(texts[first:])


def _names_types(session: Session, text: str) -> bool:
    return all(session.workspace.find_type(word.strip()) for word in text.strip(",").split(","))


def _meant(session: Session, type_key: str, texts: Sequence[str], where: str) -> list[Ref]:
    """The items that are named, or that match."""
    from tuicrm.services.boards.filters import compile_for
    from tuicrm.services.kernel.lookup import read_refs

    if texts and where:
        raise UsageError(_("Give either items or a filter, not both."))
    if where:
        return [Ref(type_key, item_id) for item_id in session.ids(type_key, compile_for(session, type_key, where))]
    return list(dict.fromkeys(read_refs(session, texts, type_key)))


def _example(session: Session, type_key: str) -> str:
    """The refs and words of something that can be made, or of nothing."""
    from tuicrm.services.conversion import proposing

    known = [one.key for one in proposing.scenarios(session, type_key)]
    prefix = session.workspace.type(type_key).prefix
    return f"{prefix}-42 {known[0]}" + (f" ({'; '.join(known)})" if len(known) > 1 else "") if known else f"{prefix}-42"


# -- one ---------------------------------------------------------------------------------------------------------------
def _from_one(work: CommandRun, plan: Plan, *, again: bool, dry_run: bool) -> None:
    from tuicrm.services.conversion import making
    from tuicrm.services.conversion.proposing import told_made

    before = told_made(work.session, plan.proposal)
    if dry_run:
        _tell_plan(work, plan)
        if before and not work.out.json:
            work.out.warn(f"{before}.")
        return
    if before and again:
        work.out.say(f"{before}.")
    elif before and not _wanted_again(work, before):
        raise Refused(_("{made}. --again makes another one.").format(made=before))
    came = making.carry_out(work.session, plan)
    if work.out.json:
        _envelope(work, [came])
        return
    _tell_made(work, [came])
    for part in plan.proposal.parts:
        _hint(work, part, came)


def _wanted_again(work: CommandRun, before: str) -> bool:
    """Whether somebody at a terminal says that the same is made once more; False where nobody can be asked."""
    if work.out.json or work.out.quiet or not all(one.isatty() for one in (sys.stdin, sys.stdout, sys.stderr)):
        return False
    sys.stderr.write(clean(_("{made}. Make another one? (y/N)").format(made=before)) + " ")
    sys.stderr.flush()
    return _bare(sys.stdin.readline()) in {_bare(word) for word in ("y", "yes", _("y"), _("yes"))}


def _bare(word: str) -> str:
    """A word as it is compared: "si" is typed for "sì", and where the locale knows no such letter, its bytes come as they are."""
    letters = normalize("NFKD", word.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))
    return "".join(letter for letter in letters if not combining(letter)).strip().casefold()


def _tell_plan(work: CommandRun, plan: Plan) -> None:
    """What would be made; where that is refused, with the reason."""
    from tuicrm.services.conversion import making

    session, refused = work.session, None
    try:
        making.check(session, plan, making.missing_fields(session, [plan]))
    except Refusal as error:
        refused = error
    if work.out.json:
        told = _plan_as_json(session, plan)
        if refused is None:
            work.out.envelope(proposed=told)
        else:
            work.out.fail(refused, proposed=told)
    else:
        for part in plan.proposal.parts:
            _draw_part(work, plan, part)
        for one in plan.proposal.lost:
            if not (plan.make and one.makeable):
                label = session.label(one.field.label)
                work.out.warn(_("{field} is not copied: {reason}").format(field=label, reason=one.reason))
        if refused is None:
            work.out.say(only_told(True))
        else:
            work.out.fail(refused)
    if refused is not None:
        raise typer.Exit(refused.exit_code)


def _draw_part(work: CommandRun, plan: Plan, part: PlannedItem) -> None:
    """A table: which field gets what, and from where."""
    from tuicrm.render.table import TableColumn
    from tuicrm.services.kernel import field_texts

    session, wanted = work.session, plan.wanted[part.type]
    noun = session.label(session.workspace.type(part.type).label)
    if wanted.take is not None:
        work.out.text(_("{type}: uses {item}").format(type=noun, item=session.names.related(wanted.take) or ""))
        return
    fields = session.workspace.fields(part.type)
    draft = Item(part.type, 0, 0, {**wanted.fields})
    sources = {one.target.key: one for one in part.copied}
    rows = []
    for key, value in wanted.fields.items():
        source = sources.get(key)
        same = source is not None and source.value == value
        origin = session.label(source.source.label) if source is not None and same else ""
        shown = field_texts.show(session, draft, fields[key], value, session.context())
        rows.append([session.label(fields[key].label), ", ".join(shown.splitlines()), origin])
    item = session.workspace.show_ref(plan.proposal.item.ref)
    heads = [TableColumn(noun, style="accent"), TableColumn(_("Value")), TableColumn(_("From {ref}").format(ref=item))]
    work.out.table(heads, rows)


def _plan_as_json(session: Session, plan: Plan) -> dict[str, Any]:
    proposal = plan.proposal
    return {
        "from": session.workspace.show_ref(proposal.item.ref),
        "stage": proposal.stage or None,
        "items": [_part_as_json(session, plan, part) for part in proposal.parts],
        "left": [{"field": one.field.key, "reason": one.reason, "makeable": one.makeable} for one in proposal.lost],
        "stays": [field.key for field in proposal.stays],
        "made_before": [session.workspace.show_ref(ref) for ref in proposal.made],
    }


def _part_as_json(session: Session, plan: Plan, part: PlannedItem) -> dict[str, Any]:
    show_ref, wanted = session.workspace.show_ref, plan.wanted[part.type]
    return {
        "type": part.type,
        "take": show_ref(wanted.take) if wanted.take else None,
        "fields": dict(wanted.fields),
        "copied": {one.target.key: one.source.key for one in part.copied},
        "lacks": [field.key for field in part.lacking],
        "existing": [show_ref(ref) for ref in part.existing],
    }


def _hint(work: CommandRun, part: PlannedItem, came: Came) -> None:
    """Who could have been taken instead."""
    session = work.session
    if part.type in came.made and part.existing:
        names = ", ".join(name for ref in part.existing if (name := session.names.related(ref)))
        noun = session.label(session.workspace.type(part.type).label)
        work.out.say(_("{type}: may already exist: {items} (use it with --take).").format(type=noun, items=names))


# -- many --------------------------------------------------------------------------------------------------------------
def _from_many(
    work: CommandRun,
    refs: Sequence[Ref],
    scenario: Scenario,
    said: ConversionValues,
    *,
    new: bool,
    make: bool,
    again: bool,
    dry_run: bool,
) -> None:
    """Make what can be made; the others are told with what they lack, and make the exit code."""
    from tuicrm.services.conversion import proposing, several
    from tuicrm.services.kernel.bulk import left_out_text

    session = work.session
    name = proposing.told(session, scenario)
    how = several.How(not new, make, said.fields, again=again)
    came: list[Came] = []
    left: list[Ref] = []
    with Telling(work) as telling:
        tell = lambda done, of: telling.tell(f"{name}: {done}/{of}")  # noqa: E731 - a name for a line
        found = several.plan_all(session, refs, scenario, how, tell)
        if not dry_run:
            came, left = several.carry_out_all(session, found, tell)
    failed = _failed(session, found)
    if work.out.json:
        _answer_many(work, found, came, left, failed, dry_run=dry_run)
    else:
        if came:
            _tell_made(work, came)
        for one in found.stayed:
            work.out.warn(several.told(session, one))
        if left:
            work.out.warn(left_out_text(len(left)))
        done = len(found.plans) if dry_run else len(came)
        items = ngettext("{n} item", "{n} items", done)
        without = len(found.stayed) + len(left)
        told = _("Created from {items}; not from {n}.") if without else _("Created from {items}.")
        told = told.format(items=items, n=without)
        work.out.say(f"{told} {only_told(dry_run)}".rstrip())
        if failed:
            work.out.fail(failed)
    if failed:
        raise typer.Exit(failed.exit_code)


def _failed(session: Session, found: SeveralPlans) -> CrmError | None:
    """What it comes to that nothing is made from some: what they lack before what one may not."""
    if not found.stayed:
        return None
    refs = ", ".join(session.workspace.show_ref(one.ref) for one in found.stayed)
    barred = all(one.barred for one in found.stayed)
    told = _("Nothing can be created from: {refs}").format(refs=refs)
    if any(one.before for one in found.stayed):
        told = _("{told}. --again makes it also where it was made before.").format(told=told)
    return (AccessDenied if barred else Refused)(told)


def _answer_many(
    work: CommandRun,
    found: SeveralPlans,
    came: Sequence[Came],
    left: Sequence[Ref],
    failed: CrmError | None,
    *,
    dry_run: bool,
) -> None:
    session = work.session
    more: dict[str, Any] = {
        "stayed": [{"ref": session.workspace.show_ref(one.ref), "reason": one.reason} for one in found.stayed],
        "left_out": [session.workspace.show_ref(ref) for ref in left],
    }
    if dry_run:
        more["proposed"] = [_plan_as_json(session, plan) for plan in found.plans]
    _envelope(work, came, failed, **more)


# -- answers -----------------------------------------------------------------------------------------------------------
def _envelope(work: CommandRun, came: Sequence[Came], failed: CrmError | None = None, **more: object) -> None:
    """The items made, whole, and what came of which."""
    from tuicrm.services.exporting.exportable import plain_item

    session = work.session
    made = [plain_item(session, item) for one in came for ref in one.made.values() if (item := session.peek(ref))]
    created = [
        {
            "from": session.workspace.show_ref(one.item),
            "made": _shown(session, one.made),
            "taken": _shown(session, one.taken),
        }
        for one in came
    ]
    answer = {"items": made, "total": len(made), "created": created, **more}
    if failed is None:
        work.out.envelope(**answer)
    else:
        work.out.fail(failed, **answer)


def _shown(session: Session, refs: Mapping[str, Ref]) -> dict[str, str]:
    return {key: session.workspace.show_ref(ref) for key, ref in refs.items()}


def _tell_made(work: CommandRun, came: Sequence[Came]) -> None:
    """The refs of what was made, as data; beside them what was taken."""
    session = work.session
    for one in came:
        for ref in one.made.values():
            work.out.text(session.workspace.show_ref(ref))
    if len(came) == 1:
        for ref in came[0].taken.values():
            work.out.say(_("Used: {item}").format(item=session.names.related(ref) or ""))
