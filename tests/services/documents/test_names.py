"""What can be named: every field of every type, in our words and in the model product's."""

from __future__ import annotations

import re

import pytest
from msgspec.structs import replace

from tests.conftest import OpenAs
from tests.doors import add_field, restrict_field
from tests.smart import delivery
from tuicrm.domain.documents.printing import check_modifier
from tuicrm.services.definitions import fields
from tuicrm.services.documents.names import Vocabulary, catalogue, nearest
from tuicrm.services.documents.suffixes import camel
from tuicrm.services.kernel.session import Session

NAME = re.compile(r"[A-Z][A-Za-z0-9_]*\Z")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("close_date", "CloseDate"), ("CLOSEDATE", "Closedate"), ("UF_CRM_1738_X", "UfCrm1738X"), ("closedate", "Closedate"),
        ("ufDirectorSign", "UfDirectorSign"), ("TITLE", "Title"), ("a1_2", "A12"),
    ],
)  # fmt: skip
def test_words_are_joined_with_capitals(given: str, told: str) -> None:
    assert camel(given) == told


def test_every_field_of_every_type_has_a_name_that_a_template_can_have(seeded: Session) -> None:
    delivery(seeded)
    for type_key in seeded.workspace.types:
        found = catalogue(seeded, type_key)
        names = [one.name for one in found]
        assert len(names) == len(set(names))
        assert not [name for name in names if not NAME.match(name)]
        sources = {one.source for one in found if one.route == "item"}
        own = seeded.workspace.fields(type_key).values()
        assert {f"{type_key}.{one.derived.partition('.')[0] or one.key}" for one in own} <= sources
        assert all(one.label and one.group and check_modifier(one.kind, "") is None for one in found)
        vocabulary = Vocabulary(seeded, type_key)
        assert all(name in vocabulary.names for name in vocabulary.also.values())
        assert not vocabulary.also.keys() & vocabulary.names.keys()
        assert all(NAME.match(name) for name in (*vocabulary.also, *vocabulary.lists))


OF_MODEL = {
    "Opportunity": "Amount", "Closedate": "CloseDate", "CurrencyId": "Currency", "Comments": "Comment", "AssignedById": "Responsible",
    "Assigned": "Responsible", "AssignedName": "ResponsibleFirstName", "AssignedFormattedName": "ResponsibleName",
    "CompanyTitle": "CompanyTitle", "ContactName": "ContactFirstName", "ContactPost": "ContactPosition", "ClientName": "ClientName",
    "MyCompanyUfLogo": "MyCompanyLogo", "MyCompanyUfStamp": "MyCompanyStamp", "MyCompanyUfDirectorSign": "MyCompanyDirectorSignature",
    "MyCompanyBankingDetails": "MyCompanyBank", "ProductsIndex": "ProductsIndex", "ProductsProductName": "ProductsProductName",
    "ProductsProductMeasureName": "ProductsProductMeasure", "ProductsProductPriceSum": "ProductsProductPriceSum",
    "TaxesTaxValue": "TaxesTaxSum", "TaxesTaxRate": "TaxesTaxRate", "TotalSum": "TotalSum", "TotalRaw": "TotalRaw",
    "DocumentNumber": "DocumentNumber", "DocumentCreateTime": "DocumentCreateTime", "UfCrm1738": "UfMargin",
}  # fmt: skip


def test_what_the_model_product_calls_them_is_known(seeded: Session) -> None:
    margin = fields.new_field(seeded, "deal", "Margin", "money")
    fields.keep_new(seeded, "deal", replace(margin, source="UF_CRM_1738"))
    vocabulary = Vocabulary(seeded, "deal")
    assert {name: [one.name for one in vocabulary.find(name)][:1] for name in OF_MODEL} == {
        name: [ours] for name, ours in OF_MODEL.items()
    }
    assert list(vocabulary.find("Nix")) == list(vocabulary.find("")) == list(vocabulary.find("amount")) == []


def test_two_fields_that_would_be_called_alike_are_told_apart(seeded: Session) -> None:
    for key in ("rate_1", "rate1"):
        add_field(seeded, "deal", key, "number", key=key)
    found = {one.name: one.source for one in catalogue(seeded, "deal") if one.name.startswith("UfRate")}
    assert found == {"UfRate1": "deal.rate_1", "UfRate1_2": "deal.rate1"}


def test_a_field_of_ones_own_that_names_an_item_opens_its_fields(seeded: Session) -> None:
    add_field(seeded, "deal", "Notary", "item", targets=["contact"])
    found = {one.name: one for one in catalogue(seeded, "deal")}
    assert found["UfNotaryEmail"].sources == ("contact.email",)
    assert found["UfNotaryEmail"].through == ("deal.notary",)


def test_what_is_not_for_somebody_is_not_named_to_them(seeded: Session, open_as: OpenAs) -> None:
    add_field(seeded, "deal", "Margin", "money")
    add_field(seeded, "deal", "Notary", "item", targets=["contact"])
    add_field(seeded, "contact", "Debts", "text")
    for type_key, key in (("deal", "margin"), ("deal", "notary"), ("contact", "debts")):
        restrict_field(seeded, type_key, key, ["anna"])
    luca = open_as("luca")
    luca.store.refresh()
    told = " ".join(f"{one.name} {one.label} {one.group}" for one in catalogue(luca, "deal"))
    assert not re.search("Margin|Notary|Debts", told)
    assert "ContactEmail" in told
    everything = " ".join(one.name for one in catalogue(seeded, "deal"))
    assert all(name in everything for name in ("UfMargin", "UfNotaryEmail", "ContactUfDebts", "ClientUfDebts"))


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("TotlSum", "TotalSum"),
        ("ProductName", "ProductsProductName"),
        ("Closedate", "CloseDate"),
        ("ClientNme", "ClientName"),
    ],
)
def test_the_nearest_known_name_is_told(seeded: Session, wrong: str, right: str) -> None:
    assert nearest(wrong, [one.name for one in catalogue(seeded, "deal")]) == right


@pytest.mark.parametrize("wrong", ["", "\u202e", "Zzzyzxq", "Q" * 10_000])
def test_nothing_is_near_to_what_is_like_nothing(seeded: Session, wrong: str) -> None:
    assert nearest(wrong, [one.name for one in catalogue(seeded, "deal")]) == ""
