"""A field that is for some people only: the others never learn its value, nor that there is one, wherever they look."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from itertools import product
from typing import NamedTuple, TypeAlias

import pytest

from tests.doors import add_field, restrict_field
from tests.driver import LARGE, running
from tests.rules.required_otherwise import told_by
from tests.rules.world import KEY, LABEL, VALUE, Rule, World
from tests.screens.opening import agenda, board, card
from tests.services.documents import files as documents
from tuicrm.domain.items import Ref
from tuicrm.screens.items.saving import save_fields
from tuicrm.screens.items.screen import ListScreen
from tuicrm.services.boards.list_columns import Arrangement, ListColumn, SortKey, keep
from tuicrm.services.definitions import stage_changes
from tuicrm.services.definitions.field_changes import change_field
from tuicrm.services.documents import reading, versions
from tuicrm.services.documents.item_values import ItemValues
from tuicrm.services.documents.names import catalogue
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import accounts, text_templates
from tuicrm.services.messages.text_templates import TextTemplateDetails
from tuicrm.widgets.surface import Surface

D1 = Ref("deal", 1)
HELP = "Nur mit Quark"
HIDDEN = Rule("not his to see", hidden=True)


class Eyes(NamedTuple):
    """Who looks: Luca, who may not see the field, or Anna, who may."""

    world: World
    name: str

    @property
    def session(self) -> Session:
        return self.world.luca if self.name == "luca" else self.world.anna

    @property
    def key(self) -> str:
        return self.session.person_key


Place: TypeAlias = Callable[[Eyes], Awaitable[str]]
"""Looks somewhere; all that was seen."""

PLACES: dict[str, Place] = {}
"""By name. The places that come later join here."""


def place(function: Place) -> Place:
    """Let a place join the matrix."""
    PLACES[function.__name__.replace("_", " ")] = function
    return function


@pytest.fixture
def told(world: World) -> World:
    """The field is hidden, has help, holds a value on D-1, was changed, is asked for in a stage, and stands wherever fields stand."""
    change_field(world.anna, "deal", KEY, help=HELP)
    stage_changes.change_stage(world.anna, "deal", "general", "preparation", asks=[KEY])
    world.deal(value="Erste " + VALUE)
    items.edit(world.anna, D1, {KEY: VALUE})
    role = next(record for record in world.anna.workspace.records["role"].values() if not record.doc.get("admin"))
    with world.anna.change("rules") as change:
        rules = {where: {**rule, "export": "all", "import": "all"} for where, rule in role.doc["rules"].items()}
        change.put(
            "role",
            {**role.doc, "rules": rules, "specials": [*role.doc.get("specials", []), "personal_layout"]},
            role.id,
        )
    HIDDEN.make(world)
    return world


# -- on screen ---------------------------------------------------------------------------------------------------------
@place
async def the_card(eyes: Eyes) -> str:
    async with card(eyes.session, D1, LARGE) as (crm, _screen):
        shown = crm.screen_text()
        await crm.press_action("card.show_empty")
        return shown + crm.screen_text()


@place
async def what_would_be_created(eyes: Eyes) -> str:
    async with card(eyes.session, D1, LARGE) as (crm, _screen):
        await crm.press_action("create", "list.choose")
        await crm.press_action("form.back")
        return crm.screen_text()


@place
async def customise_mode(eyes: Eyes) -> str:
    async with card(eyes.session, D1, LARGE) as (crm, _screen):
        await crm.press_action("card.customise")
        return crm.screen_text() + crm.said()


@place
async def the_choice_of_fields(eyes: Eyes) -> str:
    async with card(eyes.session, D1, LARGE) as (crm, _screen):
        await crm.press_action("card.customise", "customise.fields")
        await crm.type(LABEL[:4])
        return crm.screen_text().replace(LABEL[:4] + " ", "")


@place
async def what_a_filter_offers(eyes: Eyes) -> str:
    async with board(eyes.session, LARGE) as (crm, _screen):
        await crm.press_action("filter")
        await crm.type(KEY[:3])
        offered = crm.screen_text()
        await crm.press("ctrl+u")
        await crm.type(LABEL[:3])
        return offered + crm.screen_text()


@place
async def a_card_on_which_others_edit_and_change_it(eyes: Eyes) -> str:
    """While it is open, Anna (elsewhere) is at the field, and then saves it."""
    from tuicrm.services.workspace.start import open_session

    other = open_session(eyes.world.folder)
    try:
        async with card(eyes.session, D1, LARGE) as (crm, screen):
            other.here(D1, KEY)
            screen.catch_up()
            seen = crm.screen_text()
            items.edit(other, D1, {KEY: "Neues " + VALUE})
            eyes.world.look()
            await crm.settle()
            return seen + crm.screen_text() + crm.said()
    finally:
        other.close()


@place
async def the_question_which_value_is_to_be(eyes: Eyes) -> str:
    """Both changed the title and, who sees it, the field; the other was first."""
    seen = eyes.session.get(D1)
    items.edit(eyes.world.anna, D1, {"title": "Anna's", KEY: "Annas " + VALUE})
    mine = {"title": "Mine", **({KEY: "Mein " + VALUE} if eyes.name == "anna" else {})}
    eyes.world.look()
    async with card(eyes.session, D1, LARGE) as (crm, screen):
        screen.start(save_fields(screen, seen, mine))
        await crm.settle()
        asked = crm.screen_text()
        await crm.press_action("clash.theirs")
        return asked + crm.screen_text() + crm.said()


@place
async def the_stages_of_the_board(eyes: Eyes) -> str:
    """One of them asks for it."""
    async with board(eyes.session, LARGE) as (crm, _screen):
        await crm.press_action("move.right", "board.stages")
        return crm.screen_text()


@place
async def what_a_stage_asks_for(eyes: Eyes) -> str:
    async with board(eyes.session, LARGE) as (crm, _screen):
        await crm.press_action("stage.next")
        asked = crm.screen_text()
        if crm.dialog is not None:
            await crm.press_action("cancel")
        return asked + crm.said()


@place
async def columns_of_a_list_and_their_order(eyes: Eyes) -> str:
    async with running(eyes.session, partial(_list, "deal"), (140, 100)) as crm:
        await crm.press_action("list.columns", "move.last")
        seen = crm.screen_text()
        await crm.press_action("arrange.finish", "list.order", "move.last")
        return seen + crm.screen_text()


@place
async def fields_of_many(eyes: Eyes) -> str:
    async with running(eyes.session, partial(_list, "deal"), LARGE) as crm:
        await crm.press_action("edit_many")
        await crm.type(LABEL[:4])
        return crm.screen_text().replace(LABEL[:4] + " ", "")


@place
async def the_products_tab(eyes: Eyes) -> str:
    """A row is added, changed and told of."""
    async with card(eyes.session, D1, LARGE) as (crm, screen):
        screen.start(screen.tabs.go_to("products"))
        await crm.settle()
        await crm.press_action("products.add")
        await crm.type("Nagelkiste")
        await crm.press_action("list.choose")
        return crm.screen_text() + crm.said()


@place
async def the_deals_of_a_client(eyes: Eyes) -> str:
    """Both would have the field as a column of deals, and by it they are sorted."""
    items.edit(eyes.world.anna, D1, {"company": "company:1"})
    eyes.world.look()
    columns = Arrangement((ListColumn("title"), ListColumn(KEY)), (SortKey(KEY),))
    keep(eyes.session, "deal", columns)
    async with card(eyes.session, Ref("company", 1), LARGE) as (crm, screen):
        screen.start(screen.tabs.go_to("deals"))
        await crm.settle()
        return crm.screen_text()


@place
async def triage(eyes: Eyes) -> str:
    async with running(eyes.session, partial(_list, "deal"), LARGE) as crm:
        await crm.press_action("triage.start")
        shown = crm.screen_text()
        await crm.press_action("card.show_empty")
        return shown + crm.screen_text()


@place
async def columns_by_date(eyes: Eyes) -> str:
    async with agenda(eyes.session, "deadlines") as (crm, _screen):
        await crm.press_action("filter")
        await crm.type(LABEL[:4])
        return crm.screen_text()


@place
async def the_history_tab(eyes: Eyes) -> str:
    async with card(eyes.session, D1, LARGE) as (crm, screen):
        screen.start(screen.tabs.go_to("history"))
        await crm.settle()
        shown = crm.screen_text()
        await crm.press_action("history.field")
        offered = crm.screen_text()
        await crm.press_action("cancel", "history.view")
        return shown + offered + crm.screen_text()


# -- in documents ------------------------------------------------------------------------------------------------------
@place
async def what_templates_can_name(eyes: Eyes) -> str:
    return " ".join(f"{one.name} {one.label} {one.group} {one.sources}" for one in catalogue(eyes.session, "deal"))


@place
async def what_a_document_prints(eyes: Eyes) -> str:
    """A template that Anna made names all that she sees; who makes a document of it knows the names that stand in it."""
    values = ItemValues(eyes.session, D1)
    for name in (one.name for one in catalogue(eyes.world.anna, "deal")):
        values.text(name)
        values.text(name, "W=Y", 0)
        values.holds(name)
    assert bool(values.kept_back) == (eyes.name == "luca")
    return f"{list(values.used.values())} {values.printed} {values.items}"


@place
async def what_a_text_template_becomes(eyes: Eyes) -> str:
    """Anna's template names the field; who fills it, or writes a mail by it, has what is for them, and hears what is left empty."""
    name = f"Uf{KEY[:1].upper()}{KEY[1:]}"
    details = TextTemplateDetails(
        "Brief", f"{{#{name}}}\nThere is {{{name}}}\n{{/{name}}}", subject=f"{{Title}} {{{name}}}"
    )
    text_templates.add_text_template(eyes.world.anna, details)
    words = {"address": "a@example.test", "host": "127.0.0.1", "port": "9"}
    accounts.add_channel(eyes.session, f"Mail of {eyes.name}", "smtp", words)
    eyes.world.look()
    filled = text_templates.fill(eyes.session, eyes.session.workspace.text_templates["brief"], D1)
    assert list(filled.kept_back) == [name] * (eyes.name == "luca")
    assert ("There is" in filled.text) == (eyes.name == "anna")
    mail = ("mail", "send", "D-1", "--to", "a@example.test", "--template", "brief")
    ways = [
        ("text-template", "fill", "brief", "D-1"),
        mail,
        ("mail", "list", "D-1"),
        ("mail", "outbox"),
        ("timeline", "D-1"),
    ]
    ran = [eyes.world.command(*each, *json, by=eyes.key) for each in ways for json in ((), ("--json",))]
    assert {one.code for one in ran} == {0}
    assert ("Left empty" in ran[0].err) == (eyes.name == "luca")
    told = "".join(one.out + one.err for one in ran)
    return f"{filled.subject} {filled.text} {told}".replace(name, "")


