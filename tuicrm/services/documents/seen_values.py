"""What a name stands for on one item: the value, the fields that it tells of, and whether it is kept back from who asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple

from tuicrm.domain.context import Context
from tuicrm.domain.documents.of_fields import doc_value, person_name
from tuicrm.domain.documents.product_values import RowOnPaper, on_paper, row_value, tax_value, total_values
from tuicrm.domain.documents.values import DocValue, NameValue, TextValue
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.money import decimal_of, money_of
from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.products import ProductRow, ProductTotals, rows_of, totals
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field, label_text
from tuicrm.services.documents.holders import Holder, Holders
from tuicrm.services.documents.nameable import Nameable
from tuicrm.services.documents.suffixes import ID, NAME, is_person, name_fields
from tuicrm.services.documents.vocabulary import ROWS, TAX_FIELD, TAXES, Vocabulary
from tuicrm.services.kernel.field_texts import field_value
from tuicrm.services.kernel.session import Session


class Seen(NamedTuple):
    """A value with the fields (`deal.amount`) and the other items (`company:3`) that it tells of; `kept`: it is empty because
    something is not for the maker."""

    value: DocValue | None = None
    sources: tuple[str, ...] = ()
    kept: bool = False
    items: tuple[str, ...] = ()


NOTHING, KEPT = Seen(), Seen(kept=True)


class SeenValues:
    """Those of one item. `context` has the document's language; `document` is what is known of the document itself."""

    def __init__(
        self, session: Session, item: Item, vocabulary: Vocabulary, context: Context, document: Mapping[str, DocValue]
    ) -> None:
        self._session, self._item, self._vocabulary = session, item, vocabulary
        self._context, self._document = context, document
        self._workspace, self._access = session.workspace, session.access
        self._holders = Holders(session, item)

    def of(self, one: Nameable, row: int | None) -> Seen:
        """What it stands for; `row` counts from 0."""
        return self._ways[one.route](one, row or 0)

    def count(self, list_name: str) -> int:
        """How many rows a list has."""
        if list_name == ROWS:
            return len(self.rows)
        if list_name == TAXES:
            return len(self._totals.taxes) if self._totals else 0
        known = self._vocabulary.lists.get(list_name)
        return len(self._listed(known.via)) if known else 0

    def listed(self, list_name: str) -> Seen:
        """What a list tells of by having rows; whether some of it is kept back."""
        known = self._vocabulary.lists.get(list_name)
        if known is None:
            return NOTHING
        unread = known.route == "each" and any(one.unread for one in self._holders.several("each", known.via))
        return Seen(sources=known.sources, kept=unread or self._are_hidden(known))

    # -- the item and those beside it ----------------------------------------------------------------------------------
    @cached_property
    def _ways(self) -> Mapping[str, Callable[[Nameable, int], Seen]]:
        beside = dict.fromkeys(("item", "client", "own", "source", "named"), self._beside)
        return {
            **beside,
            "document": lambda one, _row: Seen(self._document.get(one.suffix)),
            "each": self._of_list,
            "person": self._of_person,
            "rows": self._of_row,
            "catalogue": self._of_catalogue,
            "taxes": self._of_tax,
            "totals": self._of_totals,
        }

    def _beside(self, one: Nameable, _row: int) -> Seen:
        return self._held(self._holders.one(one.route, one.via), one.suffix, is_ours=one.route == "own")

    def _listed(self, via: str) -> list[Holder]:
        return [holder for holder in self._holders.several("each", via) if holder.item is not None]

    def _of_list(self, one: Nameable, row: int) -> Seen:
        listed = self._listed(one.via)
        if row >= len(listed):
            return KEPT if len(listed) < len(self._holders.several("each", one.via)) else NOTHING
        if one.suffix == "Index":
            return Seen(doc_value(row + 1, _COUNTED, self._context), one.sources)
        return self._held(listed[row], one.suffix)

    def _held(self, holder: Holder, name: str, *, is_ours: bool = False) -> Seen:
        """What an item has by that name, and that the document's item names it. Ourselves we tell to whoever gets a letter: who may
        not read our company reads the document all the same."""
        if holder.item is None:
            return KEPT if holder.unread else NOTHING
        found = self._of_item(holder.item, name)
        if found.value is None or holder.item.ref == self._item.ref:
            return found
        via = (f"{self._item.type}.{holder.via}",) if holder.via else ()
        more = () if is_ours else (str(holder.item.ref),)
        return found._replace(sources=(*found.sources, *via), items=(*found.items, *more))

    def _of_item(self, item: Item, name: str) -> Seen:
        suffix = self._vocabulary.suffixes(item.type).of.get(name)
        if suffix is None:
            return NOTHING
        if suffix.field:
            return self._of_field(item, self._workspace.fields(item.type)[suffix.field])
        if name == NAME:
            return self._called(item)
        return Seen(TextValue(str(item.id) if name == ID else self._workspace.show_ref(item.ref)))

    def _of_field(self, item: Item, field: Field) -> Seen:
        key = field.derived.partition(".")[0] or field.key
        if {key, field.key} & self._access.hidden(item.type):
            return KEPT
        value, sources = field_value(item, field), (f"{item.type}.{key}",)
        if is_empty(value):
            return NOTHING
        if field.traits.is_place:
            return Seen(self._place(item, field, value), sources)
        found = doc_value(value, field, self._context)
        if not field.traits.names_items:
            return Seen(found, sources)
        # A name that is not told although something is named.
        named = [ref for one in (value if isinstance(value, list) else [value]) if (ref := Ref.read(one))]
        read = tuple(str(ref) for ref in named if self._context.names.item(ref) is not None)
        return Seen(found, sources, len(read) < len(named), read)

    def _place(self, item: Item, field: Field, value: object) -> DocValue:
        workspace = self._workspace
        known = (
            workspace.stage_known(item.type, item.fields)
            if field.traits.is_stage
            else workspace.pipeline_known(item.type, str(value))
        )
        return TextValue(label_text(known.label, self._context.language) if known else str(value))

    def _called(self, item: Item) -> Seen:
        """An item's name, of a person in its parts."""
        item_type, hidden = self._workspace.type(item.type), self._access.hidden(item.type)
        if hidden >= set(item_type.title) and item_type.title:
            return KEPT
        sources = tuple(f"{item.type}.{key}" for key in item_type.title if item.get(key))
        if not is_person(item_type) or not sources:
            title = self._session.title(item_type, item.id, item.fields, self._context.language)
            return Seen(TextValue(title), sources)
        fields = name_fields(self._workspace.fields(item.type))
        parts = {part: self._part(item, field) for part, field in fields.items()}
        told = NameValue(*(parts.get(part, "") for part in ("TITLE", "NAME", "SECOND_NAME", "LAST_NAME")))
        return Seen(told, (*sources, *(f"{item.type}.{one.key}" for part, one in fields.items() if parts[part])))

    def _part(self, item: Item, field: Field) -> str:
        found = self._of_field(item, field).value
        return found.text if isinstance(found, TextValue) else ""

    # -- people --------------------------------------------------------------------------------------------------------
    def _of_person(self, one: Nameable, _row: int) -> Seen:
        if one.via in self._access.hidden(self._item.type):
            return KEPT
        person = self._workspace.people.get(str(self._item.get(one.via)))
        if person is None:
            return NOTHING
        name = person_name(person.name) or NameValue()
        department = self._workspace.departments.get(person.department)
        told: Mapping[str, str] = {
            "FirstName": name.first,
            "LastName": name.last,
            "Email": person.email,
            "Department": department.name if department else "",
        }
        if one.suffix == "Name":
            return Seen(name, one.sources)
        text = told[one.suffix]
        return Seen(TextValue(text), one.sources) if text else NOTHING

    # -- product rows --------------------------------------------------------------------------------------------------
    @cached_property
    def rows(self) -> list[RowOnPaper]:
        """The item's rows, each worked out; [] where they are not for the maker, who has the item without them."""
        return on_paper(rows_of(self._item.get(PRODUCTS)))

    @cached_property
    def _totals(self) -> ProductTotals | None:
        return totals([one.row for one in self.rows])

    def _are_hidden(self, one: Nameable) -> bool:
        """Whether any field that it comes from is not for the maker: it would tell that field."""
        return any(key in self._access.hidden(table) for table, _dot, key in (it.partition(".") for it in one.sources))

    def _of_row(self, one: Nameable, row: int) -> Seen:
        if row >= len(self.rows):
            return KEPT if self._are_hidden(one) else NOTHING
        return Seen(row_value(one.suffix, self.rows[row], self._context), one.sources)

    def _of_catalogue(self, one: Nameable, row: int) -> Seen:
        if row >= len(self.rows):
            return KEPT if self._are_hidden(one) else NOTHING
        holder = self._holders.product(self.rows[row].row, self._rows_alone)
        found = self._held(holder, one.suffix)
        return found._replace(sources=(*found.sources, f"{self._item.type}.{PRODUCTS}")) if found.value else found

    @cached_property
    def _rows_alone(self) -> list[ProductRow]:
        return [one.row for one in self.rows]

    def _of_tax(self, one: Nameable, row: int) -> Seen:
        summed = self._totals
        if summed is None or row >= len(summed.taxes):
            return KEPT if self._are_hidden(one) else NOTHING
        return Seen(tax_value(one.suffix, row + 1, summed.taxes[row], summed.currency), one.sources)

    def _of_totals(self, one: Nameable, _row: int) -> Seen:
        if self._are_hidden(one):
            return KEPT
        return Seen(self._sums.get(one.suffix), one.sources)

    @cached_property
    def _sums(self) -> Mapping[str, DocValue]:
        item_type = self._workspace.type(self._item.type)
        amount = money_of(self._item.get(item_type.amount)) if item_type.amount else None
        tax = next(
            (key for key, field in self._workspace.fields(item_type.key).items() if field.source == TAX_FIELD), ""
        )
        return total_values(self.rows, amount, decimal_of(self._item.get(tax)))


_COUNTED = Field("", "integer", "")
