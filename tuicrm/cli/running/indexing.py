"""Telling how far it is while something is read for an index: on a terminal's stderr, in one line that goes again."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import IndexTrouble
from tuicrm.i18n import N_, _
from tuicrm.streams import show_again

_LEAST = 2_000
"""Of fewer items nothing is told: they are read before one could read the line."""


@contextmanager
def reading(
    work: CommandRun, text: str = N_("Preparing the search: {done} of {all}")
) -> Iterator[Callable[[int, int], None]]:
    """What to tell with. Where the index cannot be written, that is said, and what is there is used."""
    shown = not (work.out.quiet or work.out.json) and sys.stderr.isatty()
    told = False

    def tell(done: int, of: int) -> None:
        nonlocal told
        if shown and of >= _LEAST:
            told = True
            show_again(_(text).format(done=done, all=of))

    try:
        yield tell
    except IndexTrouble as error:
        work.out.warn(_("The search may miss the latest changes: {reason}").format(reason=error))
    finally:
        if told:
            show_again()
