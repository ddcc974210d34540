"""Every kind of field edited in its place, as people do it: keys by action id, at both sizes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.driver import LARGE, SMALL, Crm
from tests.screens.opening import BOTH, D1, D3, add_shown, card, go_to, show
from tuicrm.domain.items import Ref
from tuicrm.screens.card.screen import CardScreen
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.editors import LineEditor
from tuicrm.widgets.picker import Picker

CONTACT, COMPANY = Ref("contact", 1), Ref("company", 1)


async def clear(crm: Crm) -> None:
    await crm.press("home", "ctrl+k")


async def edit_text(crm: Crm, field: str, text: str) -> None:
    """Type a value anew and save it."""
    await go_to(crm, field)
    await crm.press("F2")
    await clear(crm)
    await crm.type(text)
    await crm.press("F2")


# -- one line ----------------------------------------------------------------------------------------------------------
@BOTH
@pytest.mark.parametrize(
    ("field", "typed", "kept", "shown"),
    [
        ("amount", "38k", {"amount": "38000.00", "currency": "EUR"}, "€ 38,000.00"),
        ("amount", "1.234,50 usd", {"amount": "1234.50", "currency": "USD"}, "1,234.50"),
        ("close_date", "+3d", "2026-11-26", "26 Nov 2026"),
        ("close_date", "fri", "2026-11-27", "27 Nov 2026"),
        ("probability", "60 %", 60, "60"),
        ("title", "New [b]name[/]", "New [b]name[/]", "New [b]name[/]"),
    ],
)
async def test_one_line(
    seeded: Session, size: tuple[int, int], field: str, typed: str, kept: object, shown: str
) -> None:
    async with card(seeded, D1, size) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await edit_text(crm, field, typed)
        assert seeded.get(D1).get(field) == kept
        assert shown in crm.screen_text()
        assert screen.fields.field_key == field
        assert "u undo" in crm.screen_text()
        await crm.press_action("undo")
        assert seeded.get(D1).get(field) != kept


@pytest.mark.parametrize(
    ("kind", "typed", "kept", "wrong"),
    [
        ("string", "B-17", "B-17", None),
        ("integer", "1 200", 1200, "12.5"),
        ("number", "2,5", "2.5", "two"),
        ("date", "25/12/2026", "2026-12-25", "tomorow"),
        ("datetime", "fri 9:30", "2026-11-27T09:30:00Z", "25:99"),
        ("money", "-5% ", None, "-5%"),
        ("link", "example.com/a?b=[1]", "https://example.com/a?b=[1]", None),
    ],
)
async def test_fields_of_ones_own(seeded: Session, kind: str, typed: str, kept: object, wrong: str | None) -> None:
    key = add_shown(seeded, "deal", "Our own", kind)
    async with card(seeded) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        if kept is not None:
            await edit_text(crm, key, typed)
            assert seeded.get(D1).get(key) == kept
        if wrong is not None:
            await edit_text(crm, key, wrong)
            editor = screen.query_one(LineEditor)
            assert editor.value == wrong  # what was typed is kept
            assert "!" in crm.screen_text()
            await crm.press_action("cancel")
            assert not screen.query(LineEditor)
            assert seeded.get(D1).get(key) == kept


@BOTH
async def test_bad_input_says_what_is_expected_and_keeps_what_was_typed(seeded: Session, size: tuple[int, int]) -> None:
    before = seeded.get(D1)
    async with card(seeded, D1, size) as (crm, screen):
        await edit_text(crm, "amount", "many euros [/]")
        text = crm.screen_text()
        assert "many euros [/]" in text
        assert "amount" in text.lower()
        assert screen.query_one(LineEditor).value == "many euros [/]"
        await crm.press_action("cancel")
        assert "many euros" not in crm.screen_text()
        assert seeded.get(D1) == before
        assert screen.fields.has_focus


async def test_what_is_understood_shows_while_typing(seeded: Session) -> None:
    async with card(seeded) as (crm, _screen):
        await go_to(crm, "amount")
        await crm.press_action("field.edit")
        await crm.type("38k")
        assert "= € 38,000.00" in crm.screen_text()


async def test_what_was_not_changed_is_not_called_saved(seeded: Session) -> None:
    items.edit(seeded, D1, {"source": "call"})
    seq = seeded.store.seq()
    async with card(seeded) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        for field, label in (("amount", "Amount"), ("close_date", "Expected close"), ("title", "Title")):
            await go_to(crm, field)
            await crm.press("F2", "F2")
            assert crm.said() == f"{label} is unchanged"
            assert "undo" not in crm.screen_lines()[-2]
        await go_to(crm, "source")
        await crm.press_action("field.edit", "list.choose")
        assert crm.said() == "Source is unchanged"
    assert seeded.store.seq() == seq


async def test_a_value_is_emptied(seeded: Session) -> None:
    async with card(seeded) as (crm, _screen):
        await edit_text(crm, "amount", "")
        assert seeded.get(D1).get("amount") is None


# -- chosen ------------------------------------------------------------------------------------------------------------
@BOTH
async def test_a_word_of_a_dictionary(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "source")
        await crm.press_action("field.edit")
        assert isinstance(crm.dialog, Picker)
        await crm.type("fair")
        await crm.press_action("list.choose")
        assert seeded.get(D1).get("source") == "trade_fair"
        assert "Trade fair" in crm.screen_text()
        await crm.press_action("field.edit", "cancel")
        assert crm.dialog is None
        assert seeded.get(D1).get("source") == "trade_fair"


async def test_an_option_of_a_list_one_and_several(seeded: Session) -> None:
    one = add_shown(seeded, "deal", "Colour", "list", options=["Red [/]", "Green"])
    several = add_shown(seeded, "deal", "Sizes", "list", options=["Small", "Large", "Huge"], many=True)
    async with card(seeded) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, one)
        await crm.press_action("field.edit")
        await crm.type("gre")
        await crm.press_action("list.choose")
        assert seeded.get(D1).get(one) == "green"
        await go_to(crm, several)
        await crm.press_action("field.edit", "list.mark", "list.down", "list.mark", "list.choose")
        assert seeded.get(D1).get(several) == ["small", "huge"]
        assert "Small, Huge" in crm.screen_text()
        await go_to(crm, one)
        await crm.press_action("field.edit", "list.up", "list.up", "list.choose")
        assert seeded.get(D1).get(one) is None


async def test_yes_and_no(seeded: Session) -> None:
    async with card(seeded) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "open_to_all")
        await crm.press_action("field.edit")
        await crm.type("no")
        await crm.press_action("list.choose")
        assert seeded.get(D1).get("open_to_all") is False


@BOTH
async def test_people_by_a_few_letters(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "responsible")
        await crm.press_action("field.edit")
        await crm.type("riv")
        await crm.press_action("list.choose")
        assert seeded.get(D1).get("responsible") == "luca"
        assert "Luca Riva" in crm.screen_text()
        await go_to(crm, "observers")
        await crm.press_action("field.edit", "list.mark", "list.mark", "list.choose")
        assert len(seeded.get(D1).get("observers") or ()) == 2


@BOTH
async def test_items_are_found_fuzzily_and_a_link_opens_its_card(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, screen):
        await go_to(crm, "company")
        await crm.press("F2")
        assert "Rossi Srl" in crm.screen_text()
        await crm.type("ferari legnmi")
        await crm.press_action("list.choose")
        assert seeded.get(D1).get("company") == "company:2"
        assert screen.fields.field_key == "company"
        await crm.press_action("field.edit")
        assert crm.screen is not screen
        assert "Ferrari Legnami" in crm.screen_lines()[0]
        await crm.press_action("back")
        assert crm.screen is screen


async def test_several_items(seeded: Session) -> None:
    items.add(seeded, "contact", {"first_name": "Ada", "last_name": "Verdi"})
    async with card(seeded, D1) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "contacts")
        await crm.press("F2")
        await crm.press_action("list.mark", "list.mark", "list.choose")
        assert sorted(seeded.get(D1).get("contacts") or ()) == ["contact:1", "contact:2"]
        await crm.press("F2")
        assert "2 marked" in crm.screen_text()
        await crm.press_action("cancel")


# -- several lines and several values ----------------------------------------------------------------------------------
@BOTH
async def test_a_text_of_several_lines(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D1, size) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "comment")
        await crm.press_action("field.edit")
        await crm.type("one")
        await crm.press("enter")
        await crm.type("two [/]")
        await crm.press_action("text.save")
        assert seeded.get(D1).get("comment") == "one\ntwo [/]"
        assert "two [/]" in crm.screen_text()
        await crm.press_action("field.edit")
        await crm.type(" three")
        await crm.press_action("cancel")
        assert "F2 saves" in crm.screen_text()
        await crm.press_action("cancel")
        assert seeded.get(D1).get("comment") == "one\ntwo [/]"


@BOTH
async def test_phones_and_mails_one_a_line(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, CONTACT, size) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await go_to(crm, "phone")
        await crm.press_action("field.edit")
        await crm.type("02 5555 0142 work")
        await crm.press("enter")
        await crm.type("+39 333 555 0142")
        await crm.press_action("text.save")
        phones = seeded.get(CONTACT).get("phone")
        assert [each["value"] for each in phones] == ["+390255550142", "+393335550142"]
        assert phones[0]["type"] == "work"
        await go_to(crm, "email")
        await crm.press_action("field.edit")
        await crm.type("maria@example.com; no mail")
        await crm.press_action("text.save")
        assert seeded.get(CONTACT).get("email") is None
        assert "no mail" in crm.screen_text()
        await crm.press_action("cancel", "cancel")


async def test_an_address(seeded: Session) -> None:
    async with card(seeded, COMPANY) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await edit_text(crm, "address", "Via Roma 12, 20900 Monza")
        address: Any = seeded.get(COMPANY).get("address")
        assert (address["line1"], address["postcode"], address["city"]) == ("Via Roma 12", "20900", "Monza")
        assert "Via Roma 12" in crm.screen_text()


# -- files -------------------------------------------------------------------------------------------------------------
async def test_a_file_is_attached_and_written_out_again(seeded: Session, tmp_path: Path) -> None:
    path = tmp_path / "offer [1].pdf"
    path.write_bytes(b"%PDF" + bytes(range(256)))
    key = add_shown(seeded, "deal", "Offer", "file")
    async with card(seeded, D1, LARGE) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        await edit_text(crm, key, str(path))
        assert seeded.get(D1).get(key)["name"] == "offer [1].pdf"
        assert "offer [1].pdf" in crm.screen_text()
        await crm.press_action("field.edit")
        await clear(crm)
        await crm.type(str(tmp_path / "copy.pdf"))
        await crm.press_action("editor.save")
        assert (tmp_path / "copy.pdf").read_bytes() == path.read_bytes()
        assert "copy.pdf" in crm.said()
        await edit_text(crm, key, "/nowhere/at.all")
        assert "there is no file /nowhere/at.all" in " ".join(crm.screen_text().split())
        await crm.press_action("cancel")
        assert seeded.get(D1).get(key)["name"] == "offer [1].pdf"


# -- others ------------------------------------------------------------------------------------------------------------
def of_luca(session: Session, open_as: OpenAs) -> Callable[[dict[str, Any]], None]:
    """The first deal is Luca's; what he changes of it is known here at once."""
    luca = open_as("luca")
    items.edit(session, D1, {"responsible": "luca"})

    def edit(values: dict[str, Any]) -> None:
        luca.store.refresh()
        items.edit(luca, D1, values)
        session.store.refresh()

    return edit


