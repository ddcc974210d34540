"""The values there are to offer: words of the program, and what the workspace has, as this person may see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from tuicrm.cli.completing.known import opened
from tuicrm.cli.completing.offers import CommandLine, Completion, Completions, Slot

FILES: Mapping[str, str] = {
    "FILE": "files",
    "[FILE]": "files",
    "PATH": "files",
    "MAP.toml": "files",
    "DIR": "dirs",
    "NEWDIR": "dirs",
}
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
    from tuicrm.cli.completing import sources, words

    places = (" ".join(said.path[-2:]), *said.path[-1:], slot.option)
    known: list[str | tuple[str, str]] = [*((place, value) for place in places), value]
    told = next((words.WORDS[one] for one in known if one in words.WORDS), None)
    if told is not None:
        return [Completion(one) for one in told()]
    source = next((sources.SOURCES[one] for one in known if one in sources.SOURCES), None)
    if source is None:
        return ()
    session = opened(said.options)
    return source(session, said, word) if session is not None else ()


def _behind_sign(said: CommandLine, value: str, word: str) -> Completions:
    """What may stand behind `FIELD=`: the field decides."""
    from tuicrm.cli.completing import sources
    from tuicrm.cli.completing.behind import behind

    head, _equals, begun = word.partition("=")
    session = opened(said.options)
    if session is None:
        return Completions()
    field = sources.field_of(session, said, head.rstrip("+-")) if value.startswith("FIELD") else None
    if field is not None and field.traits.holds_file:
        return Completions(files="files", head=f"{head}=")
    found = behind(session, said, value, head, field, begun)
    fits = [one for one in found if one.text.casefold().startswith(begun.casefold())]
    exact = [one for one in fits if one.text.startswith(begun)]
    return Completions([Completion(f"{head}={one.text}", one.told) for one in exact or fits], head=f"{head}=")


# -- the workspace -----------------------------------------------------------------------------------------------------
