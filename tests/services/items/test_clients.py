"""What is a client's: how much of it is open, won and lost, and who is told."""

from __future__ import annotations

from typing import Any

from tests.conftest import OpenAs
from tests.doors import card_of
from tests.smart import delivery
from tuicrm.domain.items import Ref
from tuicrm.services.definitions.currencies import set_rate
from tuicrm.services.items import clients, items
from tuicrm.services.kernel.session import Session

CO1 = Ref("company", 1)


def deal(session: Session, amount: str, currency: str = "EUR", **more: Any) -> Ref:
    money = {"amount": amount, "currency": currency}
    return items.add(session, "deal", {"title": "Sale", "amount": money, "company": "company:1", **more}).ref


def found(session: Session, type_key: str = "deal") -> dict[str, Any]:
    return clients.plain(session, clients.sales(session, session.get(CO1))[type_key])


def test_sums_are_open_won_and_lost_in_the_base_currency(seeded: Session) -> None:
    set_rate(seeded, "USD", "0.5")
    deal(seeded, "1000.00", stage="won")
    deal(seeded, "200.00", "USD")
    deal(seeded, "7", "JPY", stage="lost")
    assert found(seeded) == {
        "open": {
            "count": 2, "sum": {"amount": "12600.00", "currency": "EUR"}, "approximate": True, "unrated": [],
        },
        "won": {"count": 1, "sum": {"amount": "1000.00", "currency": "EUR"}, "approximate": False, "unrated": []},
        "lost": {
            "count": 1, "sum": {"amount": "0.00", "currency": "EUR"}, "approximate": False,
            "unrated": [{"amount": "7", "currency": "JPY"}],
        },
    }  # fmt: skip
    told = [tab.told for tab in card_of(seeded, CO1).tabs if tab.key == "deals"]
    assert told == ["open: 2 · ≈ € 12,600   won: 1 · € 1,000   lost: 1 · no rate: JP¥ 7"]


def test_types_of_ones_own_count_too(seeded: Session) -> None:
    delivery(seeded)
    items.add(
        seeded,
        "delivery",
        {"title": "Boxes", "company": "company:1", "amount": {"amount": "5.00", "currency": "EUR"}},
    )
    assert found(seeded, "delivery")["open"]["sum"]["amount"] == "5.00"
    assert set(clients.sales(seeded, seeded.get(CO1))) == {"lead", "deal", "quote", "invoice", "delivery"}


def test_what_has_no_client_has_no_sales(seeded: Session) -> None:
    assert clients.sales(seeded, seeded.get(Ref("deal", 1))) == {}
    assert all(not tab.told for tab in card_of(seeded, Ref("deal", 1)).tabs)


def test_who_sees_only_their_own_is_told_of_those(seeded: Session, open_as: OpenAs) -> None:
    entry = seeded.workspace.entry("role", "manager")
    assert entry is not None
    rules = {**entry.doc, "rules": {"*": {"read": "all"}, "deal": {"read": "own"}}}
    with seeded.change("less") as change:
        change.put("role", rules, entry.id, expect=entry.rev)
    assert found(open_as("luca"))["open"]["count"] == 0
    assert found(seeded)["open"]["count"] == 1


# -- who is the client -------------------------------------------------------------------------------------------------
def test_whom_a_company_offers_and_who_was_left_out(seeded: Session, open_as: OpenAs) -> None:
    ada = items.add(seeded, "contact", {"first_name": "Ada", "companies": ["company:1", "company:2"]})
    fields = clients.client_fields(seeded, "deal")
    assert fields is not None
    assert (fields.company.key, fields.people.key) == ("company", "contacts")
    people = clients.people_of(seeded, fields, "company:1")
    assert [str(one.ref) for one in people] == ["contact:1", str(ada.ref)]
    assert clients.usual_people(seeded, "company:1", people) == ["contact:1", str(ada.ref)]
    clients.remember_people(seeded, "company:1", people, ["contact:1"])
    assert clients.usual_people(seeded, "company:1", people) == ["contact:1"]
    assert clients.usual_people(seeded, "company:2", [ada]) == [str(ada.ref)]
    assert clients.usual_people(open_as("luca"), "company:1", people) == ["contact:1", str(ada.ref)]
    assert clients.client_fields(seeded, "product") is None
    assert clients.people_of(seeded, fields, "company:99") == []


def test_a_client_is_made_from_a_name(seeded: Session) -> None:
    assert [one.key for one in clients.makeable(seeded, ["contact", "deal", "company"])] == ["contact", "company"]
    ada = clients.make_client(seeded, "contact", " Ada  King Byron ")
    assert (ada.get("first_name"), ada.get("last_name")) == ("Ada", "King Byron")
    assert clients.make_client(seeded, "company", "Ada & Figli Srl").get("title") == "Ada & Figli Srl"
