"""`tuicrm layout`, `view` and `tab` from the outside: shaped step by step, for oneself, for everyone, for some."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.conftest import Crm


@pytest.fixture
def crew(crm: Crm) -> Crm:
    """Departments House › Sales; Luca is in Sales; Giulia, in House, may make views and shape the common layout."""
    for arguments in (
        ("department", "add", "House"),
        ("department", "add", "Sales", "--parent", "house"),
        ("user", "edit", "luca", "--department", "Sales"),
        ("user", "add", "Giulia Moretti", "--role", "manager", "--department", "House", "--login", "giulia"),
    ):
        assert crm(*arguments).code == 0
    return crm


def layout(crm: Crm, *more: str, type: str = "deal") -> dict[str, Any]:
    told: dict[str, Any] = crm("layout", "show", type, "--json", *more).json
    return told


def shape(crm: Crm, *more: str, type: str = "deal") -> dict[str, list[str]]:
    """The fields by section."""
    return {section["key"]: section["fields"] for section in layout(crm, *more, type=type)["sections"]}


def kind(crm: Crm, who: str) -> str:
    told = layout(crm, "--as", who)
    return str(told["view"]["name"] if told["layout"] == "view" else told["layout"])


# -- shown -------------------------------------------------------------------------------------------------------------
def test_a_layout_says_which_it_is_and_why(crm: Crm) -> None:
    ran = crm("layout", "show", "deal")
    assert ran.code == 0
    lines = ran.out.splitlines()
    assert lines[0].split() == ["About", "the", "deal", "main"]
    assert any(line.split() == ["Amount", "amount", "always", "shown"] for line in lines)
    assert any("fields hidden: " in line and "created_by" in line for line in lines)
    assert lines[-1] == "Tabs: General, Products, Quotes, Invoices, Relations, Documents, History"
    assert ran.err.startswith("Deals: built-in layout. No layout was made here yet")


def test_a_layout_for_programs(crm: Crm) -> None:
    told = layout(crm)
    keys = {"schema", "status", "type", "variant", "layout", "in_use", "why", "available", "sections", "hidden"}
    assert set(told) == {*keys, "tabs", "hidden_tabs"}
    assert (told["type"], told["variant"], told["layout"], told["in_use"]) == ("deal", "general", "built-in", True)
    assert told["available"] == [{"layout": "built-in", "choice": "built-in", "name": "", "in_use": True}]
    main = told["sections"][0]
    assert (main["key"], main["title"], main["fields"][:2]) == ("main", "About the deal", ["title", "amount"])
    assert "amount" in main["always"]
    assert told["tabs"] == ["general", "products", "quotes", "invoices", "relations", "documents", "history"]


def test_leads_have_one_for_new_and_one_for_repeat_ones(crm: Crm) -> None:
    before = shape(crm, "--variant", "repeat", type="lead")
    assert crm("layout", "hide", "lead", "title").code == 0
    assert "title" in layout(crm, type="lead")["hidden"]
    assert shape(crm, "--variant", "Repeat leads", type="lead") == before
    assert "Leads › Repeat leads" in crm("layout", "show", "lead", "--variant", "repeat").err
    assert layout(crm, type="contact")["variant"] == ""


# -- fields ------------------------------------------------------------------------------------------------------------
def test_a_field_moves_and_goes_on_into_the_next_section(crm: Crm) -> None:
    first = shape(crm)
    main, other = first["main"], list(first)[1]
    ran = crm("layout", "move", "deal", "Title", "--down")
    assert (ran.code, ran.out, ran.err) == (0, "title\n", "Changed. Deals: common layout.\n")
    assert shape(crm)["main"][:2] == [main[1], main[0]]
    assert crm("layout", "move", "deal", main[-1], "--down").code == 0
    assert shape(crm)[other][0] == main[-1]
    assert crm("undo").code == 0
    assert crm("undo").code == 0
    assert shape(crm) == first
    ran = crm("layout", "move", "deal", "title", "--up")
    assert (ran.code, ran.err) == (0, "Nothing to change.\n")
    assert crm("layout", "move", "deal", "title", "--up", "--json").json["changed"] is False


def test_fields_are_placed_hidden_and_flagged_several_at_once(crm: Crm) -> None:
    assert crm("layout", "place", "deal", "created", "title", "updated", "main", "--at", "2").code == 0
    assert shape(crm)["main"][:4] == ["amount", "created", "title", "updated"]
    assert crm("layout", "hide", "deal", "Created", "updated").out == "created\nupdated\n"
    told = layout(crm)
    assert {"created", "updated"} <= set(told["hidden"])
    assert crm("layout", "always", "deal", "title", "source").code == 0
    assert {"title", "source"} <= set(layout(crm)["sections"][0]["always"])
    assert crm("layout", "always", "deal", "title", "--off").code == 0
    assert "title" not in layout(crm)["sections"][0]["always"]
    for _n in range(4):
        assert crm("undo").code == 0
    assert layout(crm)["layout"] == "built-in"


def test_a_hidden_field_keeps_its_values(crm: Crm) -> None:
    assert crm("layout", "hide", "deal", "amount").code == 0
    assert "38,000" not in crm("deal", "show", "D-2").out
    assert crm("deal", "show", "D-2", "--json").fields["amount"]["amount"] == "38000.00"
    ran = crm("layout", "hide", "deal", "amount", "--json")
    assert (ran.code, ran.json["error"]["fields"][0]["field"]) == (4, "amount")
    assert "layout place" in ran.json["error"]["message"]
    assert crm("layout", "place", "deal", "amount", "About the deal").code == 0
    assert "38,000" in crm("deal", "show", "D-2").out


# -- sections ----------------------------------------------------------------------------------------------------------
def test_sections_are_added_renamed_moved_and_deleted(crm: Crm) -> None:
    key = crm("layout", "section", "add", "deal", "-Delivery").out.strip()
    assert key.startswith("user_")
    assert list(shape(crm))[-1] == key
    assert crm("layout", "section", "rename", "deal", "-delivery", "  To   the door ").out == f"{key}\n"
    titles = {section["key"]: section["title"] for section in layout(crm)["sections"]}
    assert titles[key] == "To the door"
    assert crm("layout", "section", "move", "deal", "To the door", "--up").code == 0
    assert list(shape(crm))[-2] == key
    assert crm("layout", "place", "deal", "title", "amount", key).code == 0
    ran = crm("layout", "section", "delete", "deal", key, "--json")
    assert (ran.json["changed"], {"title", "amount"} <= set(ran.json["hidden"])) == (True, True)
    assert key not in shape(crm)
    assert crm("undo").code == 0
    assert shape(crm)[key] == ["title", "amount"]


# -- whole layouts -----------------------------------------------------------------------------------------------------
def test_ones_own_and_everyones(crm: Crm) -> None:
    crm("user", "add", "Bea", "--role", "manager", "--login", "bea")
    ran = crm("--as", "luca", "layout", "hide", "deal", "amount")
    assert ran.err == "Based on the card as it was. Deals: personal layout.\n"
    assert crm("layout", "mine", "deal", "--as", "bea").out == "Deals: personal layout.\n"
    assert (kind(crm, "luca"), kind(crm, "bea")) == ("personal", "personal")
    assert crm("layout", "mine", "deal", "--as", "bea").code == 4
    assert crm("layout", "hide", "deal", "source").code == 0
    dry = crm("layout", "everyone", "deal", "--dry-run")
    assert (dry.out, "2 personal layouts" in dry.err) == ("Bea\nLuca Riva\n", True)
    assert kind(crm, "luca") == "personal"
    told = crm("layout", "everyone", "deal", "--json").json
    assert (told["taken"], told["layout"]) == (["Bea", "Luca Riva"], "common")
    assert (kind(crm, "luca"), kind(crm, "bea")) == ("common", "common")
    assert "source" in layout(crm, "--as", "luca")["hidden"]
    assert crm("undo").code == 0
    assert kind(crm, "luca") == "personal"


def test_reset_goes_back_a_step(crm: Crm) -> None:
    assert crm("layout", "reset", "deal").code == 4
    crm("layout", "hide", "deal", "source")
    crm("layout", "hide", "deal", "amount", "--layout", "mine")
    crm("layout", "use", "deal", "mine")
    assert crm("layout", "reset", "deal").out == "Deals: common layout.\n"
    assert "source" in layout(crm)["hidden"]
    assert crm("layout", "reset", "deal", "--layout", "common").out == "Deals: built-in layout.\n"
    assert "source" not in layout(crm)["hidden"]
    assert crm("layout", "reset", "deal", "--layout", "mine").code == 3


def test_one_switches_among_what_one_may_use(crew: Crm) -> None:
    assert crew("view", "add", "deal", "Sellers", "--for", "luca").code == 0
    assert crew("layout", "hide", "deal", "source").code == 0
    ran = crew("layout", "show", "deal", "--as", "luca")
    assert "view Sellers. A view made for you personally comes before all others." in ran.err
    assert "You can use: view Sellers, common layout." in ran.err
    assert crew("layout", "use", "deal", "common", "--as", "luca").out == "Deals: common layout.\n"
    assert "You chose it." in crew("layout", "show", "deal", "--as", "luca").err
    assert kind(crew, "luca") == "common"
    refused = crew("layout", "use", "deal", "mine", "--as", "luca")
    assert (refused.code, "choose one of: view Sellers, common layout" in refused.err) == (3, True)
    assert crew("layout", "use", "deal", "--as", "luca").out == "Deals: view Sellers.\n"


# -- views -------------------------------------------------------------------------------------------------------------
def test_views_from_made_to_deleted(crew: Crm) -> None:
    assert crew("view", "add", "deal", "Sellers", "--for", "Luca Riva").out == "sellers\n"
    assert crew("view", "add", "deal", "House", "--for", "House", "--from", "built-in").out == "house\n"
    assert (kind(crew, "luca"), kind(crew, "giulia")) == ("Sellers", "House")
    assert crew("layout", "hide", "deal", "amount", "--layout", "Sellers").err == "Changed. Deals: view Sellers.\n"
    assert "amount" in layout(crew, "--as", "luca")["hidden"]
    assert "amount" not in layout(crew, "--as", "giulia")["hidden"]
    rows = [line.split() for line in crew("view", "list", "deal").out.splitlines()[2:]]
    assert rows == [["sellers", "Sellers", "Luca", "Riva"], ["house", "House", "House"]]
    assert crew("view", "list", "deal", "--as", "luca").out.splitlines()[2].endswith("yours")
    listed = crew("view", "list", "deal", "--json", "--as", "luca").json
    assert [(one["key"], one["members"], one["in_use"]) for one in listed["views"]] == [
        ("sellers", ["luca"], True), ("house", ["department:house"], False)
    ]  # fmt: skip
    shown = crew("view", "show", "deal", "SELLERS")
    assert shown.out.splitlines()[-1] == "For: Luca Riva"
    assert crew("view", "show", "deal", "sellers", "--json").json["view"]["members"] == ["luca"]
    assert crew("view", "edit", "deal", "sellers", "--name", "Buyers", "--from", "House").out == "sellers\n"
    assert kind(crew, "luca") == "Buyers"
    assert "amount" not in layout(crew, "--as", "luca")["hidden"]
    assert crew("view", "move", "deal", "Buyers", "--down").out == "house\nsellers\n"
    assert "Nothing to change" in crew("view", "move", "deal", "Buyers", "--down").err
    assert crew("view", "delete", "deal", "Buyers").code == 0
    # Sales is beneath House.
    assert kind(crew, "luca") == "House"
    assert crew("undo").code == 0
    assert kind(crew, "luca") == "Buyers"


def test_whom_a_view_is_for(crew: Crm) -> None:
    crew("view", "add", "deal", "A")

    def members(*more: str) -> list[str]:
        found: list[str] = crew("view", "members", "deal", "a", "--json", *more).json["view"]["members"]
        return found

    assert members() == []
    assert members("--for", "luca", "--for", "Sales") == ["luca", "department:sales"]
    assert members("--also", "giulia") == ["luca", "department:sales", "giulia_moretti"]
    assert members("--also", "House", "--not", "luca") == ["department:sales", "giulia_moretti", "department:house"]
    lines = crew("view", "members", "deal", "a").out.splitlines()[2:]
    assert [line.split(maxsplit=1) for line in lines] == [
        ["department:sales", "Sales"], ["giulia_moretti", "Giulia Moretti"], ["department:house", "House"]
    ]  # fmt: skip
    assert members("--nobody") == []
    assert crew("undo").code == 0
    assert len(members()) == 3
    assert crew("view", "members", "deal", "a", "--for", "nobody").code == 3


# -- tabs --------------------------------------------------------------------------------------------------------------
def test_tabs(crm: Crm) -> None:
    assert crm("tab", "move", "company", "Contacts", "--left").out == "contacts\n"
    assert crm("tab", "hide", "company", "Preventivi").out == "quotes\n"
    rows = [line.split() for line in crm("tab", "list", "company").out.splitlines()[2:]]
    assert [row[0] for row in rows] == [
        "general",
        "contacts",
        "deals",
        "leads",
        "invoices",
        "relations",
        "documents",
        "history",
        "quotes",
    ]
    assert rows[-1][-1] == "hidden"
    told = crm("tab", "list", "company", "--json").json
    assert [one["key"] for one in told["tabs"] if one["hidden"]] == ["quotes"]
    assert crm("layout", "show", "company").out.splitlines()[-1].endswith("(hidden: Quotes)")
    assert crm("tab", "show", "company", "quotes").code == 0
    assert crm("tab", "reset", "company").code == 0
    assert crm("tab", "reset", "company").err == "Nothing to change.\n"
    assert crm("tab", "hide", "company", "general").code == 4
    assert crm("tab", "hide", "company", "spaceships").code == 3
    assert crm("tab", "move", "company", "quotes").code == 2
    assert crm("tab", "move", "company", "history", "--right").err == "Nothing to change.\n"
    for _n in range(4):
        assert crm("undo").code == 0
    assert layout(crm, type="company")["layout"] == "built-in"


# -- refused -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("layout", "show", "spaceship"), 3),
        (("layout", "show", "deal", "--pipeline", "nowhere"), 4),
        (("layout", "show", "lead", "--pipeline", "general"), 4),
        (("layout", "show", "lead", "--variant", "neither"), 4),
        (("layout", "show", "lead", "--variant", "new", "--pipeline", "general"), 2),
        (("layout", "show", "contact", "--pipeline", "general"), 4),
        (("layout", "show", "deal", "--layout", "Nobody's"), 3),
        (("layout", "show", "deal", "--layout", "mine"), 3),
        (("layout", "move", "deal", "title"), 2),
        (("layout", "move", "deal", "title", "--up", "--down"), 2),
        (("layout", "move", "deal", "nothing", "--up"), 3),
        (("layout", "move", "deal", "created", "--up"), 4),
        (("layout", "move", "deal", "title", "--up", "--layout", "built-in"), 4),
        (("layout", "place", "deal", "title"), 2),
        (("layout", "place", "deal", "title", "Nowhere"), 3),
        (("layout", "place", "deal", "nothing", "main"), 3),
        (("layout", "place", "deal", "title", "main", "--at", "-1"), 2),
        (("layout", "hide", "deal"), 2),
        (("layout", "hide", "deal", "nothing"), 3),
        (("layout", "always", "deal", "created"), 4),
        (("layout", "section", "add", "deal", "  "), 4),
        (("layout", "section", "add", "deal"), 2),
        (("layout", "section", "rename", "deal", "nowhere", "x"), 3),
        (("layout", "section", "rename", "deal", "main", ""), 4),
        (("layout", "section", "move", "deal", "main"), 2),
        (("layout", "section", "delete", "deal", "nowhere"), 3),
        (("layout", "reset", "deal"), 4),
        (("layout", "use", "deal", "mine"), 3),
        (("view", "show", "deal", "nothing"), 3),
        (("view", "add", "deal", ""), 4),
        (("view", "add", "deal", "A", "--for", "nobody"), 3),
        (("view", "add", "deal", "A", "--from", "nothing"), 3),
        (("view", "edit", "deal", "nothing", "--name", "x"), 3),
        (("view", "edit", "deal", "nothing"), 2),
        (("view", "members", "deal", "nothing"), 3),
        (("view", "move", "deal", "nothing", "--up"), 3),
        (("view", "delete", "deal", "nothing"), 3),
    ],
)
def test_every_refusal_has_its_exit_code_and_says_why(crm: Crm, arguments: tuple[str, ...], code: int) -> None:
    ran = crm(*arguments)
    assert (ran.code, ran.out) == (code, "")
    assert ran.err.startswith("Error: ")
    assert crm(*arguments, "--json").json["status"] == "error"
    assert layout(crm)["layout"] == "built-in"


@pytest.mark.parametrize(
    "arguments",
    [
        ("layout", "hide", "deal", "amount", "--layout", "common"),
        ("layout", "hide", "deal", "amount", "--layout", "A"),
        ("layout", "section", "add", "deal", "x", "--layout", "common"),
        ("layout", "everyone", "deal"),
        ("layout", "everyone", "deal", "--dry-run"),
        ("layout", "reset", "deal", "--layout", "common"),
        ("layout", "reset", "deal", "--layout", "A"),
        ("view", "add", "deal", "B", "--for", "luca"),
        ("view", "edit", "deal", "A", "--name", "B"),
        ("view", "members", "deal", "A", "--nobody"),
        ("view", "move", "deal", "A", "--down"),
        ("view", "delete", "deal", "A"),
        ("tab", "hide", "deal", "quotes", "--layout", "common"),
    ],
)
def test_without_the_right_nothing_changes(crm: Crm, arguments: tuple[str, ...]) -> None:
    for name in ("A", "AA"):
        assert crm("view", "add", "deal", name, "--for", "luca").code == 0
    assert crm("layout", "hide", "deal", "source").code == 0
    before = layout(crm), crm("view", "list", "deal", "--json").json
    ran = crm(*arguments, "--as", "luca", "--json")
    assert (ran.code, ran.json["error"]["code"]) == (5, "access")
    assert (layout(crm), crm("view", "list", "deal", "--json").json) == before


def test_help_and_completion(process: Crm) -> None:
    for words, verbs in (
        ("layout", {"show", "move", "place", "hide", "always", "section", "mine", "everyone", "reset", "use"}),
        ("layout section", {"add", "rename", "move", "delete"}),
        ("view", {"list", "show", "add", "edit", "members", "move", "delete"}),
        ("tab", {"list", "move", "hide", "show", "reset"}),
    ):
        asked = {"_TUICRM_COMPLETE": "bash", "_TUICRM_LINE": f"tuicrm {words} "}
        assert verbs <= set(process(env=asked).out.split())
        told = process(*words.split(), env={"LANG": "it_IT.UTF-8"}).out
        assert all(verb in told for verb in verbs)
    assert "Viste: disposizioni" in process("view", "--help", env={"LANG": "it_IT.UTF-8"}).out