@BOTH
async def test_what_another_changed_meanwhile_is_shown_and_nothing_is_lost(
    seeded: Session, open_as: OpenAs, size: tuple[int, int]
) -> None:
    others_edit = of_luca(seeded, open_as)
    async with card(seeded, D1, size) as (crm, screen):
        await go_to(crm, "amount")
        await crm.press_action("field.edit")
        await crm.type("11k")
        others_edit({"amount": {"amount": "99000.00", "currency": "EUR"}})
        await crm.settle()
        await crm.press_action("editor.save")
        text = " ".join(crm.screen_text().split())
        assert "Luca Riva, " in text
        assert "€ 99,000.00" in text
        assert "€ 11,000.00" in text
        await crm.press_action("cancel")
        editor = screen.query_one(LineEditor)
        assert editor.value == "11k", "what was typed is still there"
        at = editor.region
        told = " ".join(line[at.x : at.right].strip() for line in crm.screen_lines()[at.y : at.bottom])
        assert "now € 99,000.00 (Luca Riva" in told
        assert seeded.get(D1).get("amount") == {"amount": "99000.00", "currency": "EUR"}
        await crm.press_action("editor.save")
        await crm.press_action("clash.mine")
        assert seeded.get(D1).get("amount") == {"amount": "11000.00", "currency": "EUR"}
        assert not screen.query(LineEditor)


