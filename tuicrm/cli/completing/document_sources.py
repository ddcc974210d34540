"""What can be said of documents on the command line: templates, documents, placeholders, words of their numbering."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tuicrm.cli.completing.known import MOST, by_key
from tuicrm.cli.completing.offers import CommandLine, Completion

if TYPE_CHECKING:
    from tuicrm.services.kernel.session import Session


def templates(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """Templates; behind an item's ref, those that fit it, the newest used first."""
    from tuicrm.services.documents.making import fitting
    from tuicrm.services.documents.templates import templates as known

    ref = session.workspace.read_ref(said.arguments[0]) if said.arguments and said.path[:1] == ("document",) else None
    found = fitting(session, ref) if ref is not None and session.peek(ref) is not None else known(session, retired=True)
    return by_key(session, found, word)


def documents(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """Documents, newest first, with their titles."""
    from tuicrm.services.documents.reading import newest

    for found in newest(session, MOST):
        shown = str(found.record.id) if word.isdigit() else found.ref
        if shown not in said.arguments:
            yield Completion(shown, found.record.title)


def placeholders(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """`ClientPhone=`: what a template, or a document's own template, names."""
    from tuicrm.errors import Refusal, StorageError
    from tuicrm.services.documents import template_checks
    from tuicrm.services.documents.making import find_fitting
    from tuicrm.services.documents.reading import find_document, template_of
    from tuicrm.services.documents.templates import content
    from tuicrm.services.kernel.lookup import read_ref

    try:
        template = (
            find_fitting(session, read_ref(session, said.arguments[0]), said.arguments[1])
            if said.path[1:2] == ("make",)
            else template_of(session, find_document(session, said.arguments[0]))
        )
        found = template_checks.opened(content(session, template)).found() if template is not None else []
    except (Refusal, StorageError, IndexError):
        return
    for name in dict.fromkeys(one.name for one in found if not one.sign):
        yield Completion(f"{name}=")


def numbering(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """`pattern=`, `start=`, …"""
    from tuicrm.services.definitions.numbering import WORDS

    return (Completion(f"{name}=") for name in WORDS)
