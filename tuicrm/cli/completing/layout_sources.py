"""What the workspace has of layouts, views, tabs and filters, for completing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from tuicrm.cli.completing.known import by_key, named, type_of
from tuicrm.cli.completing.offers import CommandLine, Completion

if TYPE_CHECKING:
    from tuicrm.domain.layout_use import LayoutPlace
    from tuicrm.domain.schema import Layout
    from tuicrm.services.kernel.session import Session


def _place(session: Session, said: CommandLine) -> LayoutPlace:
    from tuicrm.services.layouts.layout_names import find_place

    options = said.options
    type_key = type_of(session, said)
    return find_place(session, type_key, pipeline=options.get("--pipeline", ""), variant=options.get("--variant", ""))


def variants(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.variants(type_of(session, said)), word)


def views(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    from tuicrm.services.layouts.views import views as kept_views

    for kept in kept_views(session, _place(session, said)):
        yield named(kept.record.key, kept.record.name, session, word)


def layouts(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for name in ("common", "mine", "built-in"):
        yield Completion(name)
    yield from views(session, said, word)


def _layout(session: Session, said: CommandLine) -> Layout:
    from tuicrm.services.layouts.layout_names import layout_to_show

    return layout_to_show(session, _place(session, said), said.options.get("--layout", "")).layout


def sections(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for one in _layout(session, said).sections:
        yield named(one.key, one.title, session, word)


def tabs(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.type(type_of(session, said)).tabs, word)


def filters(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    from tuicrm.services.boards.saved_filters import saved

    for one in saved(session, type_of(session, said)):
        yield Completion(one.name, one.text)


def expressions(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """A filter that goes on as it can, or a kept one."""
    from tuicrm.domain.filters import complete
    from tuicrm.services.kernel.filter_scope import scope_for

    if not word or word.startswith("@"):
        for offer in filters(session, said, word):
            yield Completion(f"@{offer.text}", offer.told)
    scope = scope_for(session, type_of(session, said))
    for one in complete(word, len(word), scope):
        quoted = one.text.startswith('"') and not word[one.start :].startswith('"')
        # In the shell's own quotes a key is easier than a label in quotes.
        text, told = (
            (one.label, one.text.strip('"'))
            if quoted and one.label.isascii() and " " not in one.label
            else (one.text, one.label)
        )
        yield Completion(f"{word[: one.start]}{text} ", told)
