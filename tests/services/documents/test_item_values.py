"""What a document prints of an item, as its maker may see it."""

from __future__ import annotations

from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.services.documents.item_values import ItemValues
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session

D1, CO1, C1 = Ref("deal", 1), Ref("company", 1), Ref("contact", 1)


def texts(values: ItemValues, *names: str) -> list[str]:
    """Each by its name, with a modifier behind `~`, without."""
    return [values.text(name, modifier) for name, _sign, modifier in (one.partition("~") for one in names)]


def rows(*told: dict[str, Any]) -> list[dict[str, Any]]:
    usual = {"name": "Consulting", "quantity": "2", "price": {"amount": "800.00", "currency": "EUR"}}
    return [{**usual, **one} for one in told]


def test_the_document_and_the_item_in_the_documents_language(seeded: Session) -> None:
    items.edit(seeded, D1, {"close_date": "2026-12-18"})
    values = ItemValues(seeded, D1, language="it", number="2026-7", title="Offerta")
    assert texts(values, "DocumentNumber", "DocumentTitle", "DocumentCreateTime", "Title", "CloseDate", "Closedate~d.m.y") == [
        "2026-7", "Offerta", "23 novembre 2026", "Website redesign", "18 dicembre 2026", "18.12.26",
    ]  # fmt: skip
    assert texts(values, "Amount~NO_SIGN=Y", "Stage", "Currency", "Nix") == ["12.500,00", "Nuovo", "EUR", ""]
