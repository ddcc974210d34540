"""What generated deals sell, as records: the catalogue, product rows, the quotes and invoices made from deals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

from tuicrm.domain.generate import GeneratedDeal
from tuicrm.domain.generate_sales import CATALOGUE, TAX, GeneratedPaper, GeneratedProduct, GeneratedRow, money
from tuicrm.domain.schema import DEFAULT_PIPELINE
from tuicrm.services.kernel.builtin_definitions import load_types
from tuicrm.services.kernel.numbers import COUNTER
from tuicrm.store.protocol import Doc, Op

_BASE = "EUR"
_DUE = {"quote": "valid_until", "invoice": "pay_before"}
_DUE_DAYS = 30
_MINUTES = 24 * 60


def in_catalogue(product: GeneratedProduct) -> Doc:
    """A product of the catalogue."""
    return {
        "title": product.title,
        "code": product.code,
        "unit": product.unit,
        "price": {"amount": f"{product.price}.00", "currency": _BASE},
        "tax": str(TAX),
        "active": True,
    }


def sold(deal: GeneratedDeal) -> Doc:
    """A deal's product rows and their tax; nothing for one without. Rows that are alike are one object: they are not changed."""
    if not deal.rows:
        return {}
    rows = [_row(number, row, deal.currency) for number, row in enumerate(deal.rows, 1)]
    return {"products": rows, "tax": money(sum(row.tax for row in deal.rows))}


@cache
def _row(number: int, row: GeneratedRow, currency: str) -> Doc:
    product = CATALOGUE[row.product]
    doc: dict[str, Any] = {
        "id": number,
        "product": f"product:{row.product + 1}",
        "name": product.title,
        "quantity": str(row.quantity),
        "unit": product.unit,
        "price": {"amount": f"{product.price}.00", "currency": currency},
    }
    if row.percent:
        doc["discount"] = {"percent": str(row.percent)}
    return {**doc, "tax": str(TAX)}


class Papers:
    """Makes quotes and invoices, each type with ids from 1 and with numbers of its own."""

    def __init__(self, at: Callable[[int], str], day: Callable[[int], str]) -> None:
        """`at` gives a time so many minutes from now, `day` a date so many days from today."""
        self._at, self._day = at, day
        self._ids: Counter[str] = Counter()
        self._numbers: dict[str, Counter[str]] = {kind: Counter() for kind in _DUE}
        types = load_types()
        self._stages = {kind: {stage.key: stage for stage in types[kind].pipelines[0].stages} for kind in _DUE}

    def first(self, kind: str) -> str:
        """The stage in which they begin."""
        return next(iter(self._stages[kind]))

    def made(self, deal_id: int, deal: GeneratedDeal, paper: GeneratedPaper, item: Doc) -> Op:
        """One made from a deal; `item` is what all items have."""
        kind, at = paper.kind, self._at(paper.at)
        year = at[:4]
        self._ids[kind] += 1
        self._numbers[kind][year] += 1
        doc = {
            **item,
            "number": f"{year}-{self._numbers[kind][year]:04}",
            "title": deal.title,
            "pipeline": DEFAULT_PIPELINE,
            "stage": paper.stage,
            "stage_since": at,
            "moved_by": item["responsible"],
            "closed": self._stages[kind][paper.stage].semantics != "process",
            "amount": {"amount": deal.amount, "currency": deal.currency},
            "company": f"company:{deal.company + 1}",
            "contacts": [f"contact:{deal.contact + 1}"],
            "deal": f"deal:{deal_id}",
            _DUE[kind]: self._day(paper.at // _MINUTES + _DUE_DAYS),
            **sold(deal),
        }
        return Op(kind, self._ids[kind], doc)

    def counted(self) -> Op:
        """What was numbered, so that numbers go on from there."""
        return Op(*COUNTER, {kind: {"last": dict(numbers)} for kind, numbers in self._numbers.items()})
