"""Work that takes its time: how far it is, and stopped by ctrl+c."""

from __future__ import annotations

import signal
import sys
from typing import Any

from tuicrm.cli.running.work import CommandRun
from tuicrm.streams import show_again


class Telling:
    """How far it is, on a terminal's last line; ctrl+c stops it, at the latest when it is told again."""

    def __init__(self, work: CommandRun) -> None:
        self._shown = sys.stderr.isatty() and not work.out.quiet and not work.out.json
        self._interrupted = False
        self._before: Any = signal.SIG_DFL

    def __enter__(self) -> Telling:
        self._before = signal.signal(signal.SIGINT, self._interrupt)
        return self

    def __exit__(self, *_exception: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self._shown:
            show_again()

    def _interrupt(self, _number: int, _frame: object) -> None:
        self._interrupted = True
        raise KeyboardInterrupt

    def tell(self, text: str) -> None:
        """Show how far it is. Raises KeyboardInterrupt when the person stopped it."""
        # Python drops what is raised while it frees an object: the mark stays.
        if self._interrupted:
            raise KeyboardInterrupt
        if self._shown:
            show_again(text)
