"""What can be typed next in a filter: fields, operators, values, "and", "or"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from tuicrm.domain.filters import choices
from tuicrm.domain.filters.scope import Scope
from tuicrm.domain.filters.syntax import Word
from tuicrm.domain.filters.tokens import Token, as_word, tokenise
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds import KINDS, ByKind
from tuicrm.domain.language import own
from tuicrm.domain.schema import Field, Option, Pipeline, Stage, label_text
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _

MOST = 12

_DATES = (
    ("today", "", N_("today")),
    ("today", "+7d", N_("in a week")),
    ("", "-7d", N_("a week ago")),
    ("", "-1m", N_("a month ago")),
)


class Suggestion(msgspec.Struct, frozen=True):
    """`text` takes the place of what stands between `start` and the cursor; `label` says what it is."""

    text: str
    label: str
    start: int


def complete(text: str, cursor: int, scope: Scope) -> list[Suggestion]:
    """At most `MOST` suggestions for the place of the cursor, best first. Never raises."""
    before = text[:cursor]
    try:
        tokens = tokenise(before)[:-1]
    except UsageError as unclosed:  # the value being typed is in quotes: go on with what it holds so far
        start = unclosed.position or 0
        tokens = [*tokenise(before[:start])[:-1], Token("quoted", before[start + 1 :], start, len(before))]
    typing = bool(tokens) and tokens[-1].end == len(before) and tokens[-1].kind in ("word", "quoted")
    partial = tokens.pop() if typing else Token("word", "", len(before), len(before))
    found: list[Suggestion] = []
    for word, label in _next(tokens, partial.text.casefold(), scope):
        if partial.text.casefold() in word.casefold() or partial.text.casefold() in label.casefold():
            found.append(Suggestion(word, label, partial.start))
    # What begins with the letters typed comes before what only holds them.
    found.sort(key=lambda one: not one.text.strip('"').casefold().startswith(partial.text.casefold()))
    return found[:MOST]


def _next(tokens: list[Token], partial: str, scope: Scope) -> Iterator[tuple[str, str]]:
    """What may follow the tokens, as (text, label): the words of the language in the person's own."""
    spoken = scope.context.language
    kinds = [token.keyword(spoken) for token in tokens]
    last = tokens[-1] if tokens else None
    word = kinds[-1] if kinds else ""
    if last is None or (last.kind == "(" and not _in_list(tokens, kinds)) or word in ("and", "or"):
        yield from _fields(scope)
    elif word == "is":
        yield from ((_empty(spoken), _("has no value")), (f"{own('not', spoken)} {_empty(spoken)}", _("has a value")))
    elif word == "not":
        if len(kinds) > 1 and kinds[-2] == "is":
            yield _empty(spoken), _("has no value")
        else:
            yield from _fields(scope)
    elif word == "in":
        yield "(", _("the values")
    elif last.kind == "operator" or _in_list(tokens, kinds):
        field = _field_of(tokens, kinds, scope)
        if field is not None:
            yield from _values(field, partial, scope)
    elif last.kind == ")" or (len(tokens) > 1 and tokens[-2].kind == "operator") or word == "empty":
        yield from _joints(spoken)
    else:
        field = _named(last, scope)
        yield from _operators(field, spoken) if field else _joints(spoken)


def _joints(spoken: str) -> Iterator[tuple[str, str]]:
    yield from ((own("and", spoken), _("both")), (own("or", spoken), _("either")))


def _empty(spoken: str) -> str:
    return own("empty", spoken)


def _in_list(tokens: list[Token], kinds: list[str]) -> bool:
    """Whether a value of `in (…` is next."""
    if tokens[-1].kind not in ("(", ","):
        return False
    opening = next((at for at in reversed(range(len(tokens))) if tokens[at].kind == "("), 0)
    return opening > 0 and kinds[opening - 1] == "in"


def _field_of(tokens: list[Token], kinds: list[str], scope: Scope) -> Field | None:
    """The field whose value is next."""
    if tokens[-1].kind == "operator":
        return _named(tokens[-2], scope) if len(tokens) > 1 else None
    at = len(kinds) - kinds[::-1].index("in") - 2
    if at > 0 and kinds[at] == "not":
        at -= 1
    return _named(tokens[at], scope) if at >= 0 else None


