"""Every place of the program where a text can be typed, each with how to get there and how to finish."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from textual.screen import Screen

from tests.driver import Crm
from tests.screens.messages.writing import came, with_channel, with_phones, with_texting
from tests.screens.opening import D1, add_shown, go_to
from tests.screens.test_shaping import open_setting
from tests.services.documents import files as document_files
from tuicrm.domain import layout_use
from tuicrm.domain.kinds import CUSTOM_KINDS
from tuicrm.screens.boards.agenda import AgendaScreen
from tuicrm.screens.boards.board import BoardScreen
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.documents.preview import DocumentPreview
from tuicrm.screens.find import FindScreen
from tuicrm.screens.items.screen import ListScreen
from tuicrm.screens.messages.inbox import InboxScreen
from tuicrm.screens.settings.fields import FieldsScreen
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.items import activities, products, timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import views
from tuicrm.widgets.surface import Surface

First = Callable[[Session, Surface], Screen[None]]
Open = Callable[[Crm], Awaitable[None]]


class Place(NamedTuple):
    """The screen it is on, how it is opened there, and the key that finishes it."""

    first: First
    open: Open
    finish: str


def _card(session: Session, surface: Surface) -> CardScreen:
    return CardScreen(session, surface, D1)


def _list(session: Session, surface: Surface) -> ListScreen:
    return ListScreen(session, surface, "deal")


async def _saved_filter(crm: Crm) -> None:
    await crm.press("/")
    await crm.type("amount > 1")
    await crm.press("F4", "n")


def _agenda(view: str) -> First:
    return lambda session, surface: AgendaScreen(session, surface, ViewSpec("deal"), view)


def _keys(*keys: str) -> Open:
    async def press(crm: Crm) -> None:
        await crm.press(*keys)

    return press


def _relations(*keys: str) -> Open:
    """The tab of the relations, then keys."""

    async def press(crm: Crm) -> None:
        screen = crm.screen
        assert isinstance(screen, CardScreen)
        at = next(at for at, tab in enumerate(screen.card.tabs, start=1) if tab.key == "relations")
        await crm.press(str(at), *keys)

    return press


def _not_there(session: Session, name: str) -> str:
    """A name that nothing has yet: a place is opened more than once."""
    return f"{name} {session.store.seq()}"


def _field(kind: str, many: bool) -> Open:
    async def edit(crm: Crm) -> None:
        screen = crm.screen
        assert isinstance(screen, CardScreen)
        session = screen.session
        more: dict[str, dict[str, Any]] = {
            "list": {"options": ["one", "two"]},
            "item": {"targets": ["company"]},
            "dictionary": {"dictionary": "source"},
        }
        key = add_shown(session, "deal", _not_there(session, "My"), kind, many=many, **more.get(kind, {}))
        screen.reload()
        if not screen.field_actions.show_empty:
            screen.field_actions.do_card_show_empty()
        await crm.settle()
        await go_to(crm, key)
        await crm.press("F2")

    return edit


async def _comment_changed(crm: Crm) -> None:
    assert isinstance(crm.screen, CardScreen)
    timeline.comment(crm.screen.session, D1, "said")
    crm.screen.reload()
    await crm.settle()
    await crm.press("tab", "home", "e")


async def _note(crm: Crm) -> None:
    await crm.press("tab", "home", "N")


async def _activity_changed(crm: Crm) -> None:
    assert isinstance(crm.screen, CardScreen)
    activities.add(crm.screen.session, D1, "call", "2026-11-25T09:00:00Z")
    crm.screen.reload()
    await crm.settle()
    await crm.press("tab", "home", "e")


def _fields(session: Session, surface: Surface) -> FieldsScreen:
    return FieldsScreen(session, surface, "deal")


def _own_field(*keys: str) -> Open:
    """A list of one's own under the cursor in customise mode, then keys."""

    async def press(crm: Crm) -> None:
        screen = crm.screen
        assert isinstance(screen, CardScreen)
        key = add_shown(screen.session, "deal", _not_there(screen.session, "List"), "list", options=["one", "two"])
        screen.reload()
        await crm.press("C")
        await go_to(crm, key)
        await crm.press(*keys)

    return press


def _history(*keys: str) -> Open:
    async def press(crm: Crm) -> None:
        assert isinstance(crm.screen, CardScreen)
        await crm.screen.tabs.go_to("history")
        await crm.press(*keys)

    return press


async def _a_view(crm: Crm) -> None:
    assert isinstance(crm.screen, CardScreen)
    session = crm.screen.session
    views.add_view(session, layout_use.LayoutPlace("deal", "general"), _not_there(session, "Sales"), [])
    await crm.press("C", "v", "w")


