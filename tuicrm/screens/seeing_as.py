"""“See as …”: the program as somebody else has it, marked in the top line, writing nothing; one key ends it."""

from __future__ import annotations

from textual.app import App

from tuicrm.i18n import _
from tuicrm.render.compose import line_width
from tuicrm.render.line import Line, Run
from tuicrm.render.text import cut
from tuicrm.screens import opening
from tuicrm.screens.host import Host
from tuicrm.services.boards.first import first_type
from tuicrm.services.boards.item_views import ViewSpec
from tuicrm.services.kernel.looking import looking
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.surface import Surface


class _Over:
    """Whence their first screen is opened."""

    def __init__(self, app: App[object], session: Session, surface: Surface) -> None:
        self.app, self.session, self.surface = app, session, surface


def see_as(host: Host, person: str) -> None:
    """Open the program as somebody sees it (a person's key). Raises AccessDenied; says so where they see nothing at all."""
    session = looking(host.session, host.session.workspace.people[person])
    try:
        first = first_type(session)
    except StopIteration:
        host.say(_("{name} may read nothing: there is no screen to show.").format(name=session.person.name), "refused")
        return
    opening.open_view(_Over(host.app, session, host.surface), ViewSpec(first), "board")


def end(app: App[object]) -> None:
    """Back to where it began."""
    while len(app.screen_stack) > 2 and is_looking(getattr(app.screen_stack[-1], "session", None)):
        _popping = app.pop_screen()


def is_looking(session: object) -> bool:
    """Whether a screen's session only looks."""
    return isinstance(session, Session) and session.looks


def mark(session: Session, key: str, cells: int) -> Line:
    """What stands first in the top line meanwhile."""
    if not session.looks:
        return ()
    told = _("as {name} sees it, {key} ends").format(name=session.person.name, key=key)
    line: Line = (Run(cut(f" {told} ", max(cells // 2, 1)), "on:accent bold"), Run(" "))
    return line if line_width(line) < cells else ()
