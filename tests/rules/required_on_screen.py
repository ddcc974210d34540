"""Ways into a stage on screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tests.driver import LARGE, Crm, running
from tests.rules.required_ways import Tried, answer_it, came_there, created, way
from tests.rules.world import KEY, THERE, VALUE, WAITING, Rule, World
from tests.screens.opening import agenda, board, card, choose, go_to
from tuicrm.domain.items import Ref
from tuicrm.screens.items.screen import ListScreen


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


async def moved(
    world: World, rule: Rule, answer: str, keys: Callable[[Crm], Awaitable[None]], *, on_board: bool
) -> Tried:
    """A deal of the stage before is moved on screen by `keys`, and what is asked for is answered."""
    ref = world.deal()
    rule.make(world)
    async with board(world.luca, LARGE) if on_board else card(world.luca, ref, LARGE) as (crm, _screen):
        await keys(crm)
        told = await answer_it(crm, answer)
    return came_there(world, ref, told)


async def to_the_next(crm: Crm) -> None:
    await crm.press_action("stage.next")


async def by_its_name(crm: Crm) -> None:
    await crm.press_action("stage.move")
    await choose(crm, "Document prep")


@way("moved on the card")
async def moved_on_the_card(world: World, rule: Rule, answer: str) -> Tried:
    return await moved(world, rule, answer, to_the_next, on_board=False)


@way("moved on the card, by the name of the stage")
async def moved_by_name(world: World, rule: Rule, answer: str) -> Tried:
    return await moved(world, rule, answer, by_its_name, on_board=False)


@way("moved on the board")
async def moved_on_the_board(world: World, rule: Rule, answer: str) -> Tried:
    return await moved(world, rule, answer, to_the_next, on_board=True)


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
