"""The Textual app: looks, first screen, news from the store, a quick and orderly end. What it shows is in `screens/`."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias

from tuicrm.terminal import ascii_only, palette_of

# isort: split
# Only now: tuicrm.terminal sets what Textual reads when it is imported.
from rich.console import Console
from textual.app import App
from textual.driver import Driver
from textual.events import Event, Key, Paste
from textual.message import Message
from textual.screen import Screen

from tuicrm.config import read_config, with_own
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied
from tuicrm.first_look import FirstLook
from tuicrm.harmless import numbered
from tuicrm.i18n import _, set_language
from tuicrm.keymap import keymap
from tuicrm.render.line import Run
from tuicrm.render.text import fit
from tuicrm.screens.base import CrmScreen
from tuicrm.screens.reminding import Reminding
from tuicrm.screens.session_worker import SessionWorker
from tuicrm.screens.settling import A_MOMENT
from tuicrm.screens.staying import Staying
from tuicrm.services.boards.first import first_type
from tuicrm.services.boards.item_views import ViewSpec, is_ready, prepare
from tuicrm.services.kernel.permissions import PREFERENCES
from tuicrm.services.kernel.session import Session
from tuicrm.services.kernel.sight import tables_free_to_change
from tuicrm.services.workspace import own_settings
from tuicrm.tty import give_back, restoring
from tuicrm.type_ahead import TypeAhead
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.surface import Surface, TerminalLook
from tuicrm.widgets.textual_inside import HeldScreen, driver_of, rows_of
from tuicrm.widgets.themes import theme_of
from tuicrm.widgets.toast import Mood

if TYPE_CHECKING:
    from tuicrm.config import Config

FirstScreen: TypeAlias = Callable[[Session, Surface], Screen[Any]]

_HUNG_UP, _INTERRUPTED, _TERMINATED = 129, 130, 143
_A_LOOK, _PATIENCE = 0.5, 5.0
"""Seconds that people take to see what is new, and after which keys are handed on whatever becomes of that."""


class CrmApp(App[None]):
    """Shows screens: of a session, or at first the `welcome` where there is none yet. A `warning` is said on the first one.

    `leave` ends the process, given its exit code, once the terminal is as it was. Without it, Textual ends in its own time,
    which is 270 ms on the reference machine.
    """

    # All of it: what a screen brought along when it first opens would be parsed with everything else once more (15 ms).
    CSS_PATH = ["app.tcss", "screens/card/card.tcss"]  # noqa: RUF012 - as Textual declares it
    ENABLE_COMMAND_PALETTE = False

    class News(Message):
        """Records changed, here or in another session."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, CrmApp.News)

    class ActivityNews(Message):
        """Activities changed, or what somebody was reminded of."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, CrmApp.ActivityNews)

    class MessageNews(Message):
        """Messages changed, or what they go by."""

        def can_replace(self, message: Message) -> bool:
            return isinstance(message, CrmApp.MessageNews)

    def __init__(
        self,
        session: Session | None,
        surface: Surface,
        first: FirstScreen,
        leave: Callable[[int], None] | None = None,
        welcome: Callable[[CrmApp], Screen[Any]] | None = None,
        warning: str = "",
        first_look: FirstLook | None = None,
    ) -> None:
        palette = surface.look.palette
        super().__init__(ansi_color=True if palette.theme == "terminal" else None)
        self.animation_level = "none"
        # A crash is told without colours: on a terminal all codes among what it tells are shown, not obeyed (tuicrm/streams.py).
        self.error_console = Console(markup=False, highlight=False, stderr=True, color_system=None)
        self.session = session
        self._surface = surface
        self._first = first
        self._leave = leave
        self._welcome = welcome
        self._warning = warning
        self._first_look = first_look
        self._type_ahead = TypeAhead(self, super().on_event)
        self._ending = False
        self._reminding: Reminding | None = None
        self._sending: SessionWorker | None = None
        self._staying: Staying | None = None
        self._last_word = ""
        self._own: dict[str, str] = {}
        """What the person chose of how the program looks and speaks, as it is followed now."""
        self._own_is_news = False
        """Whether that may be another since."""
        theme = theme_of(palette)
        self.register_theme(theme)
        self.theme = theme.name
        if leave is not None:
            self.driver_class = restoring(self.driver_class, lambda: self._ending, self._restored, first_look)

    def get_default_screen(self) -> Screen[Any]:
        return _Nothing(id="_default")

    # -- start ---------------------------------------------------------------------------------------------------------
    async def on_mount(self) -> None:
        self._heed_signals()
        if self.session is not None:
            first, look, session = self._first(self.session, self._surface), self._first_look, self.session
            if look is not None and isinstance(first, CrmScreen):
                keeping = partial(self._keep_look, look, session, first)
                first.settling.then(lambda: first.run_worker(keeping(), exit_on_error=False))
                self._go_on_from(look, first)
            await self.push_screen(first)
            self._work_in(self.session)
        elif self._welcome is not None:
            await self.push_screen(self._welcome(self))

    async def _keep_look(self, look: FirstLook, session: Session, screen: CrmScreen) -> None:
        """Keep the first picture for the next time, unless keys made another one of it."""
        await asyncio.sleep(A_MOMENT)
        width, height = screen.size
        if self._type_ahead.was_used or self.screen is not screen or not look.is_of(width, height):
            return
        told = fit(f" {_('As it was the last time, not up to date yet: opening … Keys already count.')}", width)
        mark = self._surface.look.strip((Run(told, "on:accent bold"),), width).render(self.console)
        free = tables_free_to_change(session)
        seen = [(str(ref), name) for ref, name in screen.standing.seen()]
        await asyncio.to_thread(look.keep, rows_of(screen), mark, free, seen)

    def _go_on_from(self, look: FirstLook, first: CrmScreen) -> None:
        """The first screen comes in place of a picture: the cursor is where it was there, and keys that were pressed meanwhile are
        handed on once it is seen what became of that."""
        if not look.seen:
            return
        if (under_cursor := Ref.read(look.seen[0][0])) is not None:
            first.standing.begin_at(under_cursor)
        self._type_ahead.hold()
        first.settling.then(lambda: self._answer_for(look.seen, first))
        self.set_timer(_PATIENCE, self._type_ahead.release)

    def _answer_for(self, seen: Sequence[tuple[str, str]], first: CrmScreen) -> None:
        """Keys that were pressed for an item that is gone act on no other one: all that come before its absence can have been seen."""
        known = ((Ref.read(ref), name) for ref, name in seen)
        gone = next((name for ref, name in known if ref is None or first.session.peek(ref) is None), None)
        if gone is None:
            self._type_ahead.release()
        else:
            self.set_timer(_A_LOOK, lambda: self._drop_early(gone, first))

    def _drop_early(self, gone: str, first: CrmScreen) -> None:
        if self._type_ahead.forget():
            first.say(_("{item} no longer exists: the keys pressed early were ignored.").format(item=gone), "refused")
        self._type_ahead.release()

    def begin(self, session: Session) -> None:
        """The welcome is over: on to the session's first screen."""
        self.session = session
        # Not awaited: the welcome, which calls this, cannot wait for its own end.
        _switching = self.switch_screen(self._first(session, self._surface))
        self._work_in(session)

    def _work_in(self, session: Session) -> None:
        self._own = own_settings.chosen(session)
        session.subscribe(self._hear)
        self._staying = Staying(session, self._put_out)
        self._staying.begin(self)
        self._remind(session)
        self.call_after_refresh(_collect_from_now_on)
        self.call_after_refresh(lambda: self.run_worker(self._offer_left(session), exit_on_error=False))
        if self._warning:
            self.call_after_refresh(self._warn)

    def _warn(self) -> None:
        if isinstance(self.screen, Keyed):
            self.screen.say(self._warning, "refused")

    def _heed_signals(self) -> None:
        if self.is_headless or sys.platform == "win32":
            return
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGTERM, lambda: self._end_by(_TERMINATED))
        loop.add_signal_handler(signal.SIGINT, lambda: self._end_by(_INTERRUPTED))
        loop.add_signal_handler(signal.SIGHUP, self._hang_up)

    def _end_by(self, code: int) -> None:
        self._keep_typed()
        self.exit(return_code=code)

    def _hang_up(self) -> None:
        """The terminal is gone, most likely: an orderly end would wait for it."""
        self._keep_typed()
        if self._leave is None:
            self.exit(return_code=_HUNG_UP)
        else:
            give_back(driver_of(self))
            self._leave(_HUNG_UP)

    def _hear(self, changes: Sequence[Any]) -> None:
        """The store tells, from any thread."""
        if any(one.table == PREFERENCES for one in changes):
            self._own_is_news = True
        self.post_message(self.News())
        if self._reminding is not None and self._reminding.concerns(changes):
            self.post_message(self.ActivityNews())
        if self._sending is not None and self._sending.concerns(changes):
            self.post_message(self.MessageNews())

    def _remind(self, session: Session) -> None:
        self._reminding = Reminding(self, session, read_config(), self._redraw_top, self._read_again)
        self._reminding.begin()
        self._sending = SessionWorker(self, session, self._say, self._redraw_top)
        self._sending.begin()

    def _say(self, told: str, mood: Mood) -> None:
        if isinstance(self.screen, Keyed):
            self.screen.say(told, mood)

    def _redraw_top(self) -> None:
        if isinstance(self.screen, CrmScreen):
            self.screen.top.update()
            self.screen.refresh_hints()

    def _read_again(self) -> None:
        """Time has made something late that is shown as not yet."""
        if isinstance(self.screen, CrmScreen):
            self.screen.following.note_unread()
            self.screen.catch_up()

    # -- keys ----------------------------------------------------------------------------------------------------------
    async def on_event(self, event: Event) -> None:
        if isinstance(event, Key | Paste) and not event.is_forwarded:
            if self._staying is not None:
                self._staying.heard()
            self._type_ahead.take(event)
        else:
            await super().on_event(event)

    async def rest(self) -> None:
        """Wait until all keys did what they do, or what they began waits for an answer."""
        await self._type_ahead.rest()

    # -- news ----------------------------------------------------------------------------------------------------------
    def on_crm_app_news(self) -> None:
        """The screen that can be seen reads again what changed; the others do when they are seen."""
        # What others changed may be told while the last screen is being left.
        if not self.screen_stack or not isinstance(self.screen, CrmScreen):
            return
        trouble = self.session.store.trouble if self.session is not None else None
        if trouble is None and self._staying is not None and not self._staying.is_welcome():
            return
        if trouble is None:
            self._look_as_chosen()
            self.screen.catch_up()
        elif not self._ending:
            told = _("Other people's changes are no longer shown: {reason}. Open the workspace again.").format(
                reason=trouble.message
            )
            self.screen.say(" ".join(filter(None, (told, trouble.advice and _(trouble.advice)))), "refused")

    def on_crm_app_activity_news(self) -> None:
        """Something else may be due from now on."""
        if self._reminding is not None:
            self._reminding.news()

    def on_crm_app_message_news(self) -> None:
        """There may be something to send."""
        if self._sending is not None:
            self._sending.news()

    def stop_sending(self) -> None:
        """Begin to send nothing more; what is handed over just now has a moment to get there."""
        if self._sending is not None:
            self._sending.close()

    # -- how it looks ---------------------------------------------------------------------------------------------------
    def _look_as_chosen(self) -> None:
        """The person may have chosen another look or language, here or in another session of theirs: what is shown stays where it
        is, and is drawn and worded so."""
        session, self._own_is_news, was_news = self.session, False, self._own_is_news
        if session is None or not was_news or (own := own_settings.chosen(session)) == self._own:
            return
        self._own = own
        look = self._surface.look
        look.palette = _settle(session).palette
        theme = theme_of(look.palette)
        self.register_theme(theme)
        self.ansi_color = True if look.palette.theme == "terminal" else None
        self.theme = theme.name
        for screen in self.screen_stack:
            if isinstance(screen, CrmScreen):
                screen.following.note_unread()
            for widget in screen.walk_children():
                widget.refresh()

    def _put_out(self, told: str) -> None:
        """They may stay no longer; why stands on their terminal then."""
        self._last_word = told
        self._keep_typed()
        self.exit(return_code=AccessDenied.exit_code)

    # -- end -----------------------------------------------------------------------------------------------------------
    def exit(self, result: None = None, return_code: int = 0, message: Any = None) -> None:  # noqa: ANN401 - as Textual has it
        self._ending = True
        super().exit(result, return_code, message)

    def _restored(self, driver: Driver) -> None:
        """The terminal is as it was. Not the end while Textual is only suspended, or has a crash to tell of."""
        if self._ending and self._leave is not None:
            driver.close()
            self._say_last()
            self._leave(self.return_code or 0)

    def _keep_typed(self) -> None:
        """What is typed and not saved is offered again at the next start."""
        from tuicrm.screens.left_typed import keep_typed

        if self.session is not None and self.screen_stack:
            keep_typed(self, self.session)

    async def _offer_left(self, session: Session) -> None:
        from tuicrm.services.workspace.left_typed import left

        if left(session) and isinstance(self.screen, CrmScreen):
            from tuicrm.screens.left_typed import offer_left

            await offer_left(self.screen)

    def _say_last(self) -> None:
        if self._last_word and sys.__stderr__ is not None:
            sys.__stderr__.write(f"{numbered(self._last_word)}\n")
            sys.__stderr__.flush()

    def action_help_quit(self) -> None:
        """ctrl+c, which many press to leave."""
        if isinstance(self.screen, Keyed):
            key = self._surface.keys.key("quit")
            self.screen.say(_("{key} quits tuicrm.").format(key=key))


