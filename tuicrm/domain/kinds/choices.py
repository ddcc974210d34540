"""What is chosen: options of a list, a dictionary's entries, people, items."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from tuicrm.domain import named
from tuicrm.domain.context import Choice, Context
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.language import every
from tuicrm.domain.schema import Field, Option, label_text
from tuicrm.i18n import _

_SHOWN = 40

_Chosen = TypeVar("_Chosen", Option, Choice)


class ListKind:
    """An option of the field's own list (`list`), kept by key."""

    name = "list"

    def options(self, field: Field, context: Context) -> Sequence[Option]:
        """What can be chosen, retired ones too, in its order."""
        return field.options

    def parse(self, text: str, field: Field, context: Context) -> str | None:
        word = text.strip()
        if not word:
            return None
        options = [option for option in self.options(field, context) if not option.retired]
        if any(option.key == word for option in options):
            return word
        known = [named.labelled(option, option.key, option.label, context.language) for option in options]
        return _the(word, known, _("one of these is expected: {choices}")).key

    def read(self, value: object, field: Field, context: Context) -> str | None:
        """A key, retired ones too: a value that stands already stays."""
        if isinstance(value, str) and any(option.key == value for option in self.options(field, context)):
            return value
        if isinstance(value, str):
            return self.parse(value, field, context)
        labels = named.listed([label_text(option.label, context.language) for option in self.options(field, context)])
        raise BadValue(_("one of these is expected: {choices}").format(choices=labels), value)

    def format(self, value: object, field: Field, context: Context) -> str:
        for option in self.options(field, context):
            if option.key == value:
                return label_text(option.label, context.language)
        return str(value)

    def edit(self, value: object, field: Field, context: Context) -> str:
        return str(value)

    def comparable(self, value: object) -> str | None:
        return value if isinstance(value, str) and value else None


class DictionaryKind(ListKind):
    """An entry of a dictionary (`dictionary`), kept by key."""

    name = "dictionary"

    def options(self, field: Field, context: Context) -> Sequence[Option]:
        found = context.names.dictionary(field.dictionary)
        return found.entries if found else ()


class PersonKind:
    """A person of the workspace (`person`), kept by key; `me`, in any language that ships, is whoever is asking."""

    name = "person"

    def parse(self, text: str, field: Field, context: Context) -> str | None:
        word = text.strip()
        if not word:
            return None
        if context.me and word.casefold() in every("me"):
            return context.me
        return of_login(word, context) or _the(word, people_named(context), _("a person is expected: {choices}")).key

    def read(self, value: object, field: Field, context: Context) -> str | None:
        if isinstance(value, str) and value and context.names.person(value) is not None:
            return value
        if isinstance(value, str) and value:
            return self.parse(value, field, context)
        raise BadValue(_("a person is expected"), value)

    def format(self, value: object, field: Field, context: Context) -> str:
        return context.names.person(str(value)) or str(value)

    def edit(self, value: object, field: Field, context: Context) -> str:
        return str(value)

    def comparable(self, value: object) -> str | None:
        return value if isinstance(value, str) and value else None


def of_login(word: str, context: Context) -> str:
    """The key of the person who logs in so, "" for nobody. Somebody's key is theirs alone, and a login goes before a name."""
    people = context.names.people()
    by_login = "" if any(one.key == word for one in people) else word
    return next((one.key for one in people if by_login in one.logins), "")


def people_named(context: Context) -> list[named.Named[Choice]]:
    """Everyone who can be chosen, by key, name, e-mail address and logins."""
    return [
        named.Named(one, one.key, (one.label, one.detail, *one.logins), one.label, detail=one.detail)
        for one in context.names.people()
    ]


def _the(word: str, known: Sequence[named.Named[_Chosen]], expected: str) -> _Chosen:
    """The one that a word names: never by its beginning, which is no value to keep. Raises BadValue with those there are."""
    found = named.find(word, known)
    if len(found) == 1:
        return found[0]
    if found:
        raise BadValue(named.several(word, found, known), word)
    raise BadValue(expected.format(choices=named.nearest_choices(word, known)), word)


class ItemKind:
    """Another item (`item`), kept as `company:7`."""

    name = "item"

    def parse(self, text: str, field: Field, context: Context) -> str | None:
        word = text.strip()
        if not word:
            return None
        ref = context.names.read_ref(word)
        if ref is not None and ref.type in field.targets:
            if context.names.item(ref) is None:
                raise BadValue(_("there is no {ref}").format(ref=word), text)
            return str(ref)
        found = context.names.items(word, field.targets)
        if len(found) == 1:
            return found[0].key
        if found:
            names = named.listed([f"{choice.detail} {choice.label}" for choice in found])
            raise BadValue(_("“{text}” may be: {choices}").format(text=word[:_SHOWN], choices=names), text)
        if ref is not None:
            raise BadValue(self._expected(field, context), text)
        raise BadValue(_("there is no “{text}”").format(text=word[:_SHOWN]), text)

    @staticmethod
    def _expected(field: Field, context: Context) -> str:
        examples = ", ".join(context.names.show_ref(Ref(target, 7)) for target in field.targets)
        return _("a ref such as {examples} is expected").format(examples=examples)

    def read(self, value: object, field: Field, context: Context) -> str | None:
        """A stored ref of an allowed type. Whether the item still exists is not asked: it may come back by undo."""
        if not isinstance(value, str):
            raise BadValue(self._expected(field, context), value)
        try:
            ref = Ref.parse(value)
        except ValueError:
            return self.parse(value, field, context)
        if ref.type not in field.targets:
            raise BadValue(self._expected(field, context), value)
        return str(ref)

    def format(self, value: object, field: Field, context: Context) -> str:
        try:
            ref = Ref.parse(str(value))
        except ValueError:
            return str(value)
        if context.canonical:
            return context.names.show_ref(ref)
        return context.names.item(ref) or context.names.show_ref(ref)

    def edit(self, value: object, field: Field, context: Context) -> str:
        try:
            return context.names.show_ref(Ref.parse(str(value)))
        except ValueError:
            return str(value)

    def comparable(self, value: object) -> str | None:
        return value if isinstance(value, str) and value else None
