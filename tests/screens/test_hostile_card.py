"""Hostile texts in every field, comment and name of a card: they are shown as text, and nothing happens."""

from __future__ import annotations

from itertools import product

import pytest

from tests.driver import LARGE, SMALL, Crm
from tests.hostile import HOSTILE_FEW, assert_harmless
from tests.screens.opening import BOTH, D1, add_shown, card, go_to
from tuicrm.domain.items import Ref
from tuicrm.services.items import activities, items, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.people import Details, add_person
from tuicrm.store.protocol import Op

MARKUP = "[/][@click=app.quit]x[/] $primary \x1b[31m\x1b]52;c;cm0=\x07 \u202egnp.exe\u202c é\u0301\u0301\u0301\u0301\u0301 日本"
CONTACT = Ref("contact", 1)


def assert_all_harmless(crm: Crm) -> None:
    for line in crm.screen_lines():
        assert_harmless(line)
    assert crm.app.return_code is None


def spoil(session: Session, text: str) -> None:
    """Put a text wherever the store takes it, past what kinds refuse, as another program could."""
    short = text[:200]
    texts = {"title": text, "comment": text, "source_info": text, "utm_source": text, "location": text}
    doc = {key: value for key, value in texts.items() if value}
    record = session.store.get("deal", [1])[0]
    spoiled = {
        **record.doc,
        **doc,
        "type": short,
        "source": short,
        "close_date": short,
        "amount": {"amount": "NaN", "currency": short},
        "responsible": short,
        "contacts": [short, "contact:1"],
    }
    session.store.commit([Op("deal", 1, spoiled)], {}, "x", short, {})


EACH_SMALL_SOME_LARGE = [
    *((SMALL, text) for text in (*HOSTILE_FEW, MARKUP)),
    *((LARGE, text) for text in (*HOSTILE_FEW[4:], MARKUP)),
]
"""The large ones hold in one text what the first are one by one."""


@pytest.mark.parametrize(("size", "text"), EACH_SMALL_SOME_LARGE, ids=range(len(EACH_SMALL_SOME_LARGE)))
async def test_texts_of_fields_comments_and_activities(seeded: Session, size: tuple[int, int], text: str) -> None:
    text = "".join(c for c in text if c != "\0" and not 0xD800 <= ord(c) < 0xE000)  # refused when it is saved
    items.edit(seeded, D1, {"title": " ".join(text[:200].split()) or "x", "comment": text})
    if text.strip():
        timeline.comment(seeded, D1, text)
        activities.add(seeded, D1, text, "2026-11-25T09:00:00Z")
    add_shown(seeded, "deal", f"Label {text[:80]}", "list", options=[text[:80].strip() or "x"], many=True)
    async with card(seeded, D1, size) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        assert_all_harmless(crm)
        for at, section in enumerate(screen.card.sections):
            for place, field in enumerate(section.fields):
                if field.key in ("title", "comment") or field.label.startswith("Label"):
                    await go_to(crm, screen.card.sections[at].fields[place].key)
                    await crm.press("F2")
                    assert_all_harmless(crm)
                    await crm.press_action("cancel")
        await crm.press_action("card.other_pane")
        assert_all_harmless(crm)
        for action in ("timeline.read", "timeline.edit", "timeline.kinds", "timeline.note"):
            await crm.press_action(action)
            assert_all_harmless(crm)
            await crm.press("esc")
            if crm.dialog is not None or screen.query("Editor"):
                await crm.press("esc")
        await crm.press_action("card.customise")
        assert_all_harmless(crm)
        await crm.press_action("customise.fields")
        assert_all_harmless(crm)


@BOTH
async def test_names_of_people_and_companies(seeded: Session, size: tuple[int, int]) -> None:
    name = MARKUP.replace("\x1b", "").replace("\x07", "")
    add_person(seeded, Details(name, logins=["evil"], roles=["administrator"]), key="evil")
    items.edit(seeded, Ref("company", 1), {"title": name})
    items.edit(seeded, D1, {"responsible": "evil", "observers": ["evil"]})
    async with card(seeded, D1, size) as (crm, _screen):
        assert_all_harmless(crm)
        for field in ("company", "responsible"):
            await go_to(crm, field)
            await crm.press("F2")
            await crm.type("x")
            assert_all_harmless(crm)
            await crm.press_action("cancel")
        await crm.press_action("undo")
        assert_all_harmless(crm)


@BOTH
async def test_values_that_no_kind_would_have_taken(seeded: Session, size: tuple[int, int]) -> None:
    spoil(seeded, MARKUP)
    async with card(seeded, D1, size) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        assert_all_harmless(crm)
        for section in screen.card.sections:
            for field in section.fields:
                if not field.read_only:
                    await go_to(crm, field.key)
                    await crm.press("F2")
                    assert_all_harmless(crm)
                    if crm.dialog is not None or screen.query("Editor"):
                        await crm.press_action("cancel")
                    assert crm.screen is screen


@BOTH
async def test_what_is_pasted_into_every_editor(seeded: Session, size: tuple[int, int]) -> None:
    async with card(seeded, CONTACT, size) as (crm, screen):
        screen.field_actions.do_card_show_empty()
        for text, field in product(HOSTILE_FEW, ("first_name", "phone", "address", "birthday", "comment")):
            if screen.fields.place_of(screen.card, field) is None:
                continue
            await go_to(crm, field)
            await crm.press("F2")
            await crm.paste(text)
            await crm.press("F2")
            assert_all_harmless(crm)
            for _twice in range(2):
                if screen.query("Editor"):
                    await crm.press_action("cancel")
            assert not screen.query("Editor")