async def test_the_others_value_may_stay(seeded: Session, open_as: OpenAs) -> None:
    others_edit = of_luca(seeded, open_as)
    async with card(seeded) as (crm, screen):
        await go_to(crm, "title")
        await crm.press_action("field.edit")
        await crm.type(" mine")
        others_edit({"title": "Luca's title"})
        await crm.settle()
        await crm.press_action("editor.save")
        await crm.press_action("clash.theirs")
        assert seeded.get(D1).get("title") == "Luca's title"
        assert not screen.query(LineEditor)
        assert "The current value was kept." in crm.screen_text()


async def test_edits_of_other_fields_merge(seeded: Session, open_as: OpenAs) -> None:
    others_edit = of_luca(seeded, open_as)
    async with card(seeded) as (crm, _screen):
        await go_to(crm, "amount")
        await crm.press_action("field.edit")
        await crm.type("11k")
        others_edit({"title": "Luca's title"})
        await crm.settle()
        assert "Luca's title" in crm.screen_lines()[0]
        await crm.press_action("editor.save")
        deal = seeded.get(D1)
        assert (deal.get("title"), deal.get("amount")["amount"]) == ("Luca's title", "11000.00")


# -- what cannot be edited ---------------------------------------------------------------------------------------------
async def test_what_cannot_be_changed_says_so(seeded: Session) -> None:
    key = show(seeded, "deal", "created")
    async with card(seeded, D3) as (crm, _screen):
        await go_to(crm, key)
        await crm.press_action("field.edit")
        assert "cannot be changed by hand" in crm.said()


