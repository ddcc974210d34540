"""How an item's amount follows its product rows, whichever way either of them changes (`item_rules.py` asks here).

- Rows have ids of their own, and one currency: the item's. What comes in another is converted by the workspace's rates, as is all of
  it when the item's currency changes; where there is no rate, it is refused: sums of two currencies are no amount.
- With rows, the amount is their total and `tax` their tax, unless the amount was set by hand: setting it to another amount does that
  (`manual_amount`), setting it to the total, emptying it, or `manual_amount` to no, takes it back (reference §1.5).
- Without rows, the amount is whatever it was set to. The first rows do not replace such an amount: it was set by hand, and stays so.
  When the last row goes, an amount that followed is zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from tuicrm.domain.money import Money, decimal_of, money_of
from tuicrm.domain.products import (
    FIELD,
    ProductRow,
    ProductTotals,
    amount_text,
    converted,
    numbered,
    row_json,
    rows_of,
    totals,
)
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.services.kernel.drafts import Draft
    from tuicrm.store.protocol import Doc

MANUAL, TAX = "manual_amount", "tax"


def follow(draft: Draft, type_key: str, before: Mapping[str, Any], checked: Doc, given: Mapping[str, Any]) -> None:
    """Add to `checked`, the values that change, what follows from them. `given` is what was asked for, as it came.

    Raises Refused."""
    item_type = draft.workspace.type(type_key)
    key = item_type.amount
    if not item_type.products or checked.keys().isdisjoint({FIELD, key, MANUAL, TAX}):
        return
    old = rows_of(before.get(FIELD))
    rows = rows_of(checked.get(FIELD)) if FIELD in checked else old
    if not rows and not old:
        return
    amount = money_of(checked.get(key, before.get(key)))
    rows = _in_one_currency(draft, rows, old, amount)
    if FIELD not in checked and rows != old and len(old) != len(before.get(FIELD) or ()):
        raise Refused(_("a product row cannot be read: correct or remove it first"), [FieldProblem(FIELD, "")])
    if FIELD in checked or rows != old:
        checked[FIELD] = [row_json(row) for row in numbered(rows, old)] or None
    summed = totals(rows)
    if TAX in draft.workspace.fields(type_key):
        _set_tax(checked, given, summed)
    if summed is None:
        if amount is not None and key not in given and before.get(MANUAL) is not True:
            checked[key] = _money(Decimal(0), amount.currency)
        return
    was_set = key in given or (not old and amount is not None and bool(amount.amount))
    by_hand = _is_by_hand(before, checked, was_set=was_set, same=amount in (None, (summed.total, summed.currency)))
    if by_hand != (before.get(MANUAL) is True):
        checked[MANUAL] = by_hand
    if not by_hand:
        checked[key] = _money(summed.total, summed.currency)


def _is_by_hand(before: Mapping[str, Any], checked: Mapping[str, Any], *, was_set: bool, same: bool) -> bool:
    """Whether the amount is, from now on, what somebody set it to."""
    if MANUAL in checked:
        return checked[MANUAL] is True
    return not same if was_set else before.get(MANUAL) is True


def _set_tax(checked: Doc, given: Mapping[str, Any], summed: ProductTotals | None) -> None:
    """The tax is the rows'. Raises Refused where somebody sets another one."""
    if summed is None:
        checked.setdefault(TAX, None)
        return
    told = decimal_of(checked.get(TAX))
    if told is not None and FIELD not in given and told != summed.tax:
        message = _("it is calculated from the products: {tax}").format(tax=amount_text(summed.tax, summed.currency))
        raise Refused(message, [FieldProblem(TAX, message, given.get(TAX))])
    checked[TAX] = amount_text(summed.tax, summed.currency)


def _in_one_currency(
    draft: Draft, rows: list[ProductRow], old: list[ProductRow], amount: Money | None
) -> list[ProductRow]:
    """The rows in the item's currency: that of its amount, else of the rows it had, else of the first one. Raises Refused."""
    currency = amount.currency if amount else next((row.currency for row in (*old, *rows)), "")
    found: list[ProductRow] = []
    for row in rows:
        turned = converted(row, currency, draft.workspace.rates)
        if turned is None:
            message = _("{name} is in {theirs}, and there is no rate to convert it to {ours}: set one first").format(
                name=row.name, theirs=row.currency, ours=currency
            )
            raise Refused(message, [FieldProblem(FIELD, message)])
        found.append(turned)
    return found


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": amount_text(amount, currency), "currency": currency}
