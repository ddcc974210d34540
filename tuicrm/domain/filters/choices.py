"""What a word can name: fields, stages, options, people, items, by key or by any shown label. Ambiguous names list the choices."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.filters.scope import Scope
from tuicrm.domain.filters.syntax import Word
from tuicrm.domain.schema import Field, Option, all_labels, label_text
from tuicrm.errors import UsageError
from tuicrm.i18n import _

_LISTED = 12

# Parts of a value that can be compared by themselves: `amount.currency`, `phones.type`.
PARTS: dict[str, tuple[str, ...]] = {
    "money": ("currency",),
    "address": ("line1", "line2", "city", "postcode", "region", "province", "country"),
    **dict.fromkeys(("phone", "email", "web", "messenger"), ("type",)),
}


def find_field(word: Word, fields: Mapping[str, Field]) -> tuple[Field, str]:
    """The field of that key or label, and the path to compare ("amount.currency" for a part). Raises UsageError."""
    if word.text in fields:
        field = fields[word.text]
        return field, field.derived or field.key
    wanted = word.text.casefold()
    found = [field for field in fields.values() if wanted in _names(field.key, field)]
    if len(found) == 1:
        return found[0], found[0].derived or found[0].key
    if found:
        keys = ", ".join(field.key for field in found)
        message = _("several fields are called “{name}”: {keys}").format(name=word.text, keys=keys)
        raise UsageError(message, word.start)
    key, dot, part = word.text.rpartition(".")
    if dot and key in fields and part in PARTS.get(fields[key].kind, ()):
        return Field(word.text, "string", fields[key].label), word.text
    raise _no_field(word, fields)


def _names(key: str, thing: Field | Option) -> set[str]:
    return {key.casefold(), *(label.casefold() for label in all_labels(thing.label))}


def _no_field(word: Word, fields: Mapping[str, Field]) -> UsageError:
    from difflib import get_close_matches  # 6 ms, for mistakes only

    by_name = {name: field.key for field in fields.values() for name in _names(field.key, field)}
    near = get_close_matches(word.text.casefold(), by_name, 1)
    message = _("there is no field “{name}”").format(name=word.text)
    if near:
        message += _("; did you mean {name}?").format(name=by_name[near[0]])
    return UsageError(message, word.start)


def options_of(field: Field, scope: Scope) -> Sequence[Option]:
    """The values a list or dictionary field can have, retired ones too: old items still hold them."""
    if field.kind != "dictionary":
        return field.options
    dictionary = scope.context.names.dictionary(field.dictionary)
    return dictionary.entries if dictionary else ()


def find_option(word: Word, options: Sequence[Option], language: str) -> str:
    """The key of the option of that key or label; one in use wins over retired ones. Raises UsageError."""
    return _one_of(word, [(option.key, option.label, option.retired) for option in options], language)


def options_containing(text: str, options: Iterable[Option]) -> list[str]:
    """Keys of the options whose label contains the case-folded text, in any language."""
    return [o.key for o in options if any(text in label.casefold() for label in all_labels(o.label))]


def find_pipeline(word: Word, scope: Scope) -> str:
    """Raises UsageError."""
    return _one_of(word, [(p.key, p.label, False) for p in scope.pipelines], scope.context.language)


def _one_of(word: Word, things: Sequence[tuple[str, str | dict[str, str], bool]], language: str) -> str:
    wanted = word.text.casefold()
    for key, _label, _retired in things:
        if key == word.text:
            return key
    found = [
        thing for thing in things if wanted in {thing[0].casefold(), *(one.casefold() for one in all_labels(thing[1]))}
    ]
    living = [thing for thing in found if not thing[2]] or found
    if len(living) == 1:
        return living[0][0]
    if living:
        raise ambiguous(word, [f"{label_text(label, language)} ({key})" for key, label, _retired in living])
    raise unknown(word, [label_text(label, language) for _key, label, retired in things if not retired])


def find_stages(word: Word, scope: Scope) -> dict[str, list[str]]:
    """By pipeline, the key of the stage that the word names there: a label may stand for other keys elsewhere.

    Raises UsageError when no pipeline has such a stage, or one has several."""
    found: dict[str, list[str]] = {}
    wanted = word.text.casefold()
    by_key = any(stage.key == word.text for pipeline in scope.pipelines for stage in pipeline.stages)
    for pipeline in scope.pipelines:
        named = [
            stage
            for stage in pipeline.stages
            if (stage.key == word.text if by_key else wanted in (one.casefold() for one in all_labels(stage.label)))
        ]
        if len(named) > 1:
            raise ambiguous(word, [stage.key for stage in named])
        if named:
            found[pipeline.key] = [named[0].key]
    if not found:
        labels = [label_text(s.label, scope.context.language) for p in scope.pipelines for s in p.stages]
        raise unknown(word, list(dict.fromkeys(labels)))
    return found


def stages_containing(text: str, scope: Scope) -> dict[str, list[str]]:
    """By pipeline, keys of the stages whose label contains the case-folded text."""
    return {
        pipeline.key: [s.key for s in pipeline.stages if any(text in one.casefold() for one in all_labels(s.label))]
        for pipeline in scope.pipelines
    }


def find_person(word: Word, scope: Scope) -> str:
    """`me`, a key, a name or an e-mail address. Raises UsageError."""
    if word.text.casefold() == "me" and not word.quoted and scope.context.me:
        return scope.context.me
    people = scope.context.names.people()
    if word.text in (person.key for person in people) or scope.context.names.person(word.text) is not None:
        return word.text
    wanted = word.text.casefold()
    return _chosen(word, [p for p in people if wanted in (p.label.casefold(), p.detail.casefold())], people)


def people_containing(text: str, scope: Scope) -> list[str]:
    """Keys of the people whose name contains the case-folded text."""
    return [person.key for person in scope.context.names.people() if text in person.label.casefold()]


def find_item(word: Word, field: Field, scope: Scope) -> str:
    """A ref (`CO-7`) or an item's whole name, as a stored ref. Raises UsageError."""
    names = scope.context.names
    ref = names.read_ref(word.text)
    if ref is not None and (not field.targets or ref.type in field.targets):
        return str(ref)
    return _chosen(word, names.items(word.text, field.targets), ())


def _chosen(word: Word, found: Sequence[Choice], all_of_them: Sequence[Choice]) -> str:
    if len(found) == 1:
        return found[0].key
    if found:
        raise ambiguous(word, [f"{choice.label} ({choice.detail or choice.key})" for choice in found])
    raise unknown(word, [choice.label for choice in all_of_them])


def ambiguous(word: Word, choices: Sequence[str]) -> UsageError:
    """Several things have that name."""
    return UsageError(_("“{text}” may be: {choices}").format(text=word.text, choices=_listed(choices)), word.start)


def unknown(word: Word, choices: Sequence[str]) -> UsageError:
    """Nothing has that name."""
    message = _("there is nothing called “{text}” here").format(text=word.text)
    if choices:
        message += _("; there are: {choices}").format(choices=_listed(choices))
    return UsageError(message, word.start)


def _listed(choices: Sequence[str]) -> str:
    shown = ", ".join(choices[:_LISTED])
    more = len(choices) - _LISTED
    return _("{shown} and {n} more").format(shown=shown, n=more) if more > 0 else shown
