"""What generated deals sell: a catalogue, product rows whose sum is the deal's amount, quotes and invoices of the same rows.

Prices are whole tens, discounts whole tenths and the tax 22 per cent, so that everything comes out even: sums are in whole cents
without rounding.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from tuicrm.domain.generate_drawing import Random, pick
from tuicrm.domain.generate_words import GOODS

TAX = 22
"""Per cent, on top of every price."""

_UNITS = ("pcs", "hour", "day", "month", "year", "flat")
_PRICES = (460, 600, 800, 950, 1200, 1900, 2500, 4800)
_QUOTED = ("preparation", "prepayment", "executing", "final_invoice", "won", "lost")
_INVOICED = ("final_invoice", "won")


class GeneratedProduct(NamedTuple):
    """One of the catalogue; `price` in whole units of money, without tax."""

    title: str
    code: str
    unit: str
    price: int


class GeneratedRow(NamedTuple):
    """One product row: `product` is the position in the catalogue, `percent` the discount."""

    product: int
    quantity: int
    percent: int

    @property
    def net(self) -> int:
        """Without tax, in cents."""
        return CATALOGUE[self.product].price * self.quantity * (100 - self.percent)

    @property
    def tax(self) -> int:
        """In cents."""
        return self.net * TAX // 100


class GeneratedPaper(NamedTuple):
    """A quote or an invoice (`kind`) with the deal's rows; `at` in minutes from now, like those of entries."""

    kind: str
    stage: str
    at: int


CATALOGUE: tuple[GeneratedProduct, ...] = tuple(
    GeneratedProduct(title, f"G-{number:03}", _UNITS[number % len(_UNITS)], _PRICES[number * 3 % len(_PRICES)])
    for number, title in enumerate(GOODS)
)


def rows(drawn: Random, title: str) -> tuple[GeneratedRow, ...]:
    """What a deal sells, what it is called after first; nothing for four deals of five."""
    if drawn() >= 1 / 5:
        return ()
    first = next((at for at, product in enumerate(CATALOGUE) if title.startswith(product.title)), 0)
    others = [int(drawn() * len(CATALOGUE)) for _row in range(int(drawn() * 4))]
    return tuple(
        GeneratedRow(product, 1 + int(drawn() * drawn() * 12), 10 if drawn() < 0.2 else 0)
        for product in dict.fromkeys((first, *others))
    )


def papers(drawn: Random, stage: str, since: int, sold: Sequence[GeneratedRow]) -> tuple[GeneratedPaper, ...]:
    """The quote and the invoice of a deal with rows, where it came that far by its stage, in which it is `since`."""
    if not sold:
        return ()
    found = []
    if stage in _QUOTED and drawn() < 0.3:
        became = {"won": "approved", "lost": "declined"}.get(stage, pick(drawn, ("draft", "sent", "unanswered")))
        found.append(GeneratedPaper("quote", became, since))
    if stage in _INVOICED and drawn() < 0.4:
        became = pick(drawn, ("sent", "paid", "paid", "paid")) if stage == "won" else "new"
        found.append(GeneratedPaper("invoice", became, since))
    return tuple(found)


def money(cents: int) -> str:
    """`1234.50`."""
    return f"{cents // 100}.{cents % 100:02}"
