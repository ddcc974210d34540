"""What all screens of a session have in common: top line, body, messages, footer; drawn once, kept new."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.widget import Widget

from tuicrm.i18n import _
from tuicrm.render.compose import line_width
from tuicrm.render.heads import warning_sign
from tuicrm.render.line import Line
from tuicrm.screens.everywhere import Everywhere
from tuicrm.screens.following import Following
from tuicrm.screens.host import Standing
from tuicrm.screens.reminding import reminder_sign
from tuicrm.screens.seeing_as import mark
from tuicrm.screens.session_worker import unsent_sign
from tuicrm.screens.settling import Settling
from tuicrm.screens.trail import trail_of
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace import upkeep
from tuicrm.widgets.asker import Asker
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.one_line import LineSource
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.top_line import TopLine


class CrmScreen(Keyed[None]):
    """Base of the screens. Subclasses give `top_line` and `body`, `reload` what changed, and hold the controllers of their actions
    before those of every screen."""

    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(surface)
        self.session = session
        self.top = TopLine(surface.look, warned(session, self.top_line, surface.keys.key("looking.end")))
        self.asker = Asker(self)
        self.settling = Settling(self)
        self.following = Following(self)
        self.knows_of = self.following.knows_of
        self.standing = Standing(self)
        self.everywhere = Everywhere(self)
        self.controllers = (self.everywhere,)

    # -- what stands where ---------------------------------------------------------------------------------------------
    def top_line(self, cells: int) -> Line:
        """The first line of the screen, `cells` wide."""
        raise NotImplementedError

    def body(self) -> Iterable[Widget]:
        """What stands between the top line and the footer."""
        raise NotImplementedError

    def compose(self) -> ComposeResult:
        yield self.top
        yield from self.body()
        yield self.toast
        yield self.footer

    def may_be_drawn(self) -> bool:
        """Textual draws four times while a screen opens; people should see it once, whole."""
        return self.settling.is_done

    # -- data ----------------------------------------------------------------------------------------------------------
    def reload(self) -> None:
        """Data changed (here, or in another session): read it again and draw what is different. Call this one too."""
        self.following.note_read()

    def catch_up(self) -> None:
        """Reload unless what is shown is the newest."""
        self.following.catch_up()

    def say_done(self, text: str) -> None:
        """Say what was done, and with which key it is taken back."""
        self.following.note_told()
        self.messages.say_done(text)

    # -- events --------------------------------------------------------------------------------------------------------
    def on_mount(self) -> None:
        self.settling.begin()

    def on_screen_resume(self) -> None:
        if self.app.screen is self:
            trail_of(self.app).came(self)
        self.following.tell_where()
        self.following.catch_up()

    def on_resize(self) -> None:
        self.asker.resize()


def warned(session: Session, top_line: LineSource, key: str = "") -> LineSource:
    """A top line with what an administrator has to see to before it, and behind it what was not sent and what the person is
    reminded of."""

    def whole(cells: int) -> Line:
        told = (*unsent_sign(session, cells), *reminder_sign(session, cells))
        cells -= line_width(told)
        if looks := mark(session, key, cells):
            return (*looks, *top_line(cells - line_width(looks)), *told)
        if not upkeep.trouble(session):
            return (*top_line(cells), *told)
        sign = warning_sign(_("see tuicrm doctor"), cells)
        return (*sign, *top_line(cells - line_width(sign)), *told)

    return whole