@pytest.mark.parametrize("size", [SMALL, LARGE])
async def test_empty_fields_come_and_go(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, D3, size) as (crm, screen):
        assert ". shows" in crm.screen_text()
        fields = len(screen.fields.rows.rows) if screen.fields.rows else 0
        await crm.press_action("card.show_empty")
        assert screen.fields.rows is not None
        assert len(screen.fields.rows.rows) > fields
        await crm.press_action("card.show_empty")
        assert len(screen.fields.rows.rows) == fields


async def test_what_is_a_clients_is_copied_read_and_opened_from_the_card(seeded: Session) -> None:
    """Phones and e-mails stand under the client; they follow what others change."""
    texts = {"phone": "+39 041 5551234", "email": "info@rossi.example"}
    items.edit(seeded, Ref("company", 1), items.values(seeded, "company", texts))
    async with card(seeded, D1) as (crm, screen):
        await go_to(crm, "company/company:1/phone")
        assert "↳ Phone" in crm.screen_text()
        await crm.press_action("copy.value")
        assert crm.app.clipboard == "+39 041 555 1234"
        await crm.press_action("field.read")
        assert crm.dialog is not None
        assert "info@rossi.example" in crm.screen_text()
        await crm.press_action("close")
        assert screen.fields.field is not None
        items.edit(seeded, Ref("company", 1), items.values(seeded, "company", {"phone": "+39 041 5559999"}))
        screen.catch_up()
        await crm.settle()
        assert screen.fields.field.value == "+39 041 555 9999"
        # There is nothing to edit here: the client's card opens, by F2 too.
        await crm.press("F2")
        assert isinstance(crm.screen, CardScreen)
        assert crm.screen.ref == Ref("company", 1)
