"""Texts that were being typed when a session was cut off: found on the screen that is lost, offered at the next start."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from textual.app import App
from textual.screen import Screen
from textual.widgets import Input

from tuicrm.domain.items import Ref, Walk
from tuicrm.errors import CrmError, Refusal
from tuicrm.i18n import _
from tuicrm.render.text import clean, cut
from tuicrm.screens import opening
from tuicrm.screens.host import Host
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import left_typed
from tuicrm.services.workspace.left_typed import LeftText
from tuicrm.widgets.dialog import Dialog
from tuicrm.widgets.editor import Editor
from tuicrm.widgets.filter_bar import FilterBar
from tuicrm.widgets.form_field import TypedField
from tuicrm.widgets.menu import Menu, MenuEntry

_SHOWN = 50
_DISCARD = "D"


def typed_on(app: App[None], session: Session) -> list[LeftText]:
    """What is typed in the editors and forms of the screen on top, and not saved; no secrets, and nothing that is only looked for."""
    screen = app.screen
    about = getattr(screen, "ref", None)
    ref = str(about) if isinstance(about, Ref) else ""
    shown = session.workspace.show_ref(about) if isinstance(about, Ref) else ""
    return [LeftText(" ".join(filter(None, (shown, what))), text, ref) for what, text in _texts(screen) if text.strip()]


def _texts(screen: Screen[object]) -> Iterator[tuple[str, str]]:
    for editor in screen.query(Editor):
        if not isinstance(editor, FilterBar) and editor.changed:
            yield editor.question.label, editor.value
    for dialog in screen.query(Dialog):
        for field in dialog.query(TypedField):
            secret = isinstance(field.input, Input) and field.input.password
            if not secret and field.answer != field.question.text:
                yield f"{dialog.title_text}, {field.question.label}", field.answer


def keep_typed(app: App[None], session: Session) -> None:
    """Keep what is typed on the screen that goes. Whatever keeps it from that, the session ends."""
    with suppress(CrmError, OSError):
        if texts := typed_on(app, session):
            left_typed.keep(session, texts)


async def offer_left(host: Host) -> None:
    """Offer what waits: one text goes onto the clipboard, and its card opens; or all of it is discarded."""
    session = host.session
    waiting = left_typed.left(session)
    if not waiting:
        return
    entries = [
        MenuEntry(str(at), cut(clean(f"{one.what}: {one.text}"), _SHOWN), _nothing)
        for at, one in enumerate(waiting[:9], 1)
    ]
    discard = MenuEntry(_DISCARD, _("Discard it"), _nothing)
    menu = Menu(host.surface, _("Typed when the session ended; choose it to copy it"), [*entries, discard])
    menu.cells = _SHOWN + 12
    chosen = await host.ask(menu)
    try:
        if chosen is discard:
            left_typed.discard(session)
        elif chosen is not None:
            _take_up(host, waiting[entries.index(chosen)])
    except Refusal as refused:
        host.say(refused.message, "refused")


def _take_up(host: Host, text: LeftText) -> None:
    host.app.copy_to_clipboard(text.text)
    left_typed.take(host.session, text)
    ref = Ref.read(text.ref)
    if ref is not None and host.session.peek(ref) is not None:
        # Where it belongs; it is on the clipboard, as the menu said.
        opening.open_card(host, ref, Walk(ref.type, [ref.id]), lambda _ref: None)
        return
    host.say(_("Copied to the clipboard: paste it where it belongs"), "done")


def _nothing() -> None:
    """What is chosen is done by who asked."""
