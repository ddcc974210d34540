"""Required fields by every way into a stage: refused with the field's name, asked for where there is somebody to ask, and nobody is
bound by what they may not see."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple, TypeAlias

import pytest

from tests.doors import add_field, card_of
from tests.driver import LARGE, Crm, running
from tests.rules.world import KEY, LABEL, RULES, THERE, VALUE, WAITING, Rule, World
from tests.screens.boards.test_board import board
from tests.screens.opening import agenda, card, go_to
from tuicrm.domain.items import Ref
from tuicrm.errors import CrmError
from tuicrm.screens.items.merge import MergeScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.definitions import pipelines
from tuicrm.services.history import history
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items, stages


class Tried(NamedTuple):
    """What came of a try: all that was told, whether it was done, and what the field holds now."""

    told: str
    done: bool
    value: Any = None


Way: TypeAlias = Callable[[World, Rule, str], Awaitable[Tried]]
"""Tries to bring an item to `THERE`, or to keep one there, without the value; what is asked for is answered, or left for ""."""


class Joined(NamedTuple):
    """A way of the matrix; whether there is somebody to ask, and the rules of which it can be told."""

    way: Way
    asks: bool
    tells_of: Callable[[Rule], bool]


WAYS: dict[str, Joined] = {}
"""By name. The ways that come later join here."""


def way(name: str, *, asks: bool = True, tells_of: Callable[[Rule], bool] = lambda rule: True) -> Callable[[Way], Way]:
    """Let a way join the matrix."""

    def join(function: Way) -> Way:
        WAYS[name] = Joined(function, asks, tells_of)
        return function

    return join


async def answer_it(crm: Crm, answer: str) -> str:
    """Answer what is asked for, if anything is; all that was said."""
    told = crm.screen_text()
    if crm.dialog is not None:
        if answer:
            await crm.type(answer)
            await crm.press_action("form.save")
            assert crm.dialog is None, crm.screen_text()
        else:
            await crm.press_action("form.save")
            told += crm.screen_text()
            await crm.press_action("cancel")
    return told + crm.said()


def came_there(world: World, ref: Ref, told: str) -> Tried:
    doc = world.get(ref)
    return Tried(told, doc["stage"] == THERE, doc.get(KEY))


# -- on screen ---------------------------------------------------------------------------------------------------------
@way("edited on the card")
async def edited_on_the_card(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE)
    rule.make(world)
    async with card(world.luca, ref, LARGE) as (crm, _screen):
        await go_to(crm, "title")
        await crm.press_action("field.edit")
        await crm.type("!")
        await crm.press_action("editor.save")
        told = await answer_it(crm, answer)
    doc = world.get(ref)
    return Tried(told, doc["title"].endswith("!"), doc.get(KEY))


@way("a product row added on the card")
async def product_row_added(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE)
    rule.make(world)
    async with card(world.luca, ref, LARGE) as (crm, _screen):
        await crm.press("2")
        await crm.press_action("products.add")
        await crm.type("Nails")
        await crm.press_action("list.choose")
        told = await answer_it(crm, answer)
    doc = world.get(ref)
    return Tried(told, "products" in doc, doc.get(KEY))


@way("moved on the card")
async def moved_on_the_card(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal()
    rule.make(world)
    async with card(world.luca, ref, LARGE) as (crm, _screen):
        await crm.press_action("stage.next")
        told = await answer_it(crm, answer)
    return came_there(world, ref, told)


@way("moved on the card, by the name of the stage")
async def moved_by_name(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal()
    rule.make(world)
    async with card(world.luca, ref, LARGE) as (crm, _screen):
        await crm.press_action("stage.move")
        await crm.type("Document prep")
        await crm.press_action("list.choose")
        told = await answer_it(crm, answer)
    return came_there(world, ref, told)


@way("moved on the board")
async def moved_on_the_board(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal()
    rule.make(world)
    async with board(world.luca, LARGE) as (crm, _screen):
        await crm.press_action("stage.next")
        told = await answer_it(crm, answer)
    return came_there(world, ref, told)


@way("marked and moved on the board", asks=False)
async def marked_and_moved(world: World, rule: Rule, answer: str) -> Tried:
    ref, filled = world.deal(), world.deal("Filled in", value=VALUE)
    rule.make(world)
    async with board(world.luca, LARGE) as (crm, _screen):
        await crm.press_action("mark_all", "stage.next")
        told = await answer_it(crm, answer)
    assert world.get(filled)["stage"] == THERE, "those that can move, do"
    return came_there(world, ref, told)


@way("marked and edited in the list", asks=False)
async def marked_and_edited(world: World, rule: Rule, answer: str) -> Tried:
    ref, filled = world.deal(stage=THERE), world.deal("Filled in", stage=THERE, value=VALUE)
    rule.make(world)
    async with running(world.luca, lambda s, surface: ListScreen(s, surface, "deal"), LARGE) as crm:
        await crm.press_action("mark_all", "edit_many")
        await crm.type("Comment")
        await crm.press_action("list.mark", "list.choose")
        await crm.type("Other")
        await crm.press_action("form.save")
        told = crm.screen_text()
        await crm.press_action("preview.do")
    assert world.get(filled)["comment"] == "Other", "those that can be changed, are"
    doc = world.get(ref)
    return Tried(told, doc.get("comment") == "Other", doc.get(KEY))


@way("moved in triage")
async def moved_in_triage(world: World, rule: Rule, answer: str) -> Tried:
    ref, _other = world.deal(), world.deal("Of which it is not the turn")
    rule.make(world)
    async with running(world.luca, lambda s, surface: ListScreen(s, surface, "deal"), LARGE) as crm:
        await crm.press_action("triage.start", "stage.next")
        told = await answer_it(crm, answer)
    return came_there(world, ref, told)


@way("given another deadline on the board")
async def given_another_deadline(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE, close_date="2020-01-01")
    rule.make(world)
    async with agenda(world.luca, "deadlines") as (crm, _screen):
        await crm.press_action("when.later")
        told = await answer_it(crm, answer)
    doc = world.get(ref)
    return Tried(told, doc["close_date"] != "2020-01-01", doc.get(KEY))


@way("marked and given another deadline", asks=False)
async def marked_and_given_another(world: World, rule: Rule, answer: str) -> Tried:
    ref, filled = (world.deal(stage=THERE, close_date="2020-01-01", value=value) for value in ("", VALUE))
    rule.make(world)
    async with agenda(world.luca, "deadlines") as (crm, _screen):
        await crm.press_action("mark_all", "when.later")
        told = await answer_it(crm, answer)
    assert world.get(filled)["close_date"] != "2020-01-01", "those that can move, do"
    doc = world.get(ref)
    return Tried(told, doc["close_date"] != "2020-01-01", doc.get(KEY))


@way("added on the board")
async def added_on_the_board(world: World, rule: Rule, answer: str) -> Tried:
    rule.make(world)
    async with board(world.luca, LARGE) as (crm, _screen):
        await crm.press_action("move.right", "new")
        await crm.type("Quick one")
        told = crm.screen_text()
        await crm.press_action("form.save")
        told += await answer_it(crm, answer) if crm.dialog is not None else ""
    world.look()
    made = world.anna.find("deal").items
    assert all(one.get("stage") == THERE for one in made)
    return Tried(told, bool(made), made[0].get(KEY) if made else None)


@way("added on its client's card", tells_of=lambda rule: rule.always)
async def added_on_the_clients_card(world: World, rule: Rule, answer: str) -> Tried:
    """It begins in the first stage: what is required there counts."""
    rule.make(world)
    async with card(world.luca, Ref("company", 1), LARGE) as (crm, screen):
        await screen.tabs.go_to("deals")
        await crm.settle()
        await crm.press_action("new")
        await crm.type("Quick one")
        told = crm.screen_text()
        await crm.press_action("form.save")
        told += await answer_it(crm, answer) if crm.dialog is not None else ""
    world.look()
    made = world.anna.find("deal").items
    assert all(one.get("company") == "company:1" for one in made)
    return Tried(told, bool(made), made[0].get(KEY) if made else None)


@way("created from a lead on its card")
async def created_on_the_card(world: World, rule: Rule, answer: str) -> Tried:
    """A deal begins in the first stage: that is where the rule holds here."""
    if rule.at == THERE:
        rule = rule._replace(at=WAITING)
    elif rule.at:
        rule = rule._replace(at=THERE)
    lead = world.lead()
    rule.make(world)
    async with card(world.luca, lead, LARGE) as (crm, _screen):
        await crm.press_action("create")
        await crm.type("Deal")
        await crm.press("down", "down", "down")
        await crm.press_action("list.choose")
        told = crm.screen_text()
        if answer:
            await crm.type(answer)
        await crm.press_action("form.save")
        told += crm.screen_text() + crm.said()
    return created(world, told, at=WAITING)


# -- by command --------------------------------------------------------------------------------------------------------
def with_answer(answer: str) -> tuple[str, ...]:
    return (f"{KEY}={answer}",) if answer else ()


@way("edited by command")
async def edited_by_command(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE)
    rule.make(world)
    ran = world.command("deal", "edit", "D-1", "title=Other", *with_answer(answer))
    assert ran.code in (0, 4)
    doc = world.get(ref)
    return Tried(ran.out + ran.err, doc["title"] == "Other", doc.get(KEY))


@way("a product row added by command", asks=False)
async def product_row_by_command(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE)
    rule.make(world)
    ran = world.command("deal", "products", "add", "D-1", "Nails @ 3")
    assert ran.code in (0, 4)
    doc = world.get(ref)
    return Tried(ran.out + ran.err, "products" in doc, doc.get(KEY))


@way("moved by command")
async def moved_by_command(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal()
    rule.make(world)
    ran = world.command("deal", "move", "D-1", THERE, *with_answer(answer))
    assert ran.code in (0, 4)
    return came_there(world, ref, ran.out + ran.err)


@way("several moved by command", asks=False)
async def several_moved_by_command(world: World, rule: Rule, answer: str) -> Tried:
    ref, filled = world.deal(), world.deal("Filled in", value=VALUE)
    rule.make(world)
    ran = world.command("deal", "move", "D-1", "D-2", THERE)
    assert world.get(filled)["stage"] == THERE, "those that can move, do"
    assert ran.code == (4 if rule.binds else 0)
    return came_there(world, ref, ran.out + ran.err)


@way("several edited by command", asks=False)
async def several_edited_by_command(world: World, rule: Rule, answer: str) -> Tried:
    ref, filled = world.deal(stage=THERE), world.deal("Filled in", stage=THERE, value=VALUE)
    rule.make(world)
    ran = world.command("deal", "edit", "D-1", "D-2", "comment=Other")
    assert world.get(filled)["comment"] == "Other", "those that can be changed, are"
    assert ran.code == (4 if rule.binds else 0)
    doc = world.get(ref)
    return Tried(ran.out + ran.err, doc.get("comment") == "Other", doc.get(KEY))


@way("all that match edited by command", asks=False)
async def matching_edited_by_command(world: World, rule: Rule, answer: str) -> Tried:
    ref, filled = world.deal(), world.deal("Filled in", value=VALUE)
    rule.make(world)
    ran = world.command("deal", "edit", "--where", "stage = new", "stage=Document preparation")
    assert world.get(filled)["stage"] == THERE
    assert ran.code == (4 if rule.binds else 0)
    return came_there(world, ref, ran.out + ran.err)


@way("added by command")
async def added_by_command(world: World, rule: Rule, answer: str) -> Tried:
    rule.make(world)
    ran = world.command("deal", "add", "title=Quick one", f"stage={THERE}", *with_answer(answer))
    assert ran.code in (0, 4)
    world.look()
    made = world.anna.find("deal").items
    return Tried(ran.out + ran.err, bool(made), made[0].get(KEY) if made else None)


@way("created from a lead by command")
async def created_by_command(world: World, rule: Rule, answer: str) -> Tried:
    world.lead()
    rule.make(world)
    ran = world.command("lead", "create", "L-1", "deal", f"stage={THERE}", *with_answer(answer))
    assert ran.code in (0, 4)
    return created(world, ran.out + ran.err)


@way("created from several leads by command", asks=False)
async def several_created_by_command(world: World, rule: Rule, answer: str) -> Tried:
    """The one that brings a value along is made, the other stays."""
    add_field(world.anna, "lead", LABEL, "string", key=KEY)
    world.lead("Filled in", **{KEY: VALUE})
    world.lead()
    rule.make(world)
    ran = world.command("lead", "create", "L-1", "L-2", "deal", f"stage={THERE}")
    assert ran.code == (4 if rule.binds else 0)
    world.look()
    assert world.anna.find("deal").items[0].get(KEY) == (None if rule.hidden else VALUE)
    made = world.anna.find("deal").items[1:]
    return Tried(ran.out + ran.err, bool(made), made[0].get(KEY) if made else None)


def created(world: World, told: str, at: str = THERE) -> Tried:
    """What came of making a deal from a lead: with it the lead is converted, or nothing has happened."""
    world.look()
    made = world.anna.find("deal").items
    assert all(one.get("stage") == at for one in made)
    converted = world.anna.get(Ref("lead", 1)).get("stage") == "converted"
    assert converted == bool(made), "all of it or nothing"
    return Tried(told, bool(made), made[0].get(KEY) if made else None)


# -- with their stage or pipeline --------------------------------------------------------------------------------------
def let_shape(world: World) -> None:
    """Managers may not change settings: Luca may."""
    role = next(record for record in world.anna.workspace.records["role"].values() if not record.doc.get("admin"))
    with world.anna.change("rules") as change:
        change.put("role", {**role.doc, "specials": [*role.doc.get("specials", []), "settings"]}, role.id)
    world.look()


@way("moved because its stage goes", asks=False)
async def moved_because_its_stage_goes(world: World, rule: Rule, answer: str) -> Tried:
    let_shape(world)
    ref = world.deal(stage="final_invoice")
    rule.make(world)
    told = told_by(lambda: pipelines.delete_stage(world.luca, "deal", "general", "final_invoice", THERE))
    world.look()
    assert (world.anna.workspace.pipelines("deal")[0].stage("final_invoice") is None) is (not rule.binds)
    return came_there(world, ref, told)


@way("moved because its stage goes, by command", asks=False)
async def moved_because_its_stage_goes_by_command(world: World, rule: Rule, answer: str) -> Tried:
    let_shape(world)
    ref = world.deal(stage="final_invoice")
    rule.make(world)
    ran = world.command("stage", "delete", "deal", "final_invoice", "--to", THERE)
    assert ran.code == (4 if rule.binds else 0)
    return came_there(world, ref, ran.out + ran.err)


@way("moved with all of its pipeline", asks=False)
async def moved_with_its_pipeline(world: World, rule: Rule, answer: str) -> Tried:
    let_shape(world)
    pipelines.add_pipeline(world.anna, "deal", "Export")
    ref, filled = world.deal(pipeline="export"), world.deal("Filled in", pipeline="export", value=VALUE)
    rule.make(world)
    ran = world.command("pipeline", "move-items", "deal", "export", "general", "--map", f"{WAITING}={THERE}")
    assert world.get(filled)["stage"] == THERE, "those that can move, do"
    return came_there(world, ref, ran.out + ran.err)


@way("merged by command")
async def merged_by_command(world: World, rule: Rule, answer: str) -> Tried:
    """Into the stage of the other, where the value is needed; with an answer, the other has it."""
    may_delete(world)
    ref = world.deal()
    other = world.deal(stage=THERE, value=answer)
    rule.make(world)
    keep = ("--main", "--keep", "stage=D-2")
    ran = world.command("merge", "D-1", "D-2", *keep)
    if rule.hidden:
        assert ran.code == 5
        assert world.get(other)["stage"] == THERE
        from tuicrm.services.duplicates import merging

        # Who sees all of it is not bound by what binds Luca: nobody is asked for what they may not see.
        with world.anna.change("as administrator") as change:
            change.edit(ref, {"stage": THERE}, enforce=False)
        assert merging.plan(world.anna, [ref, other])
        return came_there(world, ref, ran.out + ran.err)
    assert ran.code in (0, 4)
    return came_there(world, ref, ran.out + ran.err)


@way("merged on screen")
async def merged_on_screen(world: World, rule: Rule, answer: str) -> Tried:
    """The same, side by side."""
    may_delete(world)
    ref = world.deal()
    other = world.deal(stage=THERE, value=answer)
    rule.make(world)
    async with running(world.luca, lambda s, surface: ListScreen(s, surface, "deal"), LARGE) as crm:
        await crm.press_action("mark_all", "merge")
        if rule.hidden:
            told = crm.screen_text() + crm.said()
            assert not isinstance(crm.screen, MergeScreen)
            with world.anna.change("as administrator") as change:
                change.edit(ref, {"stage": THERE}, enforce=False)
            return came_there(world, ref, told)
        screen = crm.screen
        assert isinstance(screen, MergeScreen), crm.said()
        while screen.merging.plan.main.ref != ref:
            await crm.press_action("merge.main")
        screen.pane.move_to("stage")
        await crm.press("2")
        await crm.press_action("merge.all", "merge.do")
        told = crm.screen_text() + crm.said()
    moved = world.get(ref)["stage"] == THERE
    assert (world.anna.peek(other) is None) == moved
    return came_there(world, ref, told)


def may_delete(world: World) -> None:
    """Managers may not delete: Luca may."""
    role = next(record for record in world.anna.workspace.records["role"].values() if not record.doc.get("admin"))
    with world.anna.change("rules") as change:
        rules = {place: {**rule, "delete": "all"} for place, rule in role.doc["rules"].items()}
        change.put("role", {**role.doc, "rules": rules}, role.id)
    world.look()


# -- brought back ------------------------------------------------------------------------------------------------------
@way("brought back to an earlier stage", asks=False)
async def brought_back(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE)
    stages.move(world.luca, ref, WAITING)
    rule.make(world)
    version = history.versions(world.luca, ref)[1]
    return came_there(world, ref, told_by(lambda: history.restore(world.luca, ref, version)))


@way("brought back by command", asks=False)
async def brought_back_by_command(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE)
    stages.move(world.luca, ref, WAITING)
    rule.make(world)
    seq = history.versions(world.luca, ref)[1].seq
    ran = world.command("deal", "restore", "D-1", "stage", "--at", str(seq))
    assert ran.code in (0, 4)
    return came_there(world, ref, ran.out + ran.err)


@way("brought back after it was deleted", asks=False)
async def brought_back_after_deletion(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE)
    rule.make(world)
    items.delete(world.anna, [ref])
    world.look()
    told = told_by(lambda: history.restore(world.luca, ref))
    world.look()
    there = world.anna.peek(ref)
    return Tried(told, there is not None, there.get(KEY) if there else None)


# -- imports, undo -----------------------------------------------------------------------------------------------------
def let_import(world: World) -> None:
    """Managers may not import: Luca may."""
    role = next(record for record in world.anna.workspace.records["role"].values() if not record.doc.get("admin"))
    with world.anna.change("rules") as change:
        rules = {place: {**rule, "import": "all"} for place, rule in role.doc["rules"].items()}
        change.put("role", {**role.doc, "rules": rules}, role.id)
    world.look()


@way("imported, enforced")
async def imported(world: World, rule: Rule, answer: str) -> Tried:
    let_import(world)
    rule.make(world)
    path = world.folder.parent / "deals.csv"
    head, row = f"Deal Name,Deal Stage,{LABEL}", f"From a file,Document preparation,{answer}"
    if not answer:
        head, row = "Deal Name,Deal Stage", "From a file,Document preparation"
    path.write_text(f"{head}\n{row}\n", encoding="utf-8")
    report = run_import(world.luca, [path], ImportOptions(type="deal", enforce=True))
    world.look()
    made = world.anna.find("deal").items
    told = "".join(example.reason for example in report.files[0].examples)
    return Tried(told, bool(made), made[0].get(KEY) if made else None)


def by_stage(rule: Rule) -> bool:
    """What is required everywhere is lacking before and after: undo is stopped by what it would bring about only."""
    return not rule.always


@way("a move undone", asks=False, tells_of=by_stage)
async def a_move_undone(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE)
    stages.move(world.luca, ref, WAITING)
    rule.make(world)
    return came_there(world, ref, told_by(lambda: undo(world.luca)))


@way("a value undone", asks=False, tells_of=lambda rule: not rule.hidden)
async def a_value_undone(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal(stage=THERE)
    items.edit(world.luca, ref, {KEY: VALUE})
    rule.make(world)
    told = told_by(lambda: undo(world.luca))
    value = world.get(ref).get(KEY)
    return Tried(told, value is None, value)


@way("a move redone", asks=False, tells_of=by_stage)
async def a_move_redone(world: World, rule: Rule, answer: str) -> Tried:
    ref = world.deal()
    stages.move(world.luca, ref, THERE)
    undo(world.luca)
    rule.make(world)
    return came_there(world, ref, told_by(lambda: redo(world.luca)))


def told_by(act: Callable[[], object]) -> str:
    try:
        return str(act())
    except CrmError as error:
        return " ".join((error.message, *(problem.message for problem in error.fields)))


# -- the matrix --------------------------------------------------------------------------------------------------------
CASES = [
    pytest.param(joined.way, rule, answer, id=f"{name}, {rule.name}{', answered' if answer else ''}")
    for name, joined in WAYS.items()
    for rule in filter(joined.tells_of, RULES)
    for answer in (("", VALUE) if joined.asks and rule.binds else ("",))
]


@pytest.mark.parametrize(("way", "rule", "answer"), CASES)
async def test_what_is_required(world: World, way: Way, rule: Rule, answer: str) -> None:
    tried = await way(world, rule, answer)
    if not rule.binds:
        assert tried.done
        assert tried.value is None
        if rule.hidden:
            assert LABEL not in tried.told
            assert KEY not in tried.told
    elif answer:
        assert (tried.done, tried.value) == (True, answer)
    else:
        assert not tried.done
        assert LABEL in tried.told


@pytest.mark.parametrize("rule", [rule for rule in RULES if not rule.hidden], ids=lambda rule: rule.name)
@pytest.mark.parametrize("on_screen", [True, False], ids=["on the card", "by command"])
async def test_what_is_required_is_not_emptied(world: World, rule: Rule, on_screen: bool) -> None:
    ref = world.deal(stage=THERE, value=VALUE)
    rule.make(world)
    if on_screen:
        async with card(world.luca, ref, LARGE) as (crm, _screen):
            await go_to(crm, KEY)
            await crm.press_action("field.edit")
            await crm.press("ctrl+u")
            await crm.press_action("editor.save")
            told = crm.screen_text() + crm.said()
    else:
        ran = world.command("deal", "edit", "D-1", f"{KEY}=")
        told = ran.out + ran.err
    assert world.get(ref).get(KEY) == (VALUE if rule.binds else None)
    if rule.binds:
        assert f"{LABEL}" in told


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_an_import_that_lets_pass_says_so_and_it_shows_as_missing(world: World, rule: Rule) -> None:
    let_import(world)
    rule.make(world)
    path = world.folder.parent / "deals.csv"
    path.write_text("Deal Name,Deal Stage\nFrom a file,Document preparation\n", encoding="utf-8")
    report = run_import(world.luca, [path], ImportOptions(type="deal"))
    assert report.made == 1
    world.look()
    assert [remark.count for remark in report.remarks if remark.kind == "lacking"] == ([1] if rule.binds else [])
    ref = world.luca.find("deal").items[0].ref
    shown = [field for section in card_of(world.luca, ref).sections for field in section.fields if field.key == KEY]
    assert [field.missing for field in shown] == ([] if rule.hidden else [rule.binds])
    items.edit(world.anna, Ref("deal", ref.id), {KEY: VALUE})
