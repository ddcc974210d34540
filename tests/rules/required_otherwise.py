"""Ways into a stage with what it lies in: its pipeline, a merge, a file, what is brought back or undone."""

from __future__ import annotations

from collections.abc import Callable

from tests.driver import LARGE, running
from tests.rules.required_ways import Tried, came_there, way
from tests.rules.world import KEY, LABEL, THERE, VALUE, WAITING, Rule, World
from tuicrm.errors import CrmError
from tuicrm.screens.items.merge import MergeScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.definitions import pipelines
from tuicrm.services.history import history
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items, stages


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
