"""What a document prints of an item, as its maker may see it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.hostile import HOSTILE
from tests.test_every_kind import ATTACHED, SAMPLES, filled
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds import CUSTOM_KINDS, KINDS
from tuicrm.errors import NotFound
from tuicrm.services.documents.item_values import ItemValues
from tuicrm.services.documents.names import catalogue
from tuicrm.services.items import items, product_view
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


# -- what is printed ---------------------------------------------------------------------------------------------------
def test_the_document_and_the_item_in_the_documents_language(seeded: Session) -> None:
    items.edit(seeded, D1, {"close_date": "2026-12-18"})
    values = ItemValues(seeded, D1, language="it", number="2026-7", title="Offerta")
    assert texts(values, "DocumentNumber", "DocumentTitle", "DocumentCreateTime", "Title", "CloseDate", "Closedate~d.m.y") == [
        "2026-7", "Offerta", "23 novembre 2026", "Website redesign", "18 dicembre 2026", "18.12.26",
    ]  # fmt: skip
    assert texts(values, "Amount~NO_SIGN=Y", "Stage", "Pipeline", "Currency", "Ref", "Id", "Recurring", "Nix") == [
        "12.500,00", "Nuovo", "Generale", "EUR", "D-1", "1", "", "",
    ]  # fmt: skip
    assert values.used["Closedate~d.m.y"] == "18.12.26"
    assert {"deal.title", "deal.close_date", "deal.amount", "deal.stage"} <= values.printed
    assert values.kept_back == []


@pytest.mark.parametrize("many", [False, True])
def test_a_field_of_every_kind_is_printed(seeded: Session, many: bool) -> None:
    """Each as it is written in the document's language."""
    told = {}
    for kind in (kind for kind in CUSTOM_KINDS if kind not in ATTACHED and (KINDS[kind].can_be_several or not many)):
        field = filled(seeded, kind, **({"many": True} if many else {}))
        values, name = ItemValues(seeded, D1, language="it"), f"UfWalked{kind.title()}"
        told[kind] = values.text(name)
        assert f"deal.{field.key}" in values.printed
        assert values.holds(name)
        assert name in [one.name for one in catalogue(seeded, "deal")]
    assert told == {kind: text for kind, text in PRINTED.items() if kind in told}


PRINTED = {
    "string": "some words", "text": "some words", "integer": "38.000", "number": "1,5", "boolean": "sì",
    "date": "18 dicembre 2026", "datetime": "18 dicembre 2026 09:30", "duration": "1:30", "money": "38.000,00\xa0€",
    "link": "https://example.com", "address": "Via Roma 5, Torino, Italia", "list": "Large", "person": "Luca Riva",
    "item": "Ferrari Legnami", "dictionary": "Informatica", "booking": "Blue: 12 gennaio 2027 10:00–11:30",
    "phone": "+39 02 5555 0142", "email": "ada@example.com", "web": "https://example.com", "messenger": "@ada",
}  # fmt: skip


def test_every_kind_has_its_printing_here() -> None:
    assert set(PRINTED) == set(SAMPLES)


