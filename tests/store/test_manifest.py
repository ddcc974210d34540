"""Names of the store's files: number and identity are told apart whatever digits they have."""

from __future__ import annotations

import pytest

from tuicrm.store.manifest import has_identity, journal_number, snapshot_number


@pytest.mark.parametrize("identity", ["9676320882070805", "0000000000000000", "abcdefabcdefabcd", "00000001deadbeef"])
def test_an_identity_of_digits_alone_is_no_number(identity: str) -> None:
    assert journal_number(f"journal.00000012.{identity}.jsonl") == 12
    assert snapshot_number(f"deal.00000003.{identity}.jsonl") == 3
    assert snapshot_number(f"a.00000007.00000003.{identity}.jsonl") == 3
    assert has_identity(f"deal.00000003.{identity}.jsonl")


def test_names_of_the_former_format() -> None:
    assert (journal_number("journal.00000012.jsonl"), snapshot_number("a.00000007.00000003.jsonl")) == (12, 3)
    assert not has_identity("journal.00000012.jsonl")
