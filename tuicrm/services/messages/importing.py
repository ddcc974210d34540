"""Mails of a file or folder taken in: how many, each where it belongs; what was here already comes no second time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from msgspec import Struct

from tuicrm.channels.mail.folders import mails_in
from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.taking_in import Taking, TakingIn

_FEW = 20
"""Mails that are told of by name where something was wrong with them."""


class MailImport(Struct, frozen=True):
    """What became of the mails of a folder: how many are new, were here, were deleted here, are of nobody who is known, go in loops,
    could not be read; how many of the new ones wait in the inbox, how many reports made a message `failed`; what was wrong, by place.
    """

    new: int = 0
    known: int = 0
    gone: int = 0
    unknown: int = 0
    loop: int = 0
    waiting: int = 0
    failed: int = 0
    unread: int = 0
    problems: tuple[str, ...] = ()

    @property
    def total(self) -> int:
        """How many mails there were."""
        return self.new + self.known + self.gone + self.unknown + self.loop + self.unread


def import_mails(
    session: Session, path: Path, taking: Taking, tell: Callable[[int], None] = lambda _done: None
) -> MailImport:
    """Take in the mails of an mbox, a Maildir, a folder of .eml files. What is taken in stays when this ends early; again goes on.

    Raises NotFound, Refused for a file that is no mail, StorageError."""
    counts: Counter[str] = Counter()
    problems: list[str] = []
    places: list[str] = []

    def contents() -> Iterator[bytes]:
        for one in mails_in(path):
            if one.content is None:
                counts["unread"] += 1
                problems.append(_("{place}: too large, or gone meanwhile").format(place=one.place))
            else:
                places.append(one.place)
                yield one.content

    on = set[Ref](taking.on)
    for taken in TakingIn(session, taking).all(contents()):
        place = places.pop(0)
        counts[taken.how] += 1
        counts["waiting"] += taken.how == "new" and not (set(taken.on) | on)
        counts["failed"] += bool(taken.failed)
        problems += [f"{place}: {problem}" for problem in taken.problems]
        tell(sum(counts[how] for how in ("new", "known", "gone", "unknown", "loop", "unread")))
    return MailImport(**counts, problems=tuple(problems[:_FEW]))
