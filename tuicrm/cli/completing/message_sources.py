"""What can be said of messages on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tuicrm.cli.completing.known import MOST, by_key
from tuicrm.cli.completing.offers import CommandLine, Completion

if TYPE_CHECKING:
    from tuicrm.services.kernel.session import Session


def messages(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """Messages, newest first, with what they are about."""
    from tuicrm.services.messages.records import newest

    for found in newest(session, MOST):
        shown = str(found.record.id) if word.isdigit() else found.ref
        if shown not in said.arguments:
            yield Completion(shown, found.record.subject or found.record.sender)


def text_templates(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """Templates of texts; behind an item's ref, those that fit it."""
    from tuicrm.services.messages.text_templates import fitting
    from tuicrm.services.messages.text_templates import text_templates as known

    mailed = said.path[:1] == ("mail",) and said.arguments
    ref = session.workspace.read_ref(said.arguments[0]) if mailed else None
    found = (
        fitting(session, ref, "mail")
        if ref is not None and session.peek(ref) is not None
        else known(session, retired=True)
    )
    return by_key(session, found, word)
