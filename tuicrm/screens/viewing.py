"""From one view of a type's items to another: `v`, and where `g` goes."""

from __future__ import annotations

from collections.abc import Callable

from tuicrm.errors import NotFound
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.host import TrailSpot, Workplace
from tuicrm.services.boards.item_views import VIEWS, ViewSpec, choose_view, is_ready, last_view, prepare, views_of
from tuicrm.services.kernel.reader import ACTIVITIES

_MUCH = 20_000
"""Activities from which on a calendar reads beside what it needs the first time."""


async def change_view(screen: Workplace, shown: ViewSpec, present: str) -> None:
    """Ask for another view of what a screen shows, and go there."""
    from tuicrm.widgets.menu import Menu, MenuEntry, letter

    def to(key: str) -> Callable[[], None]:
        def go() -> None:
            if key != present:
                choose_view(screen.session, shown.type, key)
                go_to_view(screen, shown, key)

        return go

    taken: set[str] = set()
    entries = []
    for key in views_of(screen.session, shown.type):
        label = _(VIEWS[key])
        entries.append(MenuEntry(letter(label, taken), label, to(key), here=key == present))
    if (entry := await screen.ask(Menu(screen.surface, _("View"), entries))) is not None:
        entry.go()


def go_to_view(screen: Workplace, shown: ViewSpec, view: str) -> None:
    """In place of a screen, show this view; what takes longer than a moment is read before."""

    async def go() -> None:
        if await readied(screen, shown, view):
            show()

    def show() -> None:
        opening.go_to_view(screen, shown, view)

    if is_ready(screen.session, view, shown):
        show()
    else:
        screen.start(go())


async def readied(screen: Workplace, shown: ViewSpec, view: str) -> bool:
    """Read what a view needs, telling how far it is; False when somebody stopped it: nothing is other than it was."""
    from tuicrm.widgets.progress import with_progress

    def read(tell: Callable[[int, int], None]) -> bool:
        prepare(screen.session, view, shown, tell)
        return True

    if is_ready(screen.session, view, shown):
        return True
    return bool(await with_progress(screen, _("Reading"), read))


def go_to_calendar(screen: Workplace) -> None:
    """In place of a screen, one's own calendar; where there is much, what it needs is read before."""
    from tuicrm.services.calendar import calendars, occurrences
    from tuicrm.widgets.progress import with_progress

    session = screen.session

    def read(_tell: Callable[[int, int], None]) -> bool:
        occurrences.prepare(session, calendars.mine(session))
        return True

    async def go() -> None:
        if await with_progress(screen, _("Reading"), read):
            opening.go_to_calendar(screen)

    if session.store.count(ACTIVITIES) < _MUCH:
        opening.go_to_calendar(screen)
    else:
        screen.start(go())


def view_spot(screen: Workplace, shown: ViewSpec, view: str, cursor: int | None) -> TrailSpot:
    """A view as a place to come back to; it may be of a type that is gone by then, or no longer for this person."""

    def go(instead_of: Workplace) -> None:
        session = screen.session
        if shown.type not in session.workspace.types or session.access.scope("read", shown.type) == "none":
            raise NotFound(_("This item type was removed by someone. Choose another."))
        go_to_view(instead_of, shown, view)

    return TrailSpot((view, shown), cursor, go)


def go_to_type(screen: Workplace, type_key: str, pipeline: str = "") -> None:
    """In place of a screen, the items of a type (of a pipeline) as the person looked at them last."""
    go_to_view(screen, ViewSpec(type_key, pipeline), last_view(screen.session, type_key))
