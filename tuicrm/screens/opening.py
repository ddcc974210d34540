"""Where screens open one another: by a name, whose module is loaded when it is used first. No screen knows another one's module."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from importlib import import_module
from typing import Any

from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.screens.host import Asks, Host, Opener
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.keyed import Keyed

LATER = (
    "tuicrm.widgets.editors",
    "tuicrm.widgets.picker",
    "tuicrm.screens.items.filtering",
    "tuicrm.screens.card.screen",
    "textual.scrollbar",
    "phonenumbers",
)
"""What every first key may need and no first picture does: loaded once that is there."""

MADE = {
    "calendar_screen": "tuicrm.screens.calendar.screen:calendar_screen",
    "arrange_channels": "tuicrm.screens.settings.channels:arrange_channels",
    "arrange_pipelines": "tuicrm.screens.settings.pipelines:arrange_pipelines",
    "arrange_stages": "tuicrm.screens.settings.stages:arrange_stages",
    "open_card": "tuicrm.screens.card.screen:open_card",
    "open_dupes": "tuicrm.screens.items.dupes:open_dupes",
    "open_fields": "tuicrm.screens.settings.fields:open_fields",
    "open_find": "tuicrm.screens.find:open_find",
    "open_merge": "tuicrm.screens.items.merge:open_merge",
    "open_triage": "tuicrm.screens.card.triage:open_triage",
    "choose_way": "tuicrm.screens.messages.message_menu:choose_way",
    "call_number": "tuicrm.screens.messages.calling:call_number",
    "log_call": "tuicrm.screens.messages.calling:log_by_hand",
    "change_call": "tuicrm.screens.messages.call_changing:change_call",
    "show_code": "tuicrm.screens.messages.code_box:show_code",
    "show_message": "tuicrm.screens.messages.view:show_message",
    "inbox_screen": "tuicrm.screens.messages.inbox:inbox_screen",
    "settings_screen": "tuicrm.screens.settings.screen:settings_screen",
}
"""Where the functions of this module are carried out: a function of the same parameters there."""

VIEWS = {
    "board": "tuicrm.screens.boards.board:board_screen",
    "list": "tuicrm.screens.items.screen:list_screen",
    "deadlines": "tuicrm.screens.boards.agenda:agenda_screen",
    "activities": "tuicrm.screens.boards.agenda:agenda_screen",
    "calendar": "tuicrm.screens.calendar.screen:calendar_view_screen",
}
"""What makes the screen of each view (`services/boards/item_views.py`)."""

MESSAGES = {
    "mail": "tuicrm.screens.messages.compose:write_mail",
    "call": "tuicrm.screens.messages.calling:call",
    "sms": "tuicrm.screens.messages.texting:write_sms",
    "messenger": "tuicrm.screens.messages.texting:write_messenger",
}
"""What opens each way to a client, given the screen it is asked for on and the item's ref: `mail`, `call`, `sms`; `messenger` is given
which one, too."""
_MESSENGERS = ("whatsapp", "telegram")


@cache
def _loaded(place: str) -> Callable[..., Any]:
    module, _colon, name = place.partition(":")
    made: Callable[..., Any] = getattr(import_module(module), name)
    return made


# -- over a screen -----------------------------------------------------------------------------------------------------
def open_card(over: Opener, ref: Ref, walk: Walk, closed: Callable[[Ref], None]) -> None:
    """The card of an item; `closed` is told which one was shown last. Raises NotFound, AccessDenied."""
    _loaded(MADE["open_card"])(over, ref, walk, closed)


def open_triage(over: Opener, refs: Sequence[Ref], closed: Callable[[], None]) -> None:
    """These items, of one type, one after the other."""
    _loaded(MADE["open_triage"])(over, refs, closed)


def open_find(over: Opener) -> None:
    """The search; `esc` comes back."""
    _loaded(MADE["open_find"])(over)


def open_merge(over: Opener, refs: Sequence[Ref], merged: Callable[[Item], None]) -> None:
    """Items side by side; `merged` is told the one that stayed. Raises what `merging.plan` raises, Refused for too many."""
    _loaded(MADE["open_merge"])(over, refs, merged)


def open_dupes(over: Opener, type_key: str) -> None:
    """The duplicates of a type; without a key, of the first type in which they are looked for."""
    _loaded(MADE["open_dupes"])(over, type_key)


def open_fields(over: Opener, type_key: str) -> None:
    """The fields of a type."""
    _loaded(MADE["open_fields"])(over, type_key)


def open_view(over: Opener, shown: ViewSpec, view: str) -> None:
    """A view of a type's items."""
    _shown = over.app.push_screen(_view_screen(over, shown, view))


