"""What the workspace has that values are made of: opened once, as this person may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from tuicrm.cli.completing.offers import CommandLine, Completion
from tuicrm.cli.grammar.verbs import USUAL
from tuicrm.i18n import _
from tuicrm.login import at_home

if TYPE_CHECKING:
    from tuicrm.domain.schema import Field, Label, Pipeline
    from tuicrm.services.kernel.session import Session


ValueSource: TypeAlias = "Callable[[Session, CommandLine, str], Iterable[Completion]]"


MOST = 50
"""Items that are offered at once: more are narrowed by typing on."""


_opened: dict[str, Session | None] = {}


def opened(options: Mapping[str, str]) -> Session | None:
    """The session in the workspace that the options name; None where there is none to open."""

    from tuicrm.config import read_config
    from tuicrm.errors import CrmError
    from tuicrm.i18n import set_language
    from tuicrm.services.workspace.environment import default_folder
    from tuicrm.services.workspace.start import open_session

    folder = at_home(options["--data"]) if options.get("--data") else default_folder()
    key = f"{folder} {options.get('--as', '')}"
    if key not in _opened:
        try:
            config = read_config()
            _opened[key] = session = open_session(
                folder,
                as_user=options.get("--as", ""),
                zone=config.zone,
                language=config.language,
                locale=config.locale,
                country=config.country,
            )
            set_language(session.language)
        except CrmError:
            _opened[key] = None
    return _opened[key]


def types(options: Mapping[str, str]) -> list[Completion]:
    """The item types, by key; those that ship where there is no workspace."""
    session = opened(options)
    if session is None:
        from tuicrm.services.kernel.builtin_definitions import load_types

        return [Completion(key) for key in load_types()]
    return [Completion(one.key, session.label(one.plural)) for one in session.workspace.types.values()]


def type_of(session: Session, said: CommandLine) -> str:
    """The key of the type that is spoken of."""
    found = session.workspace.find_type(said.type)
    return found.key if found else USUAL


def by_key(session: Session, things: Iterable[Any], word: str) -> Iterator[Completion]:
    """Things with a key and a label: the key, or a label that begins as the word does."""
    for thing in things:
        yield named(thing.key, thing.label, session, word)


def named(key: str, label: Label, session: Session, word: str) -> Completion:
    """The key with what it is called; the label itself where that is what somebody types."""
    shown = session.label(label)
    begun = word and not key.startswith(word) and shown.casefold().startswith(word.casefold())
    return Completion(shown, key) if begun else Completion(key, shown)


def pipeline_meant(session: Session, said: CommandLine, type_key: str) -> list[Pipeline]:
    """The pipeline that is named, or that the items named are in; all where that is not clear."""
    from tuicrm.domain import named as names
    from tuicrm.errors import Refusal
    from tuicrm.services.kernel.lookup import read_ref

    all_of_them = session.workspace.pipelines(type_key)
    if text := said.options.get("--pipeline"):
        known = [names.labelled(one, one.key, one.label, session.language) for one in all_of_them]
        return names.find(text, known) or all_of_them
    found = []
    for word in said.arguments:
        item = None
        with suppress(Refusal):  # what is no item says nothing of a pipeline
            item = session.peek(read_ref(session, word, type_key))
        place = session.workspace.pipeline_of(type_key, item.fields) if item else None
        found += [place] if place is not None and place not in found else []
    return found or all_of_them


def told_field(session: Session, field: Field) -> str:
    return session.label(field.label) or _("field")
