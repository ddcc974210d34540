"""docs/item-types.md says what ships, and what ships is what the model has but for what the page says."""

from __future__ import annotations

import pytest

from scripts.item_types import PAGE, with_tables
from tuicrm.domain.schema import ItemType
from tuicrm.services.kernel.builtin_definitions import load_types

TYPES = load_types()
EVERY = "createdTime createdBy updatedTime updatedBy assignedById opened lastActivityBy lastActivityTime webformId utmSource utmTerm"
CODES = {
    "lead": "TITLE HONORIFIC NAME SECOND_NAME LAST_NAME BIRTHDATE COMPANY_TITLE POST SOURCE_ID SOURCE_DESCRIPTION STATUS_ID"
    " STATUS_DESCRIPTION ADDRESS ADDRESS_2 OPPORTUNITY CURRENCY_ID IS_MANUAL_OPPORTUNITY COMMENTS HAS_PHONE HAS_EMAIL HAS_IMOL"
    " COMPANY_ID CONTACT_ID CONTACT_IDS IS_RETURN_CUSTOMER DATE_CLOSED MOVED_BY_ID MOVED_TIME ORIGINATOR_ID ORIGIN_ID PHONE EMAIL WEB"
    " IM OBSERVER",
    "deal": "TITLE TYPE_ID CATEGORY_ID STAGE_ID PREVIOUS_STAGE_ID IS_NEW IS_RECURRING IS_RETURN_CUSTOMER IS_REPEATED_APPROACH"
    " PROBABILITY CURRENCY_ID OPPORTUNITY IS_MANUAL_OPPORTUNITY TAX_VALUE COMPANY_ID CONTACT_ID CONTACT_IDS QUOTE_ID BEGINDATE"
    " CLOSEDATE CLOSED COMMENTS SOURCE_ID SOURCE_DESCRIPTION LEAD_ID ADDITIONAL_INFO LOCATION_ID ORIGINATOR_ID ORIGIN_ID OBSERVER",
    "contact": "HONORIFIC NAME SECOND_NAME LAST_NAME PHOTO BIRTHDATE TYPE_ID SOURCE_ID SOURCE_DESCRIPTION POST ADDRESS COMMENTS EXPORT"
    " HAS_PHONE HAS_EMAIL HAS_IMOL COMPANY_ID COMPANY_IDS LEAD_ID ORIGIN_ID PHONE EMAIL WEB IM",
    "company": "TITLE COMPANY_TYPE LOGO ADDRESS REG_ADDRESS BANKING_DETAILS INDUSTRY EMPLOYEES CURRENCY_ID REVENUE COMMENTS HAS_PHONE"
    " HAS_EMAIL HAS_IMOL IS_MY_COMPANY CONTACT_ID LEAD_ID PHONE EMAIL WEB IM LAST_COMMUNICATION_TIME ufStamp ufDirectorSign"
    " ufAccountantSign",
    "quote": "QUOTE_NUMBER TITLE STATUS_ID CURRENCY_ID OPPORTUNITY TAX_VALUE COMPANY_ID MYCOMPANY_ID CONTACT_ID CONTACT_IDS BEGINDATE"
    " CLOSEDATE ACTUAL_DATE CLOSED COMMENTS CONTENT TERMS CLIENT_TITLE CLIENT_ADDR CLIENT_CONTACT CLIENT_EMAIL CLIENT_PHONE"
    " CLIENT_TP_ID CLIENT_TPA_ID LEAD_ID DEAL_ID PERSON_TYPE_ID LOCATION_ID",
    "invoice": "title accountNumber categoryId stageId previousStageId begindate closedate companyId contactId contactIds opportunity"
    " isManualOpportunity taxValue currencyId mycompanyId sourceId sourceDescription comments locationId observers xmlId movedBy"
    " movedTime parentId2 parentId7",
    "smart": "title xmlId categoryId stageId previousStageId movedBy movedTime begindate closedate companyId contactId contactIds"
    " contacts opportunity isManualOpportunity taxValue currencyId mycompanyId sourceId sourceDescription observers",
}
"""The model's codes by kind (reference §1.2), but for those that the page leaves out."""


def known_codes(item_type: ItemType) -> set[str]:
    codes = {field.source for field in item_type.fields}
    return codes.union(*(field.settings.get("aliases", ()) for field in item_type.fields))


def test_the_page_is_written_from_what_ships() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert with_tables(page) == page, "python -m scripts.item_types writes it anew"


@pytest.mark.parametrize("key", CODES)
def test_every_field_of_the_model_has_its_own(key: str) -> None:
    wanted = {*CODES[key].split(), *EVERY.split()}
    assert wanted - known_codes(load_types()[key]) == set()


@pytest.mark.parametrize("key", [key for key, one in TYPES.items() if one.has_stages])
def test_stages_stand_as_the_model_has_them(key: str) -> None:
    """In progress, then one success, then failures; start, success and first failure are the system's (reference §5.3)."""
    for pipeline in load_types()[key].pipelines:
        order = [stage.semantics for stage in pipeline.stages]
        assert order == sorted(order, key=["process", "success", "failure"].index)
        assert order.count("success") == 1
        fixed = [0, order.index("success"), order.index("failure")]
        assert [at for at, stage in enumerate(pipeline.stages) if stage.system] == fixed


@pytest.mark.parametrize("key", TYPES)
def test_every_card_has_relations_documents_and_history(key: str) -> None:
    tabs = [tab.kind for tab in load_types()[key].tabs]
    assert tabs[0] == "general"
    assert tabs[-3:] == ["relations", "documents", "history"]