def _settle(session: Session) -> TerminalLook:
    """Speak and look as is set now: for the program on this machine, else by the person."""
    from tuicrm.services.workspace.start import speak

    config = read_config()
    speak(session, config.language, config.locale)
    set_language(session.language)
    return _look(session, config)


def _look(session: Session | None, config: Config) -> TerminalLook:
    if session is not None:
        config = with_own(config, own_settings.chosen(session))
    return TerminalLook(palette_of(config.theme, config.contrast), ascii_only(config.ascii))


def _first_screen(session: Session, surface: Surface) -> Screen[Any]:
    from tuicrm.screens.boards.board import BoardScreen

    return BoardScreen(session, surface, first_type(session))


def _read_first(session: Session, tell: Callable[[int, int], None]) -> None:
    """Read what the first screen shows, where that takes longer than a moment."""
    first = ViewSpec(first_type(session))
    if not is_ready(session, "board", first):
        prepare(session, "board", first, tell)


def _collect_from_now_on() -> None:
    """What is there now stays: the collector need not walk through it again and again while people type."""
    gc.freeze()
    gc.enable()


class _Nothing(HeldScreen[None]):
    """What is below all screens. Textual would draw it, and with it the first screen, which hides it, once more."""

    def may_be_drawn(self) -> bool:
        return False


