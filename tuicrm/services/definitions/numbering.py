"""How the items of a type are numbered: looked at and changed (reference §9, "Numerator"). Giving numbers is in `numbers.py`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace

from tuicrm.domain.config_records import ConfigRecord
from tuicrm.domain.numbering import LARGEST, RESETS, formatted, problems
from tuicrm.domain.schema import Numerator
from tuicrm.errors import AccessDenied, FieldProblem, NotFound
from tuicrm.i18n import _
from tuicrm.services.definitions.fields import refuse
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.numbers import next_of, numerator_of, of_type, set_next, today
from tuicrm.services.kernel.reader import Reader
from tuicrm.services.kernel.session import Session

WORDS = ("pattern", "start", "step", "reset", "next")


class Numbering(NamedTuple):
    """How a type is numbered, and which number comes next, as a number and as it is written."""

    type: str
    numerator: Numerator
    next: int
    next_text: str


def why_not_change(session: Session) -> str | None:
    """Why this person may not change how items are numbered; None when they may."""
    return (
        None
        if session.access.has("settings")
        else _("You may not change numbering: ask someone who may change settings.")
    )


def numbered(session: Session) -> list[str]:
    """Keys of the types whose items are numbered."""
    return [key for key in session.workspace.types if numerator_of(session.workspace, key) is not None]


def numbering(session: Session, type_key: str) -> Numbering:
    """How a type is numbered. Raises NotFound for one that is not."""
    numerator = numerator_of(session.workspace, type_key)
    if numerator is None:
        noun = session.label(session.workspace.type(type_key).plural)
        raise NotFound(_("{types} have no numbers.").format(types=noun))
    number = next_of(session, of_type(type_key, numerator))
    return Numbering(type_key, numerator, number, example(session, numerator, number))


def example(session: Session, numerator: Numerator, number: int) -> str:
    """A number as it would be written today."""
    return formatted(numerator, number, today(session))


def read(before: Numerator, texts: Mapping[str, str]) -> tuple[Numerator, int | None]:
    """What was typed, by word of WORDS: the numerator it makes, and the number that is to come next (None: as it counts). Raises
    Refused listing all that is wrong."""
    found = [
        FieldProblem(name, _("one of these is expected: {choices}").format(choices=", ".join(WORDS)), text)
        for name, text in texts.items()
        if name not in WORDS
    ]
    said: dict[str, Any] = {"pattern": texts["pattern"].strip()} if "pattern" in texts else {}
    for name in ("start", "step", "next"):
        if name in texts:
            number = _number(texts[name])
            if number is None:
                message = _("a number from 1 to {n} is expected").format(n=f"{LARGEST:,}")
                found.append(FieldProblem(name, message, texts[name]))
            else:
                said[name] = number
    if "reset" in texts:
        wanted = texts["reset"].strip().casefold()
        reset = next((key for key, words in RESETS.items() if wanted in (key, words, _(words).casefold())), None)
        if reset is None:
            choices = ", ".join(RESETS)
            message = _("one of these is expected: {choices}").format(choices=choices)
            found.append(FieldProblem("reset", message, texts["reset"]))
        else:
            said["reset"] = reset
    following = said.pop("next", None)
    changed = replace(before, **said)
    refuse([*found, *problems(changed)])
    return changed, following


def _number(text: str) -> int | None:
    word = text.strip()
    if not (word.isascii() and word.isdigit() and len(word) <= len(str(LARGEST))):
        return None
    return int(word) if 1 <= int(word) <= LARGEST else None


def change_numbering(session: Session, type_key: str, texts: Mapping[str, str]) -> Numbering:
    """Change what is said of a type's numbers (words of WORDS), as one change; what is not given stays, and so do numbers that were
    given. Raises Refused, NotFound, AccessDenied."""
    reason = why_not_change(session)
    if reason is not None:
        raise AccessDenied(reason)
    session.store.refresh()
    before = numbering(session, type_key).numerator
    after, following = read(before, texts)
    label = _("change the numbering of {types}").format(
        types=session.label(session.workspace.type(type_key).plural).lower()
    )
    # Undo of this change takes the counter back too; undo of what got numbers from it does not (`undo.py`).
    with session.change(label, counts=following is not None) as change:
        if after != before:
            _put(change, type_key, after)
        if following is not None:
            change.count(lambda draft: set_next(draft, of_type(type_key, after), following))
    return numbering(session, type_key)


def _put(change: Change, type_key: str, numerator: Numerator) -> None:
    doc = {"type": type_key, **msgspec.to_builtins(numerator)}
    entry = _entry(change.session, type_key)
    if entry is None:
        change.put("numerator", doc)
    else:
        change.put("numerator", doc, entry.id, expect=entry.rev)


def _entry(session: Reader, type_key: str) -> ConfigRecord | None:
    records = session.workspace.records["numerator"].values()
    return next((entry for entry in records if entry.doc["type"] == type_key), None)
