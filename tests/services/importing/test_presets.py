"""Exports of other programs as whole files: who is linked to whom, by which clue, and where each value goes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.hostile import HOSTILE
from tests.services.importing.conftest import Put
from tuicrm.domain.importing import Report
from tuicrm.domain.items import Item
from tuicrm.services.importing.addresses import host
from tuicrm.services.importing.options import Decisions, ImportOptions
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session


def all_of(session: Session, type_key: str) -> dict[str, Item]:
    return {session.title_of(item): item for item in session.find(type_key).items}


def refs(found: dict[str, Item], *titles: str) -> list[str]:
    return [str(found[title].ref) for title in titles]


def links_told(report: Report) -> list[tuple[str, str]]:
    return [(remark.field, remark.value) for remark in report.remarks if remark.kind == "link"]


def several_told(report: Report) -> list[tuple[str, str, int]]:
    return [(one.field, one.value, one.count) for one in report.remarks if one.kind == "several"]


# -- HubSpot -----------------------------------------------------------------------------------------------------------
COMPANIES = (
    "Record ID,Company name,Company Domain Name,City,State/Region,Country/Region,Number of Employees\n"
    "9001,Engine Works,engine.example,Modena,Emilia,Italy,11-50\n"
    "9002,Loom Ltd,loom.example,,,,201-500\n"
    "9003,Empty,,,,,many\n"
)
CONTACTS = "Record ID,First Name,Last Name,Email,Associated Company IDs,Company Domain Name,Associated Company\n"
DEALS = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Amount,Close Date,Associated Company,Associated Contact,"
    "Associated Contact Email,Associated Company IDs\n"
)


def test_regions_and_numbers_of_employees(workspace: Session, put: Put) -> None:
    report = run_import(workspace, [put("companies.csv", COMPANIES)])
    found = all_of(workspace, "company")
    assert found["Engine Works"].fields["address"] == {"city": "Modena", "province": "Emilia", "country": "IT"}
    employees = [found[name].get("employees") for name in ("Engine Works", "Loom Ltd", "Empty")]
    assert employees == ["under_50", "250_500", None]
    told = {remark.value: remark.outcome for remark in report.remarks if remark.field == "employees"}
    assert told == {"201-500": "“250 to 500”, where most of it falls", "many": "left empty"}


def test_contacts_are_linked_by_id_by_domain_and_by_name(workspace: Session, put: Put) -> None:
    rows = (
        "1,Ada,Byron,ada@x.test,9002;9001,,\n"
        "2,Bob,Loom,,,https://www.LOOM.example/team,\n"
        "3,Cid,Wills,,,,Engine Works (engine.example)\n"
        "4,Dan,Lost,,,nowhere.example,Nobody Inc\n"
        "5,Eve,Twice,,404,loom.example,\n"
    )
    report = run_import(workspace, [put("contacts.csv", CONTACTS + rows), put("companies.csv", COMPANIES)])
    companies, contacts = all_of(workspace, "company"), all_of(workspace, "contact")
    engine, loom = refs(companies, "Engine Works", "Loom Ltd")
    assert [one.get("company") for one in contacts.values()] == [loom, loom, engine, None, loom]
    assert contacts["Ada Byron"].fields["companies"] == [engine]
    assert links_told(report) == [("company", "nowhere.example")]


PEOPLE = "Record ID,First Name,Last Name,Email,Work Email,Associated Company\n"
BY_DOMAIN = (
    "1,Ada,Byron,Ada@ENGINE.example,,\n"
    "2,Bob,Free,bob@gmail.com,,\n"
    "3,Cid,Free,cid@yahoo.co.uk,cid@loom.example,\n"
    "4,Dan,Lost,dan@nowhere.example,,\n"
    "5,Eve,Under,eve@mail.engine.example,,\n"
    "6,Fay,Said,fay@engine.example,,Loom Ltd\n"
    "7,Gus,Wrong,gus@engine.example,,Nobody Inc\n"
    "8,Hal,None,,,\n"
)


@pytest.mark.parametrize("first", ["contacts", "companies"])
def test_contacts_without_a_company_are_linked_by_the_domain_of_their_address(
    workspace: Session, put: Put, first: str
) -> None:
    files = [put("contacts.csv", PEOPLE + BY_DOMAIN), put("companies.csv", COMPANIES)]
    report = run_import(workspace, files if first == "contacts" else files[::-1])
    engine, loom = refs(all_of(workspace, "company"), "Engine Works", "Loom Ltd")
    companies = {name.split()[0]: one.get("company") for name, one in all_of(workspace, "contact").items()}
    assert companies == {
        "Ada": engine, "Bob": None, "Cid": loom, "Dan": None, "Eve": None, "Fay": loom, "Gus": None, "Hal": None,
    }  # fmt: skip
    assert links_told(report) == [("company", "Nobody Inc")]
    (notes,) = [file.notes for file in report.files if file.name == "contacts.csv"]
    assert notes == ["2 rows are linked to the companies that have the domains of their e-mail addresses"]


def test_free_mail_is_nobodys_company_even_where_one_has_its_domain(workspace: Session, put: Put) -> None:
    companies = (
        "Record ID,Company name,Company Domain Name\n1,Mail,gmail.com\n2,Yahoo,yahoo.co.uk\n3,Libero,libero.it\n"
    )
    rows = "1,A,A,a@gmail.com,,\n2,B,B,b@yahoo.co.uk,,\n3,C,C,c@libero.it,,\n"
    report = run_import(workspace, [put("companies.csv", companies), put("contacts.csv", PEOPLE + rows)])
    assert [one.get("company") for one in all_of(workspace, "contact").values()] == [None] * 3
    assert (links_told(report), several_told(report)) == ([], [])


def test_a_domain_of_two_companies_links_nobody_and_is_told(workspace: Session, put: Put) -> None:
    twin = COMPANIES + "9004,Loom Inc,https://www.loom.example/en,,,,\n"
    rows = "1,A,A,a@loom.example,,\n2,B,B,b@loom.example,,\n"
    report = run_import(workspace, [put("contacts.csv", PEOPLE + rows), put("companies.csv", twin)])
    assert [one.get("company") for one in all_of(workspace, "contact").values()] == [None] * 2
    assert several_told(report) == [("company", "loom.example", 2)]
    assert all(not file.notes for file in report.files)


def test_companies_that_are_here_count_with_those_of_the_run(workspace: Session, put: Put) -> None:
    run_import(workspace, [put("companies.csv", COMPANIES)])
    rows = "1,A,A,a@loom.example,,\n2,B,B,b@engine.example,,\n"
    twin = "Record ID,Company name,Company Domain Name\n9009,Another,loom.example\n"
    report = run_import(workspace, [put("contacts.csv", PEOPLE + rows), put("more.csv", twin)])
    engine = refs(all_of(workspace, "company"), "Engine Works")[0]
    assert [one.get("company") for one in all_of(workspace, "contact").values()] == [None, engine]
    assert several_told(report) == [("company", "loom.example", 1)]


def test_the_same_companies_again_are_no_others(workspace: Session, put: Put) -> None:
    run_import(workspace, [put("companies.csv", COMPANIES)])
    run_import(workspace, [put("companies.csv", COMPANIES), put("contacts.csv", PEOPLE + "1,A,A,a@loom.example,,\n")])
    assert all_of(workspace, "contact")["A A"].get("company") == refs(all_of(workspace, "company"), "Loom Ltd")[0]


def test_many_domains_are_found_like_few(workspace: Session, put: Put) -> None:
    companies = "".join(f"{n},Firm {n},https://WWW.firm{n}.example/\n" for n in range(120))
    twin = "999,Twin,firm119.example\n"
    run_import(workspace, [put("companies.csv", f"Record ID,Company name,Company Domain Name\n{companies}{twin}")])
    rows = "".join(f"{n},P,Q{n},p@firm{n}.example,,\n" for n in range(120))
    report = run_import(workspace, [put("contacts.csv", PEOPLE + rows)])
    firms, people = all_of(workspace, "company"), all_of(workspace, "contact")
    found = [people[f"P Q{n}"].get("company") for n in range(119)]
    assert found == [str(firms[f"Firm {n}"].ref) for n in range(119)]
    assert people["P Q119"].get("company") is None
    assert several_told(report) == [("company", "firm119.example", 1)]


def test_other_programs_contacts_are_not_linked_by_their_address(workspace: Session, put: Put) -> None:
    run_import(workspace, [put("companies.csv", COMPANIES)])
    table = put("c.csv", "First name,Last name,E-mail\nAda,Byron,ada@engine.example\n")
    run_import(workspace, [table], ImportOptions(type="contact"))
    assert all_of(workspace, "contact")["Ada Byron"].get("company") is None


def test_deals_are_linked_by_address(workspace: Session, put: Put) -> None:
    contacts = CONTACTS + "1,Ada,Byron,Ada@Engine.example,9001,,\n2,Bob,Loom,bob@loom.example,,,\n"
    rows = (
        "7,Mill,Closed won (Sales Pipeline),Sales,100,2026-01-02,Engine Works (engine.example),,"
        "ada@engine.example;bob@loom.example,\n"
        "8,Loom,Closed lost (Sales Pipeline),Sales,5,2026-01-03,,Bob Loom (bob@loom.example),,9002\n"
    )
    files = [put("deals.csv", DEALS + rows), put("contacts.csv", contacts), put("companies.csv", COMPANIES)]
    report = run_import(workspace, files)
    deals, people, companies = (all_of(workspace, key) for key in ("deal", "contact", "company"))
    assert deals["Mill"].fields["contacts"] == refs(people, "Ada Byron", "Bob Loom")
    assert deals["Loom"].fields["contacts"] == refs(people, "Bob Loom")
    assert [deals[one].get("company") for one in deals] == refs(companies, "Engine Works", "Loom Ltd")
    assert [deals[one].get("stage") for one in deals] == ["won", "lost"]
    assert links_told(report) == []
    again = run_import(workspace, [put("later.csv", DEALS + rows.replace(",100,", ",900,"))])
    assert (again.made, again.known) == (0, 2)


def test_a_second_company_of_a_deal_is_told(workspace: Session, put: Put) -> None:
    files = [put("deals.csv", DEALS + "7,Mill,New,,1,,,,,9002;9001\n"), put("companies.csv", COMPANIES)]
    report = run_import(workspace, files)
    assert all_of(workspace, "deal")["Mill"].get("company") == refs(all_of(workspace, "company"), "Loom Ltd")[0]
    told = [(one.value, one.outcome) for one in report.remarks if one.kind == "further"]
    assert told == [("9001", "not imported")]


def test_what_a_person_decides_leaves_the_other_columns_of_a_family(workspace: Session, put: Put) -> None:
    decisions = Decisions(columns={"Reach": "phone"})
    table = "First name,Last name,Phone,Reach\nAda,Byron,+390612345,+390612346\n"
    run_import(workspace, [put("c.csv", table)], ImportOptions(type="contact", decisions=decisions))
    phones = all_of(workspace, "contact")["Ada Byron"].fields["phone"]
    assert [one["value"] for one in phones] == ["+390612345", "+390612346"]


def test_addresses_of_items_that_are_here(workspace: Session, put: Put) -> None:
    run_import(workspace, [put("companies.csv", COMPANIES)])
    rows = "2,Bob,Loom,,,loom.example,\n3,Cid,Part,,,oom.example,\n"
    report = run_import(workspace, [put("contacts.csv", CONTACTS + rows)])
    loom = refs(all_of(workspace, "company"), "Loom Ltd")[0]
    assert [one.get("company") for one in all_of(workspace, "contact").values()] == [loom, None]
    assert links_told(report) == [("company", "oom.example")]


def test_an_address_that_two_have_is_nobodys(workspace: Session, put: Put) -> None:
    twin = COMPANIES + "9004,Loom Inc,www.loom.example,,,,\n"
    report = run_import(workspace, [put("companies.csv", twin), put("c.csv", CONTACTS + "2,B,L,,,loom.example,\n")])
    assert next(iter(all_of(workspace, "contact").values())).get("company") is None
    assert links_told(report) == []
    assert several_told(report) == [("company", "loom.example", 1)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://www.Engine.example/about?x=1", "engine.example"),
        ("engine.example", "engine.example"),
        ("engine.example:8080", "engine.example"),
        ("", ""),
    ],
)
def test_the_host_of_an_address(text: str, expected: str) -> None:
    assert host(text) == expected


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_clues_link_nothing_and_break_nothing(workspace: Session, put: Put, text: str) -> None:
    quoted = '"' + text.replace('"', '""').replace("\0", "") + '"'
    rows = f"1,Ada,Byron,,{quoted},{quoted},{quoted}\n"
    report = run_import(
        workspace, [put("contacts.csv", (CONTACTS + rows).encode("utf-8", "replace")), put("companies.csv", COMPANIES)]
    )
    assert all(one.get("company") is None for one in all_of(workspace, "contact").values())
    assert report.files[1].problem == ""


# -- Salesforce --------------------------------------------------------------------------------------------------------
ACCOUNTS = '"ID","NAME","BILLINGSTREET","OWNERID"\n"001x0000002xLCVAA2","Gravity","Palmer Drive",""\n'


def test_opportunities_are_linked_to_their_accounts_by_both_lengths_of_ids(workspace: Session, put: Put) -> None:
    head = "ID,NAME,STAGENAME,CLOSEDATE,ACCOUNTID,ISWON,ISCLOSED,ISDELETED,PROBABILITY\n"
    rows = (
        "006x1,Short,Prospecting,2026-01-01,001x0000002xLCV,false,false,false,45.0\n"
        "006x2,Long,Umgesetzt,2026-01-02,001x0000002xLCVAA2,true,true,false,\n"
        "006x3,Gone,Prospecting,2026-01-03,,false,false,true,\n"
    )
    report = run_import(workspace, [put("opps.csv", head + rows), put("accounts.csv", ACCOUNTS)])
    deals, gravity = all_of(workspace, "deal"), refs(all_of(workspace, "company"), "Gravity")[0]
    assert {title: (one.get("company"), one.get("stage")) for title, one in deals.items()} == {
        "Short": (gravity, "new"),
        "Long": (gravity, "won"),
    }
    assert deals["Short"].fields["probability"] == 45
    assert next(report.tables().__iter__()).skipped == 1


def test_reports_have_labels_for_names(workspace: Session, put: Put) -> None:
    report = "Opportunity Name,Account Name,Stage,Amount,Close Date,Opportunity Owner,Age,Created Date\n"
    items.add(workspace, "company", items.values(workspace, "company", {"title": "Gravity"}))
    run_import(workspace, [put("report.csv", report + "Roof,Gravity,Closed Won,5,2026-01-02,anna,3,2025-01-01\n")])
    roof = all_of(workspace, "deal")["Roof"]
    assert (roof.get("stage"), roof.get("company"), roof.get("responsible")) == ("won", "company:1", "anna")


def test_contacts_and_leads(workspace: Session, put: Put) -> None:
    contacts = (
        "ID,LASTNAME,FIRSTNAME,ACCOUNTID,MAILINGCITY,MOBILEPHONE\n003x1,Byron,Ada,001x0000002xLCV,Modena,+390612345\n"
    )
    leads = "ID,LASTNAME,FIRSTNAME,COMPANY,STATUS,ISCONVERTED\n00Qx1,Loom,Bob,Loom Ltd,Unqualified,false\n"
    run_import(workspace, [put("c.csv", contacts), put("l.csv", leads), put("a.csv", ACCOUNTS)])
    ada = all_of(workspace, "contact")["Ada Byron"]
    assert (ada.get("company"), ada.fields["address"]["city"]) == ("company:1", "Modena")
    assert [(one["value"], one["type"]) for one in ada.fields["phone"]] == [("+390612345", "mobile")]
    (lead,) = workspace.find("lead").items
    assert (lead.get("last_name"), lead.get("company_title"), lead.get("stage")) == ("Loom", "Loom Ltd", "junk")


# -- Odoo --------------------------------------------------------------------------------------------------------------
KIDS = (
    "id,name,is_company,category_id,city,child_ids/name,child_ids/email,child_ids/function\n"
    'c1,Alfa,1,"VIP, North",Modena,Rita Neri,rita@alfa.example,Buyer\n'
    ",,,,,Ugo Blu,ugo@alfa.example,\n"
    "c2,Beta,1,North,Parma,,,\n"
    "p1,Solo Person,0,,Roma,,,\n"
    "c3,Alfa,1,,Bari,Ada Byron,,\n"
)


def kids(session: Session) -> dict[str, Any]:
    return {title: one.get("company") for title, one in all_of(session, "contact").items()}


def test_contacts_of_following_rows_are_of_the_company_above(workspace: Session, put: Put) -> None:
    report = run_import(workspace, [put("partners.csv", KIDS)], ImportOptions(create_fields=True))
    assert (report.made, report.rejected, links_told(report)) == (7, 0, [])
    companies = workspace.find("company").items
    assert sorted(str(one.get("title")) for one in companies) == ["Alfa", "Alfa", "Beta"]
    # Two companies of the same name: the id tells them apart.
    by_city = {one.fields["address"]["city"]: str(one.ref) for one in companies}
    assert kids(workspace) == {
        "Rita Neri": by_city["Modena"],
        "Ugo Blu": by_city["Modena"],
        "Ada Byron": by_city["Bari"],
        "Solo Person": None,
    }
    modena = next(one for one in companies if str(one.ref) == by_city["Modena"])
    assert modena.fields["category_id"] == ["VIP", "North"]
    rita = all_of(workspace, "contact")["Rita Neri"]
    assert (rita.get("position"), rita.fields["email"][0]["value"]) == ("Buyer", "rita@alfa.example")


def test_what_changes_of_a_company_makes_no_contact_anew(workspace: Session, put: Put) -> None:
    run_import(workspace, [put("partners.csv", KIDS)], ImportOptions(create_fields=True))
    again = run_import(workspace, [put("partners.csv", KIDS.replace("Modena", "Carpi"))])
    assert (again.made, again.known) == (0, 7)


def test_companies_with_contacts_alone(workspace: Session, put: Put) -> None:
    rows = "Name,Phone,Contact/Name,Contact/Email\nAlfa,+390612345,Rita Neri,r@a.example\n,,Ugo Blu,\nBeta,,,\n"
    report = run_import(workspace, [put("partners.csv", rows)])
    assert (report.made, kids(workspace)) == (4, {"Rita Neri": "company:1", "Ugo Blu": "company:1"})


def test_parents_by_their_ids_and_by_their_names(workspace: Session, put: Put) -> None:
    rows = (
        "External ID,Name,Is a Company,Related Company/External ID,Related Company,Tags,Job Position\n"
        "p1,Rita Neri,False,c2,Alfa,VIP,Buyer\n"
        "p2,Ugo Blu,False,,Beta,,\n"
        "c1,Alfa,True,,,,\n"
        "c2,Alfa,True,,,,\n"
        "c3,Beta,True,,,,\n"
    )
    run_import(workspace, [put("partners.csv", rows)], ImportOptions(create_fields=True))
    assert kids(workspace) == {"Rita Neri": "company:2", "Ugo Blu": "company:3"}
    assert all_of(workspace, "contact")["Rita Neri"].fields["tags"] == ["VIP"]


def labels_of(session: Session, type_key: str) -> Sequence[str]:
    return [session.label(one.label) for one in session.workspace.fields(type_key).values() if one.custom]


# -- fields ------------------------------------------------------------------------------------------------------------
def test_no_field_is_made_where_no_row_comes_in(workspace: Session, put: Put) -> None:
    table = "title,amount,Shoe size\nA,lots,42\n"
    file = put("deals.csv", table)
    report = run_import(workspace, [file], ImportOptions(type="deal", create_fields=True))
    assert (report.made, report.seq, report.definitions_made, labels_of(workspace, "deal")) == (0, 0, 0, [])
    told = [(one.outcome, one.reason) for one in report.files[0].definitions]
    assert told == [("not taken", "no row that has it was imported")]
    column = next(one for one in next(iter(report.tables())).columns if one.column == "Shoe size")
    assert (column.field, column.reason) == ("", "no row that has it was imported")
    put("deals.csv", table.replace("lots", "1"))
    assert run_import(workspace, [file], ImportOptions(type="deal", create_fields=True)).definitions_made == 1
    assert labels_of(workspace, "deal") == ["Shoe size"]
    again = run_import(workspace, [file], ImportOptions(type="deal", create_fields=True))
    assert (again.made, again.definitions_made) == (0, 0)
