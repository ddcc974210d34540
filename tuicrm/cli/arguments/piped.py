"""What comes through a pipe: refs for `-`, and items as lines of JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli.running.work import stdin_for
from tuicrm.errors import FieldProblem, Refused, UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.services.items.adding import ItemToAdd
    from tuicrm.services.kernel.session import Session

STDIN = "-"
_HEAD = "ref"


def refs_in(words: Sequence[str]) -> list[str]:
    """Refs as they are named; `-` stands for those on stdin, as many on a line as there are words. The head of a CSV is no ref.

    Raises UsageError where `-` is given twice, Refused where stdin is no text."""
    if STDIN not in words:
        return list(words)
    if list(words).count(STDIN) > 1:
        raise UsageError(_("“-” reads stdin and can be given only once."))
    at = list(words).index(STDIN)
    piped = list(dict.fromkeys(stdin_for(STDIN).split()))
    if piped and piped[0].casefold() == _HEAD:
        piped = piped[1:]
    return [*words[:at], *piped, *words[at + 1 :]]


def items_in(session: Session, type_key: str, common: Mapping[str, str]) -> list[ItemToAdd]:
    """The items on stdin, a JSON object of fields a line, as values; `common` holds for all that do not say otherwise.

    Raises Refused naming lines and fields."""
    from tuicrm.services.items.adding import ItemToAdd, all_refused, at_line

    problems: list[FieldProblem] = []
    rows: list[ItemToAdd] = []
    for number, fields in _lines(stdin_for(STDIN)):
        try:
            rows.append(ItemToAdd(number, _values(session, type_key, fields, common)))
        except Refused as refused:
            problems += [at_line(number, problem) for problem in refused.fields]
    if problems:
        raise all_refused(problems)
    return rows


def _lines(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a text, each with its line. Raises Refused for a line that is no JSON object."""
    import json

    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            # Digits stay as they were written: an amount is no binary fraction.
            found = json.loads(line, parse_float=str, parse_int=str)
        except (ValueError, RecursionError) as wrong:
            place = getattr(wrong, "colno", 1)
            message = _("line {n} is not valid JSON (at character {at})").format(n=number, at=place)
            raise Refused(message, [FieldProblem("", message)]) from wrong
        if not isinstance(found, dict):
            message = _("line {n}: an object of fields is expected, such as {example}").format(
                n=number, example='{"title": "…"}'
            )
            raise Refused(message, [FieldProblem("", message)])
        yield number, found


def _values(session: Session, type_key: str, fields: Mapping[str, Any], common: Mapping[str, str]) -> dict[str, Any]:
    """A line's fields as values: texts are read as they are typed, all else is taken as JSON has it. Raises Refused."""
    from tuicrm.services.items.items import values
    from tuicrm.services.kernel.lookup import find_field

    texts: dict[str, str] = {}
    plain: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for name, value in {**common, **fields}.items():
        if isinstance(value, str):
            texts[name] = value
            continue
        try:
            plain[find_field(session, type_key, name).key] = value
        except Refused as refused:
            problems += refused.fields
    try:
        read = values(session, type_key, texts)
    except Refused as refused:
        problems += refused.fields
        read = {}
    problems += [FieldProblem(key, _("is given twice")) for key in plain if key in read]
    if problems:
        raise Refused("", problems)
    return {**read, **plain}
