"""The top line of a screen: where one is. What it says comes from `render/heads.py`, through the screen."""

from __future__ import annotations

from tuicrm.widgets.one_line import OneLine


class TopLine(OneLine):
    """The first line of every screen."""

    DEFAULT_CSS = "TopLine { dock: top; }"
