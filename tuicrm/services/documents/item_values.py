"""The values of one item for a document, as its maker may see them: worked out when a placeholder asks, and remembered as printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from msgspec.structs import replace

from tuicrm.domain.documents.languages import locale_name
from tuicrm.domain.documents.printing import printed
from tuicrm.domain.documents.values import (
    DocValue,
    FlagValue,
    ListValue,
    MomentValue,
    MoneyValue,
    NumberValue,
    PictureValue,
    TextValue,
)
from tuicrm.domain.items import Item, Ref
from tuicrm.errors import NotFound
from tuicrm.limits import FILE_SIZE
from tuicrm.services.documents.nameable import Nameable
from tuicrm.services.documents.seen_values import NOTHING, Seen, SeenValues
from tuicrm.services.documents.vocabulary import Vocabulary
from tuicrm.services.kernel.session import Session

STAMPS = frozenset({"UF_STAMP", "UF_DIRECTOR_SIGN", "UF_ACCOUNTANT_SIGN"})
"""What the model product calls the pictures that a document without stamps leaves out."""

_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
"""How contents of pictures begin that a document can hold: PNG and JPEG."""


class ItemValues:
    """Answers placeholders (the engine's `Resolver`) for one item. Rows count from 0.

    `used` is what was printed, by name and modifier (`TotalSum~W=Y`), of rows a list; `printed` the fields (`deal.amount`) that
    something was printed of, `items` the other items (`company:3`); `kept_back` the names that print empty because what they tell of
    is not for the maker: as the template has them, for the field's own label is not theirs to know."""

    def __init__(  # noqa: PLR0913 - all that a document says of itself
        self,
        session: Session,
        ref: Ref,
        *,
        language: str = "",
        overrides: Mapping[str, str] | None = None,
        number: str = "",
        title: str = "",
        created: datetime | None = None,
        stamps: bool = True,
        item: Item | None = None,
    ) -> None:
        """`item` is the item as it would be, where that is not what it is.

        `overrides` are texts that stand instead of an item's value, by name (`TotalSum`), by name and modifier (`TotalSum~W=Y`), or
        for one row, counted from 1 (`ProductsProductName/2`). Raises NotFound for an item that may not be read."""
        self.language = language or session.language
        self.used: dict[str, str | list[str]] = {}
        self.printed: set[str] = set()
        self.items: set[str] = set()
        self.kept_back: list[str] = []
        self.item: Item = item or session.get(ref)
        self.vocabulary = Vocabulary(session, ref.type)
        self._session, self._stamps = session, stamps
        self._overrides = dict(overrides or {})
        context = replace(session.context(), language=self.language, locale=locale_name(self.language))
        when = (created or session.clock()).astimezone(session.zone)
        document: dict[str, DocValue] = {
            "DocumentNumber": TextValue(number),
            "DocumentTitle": TextValue(title),
            "DocumentCreateTime": MomentValue(when, as_day=True),
        }
        self._values = SeenValues(session, self.item, self.vocabulary, context, document)

    # -- what the engine asks ------------------------------------------------------------------------------------------
    def text(self, name: str, modifier: str = "", row: int | None = None) -> str:
        """What is printed; "" for what is unknown, empty or not for the maker. A row's name outside of rows prints all of them."""
        key = f"{name}~{modifier}" if modifier else name
        list_name = self.list_of(name)
        if list_name not in (None, name) and row is None:
            every = (self.text(name, modifier, at) for at in range(self.count(list_name)))
            return ", ".join(text for text in every if text)
        seen, told = self._seen(name, row), self._override(name, key, row)
        if told is None:
            self._tell_kept(name, seen)
            told = printed(seen.value, modifier, self.language)
        if told:
            self._tell_printed(seen)
        self._remember(key, told, row)
        return told

    def list_of(self, name: str) -> str | None:
        """The list that a name belongs to, `Products` for `Products` itself; None for one of no list."""
        if name in self.vocabulary.lists:
            return name
        found = self.vocabulary.find(name)
        return found[0].list_name or None if found else None

    def count(self, list_name: str) -> int:
        """How many rows a list has."""
        seen = self._values.listed(list_name)
        self._tell_kept(list_name, seen)
        found = self._values.count(list_name)
        if found:
            self._tell_printed(seen)
        return found

    def holds(self, name: str, row: int | None = None) -> bool:
        """Whether a condition on the name is met: there is a value, which is not no and not zero; of a list, rows."""
        told = self._override(name, name, row)
        if told is not None:
            return bool(told)
        if name in self.vocabulary.lists:
            return self.count(name) > 0
        seen = self._seen(name, row)
        self._tell_kept(name, seen)
        met = _is_something(seen.value, self.language)
        if met:
            self._tell_printed(seen)
        return met

    def picture(self, name: str, row: int | None = None) -> bytes | None:
        """A PNG or JPEG; None for what is no such picture, for stamps in a document without, and for what is not for the maker."""
        seen = self._seen(name, row)
        self._tell_kept(name, seen)
        one = seen.value.values[0] if isinstance(seen.value, ListValue) else seen.value
        if not isinstance(one, PictureValue) or (not self._stamps and self._is_stamp(seen)):
            return None
        try:
            with self._session.store.blobs.open(one.blob) as content:
                found = content.read(FILE_SIZE.most + 1)
        except NotFound:
            return None
        if not found.startswith(_PICTURES) or len(found) > FILE_SIZE.most:
            return None
        self._tell_printed(seen)
        return found

    # -- what is behind it ---------------------------------------------------------------------------------------------
    def _seen(self, name: str, row: int | None) -> Seen:
        """Of what the name may stand for, the first that has a value; else whether any is kept back."""
        kept = NOTHING
        for one in self._meant(name, row):
            seen = self._values.of(one, row)
            if seen.value is not None:
                return seen
            kept = seen if seen.kept else kept
        return kept

    def _meant(self, name: str, row: int | None) -> Sequence[Nameable]:
        """What the name may stand for; of a list, at one of its rows, what the row is called."""
        known = self.vocabulary.lists.get(name) if row is not None else None
        return self.vocabulary.find(known.name + known.suffix if known else name)

    def is_said(self, name: str, key: str, row: int | None) -> bool:
        """Whether a text was said to stand there: of the name, or of `key` (the name with its modifier), in a row or in all."""
        return self._override(name, key, row) is not None

    def _override(self, name: str, key: str, row: int | None) -> str | None:
        """The text that stands instead, said of this very modifier or of the name, of the row or of all; None where nothing does."""
        if not self._overrides:
            return None
        canonical = next((one.name for one in self.vocabulary.find(name)), name)
        at = [] if row is None else [f"{one}/{row + 1}" for one in (key, name, canonical)]
        return next((self._overrides[one] for one in (*at, key, name, canonical) if one in self._overrides), None)

    def _tell_printed(self, seen: Seen) -> None:
        self.printed.update(seen.sources)
        self.items.update(seen.items)

    def _tell_kept(self, name: str, seen: Seen) -> None:
        if seen.kept and name not in self.kept_back:
            self.kept_back.append(name)

    def _remember(self, key: str, told: str, row: int | None) -> None:
        if row is None or self.list_of(key.partition("~")[0]) is None:
            self.used[key] = told
            return
        rows = self.used.setdefault(key, [])
        if isinstance(rows, list):
            rows.extend([""] * (row + 1 - len(rows)))
            rows[row] = told

    def _is_stamp(self, seen: Seen) -> bool:
        fields = self._session.workspace.fields
        named = (source.partition(".") for source in seen.sources)
        return any(
            (field := fields(table).get(key)) is not None and field.source in STAMPS for table, _dot, key in named
        )


def _is_something(value: DocValue | None, language: str) -> bool:
    """Whether a condition takes a value for one."""
    match value:
        case FlagValue():
            return value.yes
        case NumberValue():
            return bool(value.number)
        case MoneyValue():
            return bool(value.amount)
        case PictureValue():
            return True
    return bool(printed(value, "", language))
