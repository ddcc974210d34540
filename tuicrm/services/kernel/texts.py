"""Texts that boards, lists and cards tell of items: sums, and what could not be counted."""

from __future__ import annotations

from tuicrm.domain.context import Context
from tuicrm.domain.kinds.money import short_money, whole_money
from tuicrm.domain.money import Sum
from tuicrm.i18n import _


def sum_text(total: Sum, context: Context, *, short: bool = False) -> str:
    """A sum in the base currency; `≈` when currencies were converted, `+` when some have no rate; "" for nothing."""
    if not total.total:
        return ""
    text = (short_money if short else whole_money)(total.total, context.currency, context)
    return f"{'≈ ' if total.approximate else ''}{text}{'+' if total.unrated else ''}"


def unrated_text(total: Sum, context: Context) -> str:
    """What could not be counted: `no rate: JP¥ 2.40 M`; of several currencies their codes."""
    if not total.unrated:
        return ""
    sums = [short_money(amount, currency, context) for currency, amount in total.unrated.items()]
    return _("no rate: {what}").format(what=sums[0] if len(sums) == 1 else ", ".join(sorted(total.unrated)))


def unrated_shorter(total: Sum, context: Context) -> tuple[str, ...]:
    """The same beside a sum, in ever fewer cells: `+ JP¥ 2.40 M`, `+ JPY`; () where everything was counted."""
    if not total.unrated:
        return ()
    codes = "+ " + ", ".join(sorted(total.unrated))
    if len(total.unrated) > 1:
        return (codes,)
    return *(f"+ {short_money(amount, code, context)}" for code, amount in total.unrated.items()), codes