@place
async def a_document_that_others_made(eyes: Eyes) -> str:
    """Anna made it, her values stand in it, and she changed it; it is looked at in every way there is, as text and as JSON."""
    key = f"Uf{KEY[:1].upper()}{KEY[1:]}"
    documents.add(eyes.world.anna, f"{{{key}}}", "{Title}", label="Offer")
    made = documents.make(eyes.world.anna)
    versions.change(eyes.world.anna, made, {key: "Neues " + VALUE})
    eyes.world.look()
    out = str(eyes.world.folder.with_name("out.docx"))
    ways: list[tuple[str, ...]] = [
        ("document", "list", "D-1"),
        ("document", "show", made.ref),
        ("document", "get", made.ref, "-o", out, "--force"),
        ("document", "get", made.ref, "--version", "1", "-o", out, "--force"),
        ("document", "again", made.ref),
        ("document", "edit", made.ref, "--set", "Title=x"),
        ("timeline", "D-1"),
        ("find", VALUE),
        ("find", made.record.title),
        ("log",),
        ("deal", "history", "D-1"),
    ]
    ran = [eyes.world.command(*words, *json, by=eyes.key) for words in ways for json in ((), ("--json",))]
    closed = 0 if eyes.name == "anna" else 5
    by_way = {words[:2]: one.code for words, one in zip([each for each in ways for _json in (0, 1)], ran, strict=True)}
    assert [by_way["document", verb] for verb in ("list", "show", "get", "again", "edit")] == [
        0,
        0,
        closed,
        closed,
        closed,
    ]
    files = [reading.content(eyes.session, made)] if eyes.name == "anna" else []
    told = "".join(one.out + one.err for one in ran).replace(f"{{{key}}}", "")
    return told + "".join(text for file in files for text in documents.said_in(file))


