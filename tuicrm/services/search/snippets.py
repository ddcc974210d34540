"""What is told of an item that was found: its name, and where what was typed stands in it, as the person sees it."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.found import FoundRow, Sought
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Field
from tuicrm.i18n import _
from tuicrm.services.kernel.field_texts import show_value
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.engine import Findings, SearchHit
from tuicrm.services.search.query import SearchQuery
from tuicrm.services.search.verify import MatchedText, Verifier

_BESIDE = 2
"""Values told beside the name of an item that is called what was typed."""


class Teller:
    """Tells of the items of one answer, each when it is shown; `beside` also what a list would show of them first."""

    def __init__(self, session: Session, findings: Findings, *, beside: bool = True) -> None:
        self._session, self._findings, self._tells_more = session, findings, beside
        self._looks: dict[tuple[str, bool], Verifier] = {}
        self._rows: dict[SearchHit, FoundRow] = {}
        self.sought = sought(findings)

    def row(self, find: SearchHit) -> FoundRow:
        """What is told of one; of one that is gone meanwhile its ref alone."""
        if find not in self._rows:
            self._rows[find] = self._told(find)
        return self._rows[find]

    def _told(self, find: SearchHit) -> FoundRow:
        session, ref = self._session, find.ref
        shown = session.workspace.show_ref(ref)
        item = session.peek(ref)
        if item is None:
            return FoundRow(shown, "", near=find.near)
        name = session.title_of(item)
        held = self._telling(ref, self._look(find).where(ref.id) or ())
        if held is None:
            return FoundRow(shown, name, text=self._beside(item) if self._tells_more else "", near=find.near)
        if held.field is None:
            return FoundRow(shown, name, _("Timeline"), text=held.text, near=find.near)
        text = self._text(item, held.field, held.text)
        return FoundRow(shown, name, session.label(held.field.label), held.field.key, text, find.near)

    def _look(self, find: SearchHit) -> Verifier:
        key = find.ref.type, find.near
        if key not in self._looks:
            findings = self._findings
            self._looks[key] = Verifier(self._session, find.ref.type, findings.wider if find.near else findings.asked)
        return self._looks[key]

    def _telling(self, ref: Ref, held: Sequence[MatchedText]) -> MatchedText | None:
        """The first place that the name does not tell already."""
        title = self._session.workspace.type(ref.type).title
        return next((one for one in held if one.field is None or one.field.key not in title), None)

    def _text(self, item: Item, field: Field, held: str) -> str:
        """A field's value as it is shown; of a long text the part that holds it."""
        return held if field.traits.is_text else show_value(self._session, item, field)

    def _beside(self, item: Item) -> str:
        """What else a list would show of it first."""
        item_type, known = self._session.workspace.type(item.type), self._session.workspace.fields(item.type)
        fields = [known[key] for key in item_type.columns if key in known and key not in item_type.title]
        sees = self._session.access.sees
        texts = (show_value(self._session, item, field) for field in fields if sees(field))
        return " · ".join([text for text in texts if text][:_BESIDE])


def sought(findings: Findings) -> Sought:
    """What an answer's rows are marked with."""
    words: dict[str, None] = {}
    digits: dict[str, None] = {}
    for asked in (findings.asked, findings.wider):
        words |= dict.fromkeys(_words(asked))
        digits |= dict.fromkeys(part.chunk.digits for part in asked.parts if part.chunk.digits)
        if asked.phone:
            digits[asked.phone] = None
    return Sought(tuple(words), tuple(digits))


def _words(asked: SearchQuery) -> Sequence[str]:
    return [word for part in asked.parts for word in (*part.chunk.words, *part.near)]
