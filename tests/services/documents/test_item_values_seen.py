"""What a document prints of an item that its maker sees only a part of."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.services.documents.printed import C1, CO1, D1, SOLD, hide, of, texts
from tuicrm.errors import NotFound
from tuicrm.services.documents.item_values import ItemValues
from tuicrm.services.documents.names import catalogue
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def as_luca(seeded: Session, open_as: OpenAs) -> Session:
    luca = open_as("luca")
    luca.store.refresh()
    return luca


def test_a_field_that_is_not_for_the_maker_prints_empty(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin", "money")
    items.edit(seeded, D1, {"margin": {"amount": "77.00", "currency": "EUR"}})
    restrict_field(seeded, "deal", "margin", ["anna"])
    values = ItemValues(as_luca(seeded, open_as), D1)
    assert texts(values, "UfMargin", "UfMargin~W=Y", "Title") == ["", "", "Website redesign"]
    assert values.picture("UfMargin") is None
    assert not values.holds("UfMargin")
    assert values.kept_back == ["UfMargin"]
    assert values.used["UfMargin"] == ""
    assert values.printed == {"deal.title"}
    assert of(seeded, D1, "UfMargin~NO_SIGN=Y") == ["77.00"]


@pytest.mark.parametrize("key", ["amount", "products"])
def test_a_total_that_would_tell_it_prints_empty_as_well(seeded: Session, open_as: OpenAs, key: str) -> None:
    items.edit(seeded, D1, {"products": SOLD})
    hide(seeded, key)
    luca = as_luca(seeded, open_as)
    values = ItemValues(luca, D1, language="en")
    names = [one.name for one in catalogue(seeded, "deal") if one.route == "totals"]
    assert len(names) == 8
    assert texts(values, *names) == [""] * 8
    assert values.kept_back == names
    assert not any(values.holds(name) for name in names)
    assert not {one.name for one in catalogue(luca, "deal")} & set(names)
    if key == "products":
        assert (values.count("Products"), values.count("Taxes")) == (0, 0)
        assert {"Products", "Taxes"} <= set(values.kept_back)
        assert texts(values, "ProductsProductName", "TaxesTaxSum", "Products") == ["", "", ""]
    else:
        assert texts(values, "Currency", "Amount", "Opportunity") == ["", "", ""]
    assert values.printed <= {"deal.products"}


def test_the_tax_that_is_not_for_the_maker_is_in_no_total(seeded: Session, open_as: OpenAs) -> None:
    items.edit(seeded, D1, {"products": SOLD})
    hide(seeded, "tax")
    values = ItemValues(as_luca(seeded, open_as), D1)
    assert texts(values, "TotalTax", "TotalBeforeTax", "Tax") == ["", "", ""]
    assert values.text("TotalSum")


def test_items_that_the_maker_may_not_read_print_empty(seeded: Session, open_as: OpenAs) -> None:
    items.edit(seeded, CO1, {"phone": [{"value": "+390415551234"}], "own": True})
    items.edit(seeded, D1, {"contacts": [str(C1)], "responsible": "luca"})
    shut_out(seeded, "company", "contact")
    luca = as_luca(seeded, open_as)
    values = ItemValues(luca, D1)
    names = (
        "Company",
        "CompanyTitle",
        "ClientName",
        "ClientPhone",
        "Contact",
        "ContactName",
        "ContactsLastName",
        "Contacts",
        "MyCompanyTitle",
    )
    assert texts(values, *names) == [""] * len(names)
    assert set(values.kept_back) == {*names} - {"ContactsLastName"} | {"Contacts"}
    assert values.items == values.printed == set()
    assert values.count("Contacts") == 0
    with pytest.raises(NotFound):
        ItemValues(luca, CO1)


def test_of_several_items_those_are_printed_that_may_be_read(seeded: Session, open_as: OpenAs) -> None:
    mine = items.add(seeded, "contact", {"first_name": "Ugo", "responsible": "luca"}).ref
    items.edit(seeded, D1, {"contacts": [str(C1), str(mine)], "responsible": "luca"})
    shut_out(seeded, "contact", scope="own")
    values = ItemValues(as_luca(seeded, open_as), D1)
    assert values.text("Contacts") == values.text("ContactsFormattedName") == "Ugo"
    assert values.kept_back == ["Contacts"]
    assert values.items == {str(mine)}


def test_what_a_hidden_field_names_prints_empty(seeded: Session, open_as: OpenAs) -> None:
    hide(seeded, "company")
    luca = as_luca(seeded, open_as)
    values = ItemValues(luca, D1)
    assert texts(values, "Company", "CompanyTitle", "ClientName", "SourceTitle") == ["", "", "", ""]
    assert values.kept_back == ["Company", "CompanyTitle", "ClientName"]
    assert not [one.name for one in catalogue(luca, "deal") if one.name.startswith("Company")]


def shut_out(session: Session, *types: str, scope: str = "none") -> None:
    """Managers may no more read items of these types, or only those of a scope."""
    role = next(record for record in session.workspace.records["role"].values() if not record.doc.get("admin"))
    with session.change("rules") as change:
        rules = {**role.doc["rules"], **{key: {**role.doc["rules"].get("*", {}), "read": scope} for key in types}}
        change.put("role", {**role.doc, "rules": rules}, role.id)