# -- by command --------------------------------------------------------------------------------------------------------
def command(name: str, *words: str) -> None:
    async def look(eyes: Eyes) -> str:
        ran = eyes.world.command(*words, by=eyes.key)
        assert ran.code in (0, 6), ran.err
        return ran.out + ran.err

    PLACES[name] = look


for _json in ((), ("--json",)):
    _as = " as JSON" if _json else ""
    command("deal show" + _as, "deal", "show", "D-1", "--all", *_json)
    command("log" + _as, "log", *_json)
    command("deal history" + _as, "deal", "history", "D-1", *_json)
    command("deal as it was" + _as, "deal", "history", "D-1", "--at", "9999-01-01", *_json)
    command("stage list" + _as, "stage", "list", "deal", *_json)
    command("field list" + _as, "field", "list", "deal", *_json)
    command("layout show" + _as, "layout", "show", "deal", *_json)
    command("export" + _as, "export", "deal", "--format", "json" if _json else "csv")
    command("a revision that is not the newest" + _as, "deal", "edit", "D-1", "title=x", "--expect", "1", *_json)
    command("what would be created" + _as, "deal", "create", "D-1", "quote", "--dry-run", *_json)
    command("find" + _as, "find", "Hotel", VALUE, *_json)
command("what is created as JSON", "deal", "create", "D-1", "quote", "--make-fields", "--json")
command("deal list as JSON", "deal", "list", "--json")
command("layout export", "layout", "export", "deal")


