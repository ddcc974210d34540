"""What each value on the command line can be, by the name that its help gives it (`REF`, `STAGE`, `FIELD=VALUE`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.cli.completing import document_sources, message_sources
from tuicrm.cli.completing.known import MOST, ValueSource, by_key, named, pipeline_meant, told_field, type_of
from tuicrm.cli.completing.layout_sources import expressions, filters, layouts, sections, tabs, variants, views
from tuicrm.cli.completing.offers import CommandLine, Completion

if TYPE_CHECKING:
    from tuicrm.domain.schema import Field, Option
    from tuicrm.services.kernel.session import Session


# -- items -------------------------------------------------------------------------------------------------------------
def refs(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """Items that a ref can begin so, with their titles, newest first: of the type that is spoken of, else of every type."""
    if said.path[0] == "@":
        item_type = session.workspace.find_type(said.path[1])
        keys = [item_type.key] if item_type else []
    else:
        keys = list(session.workspace.types)
    yield from items_of(session, keys, word, without=said.arguments)


def items_of(session: Session, types: Iterable[str], word: str, without: Iterable[str] = ()) -> Iterator[Completion]:
    """Items of these types, MOST of all together."""
    from tuicrm.domain.items import Ref

    left, named_before = MOST, frozenset(without)
    letters, _dash, digits = word.upper().partition("-")
    for key in types:
        prefix = session.workspace.type(key).prefix
        if left <= 0:
            return
        if word.isdigit():
            digits = word
        elif not (f"{prefix}-".startswith(word.upper()) or letters == prefix):
            continue
        begins = digits if (letters == prefix or word.isdigit()) else ""
        chosen = [number for number in reversed(session.ids(key)) if str(number).startswith(begins)][:left]
        for item in session.many(key, chosen):
            ref = session.workspace.show_ref(Ref(key, item.id))
            shown = str(item.id) if word.isdigit() else ref if word[:1].isupper() or not word else ref.lower()
            if shown not in named_before:
                left -= 1
                yield Completion(shown, session.title_of(item))


# -- definitions -------------------------------------------------------------------------------------------------------
def _types(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for one in session.workspace.types.values():
        yield named(one.key, one.plural, session, word)


def pipelines(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.pipelines(type_of(session, said)), word)


def stages(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for pipeline in pipeline_meant(session, said, type_of(session, said)):
        yield from by_key(session, pipeline.stages, word)


def _stage_to(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for offer in stages(session, said, word):
        yield Completion(f"{offer.text}=", offer.told)


def seen(session: Session, said: CommandLine) -> list[Field]:
    known = session.workspace.fields(type_of(session, said)).values()
    return [field for field in known if session.access.sees(field)]


def _fields(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, seen(session, said), word)


def _field_list(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """`-amount,title`: the next one behind the last comma."""
    before, comma, begun = word.rpartition(",")
    minus = "-" if begun.startswith("-") else ""
    for field in seen(session, said):
        yield Completion(f"{before}{comma}{minus}{field.key}", told_field(session, field))


def _assignments(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """`amount=`: fields that people fill in; those that are given already are not offered again."""
    given = {text.partition("=")[0].rstrip("+-") for text in said.arguments if "=" in text}
    for field in seen(session, said):
        if not (field.read_only or field.derived or field.key in given):
            offer = named(field.key, field.label, session, word)
            yield Completion(f"{offer.text}=", offer.told)


def people(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for person in session.workspace.people.values():
        if not person.retired:
            yield named(person.key, person.name, session, word)


def _members(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    yield from people(session, said, word)
    for part in session.workspace.departments.values():
        yield Completion(f"department:{part.key}", part.name)


def _departments(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for part in session.workspace.departments.values():
        yield named(part.key, part.name, session, word)


def _rooms(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.rooms.values(), word)


def _channels(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.channels.values(), word)


def _roles(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.roles.values(), word)


def _dictionaries(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.dictionaries.values(), word)


def _currencies(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for code in sorted({*session.workspace.currencies, session.workspace.base_currency}):
        yield Completion(code)


def _options(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """Options of the field or dictionary that is spoken of."""
    if said.path[0] == "dictionary":
        key = said.arguments[0] if said.arguments else ""
        found = session.workspace.dictionaries.get(key)
        return by_key(session, found.entries if found else (), word)
    field = field_of(session, said, said.arguments[1] if len(said.arguments) > 1 else "")
    return by_key(session, options_of(session, field) if field else (), word)


def _options_to(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for offer in _options(session, said, word):
        yield Completion(f"{offer.text}=", offer.told)


def _scenarios(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    from tuicrm.services.conversion.proposing import scenarios, told

    for one in scenarios(session, type_of(session, said)):
        yield Completion(one.key, told(session, one))


def _words_of_field(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    from tuicrm.domain.field_settings import SETTINGS
    from tuicrm.i18n import _

    for key in ("label", "help", "required", "visible_to", "default"):
        yield Completion(f"{key}=")
    for key, setting in SETTINGS.items():
        yield Completion(f"{key}=", _(setting.label))


def _words_of_type(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    from tuicrm.services.definitions.item_type_words import known_words

    yield from _words_left(said, dict.fromkeys(known_words(session), ""))


def _words_of_numbering(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """With what each says now."""
    yield from _words_left(said, numbering_now(session, said))


def numbering_now(session: Session, said: CommandLine) -> dict[str, str]:
    """What each word says now; nothing for a type without numbers."""
    from tuicrm.services.definitions.numbering import WORDS as NUMBERING_WORDS
    from tuicrm.services.definitions.numbering import numbered, numbering

    key = type_of(session, said)
    if key not in numbered(session):
        return {}
    found = numbering(session, key)
    said_now = {"next": found.next, **msgspec.structs.asdict(found.numerator)}
    return {name: str(said_now[name]) for name in NUMBERING_WORDS}


def _words_left(said: CommandLine, told: Mapping[str, str]) -> Iterator[Completion]:
    """`start=`: words that are not given yet."""
    given = {text.partition("=")[0] for text in said.arguments if "=" in text}
    return (Completion(f"{name}=", tells) for name, tells in told.items() if name not in given)


def _activity_kinds(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    from tuicrm.services.items.activity_kinds import kinds

    return (Completion(one.key, session.label(one.label)) for one in kinds(session))


SOURCES: Mapping[str | tuple[str, str], ValueSource] = {
    "KIND": _activity_kinds,
    ("--with", "NAME"): people,
    "REF": refs,
    "REF|NUMBER": refs,
    "TYPE": _types,
    "PIPELINE": pipelines,
    "TO": pipelines,
    ("--pipeline", "NAME"): pipelines,
    ("--variant", "NAME"): variants,
    ("--department", "NAME"): _departments,
    ("create", "WHAT"): _scenarios,
    ("filter save", "NAME"): filters,
    ("filter delete", "NAME"): filters,
    "STAGE": stages,
    "STAGE=STAGE": _stage_to,
    "FIELD": _fields,
    "FIELDS": _field_list,
    "FIELD=VALUE": _assignments,
    "FIELD=REF": _assignments,
    "WHO": people,
    "PERSON": people,
    "USER": people,
    ("--for", "WHO"): _members,
    ("--also", "WHO"): _members,
    ("--not", "WHO"): _members,
    "DEPARTMENT": _departments,
    "ROLE": _roles,
    "ROOM": _rooms,
    "CHANNEL": _channels,
    "[ROOM]": _rooms,
    ("--bookers", "WHO"): _members,
    "TEMPLATE": document_sources.templates,
    "DOCUMENT": document_sources.documents,
    "MESSAGE": message_sources.messages,
    "TEXT-TEMPLATE": message_sources.text_templates,
    "NAME=VALUE": document_sources.placeholders,
    ("--numbering", "WORD=VALUE"): document_sources.numbering,
    ("--users", "WHO"): _members,
    "DICTIONARY": _dictionaries,
    ("--dictionary", "KEY"): _dictionaries,
    ("currency set", "CODE"): _currencies,
    ("currency remove", "CODE"): _currencies,
    "OPTION": _options,
    "OPTION=LABEL": _options_to,
    "SECTION": sections,
    "TAB": tabs,
    "VIEW": views,
    "LAYOUT": layouts,
    "EXPR": expressions,
    ("field add", "WORD=VALUE"): _words_of_field,
    ("field edit", "WORD=VALUE"): _words_of_field,
    ("type add", "WORD=VALUE"): _words_of_type,
    ("type edit", "WORD=VALUE"): _words_of_type,
    ("numbering edit", "WORD=VALUE"): _words_of_numbering,
    "SETTING=VALUE": _words_of_field,
}
"""Values that the workspace has, by their name, or by what stands before them where the name alone says too little."""


def field_of(session: Session, said: CommandLine, text: str) -> Field | None:
    from tuicrm.domain import named as names
    from tuicrm.domain.schema import all_labels

    known = [names.Named(one, one.key, tuple(all_labels(one.label)), one.key) for one in seen(session, said)]
    found = names.find(text, known)
    return found[0] if len(found) == 1 else None


def options_of(session: Session, field: Field) -> list[Option]:
    found: Any = field.options
    if field.traits.has_dictionary:
        dictionary = session.workspace.dictionaries.get(field.dictionary)
        found = dictionary.entries if dictionary else ()
    return [option for option in found if not option.retired]
