"""What can be said of messages on the command line."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tuicrm.cli.completing.known import MOST
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