@place
async def what_a_merge_would_do(eyes: Eyes) -> str:
    """Told to those who see all of the items; refused to the others without telling why they do not."""
    eyes.world.deal("Hotel Aurora", value="Zweite " + VALUE)
    ran = [eyes.world.command("merge", "D-1", "D-2", "--dry-run", *json, by=eyes.key) for json in ((), ("--json",))]
    assert {one.code for one in ran} == {0 if eyes.name == "anna" else 5}
    return "".join(one.out + one.err for one in ran)


@place
async def history(eyes: Eyes) -> str:
    return str(eyes.session.past.history(D1))


@place
async def what_an_import_offers(eyes: Eyes) -> str:
    """A file with a column of the field's name, as anybody's file may have one, is echoed: its values are read into nothing."""
    path = eyes.world.folder.parent / "deals.csv"
    path.write_text(f"Deal Name,Deal Stage,{KEY[:5]}\nFrom a file,New,x\n", encoding="utf-8")
    ran = eyes.world.command("import", str(path), "--type", "deal", "--dry-run", by=eyes.key)
    return ran.out.replace(f"{KEY[:5]} ", "")


@place
async def the_answer_to_undo(eyes: Eyes) -> str:
    """Anna takes back what she did to the field last; Luca what he did to the item."""
    if eyes.name == "luca":
        items.edit(eyes.session, D1, {"title": "Luca's"})
    return told_by(lambda: undo(eyes.session))


SECRETS = [word.casefold() for word in (LABEL, KEY, VALUE, HELP)]
WITHOUT_TEETH = {
    "the products tab",
    "what an import offers",
    "layout export",
    "the answer to undo",
    *(f"a revision that is not the newest{_as}" for _as in ("", " as JSON")),
}
"""Places that need not name it to Anna either."""


@pytest.mark.parametrize("name", PLACES)
async def test_it_is_not_told(told: World, name: str) -> None:
    seen = (await PLACES[name](Eyes(told, "luca"))).casefold()
    assert seen
    assert [word for word in SECRETS if word in seen] == []


@pytest.mark.parametrize("name", [name for name in PLACES if name not in WITHOUT_TEETH])
async def test_it_is_told_to_those_who_may_see_it(told: World, name: str) -> None:
    """The places are such that the test above could fail."""
    seen = (await PLACES[name](Eyes(told, "anna"))).casefold()
    assert [word for word in SECRETS if word in seen]


@pytest.mark.parametrize("by", ["luca", "anna"])
async def test_a_relation_in_a_field_that_is_not_for_somebody_is_not_told(world: World, by: str) -> None:
    """The company that names nobody but by this field: from both sides, by command and on the tab."""
    key = add_field(world.anna, "deal", "Gegenseite", "item", targets=["company"]).key
    other = items.add(world.anna, "company", {"title": VALUE}).ref
    ref = world.deal(**{key: str(other)})
    restrict_field(world.anna, "deal", key, [world.anna.person_key])
    world.look()
    eyes = Eyes(world, by)
    told = ""
    for words in (
        ("relations", "D-1"),
        ("relations", "CO-2"),
        ("relations", "D-1", "--json"),
        ("unlink", "D-1", "CO-2"),
    ):
        ran = world.command(*words, by=eyes.key)
        told += ran.out + ran.err
    if by == "anna":
        undo(world.anna)
    async with card(eyes.session, ref, LARGE) as (crm, screen):
        at = next(at for at, tab in enumerate(screen.card.tabs, start=1) if tab.key == "relations")
        await crm.press(str(at))
        shown = crm.screen_text()
    for text in ("Gegenseite", "CO-2 " + VALUE):
        assert (text in told) == (text in shown) == (by == "anna")


