"""What rows name: other rows of the run, by ids that mean nothing later, and what is here."""

from __future__ import annotations

from tests.doors import card_of
from tests.services.importing.conftest import Put
from tests.services.importing.exports import (
    DEALS,
    all_of,
    deals_answer,
    hubspot,
    whole,
)
from tuicrm.services.importing.run.running import run_import
from tuicrm.services.items import timeline
from tuicrm.services.kernel.session import Session


def test_files_of_one_run_are_joined_by_ids_that_mean_nothing_later(workspace: Session, put: Put) -> None:
    report = run_import(workspace, hubspot(put))
    whole(report)
    assert report.made == 3
    (deal,) = all_of(workspace, "deal")
    company, contact = all_of(workspace, "company")[0], all_of(workspace, "contact")[0]
    assert (deal.fields["company"], deal.fields["contacts"]) == (str(company.ref), [str(contact.ref)])
    assert contact.fields["company"] == str(company.ref)
    assert deal.fields["amount"] == {"amount": "10000.00", "currency": "EUR"}
    assert deal.fields["responsible"] == "anna"
    assert contact.fields["phone"][0]["value"] == "+390255550142"
    other = [put("more.csv", DEALS + "Small one,New,5,anna,,,,,,1,,\n")]
    later = run_import(workspace, other)
    assert [(remark.kind, remark.value) for remark in later.remarks if remark.kind == "link"] == [("link", "1")]


def test_answers_of_bitrix24_with_links_comments_and_layout(workspace: Session, put: Put) -> None:
    layout = {
        "result": [
            {
                "name": "main",
                "title": "The heart of it",
                "type": "section",
                "elements": [{"name": "OPPORTUNITY_WITH_CURRENCY"}, {"name": "CLIENT"}, {"name": "UF_CRM_NONE"}],
            }
        ]
    }
    comments = {
        "result": [
            {
                "ID": "5",
                "ENTITY_ID": 37,
                "ENTITY_TYPE": "deal",
                "CREATED": "2026-03-02T10:00:00+02:00",
                "AUTHOR_ID": 1,
                "COMMENT": "Hi",
            }
        ]
    }
    files = [
        put("crm.timeline.comment.list.json", comments),
        put(
            "crm.deal.list.json",
            deals_answer({"ID": "37", "TITLE": "A deal", "COMPANY_ID": "9", "ASSIGNED_BY_ID": "1"}),
        ),
        put(
            "crm.company.get.json",
            {"result": {"ID": "9", "TITLE": "A company", "COMPANY_TYPE": "CUSTOMER", "HAS_PHONE": "N"}},
        ),
        put("crm.item.details.configuration.get_deal.json", layout),
    ]
    report = run_import(workspace, files)
    whole(report)
    (deal,), (company,) = all_of(workspace, "deal"), all_of(workspace, "company")
    assert (deal.fields["company"], deal.fields["stage"]) == (str(company.ref), "preparation")
    view = card_of(workspace, deal.ref)
    assert [section.title for section in view.sections] == ["The heart of it"]
    past = timeline.view(workspace, deal.ref)
    assert [entry.text for entry in past.entries if entry.kind == "comment"] == ["Hi"]
    assert any("Bitrix24" in entry.text or "Bitrix24" in entry.title for entry in past.entries)
    again = run_import(workspace, files)
    assert (again.made, again.known) == (0, 2)
    assert len([e for e in timeline.view(workspace, deal.ref).entries if e.kind == "comment"]) == 1
