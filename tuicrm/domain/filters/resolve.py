"""Syntax → condition: every name looked up, every value made canonical (`domain/conditions.py`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from tuicrm.domain.conditions import ALWAYS, And, Condition, Empty, Not, OneOf, Operator, Or, Search, Test
from tuicrm.domain.filters import choices, literals, of_plans
from tuicrm.domain.filters.scope import Scope
from tuicrm.domain.filters.syntax import (
    Comparison,
    Conjunction,
    Disjunction,
    Emptiness,
    Membership,
    Negation,
    Node,
    Phrase,
    Word,
)
from tuicrm.domain.kinds import KINDS, ByKind, kind_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.matching import comparable_of, fold
from tuicrm.domain.schema import Field, all_labels
from tuicrm.domain.stamps import stamp
from tuicrm.errors import UsageError
from tuicrm.i18n import _


def resolve(node: Node, scope: Scope) -> Condition:
    """The condition that the filter stands for. Raises UsageError with the place of the name or value that is wrong."""
    match node:
        case Conjunction(parts=parts):
            return And(tuple(resolve(part, scope) for part in parts)) if parts else ALWAYS
        case Disjunction(parts=parts):
            return Or(tuple(resolve(part, scope) for part in parts))
        case Negation(part=part):
            return Not(resolve(part, scope))
        case Phrase(word=word):
            return _search(fold(word.text), scope)
        case Emptiness(field=name, negated=negated):
            path = choices.find_field(name, scope)[1]
            if path == of_plans.IDLE:
                raise of_plans.never_empty(name)
            empty = Empty(path)
            return Not(empty) if negated else empty
        case Membership(field=name, values=values, negated=negated):
            within = _within(*choices.find_field(name, scope), values, scope)
            return Not(within) if negated else within
        case Comparison():
            return _comparison(node, scope)


# -- bare words --------------------------------------------------------------------------------------------------------
def _search(text: str, scope: Scope) -> Condition:
    """Everything that the card shows as text: own texts, numbers for a word with digits, names of what is pointed at.

    Not stages: "new" would find the whole first column."""
    fields = [field for field in scope.fields.values() if not field.derived]
    digits = any(sign.isdigit() for sign in text)
    paths = [f.key for f in fields if f.traits.has_words or (digits and f.traits.is_number)]
    parts: list[Condition] = [Search(text, tuple(paths))]
    found: dict[tuple[str, ...], list[str]] = {}
    for field in fields:
        keys = _named(field, text, scope, found)
        if keys:
            parts.append(OneOf(field.key, field.kind, tuple(keys)))
    return parts[0] if len(parts) == 1 else Or(tuple(parts))


def _named(field: Field, text: str, scope: Scope, found: dict[tuple[str, ...], list[str]]) -> list[str]:
    """Keys of what a field can point at whose name contains the text. `found`: items already looked for, by targets."""
    if field.traits.has_options:
        return choices.options_containing(text, choices.options_of(field, scope))
    if field.traits.names_people:
        return choices.people_containing(text, scope)
    if field.traits.names_items:
        targets = tuple(field.targets)
        if targets not in found:
            found[targets] = scope.find_items(text, targets)
        return found[targets]
    return []


# -- comparisons -------------------------------------------------------------------------------------------------------
def _comparison(node: Comparison, scope: Scope) -> Condition:
    field, path = choices.find_field(node.field, scope)
    if path == of_plans.IDLE and node.operator not in ("~", "!~"):
        operator_of_idle: Any = node.operator
        return of_plans.idle(operator_of_idle, node.value, scope.context)
    match node.operator:
        case "~":
            return _contains(field, path, node, scope)
        case "!~":
            return Not(_contains(field, path, node, scope))
        case "=":
            return _equal(field, path, node.value, scope)
        case "!=":
            return _different(_equal(field, path, node.value, scope))
    if not field.traits.is_ordered:
        raise UsageError(_("{field} has no order: use =, !=, in or ~").format(field=node.field.text), node.operator_at)
    if field.traits.is_moment:
        return _ordered_time(path, node, scope)
    if field.traits.books and choices.booked(node.value, scope) is None:
        return _ordered_time(f"{path}.start", node, scope)
    operator: Any = node.operator
    return _test(field, path, operator, node.value, scope)


def _different(equal: Condition) -> Condition:
    if isinstance(equal, Test) and equal.op == "=":
        return Test(equal.path, equal.kind, "!=", equal.value, equal.rates)
    return Not(equal)


def _test(field: Field, path: str, operator: Operator, value: Word, scope: Scope) -> Test:
    rates = scope.rates.table() if field.traits.has_currency else {}
    return Test(path, field.kind, operator, _canonical(field, value, scope), rates)


def _canonical(field: Field, word: Word, scope: Scope) -> object:
    """The value as `conditions.Test` has it. Kinds that are compared otherwise (stages, moments) do not come here."""
    reader = _CANONICAL[field.kind] if field.kind in KINDS else _as_typed
    return reader(field, word, scope)


def _as_typed(_field: Field, word: Word, _scope: Scope) -> str:
    return fold(word.text)


def _as_stored(field: Field, word: Word, scope: Scope) -> str:
    """A phone, address on the web, link or booking in the form that is stored; what is no whole one is compared as it stands."""
    try:
        found = kind_of(field.kind).parse(word.text, field, scope.context)
    except BadValue:
        found = None
    return str(comparable_of(field.kind, found) or fold(word.text))


def _option(field: Field, word: Word, scope: Scope) -> str:
    return choices.find_option(word, choices.options_of(field, scope), scope)


_CANONICAL: ByKind[Callable[[Field, Word, Scope], Any]] = ByKind(
    {
        "integer": lambda field, word, scope: literals.integer(word, scope.context),
        "number": lambda field, word, scope: literals.number(word, scope.context),
        "money": lambda field, word, scope: literals.money(word, scope.rates, scope.context),
        "boolean": lambda field, word, scope: literals.boolean(word),
        "duration": lambda field, word, scope: literals.of_kind(word, field.kind, scope.context),
        "date": lambda field, word, scope: literals.day(word, scope.context).isoformat(),
        "list": _option,
        "dictionary": _option,
        "pipeline": lambda field, word, scope: choices.find_pipeline(word, scope),
        "person": lambda field, word, scope: choices.find_person(word, scope),
        "item": lambda field, word, scope: choices.find_item(word, field, scope),
        **dict.fromkeys(("phone", "email", "web", "messenger", "link", "booking"), _as_stored),
        **dict.fromkeys(("string", "text", "address", "file", "products"), _as_typed),
    },
    only=lambda traits: not (traits.is_stage or traits.is_moment),
)


def _equal(field: Field, path: str, value: Word, scope: Scope) -> Condition:
    if path == of_plans.IDLE:
        return of_plans.idle("=", value, scope.context)
    if field.traits.is_stage:
        return _in_stages(path, choices.find_stages(value, scope), scope)
    if field.traits.is_moment:
        found = literals.when(value, scope.context)
        if isinstance(found, literals.Moment):
            return Test(path, "datetime", "=", stamp(found.at))
        begin, end = literals.bounds(found.day, scope.context)
        return And((Test(path, "datetime", ">=", begin), Test(path, "datetime", "<", end)))
    if field.traits.books and (room := choices.find_room(value, scope)):
        return Test(f"{path}.rooms", "list", "=", room)
    if field.traits.holds_rows:
        # A ref means that product, under whatever name; else it is the name that stands in a row.
        ref = scope.context.names.read_ref(value.text)
        if ref is not None and ref.type in field.targets:
            return Test(f"{path}.product", "item", "=", str(ref))
    return _test(field, path, "=", value, scope)


def _ordered_time(path: str, node: Comparison, scope: Scope) -> Condition:
    """A day in a comparison of times is the person's whole day: after it means after its end."""
    found = literals.when(node.value, scope.context)
    if isinstance(found, literals.Moment):
        operator: Any = node.operator
        return Test(path, "datetime", operator, stamp(found.at))
    begin, end = literals.bounds(found.day, scope.context)
    by_operator: dict[str, tuple[Operator, str]] = {
        "<": ("<", begin),
        "<=": ("<", end),
        ">": (">=", end),
        ">=": (">=", begin),
    }
    return Test(path, "datetime", *by_operator[node.operator])