async def _a_cell(crm: Crm) -> None:
    """The name of a product row."""
    assert isinstance(crm.screen, CardScreen)
    row = {"name": "Row", "price": {"amount": "5", "currency": "EUR"}}
    products.apply(crm.screen.session, D1, products.adding([row]))
    crm.screen.reload()
    await crm.settle()
    await crm.press("2", "F2")


async def _a_mail(crm: Crm) -> None:
    """A mail that is written, from the card."""
    assert isinstance(crm.screen, CardScreen)
    session = crm.screen.session
    if not session.workspace.channels:
        with_channel(session)
    await crm.press("m", "m")


def _mail(*keys: str) -> Open:
    async def press(crm: Crm) -> None:
        await _a_mail(crm)
        await crm.press(*keys)

    return press


def _texting(way: str, kind: str, *keys: str) -> Open:
    """A text that is written, from the card."""

    async def press(crm: Crm) -> None:
        assert isinstance(crm.screen, CardScreen)
        session = crm.screen.session
        if all(one.kind != kind for one in session.workspace.channels.values()):
            with_texting(session, kind)
            with_phones(session)
        await crm.press("m", way, *keys)

    return press


async def _document_value(crm: Crm) -> None:
    """What a document alone is to say, in its preview."""
    assert isinstance(crm.screen, CardScreen)
    document_files.add(crm.screen.session, "{Title}", label=_not_there(crm.screen.session, "Offer"))
    await crm.press("d", *(["enter"] if len(crm.screen.session.workspace.doc_templates) > 1 else []))
    assert isinstance(crm.dialog, DocumentPreview)
    crm.dialog.pane.move_to("Title")
    await crm.press("e", "d")


async def _document_path(crm: Crm) -> None:
    """Where a document is saved."""
    assert isinstance(crm.screen, CardScreen)
    session = crm.screen.session
    name = _not_there(session, "Offer")
    made = document_files.make(session, template=document_files.add(session, "{Title}", label=name).key)
    crm.screen.reload()
    await crm.settle()
    at = next(at for at, tab in enumerate(crm.screen.card.tabs, start=1) if tab.key == "documents")
    await crm.press(str(at))
    assert made.record.title.startswith(name)
    await crm.press("s")


async def _new_template(crm: Crm) -> None:
    await open_setting(crm, "templates")
    await crm.press("n")


async def _new_text_template(crm: Crm) -> None:
    await open_setting(crm, "text templates")
    await crm.press("n")


def _inbox(*keys: str) -> Open:
    """A message in the inbox, then keys."""

    async def press(crm: Crm) -> None:
        screen = crm.screen
        assert isinstance(screen, InboxScreen)
        came(screen.session, sender=f"Maria Rossi <m{screen.session.store.seq()}@new.example>", number="")
        screen.reload()
        await crm.settle()
        await crm.press(*keys)

    return press


