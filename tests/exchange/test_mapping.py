"""Columns find their fields: known exports by their headers, others by key, label, usual name, likeness, content."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import pytest

from tests.exchange.types import COMPANY, CONTACT, DEAL, TYPES
from tuicrm.domain.schema import Field
from tuicrm.exchange.mapping import ColumnMap, guess_mapping
from tuicrm.exchange.planning import guess_types, plan
from tuicrm.exchange.presets import ColumnTarget, fold, presets, recognise, synonyms
from tuicrm.exchange.rejects import REJECT_COLUMNS

HUBSPOT_CONTACTS = ["First Name", "Last Name", "Email", "Contact Owner", "Favorite Color", "contact_id", "company_id"]
HUBSPOT_COMPANIES = ["Domain", "Name", "Phone Number", "City", "company_id", "hubspot_owner_email"]
HUBSPOT_DEALS = ["Deal Name", "Deal Stage", "Amount", "Close Date", "Pipeline", "company_id", "contact_id"]
SALESFORCE = [
    "ID",
    "ISDELETED",
    "NAME",
    "PARENTID",
    "BILLINGSTREET",
    "FAX",
    "OWNERID",
    "SYSTEMMODSTAMP",
    "ORACLE_ID__C",
]
ODOO = ["ID", "Name", "Company Type", "Related Company", "Customer", "Street2", "Mobile"]


def targets(mapping: ColumnMap) -> dict[str, str]:
    return {guess.column: str(guess.target) if guess.target else guess.how for guess in mapping.guesses}


def only(maps: Sequence[ColumnMap]) -> ColumnMap:
    (mapping,) = maps
    return mapping


def test_hubspot_contacts_join_companies_of_the_same_run() -> None:
    mapping = only(plan(HUBSPOT_CONTACTS, TYPES, ()))
    assert (mapping.type, mapping.preset, mapping.id, mapping.id_scope) == (
        "contact",
        "hubspot-contacts",
        "contact_id",
        "run",
    )
    assert targets(mapping) == {
        "First Name": "first_name",
        "Last Name": "last_name",
        "Email": "email.work",
        "Contact Owner": "responsible",
        "Favorite Color": "none",
        "contact_id": "id",
        "company_id": "company",
    }
    assert [(link.column, link.type, link.by) for link in mapping.links] == [("company_id", "company", "run")]


def test_hubspot_companies_and_deals_are_told_apart() -> None:
    assert only(plan(HUBSPOT_COMPANIES, TYPES, ())).type == "company"
    deals = only(plan(HUBSPOT_DEALS, TYPES, ()))
    assert (deals.type, deals.id, deals.id_scope) == ("deal", "", "")
    assert targets(deals)["Deal Name"] == "@name"
    assert {link.field for link in deals.links} == {"company", "contacts"}


def test_salesforce_ids_are_stable_and_a_field_that_is_missing_takes_no_link() -> None:
    mapping = only(plan(SALESFORCE, TYPES, ()))
    assert (mapping.type, mapping.id, mapping.id_scope, mapping.source) == ("company", "ID", "source", "salesforce")
    by_column = {guess.column: guess for guess in mapping.guesses}
    assert by_column["SYSTEMMODSTAMP"].reason
    assert (by_column["PARENTID"].how, mapping.links) == ("none", ())
    assert by_column["FAX"].target == ColumnTarget("phone", "fax")
    assert mapping.skips({"ISDELETED": "TRUE"})
    assert not mapping.skips({"ISDELETED": "false"})


def test_odoo_rows_are_companies_or_people() -> None:
    companies, people = plan(ODOO, TYPES, ())
    assert (companies.type, people.type) == ("company", "contact")
    assert companies.takes({"Company Type": "Company"})
    assert not companies.takes({"Company Type": "Individual"})
    assert people.takes({"Company Type": "Individual"})
    assert [(link.column, link.by) for link in people.links] == [("Related Company", "name")]


def test_case_and_punctuation_of_headers_do_not_matter() -> None:
    preset = recognise(["first_name", "LAST NAME", "Contact-ID"])
    assert preset is not None
    assert preset.key == "hubspot-contacts"
    mapping = only(plan(["first_name", "LAST NAME", "Contact-ID"], TYPES, ()))
    assert mapping.id == "Contact-ID"


def test_a_preset_gives_way_to_the_type_that_was_asked_for() -> None:
    mapping = only(plan(HUBSPOT_COMPANIES, TYPES, (), wanted="contact"))
    assert (mapping.type, mapping.preset) == ("contact", "")


@pytest.mark.parametrize(
    ("column", "target", "how"),
    [
        ("amount", "amount", "key"),
        ("amount.currency", "amount.currency", "key"),
        ("currency", "amount.currency", "key"),
        ("Valuta", "amount.currency", "label"),
        ("created", "none", "none"),
        ("address.city", "address.city", "key"),
        ("Expected close", "close_date", "label"),
        ("TITOLO", "title", "label"),
        ("Deal value", "amount", "synonym"),
        ("Client", "company", "synonym"),
        ("Mobile phone", "phone.mobile", "synonym"),
        ("Expcted close", "close_date", "fuzzy"),
        ("Weather", "none", "none"),
        ("phone.pager", "phone.pager", "key"),
        ("address.planet", "none", "none"),
    ],
)
def test_one_column(column: str, target: str, how: str) -> None:
    (guess,) = guess_mapping([column], DEAL, ()).guesses
    assert (str(guess.target) if guess.target else "none", guess.how) == (target, how)


def test_the_surest_column_gets_the_field_and_only_one() -> None:
    mapping = guess_mapping(["Value", "amount", "Importo"], DEAL, ())
    assert targets(mapping) == {"Value": "none", "amount": "amount", "Importo": "none"}


def test_content_tells_where_names_do_not() -> None:
    rows = [
        {
            "c1": "ada@example.com",
            "c2": "+39 02 5555 0142",
            "c3": "2024-01-02",
            "c4": "12345678",
            "c5": "https://x.test",
        },
        {"c1": "bob@example.com", "c2": "555-843-8116", "c3": "2024-01-03", "c4": "2", "c5": "www.y.test"},
    ]
    mapping = guess_mapping(["c1", "c2", "c3", "c4", "c5"], CONTACT, rows)
    assert targets(mapping) == {"c1": "email", "c2": "phone", "c3": "none", "c4": "none", "c5": "web"}
    assert {guess.how for guess in mapping.guesses} == {"content", "none"}


def test_read_only_fields_and_reject_columns_are_no_targets() -> None:
    mapping = guess_mapping(["Created", *REJECT_COLUMNS], DEAL, ())
    assert targets(mapping) == {"Created": "none", REJECT_COLUMNS[0]: "none", REJECT_COLUMNS[1]: "none"}


def test_the_type_is_the_one_that_most_columns_fit() -> None:
    assert guess_types(["Title", "Amount", "Stage"], TYPES)[0] == "deal"
    assert guess_types(["First name", "Last name"], TYPES)[0] == "contact"
    lead = msgspec.structs.replace(CONTACT, key="lead", title=["comment"])
    assert guess_types(["First name", "Last name"], {"lead": lead, "contact": CONTACT})[0] == "contact"
    assert guess_types(["Phone", "Address"], TYPES) == []
    assert plan(["column1", "column2"], TYPES, ()) == ()


def test_where_columns_fit_several_types_the_names_tell() -> None:
    assert only(plan(["Deal Name", "Amount"], TYPES, ())).type == "deal"
    assert only(plan(["Phone", "Address"], TYPES, (), name="our contacts 2026.csv")).type == "contact"
    assert plan(["Phone", "Address"], TYPES, (), name="contacts and company.csv") == ()
    assert plan(["Phone", "Address"], TYPES, (), name="people.csv") == ()
    assert plan(["column1", "column2"], TYPES, (), name="deals.csv") == ()
    # What columns say goes before what the file is called.
    assert only(plan(["First name", "Last name", "Email"], TYPES, (), name="deals.csv")).type == "contact"


def test_our_own_export_tells_the_type_by_its_refs() -> None:
    columns = ["ref", "title", "phone"]
    deal = only(plan(columns, TYPES, [{"ref": "D-42"}, {"ref": "D-7"}]))
    assert (deal.type, deal.source, deal.id, deal.id_scope) == ("deal", "tuicrm", "ref", "workspace")
    assert targets(deal) == {"ref": "id", "title": "title", "phone": "phone"}
    assert [one.id for one in plan(columns, TYPES, [{"ref": "D-42"}, {"ref": "X-7"}], wanted="deal")] == [""]


def test_what_a_preset_leaves_out_is_a_custom_field_or_nothing() -> None:
    colour = Field("favorite_color", "string", "Favorite Color", custom=True)
    site = Field("site", "string", "Site")
    contact = msgspec.structs.replace(CONTACT, fields=[*CONTACT.fields, colour, site])
    mapping = only(plan([*HUBSPOT_CONTACTS, "Site", "Birthdy"], {"contact": contact}, ()))
    assert targets(mapping)["Favorite Color"] == "favorite_color"
    assert targets(mapping)["Site"] == targets(mapping)["Birthdy"] == "none"


def test_a_person_may_decide() -> None:
    mapping = guess_mapping(["Weather"], DEAL, ()).with_target("Weather", ColumnTarget("comment"))
    assert targets(mapping) == {"Weather": "comment"}


def test_shipped_presets_read_and_have_their_own_headers() -> None:
    assert len({preset.key for preset in presets()}) == len(presets()) >= 5
    for preset in presets():
        assert recognise([header.partition("|")[0] for header in preset.headers]) == preset
    assert synonyms()[fold("E-Mail")] == (ColumnTarget("email", "work"),)


def test_company_is_not_lost_on_a_company() -> None:
    assert targets(guess_mapping(["Company name", "Account name"], COMPANY, ())) == {
        "Company name": "title",
        "Account name": "@name",
    }