def test_the_client_is_the_company_or_else_the_contact(seeded: Session) -> None:
    items.edit(seeded, CO1, {"phone": [{"value": "+390415551234"}, {"value": "+393335551234", "type": "mobile"}]})
    items.edit(seeded, C1, {"email": [{"value": "maria@rossi.example"}], "second_name": "Luisa"})
    items.edit(seeded, D1, {"contacts": [str(C1)]})
    assert of(seeded, D1, "ClientName", "ClientFormattedName", "ClientPhone", "CompanyTitle", "CompanyName") == [
        "Rossi Srl", "Rossi Srl", "+39 041 555 1234, +39 333 555 1234", "Rossi Srl", "Rossi Srl",
    ]  # fmt: skip
    assert of(seeded, D1, "ContactFormattedName", "ContactName", "ContactLastName", "ContactsEmail", "ClientEmail") == [
        "Maria Luisa Rossi", "Maria", "Rossi", "maria@rossi.example", "",
    ]  # fmt: skip
    items.edit(seeded, D1, {"company": None})
    form = "Format=#LAST_NAME#, #NAME_SHORT#"
    assert of(seeded, D1, "ClientName", f"ClientName~{form}", "ClientEmail", "ClientLastName", "CompanyTitle") == [
        "Maria Luisa Rossi", "Rossi, M.", "maria@rossi.example", "Rossi", "",
    ]  # fmt: skip
    assert of(seeded, CO1, "ClientName", "Title", "ContactsFormattedName") == ["Rossi Srl", "Rossi Srl", ""]
    assert of(seeded, C1, "ClientName", "CompanyTitle") == ["Maria Luisa Rossi", "Rossi Srl"]


def test_each_contact_is_a_row_of_a_list(seeded: Session) -> None:
    other = items.add(seeded, "contact", {"first_name": "Ugo", "last_name": "Neri"}).ref
    items.edit(seeded, D1, {"contacts": [str(C1), str(other)]})
    values = ItemValues(seeded, D1)
    assert (values.list_of("ContactsLastName"), values.list_of("Contacts"), values.list_of("ContactLastName")) == (
        "Contacts", "Contacts", None,
    )  # fmt: skip
    assert values.count("Contacts") == 2
    assert column(values, "Contacts", "Index") == ["1", "2"]
    assert column(values, "Contacts", "FormattedName") == column(values, "Contacts", "") == ["Maria Rossi", "Ugo Neri"]
    assert values.text("Contacts") == values.text("ContactsFormattedName") == "Maria Rossi, Ugo Neri"
    assert values.used["ContactsFormattedName"] == ["Maria Rossi", "Ugo Neri"]
    assert values.items == {str(C1), str(other)}
    assert values.text("ContactsFormattedName", "", 2) == ""


def test_people_have_names_and_addresses(seeded: Session) -> None:
    items.edit(seeded, D1, {"responsible": "luca"})
    names = (
        "Responsible",
        "ResponsibleName",
        "AssignedName",
        "AssignedLastName",
        "ResponsibleDepartment",
        "CreatedByName",
    )
    assert of(seeded, D1, *names) == ["Luca Riva", "Luca Riva", "Luca", "Riva", "Test company", "Anna Bianchi"]
    assert of(seeded, D1, "Responsible~Format=#LAST_NAME# #NAME_SHORT#", "AssignedFormattedName") == [
        "Riva L.",
        "Luca Riva",
    ]


def test_our_own_company_is_the_one_marked_or_the_one_that_the_item_names(seeded: Session) -> None:
    assert of(seeded, D1, "MyCompanyTitle") == [""]
    blob = seeded.store.blobs.put(PNG)
    logo = {"blob": blob, "name": "logo.png", "size": len(PNG)}
    items.edit(seeded, CO2, {"own": True, "logo": logo, "stamp": logo, "bank": "IT60X"})
    other = items.add(seeded, "company", {"title": "Noi SpA", "own": True}).ref
    values = ItemValues(seeded, D1)
    assert texts(values, "MyCompanyTitle", "MyCompanyBank", "MyCompanyLogo") == ["Ferrari Legnami", "IT60X", ""]
    assert (
        values.picture("MyCompanyUfLogo")
        == values.picture("MyCompanyLogo")
        == values.picture("MyCompanyUfStamp")
        == PNG
    )
    assert values.holds("MyCompanyLogo")
    assert not values.holds("MyCompanyDirectorSignature")
    assert values.picture("MyCompanyTitle") is None
    plain = ItemValues(seeded, D1, stamps=False)
    assert (plain.picture("MyCompanyStamp"), plain.picture("MyCompanyLogo")) == (None, PNG)
    assert (plain.printed, plain.items) == ({"company.logo"}, set())
    quote = items.add(seeded, "quote", {"title": "Q", "own_company": str(other)}).ref
    assert of(seeded, quote, "MyCompanyTitle") == ["Noi SpA"]


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"GIF89a", b"\x89PNG"])
def test_what_is_no_picture_is_none_in_the_document(seeded: Session, content: bytes) -> None:
    file = {"blob": seeded.store.blobs.put(content), "name": "logo.png", "size": len(content)}
    items.edit(seeded, CO2, {"own": True, "logo": file})
    assert ItemValues(seeded, D1).picture("MyCompanyLogo") is None