def _in_stages(path: str, by_pipeline: dict[str, list[str]], scope: Scope) -> Condition:
    """One test on stages where their keys mean the same in all pipelines that have them; else pipeline by pipeline."""
    keys = {key for found in by_pipeline.values() for key in found}
    clear = all(
        keys.intersection(stage.key for stage in pipeline.stages) == set(by_pipeline.get(pipeline.key, ()))
        for pipeline in scope.pipelines
    )
    if clear:
        return OneOf(path, "stage", tuple(sorted(keys)))
    return Or(
        tuple(
            And((Test("pipeline", "pipeline", "=", pipeline), OneOf(path, "stage", tuple(found))))
            for pipeline, found in by_pipeline.items()
            if found
        )
    )


def _contains(field: Field, path: str, node: Comparison, scope: Scope) -> Condition:
    text = fold(node.value.text)
    if field.traits.is_stage:
        return _in_stages(path, choices.stages_containing(text, scope), scope)
    if field.traits.is_pipeline:
        options = [p.key for p in scope.pipelines if any(text in one.casefold() for one in all_labels(p.label))]
        return OneOf(path, "pipeline", tuple(options))
    if field.traits.books:
        return OneOf(f"{path}.rooms", "list", tuple(choices.rooms_containing(text, scope)))
    if field.traits.is_pointing:
        return OneOf(path, field.kind, tuple(_named(field, text, scope, {})))
    if field.traits.is_measure or field.traits.is_yes_no:
        raise UsageError(
            _("{field} holds no text: use =, !=, <, <=, > or >=").format(field=node.field.text), node.operator_at
        )
    return Test(path, field.kind, "~", text)


def _within(field: Field, path: str, values: Sequence[Word], scope: Scope) -> Condition:
    parts = [_equal(field, path, value, scope) for value in values]
    tests = [part for part in parts if isinstance(part, Test) and part.path == path]
    if len(tests) == len(parts):
        return OneOf(path, field.kind, tuple(dict.fromkeys(test.value for test in tests)), tests[0].rates)
    return Or(tuple(parts))
