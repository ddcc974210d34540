"""`+`: other items made from the one under the cursor, which is opened then, or from all that are marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from tuicrm.domain.context import Choice
from tuicrm.domain.conversion import Came
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.domain.progress import Tell
from tuicrm.domain.schema import Scenario, Stage
from tuicrm.errors import AccessDenied, Conflict, NotFound
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOT
from tuicrm.screens import opening
from tuicrm.screens.asking import NO, YES
from tuicrm.screens.host import Host
from tuicrm.screens.items.creating_form import CreatingForm
from tuicrm.screens.items.lacking import ask_of_several
from tuicrm.services.conversion import existing, making, proposing, several
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import preferences
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.question import NOTE, Answer, Question

Unmark: TypeAlias = Callable[[Sequence[Ref]], None]
"""Takes the marks of items away."""

_ONLY_MOVE = ""
_TOLD = 8
"""Items from which nothing is made that the form lists; the others are counted, and told afterwards."""


def why_not_create(session: Session, type_key: str, item: Item | None) -> str | None:
    """Why nothing can be made from items of a type, or from this one; None when something can."""
    known = proposing.scenarios(session, type_key)
    if not known:
        noun = session.label(session.workspace.type(type_key).label).lower()
        return _("Other items cannot be created from this type: {type}.").format(type=noun)
    if item is None:
        return None
    reasons = [proposing.why_not(session, item, one) for one in known]
    return reasons[0] if all(reasons) else None


async def create_from(host: Host, refs: Sequence[Ref], unmark: Unmark) -> None:
    """Ask what is made and with what values, and make it; from several items alike. `unmark` lets go those that it was made from."""
    known = proposing.scenarios(host.session, refs[0].type)
    scenario = await _choose(host, refs[0].type, known, _title(host.session, refs))
    if scenario is None:
        return
    if len(refs) == 1:
        await _from_one(host, refs[0], scenario, opened=True)
    else:
        await _from_many(host, refs, scenario, unmark)


async def finish_by_creating(host: Host, ref: Ref, stage: Stage) -> bool | None:
    """An item is moved to its success stage: offer what that makes of it. Whether it was made; None for the move alone."""
    session = host.session
    title = f"{session.workspace.show_ref(ref)} {DOT} {session.label(stage.label)}"
    found = await _pick_finishing(host, ref.type, title, _("Only move it"))
    if found == _ONLY_MOVE:
        return None
    return isinstance(found, Scenario) and await _from_one(host, ref, found)


async def finish_many_by_creating(host: Host, refs: Sequence[Ref], stage: Stage, unmark: Unmark) -> bool:
    """Several items are moved to their success stage: offer, once for all, what that makes of them. Whether that is settled by it;
    False for the move alone."""
    session = host.session
    plural = session.label(session.workspace.type(refs[0].type).plural).lower()
    title = f"{len(refs)} {plural} {DOT} {session.label(stage.label)}"
    found = await _pick_finishing(host, refs[0].type, title, _("Only move them"))
    if isinstance(found, Scenario):
        await _from_many(host, refs, found, unmark)
    elif found is None:
        host.say(_("Nothing was changed."))
    return found != _ONLY_MOVE


async def _pick_finishing(host: Host, type_key: str, title: str, only: str) -> Scenario | str | None:
    """What is made of an item that reaches success; `_ONLY_MOVE` for nothing, None for `esc`."""
    known = proposing.finishing(host.session, type_key)
    found = await _pick(host, type_key, known, title, Choice(_ONLY_MOVE, only))
    return _ONLY_MOVE if found == _ONLY_MOVE else next((one for one in known if one.key == found), None)


def _title(session: Session, refs: Sequence[Ref]) -> str:
    if len(refs) == 1:
        return _("Create from {item}").format(item=session.names.related(refs[0]))
    plural = session.label(session.workspace.type(refs[0].type).plural).lower()
    return _("Create from {n} {items}").format(n=len(refs), items=plural)


async def _choose(host: Host, type_key: str, known: Sequence[Scenario], title: str) -> Scenario | None:
    if len(known) == 1:
        return known[0]
    found = await _pick(host, type_key, known, title)
    return next((one for one in known if one.key == found), None)


async def _pick(host: Host, type_key: str, known: Sequence[Scenario], title: str, *more: Choice) -> str | None:
    """The key of a scenario, what was made last first; None for `esc`."""
    from tuicrm.widgets.picker import Picker

    last = preferences.scenario(host.session, type_key)
    in_order = sorted(known, key=lambda one: one.key != last)
    choices = [Choice(one.key, proposing.told(host.session, one)) for one in in_order]
    chosen = await host.ask(Picker(host.surface, title, [*choices, *more]))
    return chosen[0] if chosen else None


# -- one ---------------------------------------------------------------------------------------------------------------
async def _from_one(host: Host, ref: Ref, scenario: Scenario, *, opened: bool = False) -> bool:
    """The form of what goes along; made when it is finished, and `opened` then. False when left."""
    from tuicrm.widgets.form import Form

    session = host.session
    form = CreatingForm(
        session, proposing.propose(session, session.get(ref), scenario), host.surface.keys.key("form.choose")
    )
    came: list[Came] = []

    def save(answers: Mapping[str, Answer]) -> None:
        try:
            came.append(making.carry_out(session, form.plan(answers)))
        except Conflict:
            # Both values are told now; the same answer once more is the answer to them.
            session.store.refresh()
            form.proposal = proposing.propose(session, session.get(ref), scenario)
            raise

    title = f"{session.names.related(ref)} {DOT} {proposing.told(session, scenario)}"
    await host.ask(Form(host.surface, title, form.questions, save))
    if not came:
        host.say(_("Nothing was changed."))
        return False
    host.reload()
    made = came[0].made.get(form.proposal.main)
    if opened and made is not None:
        _open_made(host, made, _told_made(session, came[0]))
    else:
        host.say_done(_told_made(session, came[0]))
    return True


def _open_made(host: Host, made: Ref, told: str) -> None:
    """The card of what was made, over where it was made: there it goes on. It may be nothing that its maker may read."""
    try:
        opening.open_card(host, made, Walk(), lambda _last: host.catch_up())
    except (NotFound, AccessDenied):
        host.say_done(told)
        return
    if isinstance(card := host.app.screen, Keyed):
        card.call_after_refresh(card.messages.say_done, told)


def _told_made(session: Session, came: Came) -> str:
    """`D-42, C-7: made from L-3`."""
    made = ", ".join(session.workspace.show_ref(ref) for ref in came.made.values())
    item = session.workspace.show_ref(came.item)
    if not made:
        taken = ", ".join(session.workspace.show_ref(ref) for ref in came.taken.values())
        return _("Used for {item}: {taken}").format(item=item, taken=taken)
    return _("Created from {item}: {made}").format(item=item, made=made)


# -- several -----------------------------------------------------------------------------------------------------------
async def _from_many(host: Host, refs: Sequence[Ref], scenario: Scenario, unmark: Unmark) -> None:
    """Look at all, tell what would come of it, make it; those from which nothing is made stay marked."""
    from tuicrm.widgets.form import Form
    from tuicrm.widgets.progress import with_progress

    session = host.session
    title = f"{proposing.told(session, scenario)} {DOT} {_title(session, refs)}"
    own = await _asked_of_sources(host, refs, scenario)
    if own is None:
        return
    first = several.How(own=own)
    found = await with_progress(host, title, lambda tell: several.plan_all(session, refs, scenario, first, tell))
    if found is None:
        host.say(_("Stopped: nothing was created."))
        return
    how: list[several.How] = []

    def save(answers: Mapping[str, Answer]) -> None:
        take, make, again = (answers.get(key, ()) == (YES,) for key in ("take", "make", "again"))
        how.append(several.How(take or "take" not in answers, make, own=own, again=again))

    questions = _questions(session, found, scenario)
    if any(one.before for one in found.stayed) or (found.plans and any(one.kind != NOTE for one in questions)):
        await host.ask(Form(host.surface, title, questions, save))
    elif found.plans:
        how.append(first)  # there is nothing to decide, and it can be undone
    if not how:
        await _tell_stayed(host, found.stayed, [])
        return

    def work(tell: Tell) -> tuple[several.SeveralPlans, list[Came], list[Ref]]:
        planned = found
        if how[0] != first:
            planned = several.plan_all(session, refs, scenario, how[0], tell)
        return planned, *several.carry_out_all(session, planned, tell)

    done = await with_progress(host, title, work)
    if done is None:
        host.say(_("Stopped: nothing was created."))
        return
    planned, came, left = done
    unmark([one.item for one in came])
    host.reload()
    changed = _("changed meanwhile")
    stayed = [*planned.stayed, *(several.Stayed(ref, session.names.item(ref) or "", changed) for ref in left)]
    await _tell_stayed(host, stayed, came)


async def _asked_of_sources(host: Host, refs: Sequence[Ref], scenario: Scenario) -> Mapping[str, Any] | None:
    """What the stage of success asks of the sources that making brings there, once for all; None when left."""
    if not scenario.finishes:
        return {}
    session = host.session
    found = session.many(refs[0].type, [ref.id for ref in refs])
    moves = [(item, *proposing.success_of(session, item)) for item in found]
    return await ask_of_several(host, [move for move in moves if move[2]])


def _questions(session: Session, found: several.SeveralPlans, scenario: Scenario) -> list[Question]:
    """What would come of it, and how."""
    yes_no = (Choice(YES, _("yes")), Choice(NO, _("no")))
    questions = [Question("", _("Created from"), NOTE, ngettext("{n} item", "{n} items", len(found.plans)))]
    if any(existing.can_be_taken(key) for key in scenario.targets):
        taken = sum(one.take is not None for plan in found.plans for one in plan.wanted.values())
        hint = _("use the contacts and companies that already exist ({n})").format(n=taken)
        questions.append(Question("take", _("Use"), "boolean", chosen=(YES,), choices=yes_no, hint=hint))
    lost = {
        one.field.key: session.label(one.field.label)
        for plan in found.plans
        for one in plan.proposal.lost
        if one.makeable
    }
    if lost and making.may_define(session):
        hint = _("missing there: {fields}").format(fields=", ".join(lost.values()))
        questions.append(Question("make", _("Create fields"), "boolean", chosen=(NO,), choices=yes_no, hint=hint))
    before = sum(one.before for one in found.stayed)
    if before:
        hint = ngettext(
            "{n} item had the same made from it before: made once more?",
            "{n} items had the same made from them before: made once more?",
            before,
        )
        questions.append(Question("again", _("Once more"), "boolean", chosen=(NO,), choices=yes_no, hint=hint))
    if found.stayed:
        questions.append(Question("", _("Not from"), NOTE, ngettext("{n} item", "{n} items", len(found.stayed))))
        questions += [
            Question("", session.workspace.show_ref(one.ref), NOTE, one.title, hint=one.reason)
            for one in found.stayed[:_TOLD]
        ]
    return questions


async def _tell_stayed(host: Host, stayed: Sequence[several.Stayed], came: Sequence[Came]) -> None:
    """What was made, and each item from which nothing is, with the reason."""
    from tuicrm.widgets.pages import Pages, paragraphs

    made = ngettext("created from {n} item", "created from {n} items", len(came))
    if not stayed:
        (host.say_done if came else host.say)(made if came else _("Nothing was changed."))
        return
    told = [several.told(host.session, one) for one in stayed]
    title = f"{made} {DOT} {ngettext('not from {n}', 'not from {n}', len(stayed))}"
    if not host.messages.say_whole("\n".join((title, *told)), "refused"):
        await host.ask(Pages(host.surface, title, lambda cells: paragraphs(told, cells)))
        if came:
            host.say_done(made)
