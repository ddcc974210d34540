"""The values there are to offer: words of the program, and what the workspace has, as this person may see it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

from tuicrm.cli.completing.place import CommandLine, Completion, Completions, Slot
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.schema import Field, Label, Pipeline
    from tuicrm.services.kernel.session import Session

ValueSource: TypeAlias = "Callable[[Session, CommandLine, str], Iterable[Completion]]"

MOST = 50
"""Items that are offered at once: more are narrowed by typing on."""

FILES: Mapping[str, str] = {"FILE": "files", "PATH": "files", "MAP.toml": "files", "DIR": "dirs", "NEWDIR": "dirs"}
"""What is a path."""


def values(said: CommandLine, slot: Slot, word: str) -> Completions:
    """What may stand in a slot for a word that begins so."""
    files = {FILES[value] for value in slot.values if value in FILES}
    if files:
        return Completions(files="files" if "files" in files else "dirs")
    offers = list[Completion]()
    further = [value for value in slot.values if value != "REF"]
    # Who has named an item and types nothing yet wants to go on; another item is there from its first letter.
    for value in further if further and said.arguments and not word else slot.values:
        if "=" in value and "=" in word:
            return _behind_sign(said, value, word)
        offers += _of(said, slot, value, word)
    # What begins with the very letters comes alone, where there is any: bash puts in what all of them have in common.
    fits = [one for one in offers if one.text.startswith(word)]
    return Completions(
        list(dict.fromkeys(fits or [one for one in offers if one.text.casefold().startswith(word.casefold())]))
    )


def _of(said: CommandLine, slot: Slot, value: str, word: str) -> Iterable[Completion]:
    """What a value's name stands for, by its option or command where it means something else there."""
    from tuicrm.cli.completing import sources

    places = (" ".join(said.path[-2:]), *said.path[-1:], slot.option)
    known: list[str | tuple[str, str]] = [*((place, value) for place in places), value]
    words = next((sources.WORDS[one] for one in known if one in sources.WORDS), None)
    if words is not None:
        return [Completion(one) for one in words()]
    source = next((sources.SOURCES[one] for one in known if one in sources.SOURCES), None)
    if source is None:
        return ()
    session = opened(said.options)
    return source(session, said, word) if session is not None else ()


def _behind_sign(said: CommandLine, value: str, word: str) -> Completions:
    """What may stand behind `FIELD=`: the field decides."""
    from tuicrm.cli.completing import sources

    head, _equals, begun = word.partition("=")
    session = opened(said.options)
    if session is None:
        return Completions()
    field = sources.field_of(session, said, head.rstrip("+-")) if value.startswith("FIELD") else None
    if field is not None and field.traits.holds_file:
        return Completions(files="files", head=f"{head}=")
    found = sources.behind(session, said, value, head, field, begun)
    fits = [one for one in found if one.text.casefold().startswith(begun.casefold())]
    exact = [one for one in fits if one.text.startswith(begun)]
    return Completions([Completion(f"{head}={one.text}", one.told) for one in exact or fits], head=f"{head}=")


# -- the workspace -----------------------------------------------------------------------------------------------------
_opened: dict[str, Session | None] = {}


def opened(options: Mapping[str, str]) -> Session | None:
    """The session in the workspace that the options name; None where there is none to open."""
    from pathlib import Path

    from tuicrm.config import read_config
    from tuicrm.errors import CrmError
    from tuicrm.i18n import set_language
    from tuicrm.services.workspace.environment import default_folder
    from tuicrm.services.workspace.start import open_session

    folder = Path(options["--data"]).expanduser() if options.get("--data") else default_folder()
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
