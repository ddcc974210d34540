"""What a word can name: fields, stages, options, people, items, by key or by any shown label. Ambiguous names list the choices."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias, TypeVar

from tuicrm.domain import language as words
from tuicrm.domain import named
from tuicrm.domain.filters.scope import Scope
from tuicrm.domain.filters.syntax import Word
from tuicrm.domain.kinds import kind_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.choices import of_login, people_named
from tuicrm.domain.schema import Field, Option, Stage, all_labels, label_text
from tuicrm.errors import UsageError
from tuicrm.i18n import _

_Thing = TypeVar("_Thing")

_Stage: TypeAlias = tuple[str, Stage]
"""A pipeline's key, and a stage of it."""


def find_field(word: Word, scope: Scope) -> tuple[Field, str]:
    """The field of that key or label, and the path to compare ("amount.currency" for a part). Raises UsageError."""
    fields = scope.fields
    key, dot, part = word.text.rpartition(".")
    if word.text not in fields and dot and key in fields and part in fields[key].traits.parts:
        return Field(word.text, "string", fields[key].label), word.text
    known = [named.Named(field, field.key, tuple(all_labels(field.label)), field.key) for field in fields.values()]
    field = _the(word, known, _("there is no field “{name}”").format(name=word.text), begins=scope.begins)
    return field, field.derived or field.key


def _the(word: Word, known: Sequence[named.Named[_Thing]], nothing: str = "", *, begins: bool = False) -> _Thing:
    """The one thing that the word names. Raises UsageError with those there are, nearest first."""
    try:
        nothing = nothing or _("there is nothing called “{text}” here").format(text=word.text)
        return named.the(word.text, known, nothing, begins=begins)
    except named.NotNamed as missing:
        raise UsageError(missing.message, word.start) from missing


def options_of(field: Field, scope: Scope) -> Sequence[Option]:
    """The values a list or dictionary field can have, retired ones too: old items still hold them."""
    if not field.traits.has_dictionary:
        return field.options
    dictionary = scope.context.names.dictionary(field.dictionary)
    return dictionary.entries if dictionary else ()


def find_option(word: Word, options: Sequence[Option], scope: Scope) -> str:
    """The key of the option of that key or label; one in use wins over retired ones. Raises UsageError."""
    language = scope.context.language
    known = [named.labelled(one, one.key, one.label, language, retired=one.retired) for one in options]
    return _the(word, known, begins=scope.begins).key


def options_containing(text: str, options: Iterable[Option]) -> list[str]:
    """Keys of the options whose label contains the case-folded text, in any language."""
    return [o.key for o in options if any(text in label.casefold() for label in all_labels(o.label))]


def find_pipeline(word: Word, scope: Scope) -> str:
    """Raises UsageError."""
    language = scope.context.language
    known = [named.labelled(one, one.key, one.label, language) for one in scope.pipelines]
    return _the(word, known, begins=scope.begins).key


def find_stages(word: Word, scope: Scope) -> dict[str, list[str]]:
    """By pipeline, the key of the stage that the word names there: a label may stand for other keys elsewhere.

    Raises UsageError when no pipeline has such a stage, or one has several."""
    language = scope.context.language
    everywhere = [
        named.labelled((pipeline.key, stage), stage.key, stage.label, language)
        for pipeline in scope.pipelines
        for stage in pipeline.stages
    ]
    meant = named.find(word.text, everywhere)
    if not meant and scope.begins:
        meant = named.find(word.text, everywhere, begins=True)
        if len({label_text(stage.label, language) for _pipeline, stage in meant}) > 1:
            raise UsageError(named.several(word.text, meant, _each_once(everywhere)), word.start)
    found: dict[str, list[str]] = {}
    for pipeline, stage in meant:
        found.setdefault(pipeline, []).append(stage.key)
    if any(len(keys) > 1 for keys in found.values()):
        raise UsageError(named.several(word.text, meant, everywhere), word.start)
    if not found:
        _the(word, _each_once(everywhere))
    return found


def _each_once(stages: Sequence[named.Named[_Stage]]) -> list[named.Named[_Stage]]:
    """Stages without those of other pipelines that are called the same."""
    by_name = {one.shown: one for one in reversed(stages)}
    return [one for one in stages if by_name[one.shown] is one]


def stages_containing(text: str, scope: Scope) -> dict[str, list[str]]:
    """By pipeline, keys of the stages whose label contains the case-folded text."""
    return {
        pipeline.key: [s.key for s in pipeline.stages if any(text in one.casefold() for one in all_labels(s.label))]
        for pipeline in scope.pipelines
    }


def find_person(word: Word, scope: Scope) -> str:
    """`me` (in any shipped language), a key, a login, a name or an e-mail address. Raises UsageError."""
    if scope.context.me and not word.quoted and word.text.casefold() in words.every("me"):
        return scope.context.me
    if scope.context.names.person(word.text) is not None:
        return word.text
    by_login = of_login(word.text, scope.context)
    return by_login or _the(word, people_named(scope.context), begins=scope.begins).key


def people_containing(text: str, scope: Scope) -> list[str]:
    """Keys of the people whose name contains the case-folded text."""
    return [person.key for person in scope.context.names.people() if text in person.label.casefold()]


def find_item(word: Word, field: Field, scope: Scope) -> str:
    """A ref (`CO-7`) or an item's whole name, as a stored ref. Raises UsageError."""
    names = scope.context.names
    ref = names.read_ref(word.text)
    if ref is not None and (not field.targets or ref.type in field.targets):
        return str(ref)
    found = names.items(word.text, field.targets)
    if len(found) == 1:
        return found[0].key
    if found:
        shown = named.listed([f"{choice.label} ({choice.detail or choice.key})" for choice in found])
        message = _("“{text}” may be: {choices}").format(text=word.text, choices=shown)
    else:
        message = _("there is nothing called “{text}” here").format(text=word.text)
    raise UsageError(message, word.start)


def find_room(word: Word, scope: Scope) -> str:
    """The key of the room or resource that is called so; "" for what names none, or several."""
    rooms = scope.context.names.rooms()
    known = [named.Named(one, one.key, (one.label,), one.label) for one in rooms]
    found = named.find(word.text, known, begins=scope.begins)
    return found[0].key if len(found) == 1 else ""


def rooms_containing(text: str, scope: Scope) -> list[str]:
    """Keys of the rooms and resources whose name contains the case-folded text."""
    return [one.key for one in scope.context.names.rooms() if text in one.label.casefold()]


def booked(word: Word, scope: Scope) -> object | None:
    """A whole booking, as it is typed; None for what is none."""
    try:
        value: object = kind_of("booking").parse(word.text, Field("", "booking", ""), scope.context)
    except BadValue:
        return None
    return value