# -- as if there were none ---------------------------------------------------------------------------------------------
NAMING = {
    "a filter": ("deal", "list", "--where", "{} = x"),
    "a filter that asks whether it is empty": ("deal", "list", "--where", "{} is empty"),
    "sorting": ("deal", "list", "--sort", "{}"),
    "columns": ("deal", "list", "--columns", "title,{}"),
    "export columns": ("export", "deal", "--columns", "title,{}"),
    "adding": ("deal", "add", "title=x", "{}=y"),
    "editing": ("deal", "edit", "D-1", "{}=y"),
    "editing several": ("deal", "edit", "--where", "title ~ o", "{}=y"),
    "adding to several": ("deal", "edit", "--where", "title ~ o", "comment=x", "{}+=y"),
    "keeping a filter": ("filter", "save", "deal", "x", "{} = y"),
    "emptying": ("deal", "edit", "D-1", "{}="),
    "moving": ("deal", "move", "D-1", "preparation", "{}=y"),
    "creating one from another": ("deal", "create", "D-1", "quote", "own.{}=y", "--dry-run"),
    "history of a field": ("deal", "history", "D-1", "--field", "{}"),
    "stage edit": ("stage", "edit", "deal", "new", "--asks", "{}"),
    "field show": ("field", "show", "deal", "{}"),
    "field edit": ("field", "edit", "deal", "{}", "label=x"),
    "field delete": ("field", "delete", "deal", "{}"),
    "layout hide": ("layout", "hide", "deal", "{}"),
    "layout place": ("layout", "place", "deal", "{}", "main"),
    "layout always": ("layout", "always", "deal", "{}"),
}


@pytest.mark.parametrize("name", NAMING)
def test_it_is_answered_as_if_there_were_none(told: World, name: str) -> None:
    """By its key, by its label and misspelt, as text and as JSON: all refused, so that the workspace stays as it is."""
    for words, json in product(((KEY, "nirgen"), (LABEL, "Nirgendswohe"), (f"{KEY}x", "nirgenx")), ((), ("--json",))):
        answers = []
        for word in words:
            ran = told.command(*(part.format(word) for part in NAMING[name]), *json)
            assert ran.code != 0, (word, json)
            answers.append((ran.code, ran.out.replace(word, "…"), ran.err.replace(word, "…")))
        assert answers[0] == answers[1], (words, json)


@pytest.mark.parametrize(
    "name", [name for name in NAMING if name not in ("adding", "adding to several", "field delete")]
)
def test_who_sees_it_is_answered(told: World, name: str) -> None:
    """What is refused to Luca as unknown is no mistake in itself."""
    ran = told.command(*(part.format(KEY) for part in NAMING[name]), by=told.anna.person_key)
    assert ran.code == 0, ran.err


@pytest.mark.parametrize("where", [VALUE, VALUE[:5], f"not {VALUE}"])
def test_a_search_does_not_find_by_it(told: World, where: str) -> None:
    told.deal("Other one", value="anything")
    found = {by: told.command("deal", "list", "--where", where, by=by).out for by in ("luca", told.anna.person_key)}
    unknown = told.command("deal", "list", "--where", where.replace(VALUE[:5], "Zwiebel")).out
    assert found["luca"] == unknown
    assert found[told.anna.person_key] != unknown


async def test_a_filter_on_screen_counts_nothing_by_it(told: World) -> None:
    async with board(told.luca, LARGE) as (crm, _screen):
        await crm.press_action("filter")
        await crm.type(VALUE)
        assert "0 match" in crm.screen_text() or "nothing" in crm.screen_text().casefold()


async def test_a_list_does_not_show_it(told: World) -> None:
    for session, sees in ((told.luca, False), (told.anna, True)):
        async with running(session, partial(_list, "deal"), LARGE) as crm:
            await crm.press_action("filter")
            await crm.type(VALUE)
            await crm.press_action("filter.apply")
            assert ("Hotel Aurora" in crm.screen_text()) is sees


def _list(type_key: str, session: Session, surface: Surface) -> ListScreen:
    return ListScreen(session, surface, type_key)


def test_it_is_kept_when_those_who_do_not_see_it_change_the_item(told: World) -> None:
    for words in (
        ("deal", "edit", "D-1", "title=Other"),
        ("deal", "move", "D-1", "preparation"),
        ("layout", "hide", "deal", "amount"),
        ("undo",),
    ):
        assert told.command(*words).code == 0
        assert told.get(D1)[KEY] == VALUE
