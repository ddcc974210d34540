"""The screen, opened from the command line: what was kept of the last time shows while all that it needs is loaded."""

from __future__ import annotations

from os import PathLike

from tuicrm.first_look import FirstLook


def open_on_screen(place: str | PathLike[str], as_user: str = "") -> int:
    """Open a workspace on screen. As `app.open_workspace`."""
    with FirstLook(place, as_user) as look:
        look.show()
        from tuicrm.app import open_workspace

        return open_workspace(place, as_user=as_user, first_look=look)