def test_a_picture_whose_content_is_gone_is_left_out(seeded: Session) -> None:
    items.edit(seeded, CO2, {"own": True, "logo": {"blob": "0" * 64, "name": "logo.png", "size": 3}})
    assert ItemValues(seeded, D1).picture("MyCompanyLogo") is None


def test_what_an_item_came_from_is_the_newest_that_it_names(seeded: Session, clock: Any) -> None:
    assert of(seeded, D1, "SourceTitle") == [""]
    write(seeded, D1, lead=str(L1))
    assert of(seeded, D1, "SourceTitle", "LeadTitle", "SourceRef") == ["Fair contact", "Fair contact", "L-1"]
    clock.tick(minutes=5)
    quote = items.add(seeded, "quote", {"title": "Our offer", "deal": str(D1)}).ref
    invoice = items.add(seeded, "invoice", {"title": "I", "deal": str(D1), "quote": str(quote)}).ref
    assert of(seeded, invoice, "SourceTitle", "DealTitle") == ["Our offer", "Website redesign"]


def test_a_quotes_own_client_counts_before_the_clients_card(seeded: Session) -> None:
    items.edit(seeded, CO1, {"email": [{"value": "info@rossi.example"}]})
    quote = items.add(seeded, "quote", {"title": "Q", "company": str(CO1)}).ref
    assert of(seeded, quote, "ClientTitle", "ClientEmail") == ["Rossi Srl", "info@rossi.example"]
    items.edit(seeded, quote, {"client_email": "said@here.example"})
    assert of(seeded, quote, "ClientTitle", "ClientEmail") == ["Rossi Srl", "said@here.example"]


def test_what_has_no_title_is_called_in_the_documents_language(seeded: Session) -> None:
    write(seeded, D1, title="")
    assert of(seeded, D1, "FormattedName", language="it") == of(seeded, D1, "Name", language="it") == ["Affare D-1"]
    assert of(seeded, D1, "FormattedName", language="en") == ["Deal D-1"]


# -- product rows ------------------------------------------------------------------------------------------------------
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


def test_rows_taxes_and_totals_are_those_of_the_card(seeded: Session) -> None:
    items.edit(seeded, D1, {"products": SOLD})
    values = ItemValues(seeded, D1, language="en")
    card = product_view.plain(seeded.get(D1))
    figures = [row["figures"] for row in card["rows"]]

    def plain(name: str) -> list[str]:
        return [text.replace(",", "") for text in column(values, "Products", name)]

    assert plain("ProductPriceSum") == [row["total"] for row in figures]
    assert plain("ProductPriceExclusiveSum") == [row["net"] for row in figures]
    assert plain("ProductTaxSum") == [figures[0]["tax"], figures[1]["tax"], ""]
    assert plain("ProductPriceRawSum") == [row["full"] for row in figures]
    assert plain("ProductPrice") == ["800.00", "33.33", "0.0025"]
    assert column(values, "Products", "ProductDiscount", "") == ["10 %", "", ""]
    assert column(values, "Products", "ProductTaxRate") == ["22", "10", ""]
    assert column(values, "Products", "Index") == ["1", "2", "3"]
    assert column(values, "Products", "ProductMeasure") == ["h", "", "h"]
    assert (
        column(values, "Products", "ProductName") == column(values, "Products", "") == ["Consulting", "Licence", "Gift"]
    )
    totals = card["totals"]
    for name, part in (
        ("Sum", "total"),
        ("BeforeTax", "net"),
        ("Tax", "tax"),
        ("Discount", "discount"),
        ("BeforeDiscount", "full"),
    ):
        assert values.text(f"Total{name}", "NO_SIGN=Y").replace(",", "") == totals[part]
    assert column(values, "Taxes", "TaxRate") == [tax["rate"] for tax in totals["taxes"]]
    assert [text.replace(",", "") for text in column(values, "Taxes", "TaxBase")] == [
        tax["net"] for tax in totals["taxes"]
    ]
    assert (
        column(values, "Taxes", "TaxSum")
        == column(values, "Taxes", "TaxValue")
        == [tax["tax"] for tax in totals["taxes"]]
    )
    assert texts(values, "TotalRows", "TotalQuantity", "TotalSum~W=Y") == [
        "3", "6.5", "one thousand, eight hundred and fifty-six and 79/100 euros",
    ]  # fmt: skip
    assert {"deal.products", "deal.amount"} <= values.printed


