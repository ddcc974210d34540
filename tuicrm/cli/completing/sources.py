"""What each value on the command line can be, by the name that its help gives it (`REF`, `STAGE`, `FIELD=VALUE`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.cli.completing.known import MOST, ValueSource, by_key, named, pipeline_meant, told_field
from tuicrm.cli.completing.offers import CommandLine, Completion
from tuicrm.cli.grammar.verbs import USUAL

if TYPE_CHECKING:
    from tuicrm.domain.layout_use import LayoutPlace
    from tuicrm.domain.schema import Field, Layout, Option
    from tuicrm.services.kernel.session import Session


# -- words of the program ----------------------------------------------------------------------------------------------
def _field_kinds() -> Iterable[str]:
    from tuicrm.domain.kinds import CUSTOM_KINDS

    return CUSTOM_KINDS


def _room_kinds() -> Iterable[str]:
    from tuicrm.domain.rooms import ROOM_KINDS

    return ROOM_KINDS


def _handlings() -> Iterable[str]:
    from tuicrm.services.importing.options import HANDLINGS

    return HANDLINGS


def _signs() -> Iterable[str]:
    from tuicrm.domain.alike import KINDS

    return KINDS


def _groups() -> Iterable[str]:
    from tuicrm.services.items.timeline import GROUPS

    return GROUPS


def _parts() -> Iterable[str]:
    from tuicrm.domain.kinds.product_parts import PARTS

    return [f"{part}=" for part in PARTS]


def _languages() -> Iterable[str]:
    from tuicrm.i18n import LANGUAGES

    return LANGUAGES


def _zones() -> Iterable[str]:
    from zoneinfo import available_timezones

    return sorted(available_timezones())


def _colours() -> Iterable[str]:
    from tuicrm.domain.stage_colours import COLOURS
    from tuicrm.i18n import _

    return [_(name) for name in COLOURS]


def _days() -> Iterable[str]:
    from tuicrm.domain.language import own
    from tuicrm.i18n import language

    return (own("today", language()), "+1d", "+3d", "+1w", "+1m")


def _own_settings() -> Iterable[str]:
    from tuicrm.services.workspace.own_settings import OWN_SETTINGS
    from tuicrm.services.workspace.shared_settings import ASK_NEXT_STEP, SHARED_SETTINGS

    own = [f"{one.key}={value}" for one in OWN_SETTINGS for value in one.values]
    usual = [f"{one.key}={one.usual}" for one in SHARED_SETTINGS if one.usual]
    return [*own, *usual, f"{ASK_NEXT_STEP}=on"]


WORDS: Mapping[str | tuple[str, str], Callable[[], Iterable[str]]] = {
    "SHELL": lambda: ("bash", "zsh", "fish"),
    ("export", "FORMAT"): lambda: ("csv", "json"),
    "FORMAT": lambda: ("table", "json", "csv", "tsv", "ids"),
    ("field add", "KIND"): _field_kinds,
    ("field convert", "KIND"): _field_kinds,
    "1-7": lambda: "1234567",
    "1-3": lambda: "123",
    "LENGTH": lambda: ("15m", "30m", "1h", "1d"),
    "RULE": lambda: ("daily", "weekly", "monthly", "quarterly", "yearly"),
    ("room add", "KIND"): _room_kinds,
    ("room edit", "KIND"): _room_kinds,
    ("board", "VIEW"): lambda: ("board", "deadlines", "activities"),
    "HOW": _handlings,
    "SIDE": lambda: ("mine", "theirs"),
    "SIGNS": _signs,
    "KINDS": _groups,
    "PART=VALUE": _parts,
    "SETTING=VALUE": _own_settings,
    "LANGUAGE": _languages,
    "ZONE": _zones,
    "COLOUR": _colours,
    ("--color", "WHEN"): lambda: ("auto", "always", "never"),
    "WHEN": _days,
    "COLUMNS": lambda: ("ref", "type", "id", "rev", "title", "in", "text", "near"),
}
"""Words that are the same in every workspace, by value, or by a command's or option's name and a value."""


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
def type_of(session: Session, said: CommandLine) -> str:
    """The key of the type that is spoken of."""
    found = session.workspace.find_type(said.type)
    return found.key if found else USUAL


def _types(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for one in session.workspace.types.values():
        yield named(one.key, one.plural, session, word)


def _pipelines(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.pipelines(type_of(session, said)), word)


def _stages(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for pipeline in pipeline_meant(session, said, type_of(session, said)):
        yield from by_key(session, pipeline.stages, word)


def _stage_to(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for offer in _stages(session, said, word):
        yield Completion(f"{offer.text}=", offer.told)


def _seen(session: Session, said: CommandLine) -> list[Field]:
    known = session.workspace.fields(type_of(session, said)).values()
    return [field for field in known if session.access.sees(field)]


def _fields(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, _seen(session, said), word)


def _field_list(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """`-amount,title`: the next one behind the last comma."""
    before, comma, begun = word.rpartition(",")
    minus = "-" if begun.startswith("-") else ""
    for field in _seen(session, said):
        yield Completion(f"{before}{comma}{minus}{field.key}", told_field(session, field))


def _assignments(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """`amount=`: fields that people fill in; those that are given already are not offered again."""
    given = {text.partition("=")[0].rstrip("+-") for text in said.arguments if "=" in text}
    for field in _seen(session, said):
        if not (field.read_only or field.derived or field.key in given):
            offer = named(field.key, field.label, session, word)
            yield Completion(f"{offer.text}=", offer.told)


def _people(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for person in session.workspace.people.values():
        if not person.retired:
            yield named(person.key, person.name, session, word)


def _members(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    yield from _people(session, said, word)
    for part in session.workspace.departments.values():
        yield Completion(f"department:{part.key}", part.name)


def _departments(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for part in session.workspace.departments.values():
        yield named(part.key, part.name, session, word)


def _rooms(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.rooms.values(), word)


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
    return by_key(session, _options_of(session, field) if field else (), word)


def _options_to(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for offer in _options(session, said, word):
        yield Completion(f"{offer.text}=", offer.told)


def _scenarios(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    from tuicrm.services.conversion.proposing import scenarios, told

    for one in scenarios(session, type_of(session, said)):
        yield Completion(one.key, told(session, one))


# -- layouts, views, filters -------------------------------------------------------------------------------------------
def _place(session: Session, said: CommandLine) -> LayoutPlace:
    from tuicrm.services.layouts.layout_names import find_place

    options = said.options
    type_key = type_of(session, said)
    return find_place(session, type_key, pipeline=options.get("--pipeline", ""), variant=options.get("--variant", ""))


def _variants(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.variants(type_of(session, said)), word)


def _views(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    from tuicrm.services.layouts.views import views

    for kept in views(session, _place(session, said)):
        yield named(kept.record.key, kept.record.name, session, word)


def _layouts(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for name in ("common", "mine", "built-in"):
        yield Completion(name)
    yield from _views(session, said, word)


def _layout(session: Session, said: CommandLine) -> Layout:
    from tuicrm.services.layouts import layouts
    from tuicrm.services.layouts.layout_names import find_layout

    place, name = _place(session, said), said.options.get("--layout", "")
    return find_layout(session, place, name).layout if name else layouts.in_use(session, place).layout


def _sections(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    for one in _layout(session, said).sections:
        yield named(one.key, one.title, session, word)


def _tabs(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    return by_key(session, session.workspace.type(type_of(session, said)).tabs, word)


def _filters(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    from tuicrm.services.boards.saved_filters import saved

    for one in saved(session, type_of(session, said)):
        yield Completion(one.name, one.text)


def _expressions(session: Session, said: CommandLine, word: str) -> Iterator[Completion]:
    """A filter that goes on as it can, or a kept one."""
    from tuicrm.domain.filters import complete
    from tuicrm.services.kernel.filter_scope import scope_for

    if not word or word.startswith("@"):
        for offer in _filters(session, said, word):
            yield Completion(f"@{offer.text}", offer.told)
    scope = scope_for(session, type_of(session, said))
    for one in complete(word, len(word), scope):
        quoted = one.text.startswith('"') and not word[one.start :].startswith('"')
        # In the shell's own quotes a key is easier than a label in quotes.
        text, told = (
            (one.label, one.text.strip('"'))
            if quoted and one.label.isascii() and " " not in one.label
            else (one.text, one.label)
        )
        yield Completion(f"{word[: one.start]}{text} ", told)


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
    yield from _words_left(said, _numbering(session, said))


def _numbering(session: Session, said: CommandLine) -> dict[str, str]:
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
    ("--with", "NAME"): _people,
    "REF": refs,
    "TYPE": _types,
    "PIPELINE": _pipelines,
    "TO": _pipelines,
    ("--pipeline", "NAME"): _pipelines,
    ("--variant", "NAME"): _variants,
    ("--department", "NAME"): _departments,
    ("create", "WHAT"): _scenarios,
    ("filter save", "NAME"): _filters,
    ("filter delete", "NAME"): _filters,
    "STAGE": _stages,
    "STAGE=STAGE": _stage_to,
    "FIELD": _fields,
    "FIELDS": _field_list,
    "FIELD=VALUE": _assignments,
    "FIELD=REF": _assignments,
    "WHO": _people,
    "USER": _people,
    ("--for", "WHO"): _members,
    ("--also", "WHO"): _members,
    ("--not", "WHO"): _members,
    "DEPARTMENT": _departments,
    "ROLE": _roles,
    "ROOM": _rooms,
    "[ROOM]": _rooms,
    ("--bookers", "WHO"): _members,
    "DICTIONARY": _dictionaries,
    ("--dictionary", "KEY"): _dictionaries,
    ("currency set", "CODE"): _currencies,
    ("currency remove", "CODE"): _currencies,
    "OPTION": _options,
    "OPTION=LABEL": _options_to,
    "SECTION": _sections,
    "TAB": _tabs,
    "VIEW": _views,
    "LAYOUT": _layouts,
    "EXPR": _expressions,
    ("field add", "WORD=VALUE"): _words_of_field,
    ("field edit", "WORD=VALUE"): _words_of_field,
    ("type add", "WORD=VALUE"): _words_of_type,
    ("type edit", "WORD=VALUE"): _words_of_type,
    ("numbering edit", "WORD=VALUE"): _words_of_numbering,
    "SETTING=VALUE": _words_of_field,
}
"""Values that the workspace has, by their name, or by what stands before them where the name alone says too little."""


# -- behind FIELD= -----------------------------------------------------------------------------------------------------
def field_of(session: Session, said: CommandLine, text: str) -> Field | None:
    from tuicrm.domain import named as names
    from tuicrm.domain.schema import all_labels

    known = [names.Named(one, one.key, tuple(all_labels(one.label)), one.key) for one in _seen(session, said)]
    found = names.find(text, known)
    return found[0] if len(found) == 1 else None


def behind(
    session: Session, said: CommandLine, value: str, head: str, field: Field | None, begun: str
) -> Iterable[Completion]:
    """What may stand behind `FIELD=`, `STAGE=` and the like."""
    if value == "STAGE=STAGE":
        return _stages(session, said, begun)
    if value == "FIELD=REF":
        return [Completion(word) for word in said.arguments]
    if value == "WORD=VALUE":
        return _behind_word(session, said, head)
    return _values_of(session, said, field, begun) if field is not None else ()


def _behind_word(session: Session, said: CommandLine, word: str) -> Iterable[Completion]:
    """What may stand behind a word of a type or of numbers: what can be chosen, else what it says now."""
    if said.path[0] == "numbering":
        from tuicrm.domain.numbering import RESETS
        from tuicrm.i18n import _

        if word == "reset":
            return [Completion(key, _(told)) for key, told in RESETS.items()]
        now = _numbering(session, said).get(word)
        return [Completion(now)] if now else ()
    if said.path[0] == "type":
        from tuicrm.services.definitions.item_type_words import is_switch

        return (Completion("yes"), Completion("no")) if is_switch(session, word) else ()
    return ()


def _values_of(session: Session, said: CommandLine, field: Field, begun: str) -> Iterable[Completion]:
    traits = field.traits
    if traits.is_stage:
        return _stages(session, said, begun)
    if traits.is_pipeline:
        return _pipelines(session, said, begun)
    if traits.has_options:
        return by_key(session, _options_of(session, field), begun)
    if traits.names_people:
        return _people(session, said, begun)
    if traits.names_items:
        return items_of(session, field.targets, begun)
    if traits.is_yes_no:
        return (Completion("yes"), Completion("no"))
    return [Completion(word) for word in _days()] if traits.is_time else ()


def _options_of(session: Session, field: Field) -> list[Option]:
    found: Any = field.options
    if field.traits.has_dictionary:
        dictionary = session.workspace.dictionaries.get(field.dictionary)
        found = dictionary.entries if dictionary else ()
    return [option for option in found if not option.retired]