def _named(token: Token, scope: Scope) -> Field | None:
    try:
        return choices.find_field(Word(token.text, token.start, token.end), scope)[0]
    except UsageError:
        return None


def _fields(scope: Scope) -> Iterator[tuple[str, str]]:
    for field in scope.fields.values():
        yield field.key, label_text(field.label, scope.context.language)
    yield own("not", scope.context.language), _("the opposite")


def _operators(field: Field, spoken: str) -> Iterator[tuple[str, str]]:
    yield from (("=", _("is")), ("!=", _("is not")))
    traits = field.traits
    if traits.has_words or traits.is_pointing or traits.is_place or traits.books:
        yield from (("~", _("contains")), ("!~", _("does not contain")))
    if traits.is_ordered:
        yield from (("<", _("less")), ("<=", _("at most")), (">", _("more")), (">=", _("at least")))
    here, nothing = own("is", spoken), _empty(spoken)
    yield from ((f"{own('in', spoken)} (", _("one of")), (f"{here} {nothing}", _("has no value")))
    yield f"{here} {own('not', spoken)} {nothing}", _("has a value")


def _values(field: Field, partial: str, scope: Scope) -> Iterator[tuple[str, str]]:
    suggested = _SUGGESTED[field.kind] if field.kind in KINDS else None
    return iter(()) if suggested is None else suggested(field, partial, scope)


def _people(_field: Field, _partial: str, scope: Scope) -> Iterator[tuple[str, str]]:
    names = scope.context.names
    yield own("me", scope.context.language), names.person(scope.context.me) or ""
    for person in names.people():
        yield as_word(person.label), person.detail


def _rooms(_field: Field, _partial: str, scope: Scope) -> Iterator[tuple[str, str]]:
    for room in scope.context.names.rooms():
        yield as_word(room.label), room.detail


def _truths(_field: Field, _partial: str, scope: Scope) -> Iterator[tuple[str, str]]:
    yield from ((own("yes", scope.context.language), ""), (own("no", scope.context.language), ""))


def _days(_field: Field, _partial: str, scope: Scope) -> Iterator[tuple[str, str]]:
    for day, step, label in _DATES:
        yield (own(day, scope.context.language) if day else "") + step, _(label)


def _items(field: Field, partial: str, scope: Scope) -> Iterator[tuple[str, str]]:
    names = scope.context.names
    for stored in scope.find_items(partial, field.targets)[:MOST] if partial else ():
        ref = Ref.parse(stored)
        yield names.show_ref(ref), names.item(ref) or ""


def _labelled(field: Field, _partial: str, scope: Scope) -> Iterator[tuple[str, str]]:
    """Values that are defined: by label, with the key beside it."""
    things: Iterable[Stage | Pipeline | Option]
    if field.traits.is_stage:
        things = [stage for pipeline in scope.pipelines for stage in pipeline.stages]
    elif field.traits.is_pipeline:
        things = scope.pipelines
    else:
        things = [option for option in choices.options_of(field, scope) if not option.retired]
    labels = {label_text(thing.label, scope.context.language): thing.key for thing in reversed(list(things))}
    for label in reversed(labels):
        yield as_word(label), labels[label]


_SUGGESTED: ByKind[Callable[[Field, str, Scope], Iterator[tuple[str, str]]] | None] = ByKind(
    {
        **dict.fromkeys(("stage", "pipeline", "list", "dictionary"), _labelled),
        **dict.fromkeys(("date", "datetime"), _days),
        **dict.fromkeys(("item", "products"), _items),
        **dict.fromkeys(("string", "text", "link", "address", "file", "phone", "email", "web", "messenger"), None),
        **dict.fromkeys(("integer", "number", "money", "duration"), None),
        "person": _people,
        "booking": _rooms,
        "boolean": _truths,
    }
)
"""What is suggested as a value; None for what one has to know."""
