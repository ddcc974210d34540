"""The products tab of a card: rows from the catalogue or as free text, each cell edited in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from textual.geometry import Region

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.kinds.product_parts import PARTS, typed, understood, with_part
from tuicrm.domain.products import COLUMNS, FIELD, row_of
from tuicrm.errors import AccessDenied, Conflict, RequiredFields
from tuicrm.i18n import _
from tuicrm.render.products import HEADS
from tuicrm.screens.card.item import CardHost, open_card
from tuicrm.screens.card.tab import CardTab
from tuicrm.screens.items.actions import copy
from tuicrm.screens.items.lacking import ask_missing
from tuicrm.services.items import product_view, products
from tuicrm.services.kernel.permissions import require
from tuicrm.services.kernel.product_rules import MANUAL
from tuicrm.services.workspace.column_widths import ColumnWidths
from tuicrm.widgets.editors import editor_for
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.product_pane import ProductPane
from tuicrm.widgets.question import Question

_FREE = "="
"""Begins the key of a choice that is no product: free text."""
_CHANGES = ("products.edit", "products.add", "products.repeat", "products.remove", "products.up", "products.down")
_ON_ROW = ("products.edit", "products.repeat", "products.remove", "products.up", "products.down", "products.open")


class ProductsTab(CardTab):
    """The item's product rows."""

    pane: ProductPane

    def __init__(self, card: CardHost, go_right: Callable[[], None]) -> None:
        """`go_right` is called beyond the last column."""
        super().__init__(card, ProductPane(card.surface.look, ColumnWidths(card.session, "products")))
        self._go_right = go_right
        self.add_class("-broad")

    @property
    def _item(self) -> Item:
        return self.card.shown.item

    def show_item(self, item: Item, cursor: int | None = None) -> None:
        key = self.card.surface.keys.key("products.add")
        empty = _("No products yet: {key} adds one from the catalogue, or as free text.").format(key=key)
        self.pane.show_products(product_view.view(self.card.session, item), empty, cursor)

    # -- what can be done ----------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        """Why product rows cannot be opened, changed or summed, as a sentence; None when they can, and for other actions."""
        if action_id in _ON_ROW and self.pane.cursor is None:
            return _("There is no product here; {key} adds one.").format(key=self.card.surface.keys.key("products.add"))
        if action_id in (*_CHANGES, "products.sum") and (reason := self._why_not_change()):
            return reason
        if action_id == "products.edit" and self.pane.column not in PARTS:
            return _("The total is calculated from the other cells.")
        if action_id == "products.open" and self._product is None:
            return _("This row is free text: there is no product to open.")
        if action_id == "products.sum" and self._item.get(MANUAL) is not True:
            return (
                _("The amount is already the sum of the products.") if self.pane.cursor else _("There are no products.")
            )
        return None

    def _why_not_change(self) -> str | None:
        try:
            require(self.card.session, "edit", self._item.type, self._item.fields)
        except AccessDenied as denied:
            return denied.message
        return None

    @property
    def _product(self) -> Ref | None:
        """The product of the row under the cursor."""
        kept = dict(products.entries(self._item)).get(self.pane.cursor or 0)
        return Ref.read(kept.get("product")) if isinstance(kept, dict) else None

    # -- going about ---------------------------------------------------------------------------------------------------
    def do_products_left(self) -> None:
        self.pane.step_column(-1)

    def do_products_right(self) -> None:
        if not self.pane.step_column(1):
            self._go_right()

    def do_open(self) -> None:
        """A double click changes the cell."""
        self.card.start(self.do_products_edit())

    def do_products_open(self) -> None:
        if self._product is not None:
            open_card(self.card, self._product)

    def do_copy_value(self) -> None:
        shown = product_view.view(self.card.session, self._item).rows
        row = next((row for row in shown if row.id == self.pane.cursor), None)
        if row is not None:
            copy(self.card, row.texts[COLUMNS.index(self.pane.column)])

    # -- changing ------------------------------------------------------------------------------------------------------
    async def do_products_edit(self) -> None:
        row_id, part = self.pane.cursor, self.pane.column
        if row_id is None or self.why_not("products.edit"):
            return
        item, session = self._item, self.card.session
        kept, context = products.entry(item, row_id), products.context_of(session, item)
        row = row_of(kept)

        def check(text: str) -> str:
            changed = with_part(kept, part, text, context)
            products.checked(session, item, changed)
            return understood(changed, context)

        saved = same = False

        async def save(text: str) -> None:
            nonlocal item, saved, same
            step = products.editing_parts(session, item, row_id, {part: text})
            try:
                same = step.run(products.entries(item)) == item.get(FIELD)
                saved = not same and await self._apply(step, item) is not None
            except Conflict:
                # It is told now; the same answer once more is the answer to it.
                item = session.get(item.ref)
                raise

        asked = Question(
            part,
            _(HEADS[part]),
            kind="string" if part == "name" else part,
            text=typed(row, part, context) if row else str(kept.get("name") or ""),
            check=check,
            hint=_hint(part),
        )
        session.here(item.ref, FIELD)
        try:
            await self.card.asker.edit(editor_for(self.card.surface, asked), lambda: self._cell(row_id, part), save)
            if saved:
                self._done(_("Saved: {field}").format(field=_(HEADS[part])), row_id)
            elif same:
                # Not "saved": `u` would take back something else.
                self.card.say(_("{field} is unchanged").format(field=_(HEADS[part])))
            if saved or same:
                self.pane.step_column(1)
        finally:
            session.here(item.ref)

    def _cell(self, row_id: int, part: str) -> Region | None:
        return self.pane.cell_region(row_id, part)

    async def do_products_add(self) -> None:
        """Choose from the catalogue; what it does not have becomes free text."""
        session, item = self.card.session, self._item
        field, context = products.field_of(session, item.type), products.context_of(session, item)

        def search(text: str) -> Sequence[Choice]:
            word = " ".join(text.split())
            found = products.find_products(session, field, text)
            if not word:
                return found
            free = [Choice(_FREE + word, word, _("as free text"))]
            # What only looks like it does not stand before what was typed.
            meant = any(word.casefold() in f"{one.label} {one.detail}".casefold() for one in found)
            return [*found, *free] if meant else [*free, *found]

        picker = Picker(self.card.surface, _("Add a product: choose from the catalogue, or type it"), search=search)
        chosen = await self.card.ask(picker)
        if not chosen:
            return
        key = chosen[0]
        if key.startswith(_FREE):
            row: dict[str, Any] = {
                "name": key.removeprefix(_FREE),
                "price": {"amount": "0", "currency": context.currency},
            }
        else:
            row = products.of_catalogue(session, Ref.parse(key), context.currency)
        added = await self._apply(products.adding([{**row, "quantity": "1"}]), item)
        if added:
            self.pane.column = "price" if key.startswith(_FREE) else "quantity"
            self._done(_("{name} added").format(name=row["name"]), added[-1], before=item)

    async def do_products_repeat(self) -> None:
        """One more row like it, under it."""
        if self.pane.cursor is None:
            return
        order = [row_id for row_id, _kept in products.entries(self._item)]
        row = products.entry(self._item, self.pane.cursor)
        at = order.index(self.pane.cursor) + 1
        added = await self._apply(products.adding([row], at), self._item)
        if added:
            self._done(_("{name} added").format(name=row.get("name")), added[-1])

    async def do_products_remove(self) -> None:
        if self.pane.cursor is not None:
            gone = self.pane.cursor
            await self._apply(products.removing(self._item, [gone]), self._item)
            if gone not in dict(products.entries(self.card.session.get(self._item.ref))):
                self._done(_("Removed"))

    async def do_products_down(self) -> None:
        await self._move(1)

    async def do_products_up(self) -> None:
        await self._move(-1)

    async def _move(self, by: int) -> None:
        row_id = self.pane.cursor
        if row_id is None:
            return
        order = [one for one, _kept in products.entries(self._item)]
        step = products.moving(self._item, row_id, order.index(row_id) + by)
        if step is not None:
            await self._apply(step, self._item)
            self.card.reload()
            self.show_item(self._item, row_id)
        else:
            self.card.say(_("This is the last row.") if by > 0 else _("This is the first row."))

    async def _apply(self, step: products.RowsChange, item: Item) -> list[int] | None:
        """Make a change, asking for what the item needs besides; the ids of rows that came to be, None when left."""
        session = self.card.session
        try:
            return products.apply(session, item.ref, step)
        except RequiredFields as refused:
            if any(problem.field == FIELD for problem in refused.fields):
                raise  # the rows themselves: what is asked for here is being taken away
            fields = session.workspace.fields(item.type)
            lacking = [fields[problem.field] for problem in refused.fields]
            made: list[int] = []

            def save(more: Mapping[str, Any]) -> None:
                made.extend(products.apply(session, item.ref, step, bring=more))

            return made if await ask_missing(self.card, item, lacking, refused.message, save) else None

    def do_products_sum(self) -> None:
        products.follow_sum(self.card.session, self._item.ref)
        self._done(_("The amount is again the sum of the products"))

    def _done(self, told: str, cursor: int | None = None, before: Item | None = None) -> None:
        """Show what came of it, and say it; that an amount stays as it was set is told too."""
        self.card.reload()
        self.show_item(self._item, cursor)
        self.card.say_done(told + self._amount_told(before))

    def _amount_told(self, before: Item | None) -> str:
        """That an amount which somebody had set stays, and which key makes it the sum."""
        session = self.card.session
        kept = products.amount_kept(session, before, self._item) if before is not None else ""
        if not kept:
            return ""
        key = self.card.surface.keys.key("products.sum")
        return f". {kept}: {_('{key} takes the sum').format(key=key)}"


def _hint(part: str) -> str:
    """What can be typed there."""
    return {
        "quantity": _("how many, such as 2 or 1.5"),
        "unit": _("pcs, h, day …, or your own word"),
        "price": _("per unit, before the discount"),
        "discount": _("10% off, or an amount off each unit"),
        "tax": _("+22 is added, incl 22 is in the price, empty is no tax"),
    }.get(part, "")