PLACES: dict[str, Place] = {
    "filter of a board": Place(BoardScreen, _keys("/"), "enter"),
    "filter of a list": Place(lambda session, surface: ListScreen(session, surface, "contact"), _keys("/"), "enter"),
    "an activity in triage": Place(_list, _keys("T", "a"), "F2"),
    "the name of a filter": Place(_list, _saved_filter, "F2"),
    "which fields of many": Place(_list, _keys("E"), "esc"),
    "a field of many": Place(_list, _keys("E", "enter"), "F2"),
    "the file of an export": Place(_list, _keys("X"), "esc"),
    "filter of deadlines": Place(_agenda("deadlines"), _keys("/"), "enter"),
    "a new deal among deadlines": Place(_agenda("deadlines"), _keys("l", "n"), "F2"),
    "a new deal among activities": Place(_agenda("activities"), _keys("l", "n"), "F2"),
    "an activity of a column": Place(_agenda("activities"), _keys("l", "a"), "F2"),
    "another column of deadlines": Place(_agenda("deadlines"), _keys("M"), "esc"),
    "the search": Place(FindScreen, _keys(), "enter"),
    "palette": Place(BoardScreen, _keys(":"), "esc"),
    "a new deal": Place(BoardScreen, _keys("n"), "F2"),
    "a new deal, its amount": Place(BoardScreen, _keys("n", "enter"), "F2"),
    "a new deal, its company": Place(BoardScreen, _keys("n", "enter", "enter", "F4"), "esc"),
    "a new contact": Place(lambda session, surface: ListScreen(session, surface, "contact"), _keys("n"), "F2"),
    "another stage": Place(BoardScreen, _keys("M"), "esc"),
    "an activity": Place(BoardScreen, _keys("a"), "F2"),
    "an activity, when": Place(BoardScreen, _keys("a", "enter"), "F2"),
    "an activity that is changed": Place(_card, _activity_changed, "F2"),
    "a call that was": Place(_card, _keys("m", "l"), "F2"),
    "a comment": Place(_card, _keys("c"), "F2"),
    "a comment that is changed": Place(_card, _comment_changed, "F2"),
    "a product": Place(_card, _keys("2", "n"), "esc"),
    "the name of a product row": Place(_card, _a_cell, "enter"),
    "a note": Place(_card, _note, "F2"),
    "kinds of the timeline": Place(_card, _keys("tab", "f"), "esc"),
    "whom a mail goes to": Place(_card, _a_mail, "F2"),
    "what a mail is about": Place(_card, _mail("tab", "tab"), "F2"),
    "the text of a mail": Place(_card, _mail("shift+tab", "tab", "tab", "tab", "tab", "tab"), "F2"),
    "a file of a mail": Place(_card, _mail("F5"), "F2"),
    "an address that is looked for": Place(_card, _mail("F4"), "esc"),
    "an SMS": Place(_card, _texting("s", "sms_command"), "F2"),
    "whom an SMS goes to": Place(_card, _texting("s", "sms_command", "shift+tab", "F4"), "esc"),
    "a text by WhatsApp": Place(_card, _texting("w", "whatsapp"), "F2"),
    "an invitation to a bot": Place(_card, _texting("t", "telegram", "x", "F2"), "esc"),
    "a new section": Place(_card, _keys("C", "a"), "enter"),
    "the name of a section": Place(_card, _keys("C", "home", "r"), "enter"),
    "fields of the card": Place(_card, _keys("C", "f"), "esc"),
    "another section": Place(_card, _keys("C", "j", "M"), "esc"),
    "the kind of a new field": Place(_card, _keys("C", "n"), "esc"),
    "a new field": Place(_card, _keys("C", "n", "enter"), "F2"),
    "a field that is changed": Place(_card, _own_field("e"), "F2"),
    "a field that was configured": Place(_card, _own_field("c"), "F2"),
    "who sees a field": Place(_card, _own_field("c", "tab", "tab", "F4"), "esc"),
    "the options of a field": Place(_card, _own_field("o", "n"), "enter"),
    "the name of a view": Place(_card, _keys("C", "v", "n"), "enter"),
    "for whom a view is": Place(_card, _a_view, "esc"),
    "what is created from a deal": Place(_card, _keys("+"), "esc"),
    "a quote that is created": Place(_card, _keys("+", "enter"), "F2"),
    "an item that is linked": Place(_card, _relations("n"), "F2"),
    "an item that is linked, which": Place(_card, _relations("n", "F4"), "esc"),
    "another layout": Place(_card, _keys("L"), "esc"),
    "the field of a history": Place(_card, _history("f"), "esc"),
    "whose changes are shown": Place(_card, _history("w"), "esc"),
    "a new stage": Place(BoardScreen, _keys("s", "n"), "F2"),
    "a stage that is changed": Place(BoardScreen, _keys("s", "enter"), "F2"),
    "the name of a stage": Place(BoardScreen, _keys("s", "r"), "enter"),
    "the colour of a stage": Place(BoardScreen, _keys("s", "c"), "esc"),
    "what a stage asks for": Place(BoardScreen, _keys("s", "f"), "esc"),
    "a new pipeline": Place(BoardScreen, _keys("s", "p", "n"), "enter"),
    "a new item type": Place(SettingsScreen, _keys("home", "enter", "n"), "F2"),
    "the refs of an item type": Place(SettingsScreen, _keys("home", "enter", "n", "tab", "tab"), "F2"),
    "a value of a document": Place(_card, _document_value, "esc"),
    "the path of a document": Place(_card, _document_path, "esc"),
    "a new document template": Place(SettingsScreen, _new_template, "F2"),
    "a new text template": Place(SettingsScreen, _new_text_template, "F2"),
    "an item that a message is put on": Place(InboxScreen, _inbox("l"), "F2"),
    "a lead of a message": Place(InboxScreen, _inbox("n", "l"), "F2"),
    "a field that is looked for": Place(_fields, _keys("/"), "esc"),
    **{f"a {kind}": Place(_card, _field(kind, False), "F2") for kind in CUSTOM_KINDS},
    **{
        f"several of {kind}": Place(_card, _field(kind, True), "F2")
        for kind in CUSTOM_KINDS
        if kind not in ("boolean", "address")
    },
}
