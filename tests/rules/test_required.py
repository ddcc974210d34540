"""Required fields by every way into a stage: refused with the field's name, asked for where there is somebody to ask, and nobody is
bound by what they may not see."""

from __future__ import annotations

import pytest

from tests.doors import card_of
from tests.driver import LARGE
from tests.rules import required_by_command, required_on_screen, required_otherwise
from tests.rules.required_otherwise import let_import
from tests.rules.required_ways import WAYS, Way
from tests.rules.world import KEY, LABEL, RULES, THERE, VALUE, Rule, World
from tests.screens.opening import card, go_to
from tuicrm.domain.items import Ref
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items

TOLD = (required_on_screen, required_by_command, required_otherwise)
"""Each adds its ways to WAYS."""


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