# -- in a dialog -------------------------------------------------------------------------------------------------------
async def arrange_stages(
    host: Asks, session: Session, type_key: str, pipeline: str, changed: Callable[[], None], stage: str = ""
) -> None:
    """The stages of a pipeline, the cursor on `stage`; `changed` is called after every step."""
    await _loaded(MADE["arrange_stages"])(host, session, type_key, pipeline, changed, stage)


async def arrange_pipelines(
    host: Asks, session: Session, type_key: str, changed: Callable[[], None], pipeline: str = ""
) -> None:
    """The pipelines of a type, the cursor on `pipeline`; `changed` is called after every step."""
    await _loaded(MADE["arrange_pipelines"])(host, session, type_key, changed, pipeline)


def is_way(way: str) -> bool:
    """Whether there is a screen for a way to a client (a message's channel)."""
    return ("messenger" if way in _MESSENGERS else way) in MESSAGES


async def open_message(host: Host, way: str, ref: Ref) -> None:
    """Write to the client of an item, or call them: `way` is a message's channel. Raises NotFound, AccessDenied, Refused."""
    if way in _MESSENGERS:
        await _loaded(MESSAGES["messenger"])(host, ref, way)
    else:
        await _loaded(MESSAGES[way])(host, ref)


async def arrange_channels(host: Asks, session: Session, changed: Callable[[], None]) -> None:
    """The channels; `changed` is called after every step."""
    await _loaded(MADE["arrange_channels"])(host, session, changed)


async def call_number(host: Host, ref: Ref, numbers: Sequence[str]) -> None:
    """Call one of these numbers of an item. Raises NotFound, Refused."""
    await _loaded(MADE["call_number"])(host, ref, numbers)


async def log_call(host: Host, ref: Ref) -> None:
    """Keep a call that was with the client of an item, whoever called. Raises NotFound, AccessDenied."""
    await _loaded(MADE["log_call"])(host, ref)


async def change_call(host: Host, number: int) -> None:
    """Change what is kept of a call, by its message's id. Raises NotFound, AccessDenied."""
    await _loaded(MADE["change_call"])(host, number)


async def show_code(host: Host, title: str, link: str, code: str) -> None:
    """A QR code for the phone in the hand, and the link that it leads to."""
    await _loaded(MADE["show_code"])(host, title, link, code)


async def choose_way(host: Host, ref: Ref) -> None:
    """The menu of the ways to the client of an item. Raises NotFound, AccessDenied."""
    await _loaded(MADE["choose_way"])(host, ref)


async def show_message(host: Host, number: int) -> None:
    """A message, by its id, until it is left. Raises NotFound."""
    await _loaded(MADE["show_message"])(host, number)


# -- in place of a screen ----------------------------------------------------------------------------------------------
def go_to_view(instead_of: Opener, shown: ViewSpec, view: str) -> None:
    """A view of a type's items."""
    _shown = instead_of.app.switch_screen(_view_screen(instead_of, shown, view))


def go_to_first_board(instead_of: Opener) -> Keyed[None]:
    """The board that comes first; returns its screen."""
    screen = _view_screen(instead_of, ViewSpec(""), "board")
    _shown = instead_of.app.switch_screen(screen)
    return screen


def go_to_settings(instead_of: Opener) -> None:
    """What can be set."""
    _shown = instead_of.app.switch_screen(settings_screen(instead_of))


def go_to_calendar(instead_of: Opener) -> None:
    """One's own calendar."""
    _shown = instead_of.app.switch_screen(calendar_screen(instead_of))


def go_to_inbox(instead_of: Opener) -> None:
    """What came and is on no item yet."""
    _shown = instead_of.app.switch_screen(inbox_screen(instead_of))


# -- screens -----------------------------------------------------------------------------------------------------------
def settings_screen(whence: Opener) -> Keyed[None]:
    """What can be set, as a screen."""
    made: Keyed[None] = _loaded(MADE["settings_screen"])(whence)
    return made


def calendar_screen(whence: Opener) -> Keyed[None]:
    """One's own calendar, as a screen."""
    made: Keyed[None] = _loaded(MADE["calendar_screen"])(whence)
    return made


def inbox_screen(whence: Opener) -> Keyed[None]:
    """What came and is on no item yet, as a screen."""
    made: Keyed[None] = _loaded(MADE["inbox_screen"])(whence)
    return made


def _view_screen(whence: Opener, shown: ViewSpec, view: str) -> Keyed[None]:
    made: Keyed[None] = _loaded(VIEWS[view])(whence, shown, view)
    return made