def test_a_units_prices_with_and_without_discount_and_tax(seeded: Session) -> None:
    items.edit(
        seeded,
        D1,
        {
            "products": rows(
                {
                    "discount": {"percent": "10"},
                    "tax": "22",
                    "price": {"amount": "122.00", "currency": "EUR"},
                    "included": True,
                }
            )
        },
    )
    values = ItemValues(seeded, D1)
    names = ("Netto", "Brutto", "Exclusive", "Inclusive")
    assert [values.text(f"ProductsProductPrice{name}", "NO_SIGN=Y", 0) for name in names] == [
        "100.00",
        "122.00",
        "90.00",
        "109.80",
    ]
    assert [values.text(f"ProductsProductDiscount{name}", "NO_SIGN=Y", 0) for name in ("Sum", "Total")] == [
        "12.20",
        "24.40",
    ]
    assert texts(values, "TotalRaw~NO_SIGN=Y", "TotalSum~NO_SIGN=Y") == ["200.00", "219.60"]


def test_without_rows_the_total_is_the_amount(seeded: Session) -> None:
    assert of(seeded, D1, "TotalSum~NO_SIGN=Y", "TotalTax", "ProductsProductName", "TotalRows") == [
        "12,500.00",
        "",
        "",
        "",
    ]
    values = ItemValues(seeded, D1)
    assert (values.count("Products"), values.count("Taxes"), values.count("Nix")) == (0, 0, 0)
    assert not values.holds("Products")
    assert of(seeded, Ref("deal", 3), "TotalSum") == [""]


def test_a_row_has_what_the_catalogue_says_of_its_product(seeded: Session) -> None:
    product = items.add(seeded, "product", {"title": "Chair", "code": "CH-1", "description": "Oak"}).ref
    items.edit(seeded, D1, {"products": rows({"product": str(product), "name": "Chair"}, {"name": "Else"})})
    values = ItemValues(seeded, D1)
    assert column(values, "Products", "ProductDescription") == ["Oak", ""]
    assert column(values, "Products", "ProductCode") == ["CH-1", ""]
    assert str(product) in values.items


def test_conditions_ask_whether_there_is_something(seeded: Session) -> None:
    items.edit(seeded, D1, {"products": rows({}), "recurring": False, "comment": "x"})
    values = ItemValues(seeded, D1)
    holding = {
        name: values.holds(name)
        for name in ("Products", "Comment", "Recurring", "TotalDiscount", "TotalSum", "Nix", "Lead")
    }
    assert holding == {
        "Products": True, "Comment": True, "Recurring": False, "TotalDiscount": False, "TotalSum": True, "Nix": False, "Lead": False,
    }  # fmt: skip
    assert not values.holds("ProductsProductDiscount", 0)


