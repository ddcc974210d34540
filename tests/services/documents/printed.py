"""What the tests of a document's values share: items, and how what is printed of them is asked for."""

from __future__ import annotations

from typing import Any

from tuicrm.domain.items import Ref
from tuicrm.services.documents.item_values import ItemValues
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Op

D1, D2, CO1, CO2, C1, L1 = (
    Ref("deal", 1), Ref("deal", 2), Ref("company", 1), Ref("company", 2), Ref("contact", 1), Ref("lead", 1),
)  # fmt: skip
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def texts(values: ItemValues, *names: str) -> list[str]:
    """Each by its name, with a modifier behind `~`, without."""
    return [values.text(name, modifier) for name, _sign, modifier in (one.partition("~") for one in names)]


def of(session: Session, ref: Ref, *names: str, **more: Any) -> list[str]:
    return texts(ItemValues(session, ref, **more), *names)


def rows(*told: dict[str, Any]) -> list[dict[str, Any]]:
    usual = {"name": "Consulting", "quantity": "2", "unit": "hour", "price": {"amount": "800.00", "currency": "EUR"}}
    return [{**usual, **one} for one in told]


def write(session: Session, ref: Ref, **fields: Any) -> None:
    """Past the door, as a script may write it."""
    record = session.store.get(ref.type, [ref.id])[0]
    session.store.commit([Op(ref.type, ref.id, {**record.doc, **fields})], by="script")


def hide(session: Session, key: str) -> None:
    """A field that ships, from all but Anna: what configuring refuses, and a script may write."""
    session.store.commit([Op("field", 900, {"type": "deal", "key": key, "visible_to": ["anna"]})], by="script")


def column(values: ItemValues, list_name: str, name: str, modifier: str = "NO_SIGN=Y") -> list[str]:
    return [values.text(list_name + name, modifier, at) for at in range(values.count(list_name))]


SOLD = rows(
    {"discount": {"percent": "10"}, "tax": "22"},
    {
        "name": "Licence",
        "quantity": "3",
        "unit": "",
        "price": {"amount": "33.33", "currency": "EUR"},
        "tax": "10",
        "included": True,
    },
    {"name": "Gift", "quantity": "1.5", "price": {"amount": "0.0025", "currency": "EUR"}},
)
