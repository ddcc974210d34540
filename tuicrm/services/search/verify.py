"""Looking at an item that search proposes, as a person sees it: whether it holds what is asked, and where."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from tuicrm.domain.items import Ref
from tuicrm.domain.schema import Field
from tuicrm.domain.words import fold, holds, holds_phone
from tuicrm.services.kernel.computed_fields import KEPT_BY_RULES
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.query import Alternatives, SearchQuery
from tuicrm.services.search.word_texts import SAID, option_of, texts_of
from tuicrm.store.protocol import Doc


class MatchedText(msgspec.Struct, frozen=True):
    """A text in which something was found: a field's, or one of the timeline's (None)."""

    field: Field | None
    text: str


class Verifier:
    """Whether items of a type hold what is asked, as a person sees them, and where."""

    def __init__(self, session: Session, type_key: str, asked: SearchQuery) -> None:
        self._session, self._type, self._asked = session, type_key, asked
        sees = session.access.sees
        title = session.workspace.type(type_key).title
        known = session.workspace.fields(type_key)
        ordered = [*(known[key] for key in title if key in known), *known.values()]
        self._fields = {
            field.key: field
            for field in ordered
            if sees(field) and field.traits.is_searched and not field.derived and field.key not in KEPT_BY_RULES
        }
        self._docs: dict[int, Doc] = {}
        self._names: dict[str, str] = {}

    def holds(self, item_id: int) -> bool:
        """Whether it holds all of it."""
        return self.where(item_id) is not None

    def rings(self, item_id: int, number: str) -> bool:
        """Whether one of its phone numbers holds these digits one after the other."""
        doc = self._doc(item_id)
        return doc is not None and self._by_phone(doc, number) is not None

    def where(self, item_id: int) -> list[MatchedText] | None:
        """What each part was found in, each text once; None where one was not found, or the item is gone."""
        doc = self._doc(item_id)
        if doc is None:
            return None
        own = list(self._own_texts(doc))
        phone = self._asked.phone and self._by_phone(doc, self._asked.phone)
        if phone:
            return [phone]
        found: list[MatchedText] = []
        said: list[MatchedText] | None = None
        for part in self._asked.parts:
            held = self._in_fields(part, own, doc)
            if held is None:
                said = list(self._said(item_id)) if said is None else said
                held = next((one for one in said if self._text_holds(part, fold(one.text))), None)
            if held is None:
                return None
            if held not in found:
                found.append(held)
        return found

    def _doc(self, item_id: int) -> Doc | None:
        if item_id not in self._docs:
            found = self._session.store.get(self._type, [item_id])
            if not found:
                return None
            self._docs[item_id] = found[0].doc
        return self._docs[item_id]

    def _own_texts(self, doc: Doc) -> Iterator[tuple[MatchedText, str]]:
        for key, field in self._fields.items():
            value = doc.get(key)
            if value and not field.traits.is_pointing:
                for text in texts_of(value):
                    yield MatchedText(field, text), fold(text)

    def _in_fields(self, part: Alternatives, own: Sequence[tuple[MatchedText, str]], doc: Doc) -> MatchedText | None:
        found = next((held for held, folded in own if self._text_holds(part, folded)), None)
        if found is None and part.chunk.digits:
            found = self._by_phone(doc, part.chunk.digits)
        return found or self._by_values(part, doc)

    @staticmethod
    def _text_holds(part: Alternatives, folded: str) -> bool:
        return holds(part.chunk.words, folded) or any(word in folded for word in part.near)

    def _by_phone(self, doc: Doc, typed: str) -> MatchedText | None:
        for key, field in self._fields.items():
            if field.traits.is_phone:
                for one in _each(doc.get(key)):
                    numbers = [one.get(part) for part in ("value", "typed")] if isinstance(one, dict) else []
                    if any(isinstance(number, str) and holds_phone(typed, number) for number in numbers):
                        return MatchedText(field, str(one.get("value")))
        return None

    def _by_values(self, part: Alternatives, doc: Doc) -> MatchedText | None:
        """By what it points at: an item that this person may see, by its name; people and options that are called so."""
        for key, field in self._fields.items():
            if field.traits.is_pointing:
                for one in _each(doc.get(key)):
                    if self._points(part, field, str(one)):
                        return MatchedText(field, str(one))
        return None

    def _points(self, part: Alternatives, field: Field, stored: str) -> bool:
        if field.traits.names_items:
            return self._text_holds(part, self._name(stored))
        if field.traits.has_options:
            return ("option", option_of(field, stored)) in part.values
        return (field.kind, stored) in part.values

    def _name(self, stored: str) -> str:
        """The folded name of an item that is pointed at; "" for what this person does not see."""
        if stored not in self._names:
            ref = Ref.read(stored)
            self._names[stored] = fold(self._session.names.item(ref) or "") if ref is not None else ""
        return self._names[stored]

    def _said(self, item_id: int) -> Iterator[MatchedText]:
        """The texts on its timeline, newest first."""
        records = [
            record for table in SAID for record in reversed(self._session.owned(table, Ref(self._type, item_id)))
        ]
        for record in records:
            for part in SAID[record.table]:
                text = record.doc.get(part)
                if isinstance(text, str) and text:
                    yield MatchedText(None, text)


def _each(value: object) -> Sequence[Any]:
    return value if isinstance(value, list) else () if value is None else (value,)
