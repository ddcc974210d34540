"""What a terminal shows while a workspace is opened: nothing for a moment, then one line, which is gone before anything else shows."""

from __future__ import annotations

import sys
import threading
from os import PathLike, fspath

from tuicrm.i18n import _
from tuicrm.streams import show_again

A_MOMENT = 0.5
"""Seconds that pass before anything is said."""


class OpeningLine:
    """Says on stderr, where that is a terminal, that a folder is being opened, and how far it is; ctrl+c stops it as anything else."""

    def __init__(self, place: str | PathLike[str], *, quiet: bool = False) -> None:
        self._text = _("Opening {path} …").format(path=fspath(place))
        self._quiet = quiet or not sys.stderr.isatty()
        self._timer = threading.Timer(A_MOMENT, self._show)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._shown = self._over = False

    def __enter__(self) -> OpeningLine:
        if not self._quiet:
            self._timer.start()
        return self

    def tell(self, done: int, of: int) -> None:
        """How far it is, of something that is read."""
        with self._lock:
            self._text = _("Reading: {n} %").format(n=100 * done // max(of, 1))
            if self._shown:
                show_again(self._text)

    def __exit__(self, *_exception: object) -> None:
        self._timer.cancel()
        with self._lock:
            self._over = True
            if self._shown:
                show_again()

    def _show(self) -> None:
        with self._lock:
            if not self._over:
                self._shown = True
                show_again(self._text)