# -- what is said for this document alone ------------------------------------------------------------------------------
def test_texts_may_stand_instead(seeded: Session) -> None:
    items.edit(seeded, D1, {"products": rows({}, {"name": "Licence"}), "manual_amount": False})
    said = {"Title": "For you", "TotalSum~W=Y": "a lot", "ProductsProductName/2": "Free", "Comment": ""}
    values = ItemValues(seeded, D1, overrides=said)
    assert texts(values, "Title", "TotalSum~W=Y", "TotalSum~NO_SIGN=Y", "Opportunity~NO_SIGN=Y") == [
        "For you", "a lot", "3,200.00", "3,200.00",
    ]  # fmt: skip
    assert column(values, "Products", "ProductName") == ["Consulting", "Free"]
    assert values.used["ProductsProductName~NO_SIGN=Y"] == ["Consulting", "Free"]
    assert "deal.title" in values.printed  # who may not see the title may not see what was made of it
    assert not values.holds("Comment")
    by_alias = ItemValues(seeded, D1, overrides={"Amount": "1"})
    assert by_alias.text("Opportunity", "W=Y") == "1"


# -- what is not for the maker -----------------------------------------------------------------------------------------
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


# -- any values --------------------------------------------------------------------------------------------------------
def test_hostile_texts_come_out_as_they_are(seeded: Session) -> None:
    for text in (one.replace("\0", "").encode(errors="replace").decode() for one in HOSTILE):
        write(seeded, D1, comment=text, products=rows({"name": text}))
        values = ItemValues(seeded, D1, title=text, overrides={"Source": text})
        assert texts(values, "Comment", "DocumentTitle", "Source", "ProductsProductName") == [text] * 4
        assert (values.text(text, text, 0), values.list_of(text), values.count(text), values.picture(text)) == (
            "",
            None,
            0,
            None,
        )
        assert values.kept_back == []


JUNK: tuple[object, ...] = (
    0,
    1.5,
    True,
    [],
    {},
    [[]],
    [None],
    {"a": 1},
    "x",
    ["x", 1, None],
    {"blob": 7},
    {"amount": "NaN"},
    "deal:99999",
    [["x"]],
)


def test_values_that_are_none_break_nothing(seeded: Session) -> None:
    keys = [key for key in seeded.workspace.fields("deal") if key not in ("responsible", "observers")]
    names = [one.name for one in catalogue(seeded, "deal")]
    for junk in JUNK:
        write(seeded, D1, **dict.fromkeys(keys, junk))
        values = ItemValues(seeded, D1)
        for name in names:
            assert isinstance(values.text(name), str)
            values.holds(name, 0)
            values.picture(name, 0)


def test_a_thousand_rows_take_ten_times_what_a_hundred_take(seeded: Session) -> None:
    """No square in it: by the steps that are taken, not by the clock."""
    taken = []
    for count in (100, 1_000):
        items.edit(seeded, D1, {"products": rows(*({"name": f"P{at}", "tax": "22"} for at in range(count)))})
        taken.append(steps_of(lambda: whole_table(seeded)))
    assert taken[1] < taken[0] * 10.5


def whole_table(session: Session) -> None:
    values = ItemValues(session, D1)
    for at in range(values.count("Products")):
        for name in (
            "Index",
            "ProductName",
            "ProductQuantity",
            "ProductMeasure",
            "ProductPrice",
            "ProductTaxRate",
            "ProductPriceSum",
        ):
            values.text(f"Products{name}", "", at)
    texts(values, "TotalSum", "TotalTax", "TotalRaw")


def steps_of(do: Any) -> int:
    """How many functions of Python are called."""
    import sys

    count = 0

    def note(_frame: object, event: str, _arg: object) -> None:
        nonlocal count
        count += event == "call"

    sys.setprofile(note)
    try:
        do()
    finally:
        sys.setprofile(None)
    return count
