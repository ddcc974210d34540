"""Ways into a stage by command."""

from __future__ import annotations

from tests.doors import add_field
from tests.rules.required_ways import Tried, came_there, created, way
from tests.rules.world import KEY, LABEL, THERE, VALUE, Rule, World


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
