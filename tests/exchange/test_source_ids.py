"""Ids of other programs in one form, so that two exports of the same record are the same row."""

from __future__ import annotations

import pytest

from tuicrm.exchange.source_ids import as_kept


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("001x0000002xLCV", "001x0000002xLCVAA2"),
        ("001x0000002xLCW", "001x0000002xLCWAA2"),
        ("005x0000000fNSi", "005x0000000fNSiAAM"),
    ],
)
def test_both_lengths_of_salesforce_are_one(short: str, long: str) -> None:
    assert as_kept("salesforce", f" {short} ") == as_kept("salesforce", long) == long


def test_ids_of_others_stay_as_they_are() -> None:
    assert as_kept("odoo", "001x0000002xLCV") == "001x0000002xLCV"
    assert as_kept("salesforce", "42") == "42"
    assert as_kept("salesforce", "") == ""
