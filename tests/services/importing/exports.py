"""Exports of HubSpot and Bitrix24 in small, what was made of them, and that a report accounts for every row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.services.importing.conftest import Put
from tuicrm.domain.importing import Report
from tuicrm.domain.items import Item
from tuicrm.services.importing.options import ImportOptions
from tuicrm.services.kernel.session import Session

COMPANIES = "Domain,Name,Phone Number,Street Address,City,State,company_id,hubspot_owner_email\n"
CONTACTS = (
    "First Name,Last Name,Email,Phone Number,Street Address,City,State,Contact Owner,Lifecycle Stage,Lead Status,"
    "Favorite Color,contact_id,company_id,hubspot_owner_email\n"
)
DEALS = (
    "Deal Name,Deal Stage,Amount,Deal Owner,Close Date,Deal Description,Deal Type,Closed Lost Reason,Pipeline,company_id,"
    "contact_id,hubspot_owner_email\n"
)
NAMED = {"deal": "title", "contact": "last_name", "company": "title"}
AS_DEALS = ImportOptions(type="deal")


def all_of(session: Session, type_key: str) -> Sequence[Item]:
    return session.find(type_key, None, [], 1000).items


def whole(report: Report) -> None:
    """Every row read is accounted for, once."""
    for table in report.tables():
        assert table.rows == table.made + table.known + table.repeated + table.rejected + table.updated + table.left_out
        for column in table.columns:
            assert column.filled + column.empty == table.rows


def hubspot(put: Put) -> list[Path]:
    return [
        put("deals.csv", DEALS + "Big one,New,10000,anna,2026-12-18,Said so,,,,1,7,\n"),
        put("contacts.csv", CONTACTS + "Ada,Byron,ada@example.com,02 5555 0142,,,,,,,,7,1,\n"),
        put("companies.csv", COMPANIES + "engine.example,Engine Works,,,Milano,,1,\n"),
    ]


def deals_answer(*rows: dict[str, Any]) -> dict[str, Any]:
    base = {
        "TYPE_ID": "SALE",
        "CATEGORY_ID": "0",
        "STAGE_ID": "PREPARATION",
        "OPPORTUNITY": "1.00",
        "CURRENCY_ID": "EUR",
    }
    return {"result": [{**base, **row} for row in rows], "total": len(rows)}