def open_workspace(
    place: str | os.PathLike[str],
    *,
    as_user: str = "",
    tidy: Callable[[], None] | None = None,
    first_look: FirstLook | None = None,
) -> int:
    """Open a workspace on screen, or the welcome where none is yet; ends the process as soon as the terminal is restored, after
    closing the session and `tidy`. `first_look` may stand on the terminal meanwhile, and is kept for the next time.

    Returns an exit code only when Textual itself failed. Raises what `open_session` raises, and UsageError for wrong settings.
    """
    from tuicrm.collecting import as_usual
    from tuicrm.opening import OpeningLine
    from tuicrm.services.workspace.start import is_free, open_session, place_warning, read_only_warning
    from tuicrm.services.workspace.zones import own_zone

    # Until the first screen is there: what is made until then stays (a tenth of the time to start).
    gc.disable()
    as_usual()
    config = read_config()
    if config.language:
        set_language(config.language)
    tidying = [tidy] if tidy is not None else []

    def enter(place: str | os.PathLike[str]) -> Session:
        session = open_session(
            place,
            as_user=as_user,
            zone=config.zone,
            language=config.language,
            locale=config.locale,
            country=config.country,
        )
        set_language(session.language)
        return session

    def leave(code: int) -> None:
        _close(app, tidying)
        os._exit(code)

    def welcome(app: CrmApp) -> Screen[Any]:
        from tuicrm.screens.welcome import WelcomeScreen

        class Entering:
            """Opens with this user's settings, and goes on in the app."""

            async def open(self, place: str | os.PathLike[str]) -> Session:
                return await asyncio.to_thread(enter, place)

            def show(self, session: Session) -> None:
                app.begin(session)

        return WelcomeScreen(surface, place, Entering(), lambda temporary: tidying.append(temporary.cleanup))

    session = None
    if as_user or not is_free(place):
        with OpeningLine(place, quiet=first_look is not None and first_look.is_shown) as opening:
            session = enter(place)
            try:
                _read_first(session, opening.tell)
            except BaseException:
                session.close()
                raise
    surface = Surface(keymap(config.preset, config.keys), _look(session, config))
    zone = own_zone(config.zone, session.person.zone if session else None)
    unwritable = read_only_warning(session) if session else ""
    warning = " ".join(filter(None, (unwritable, place_warning(place), zone.warning)))
    app = CrmApp(session, surface, _first_screen, leave, welcome, warning, first_look)
    try:
        app.run()
    finally:
        _close(app, tidying)
    return app.return_code or 0


def _close(app: CrmApp, tidying: list[Callable[[], None]]) -> None:
    app.stop_sending()
    with suppress(OSError):
        if app.session is not None:
            app.session.close()
    for tidy in tidying:
        tidy()
