"""Whom a call goes to: an item's number, its client's, or a number and whom it reaches; never more than the person may see."""

from __future__ import annotations

import pytest

from tests.conftest import OpenAs
from tests.hostile_workspace import TEXTS
from tuicrm.domain.items import Ref
from tuicrm.errors import CrmError, NotFound, Refused
from tuicrm.services.items import items
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.reaching import is_number, messenger, reached

MARIA = Ref("contact", 1)


@pytest.fixture
def session(seeded: Session) -> Session:
    """Maria Rossi with two numbers and a name in Telegram, her company with one."""
    theirs = {"phone": "02 5555 0142, mobile: 333 1234567", "messenger": "telegram: @maria_rossi"}
    items.edit(seeded, MARIA, items.values(seeded, "contact", theirs))
    items.edit(seeded, Ref("company", 1), items.values(seeded, "company", {"phone": "+39 06 5555 0199"}))
    return seeded


def test_an_item_has_a_number_of_its_own_or_its_clients(session: Session) -> None:
    maria = reached(session, "C-1")
    assert (maria.number, maria.on, maria.name) == ("+390255550142", (MARIA,), "Maria Rossi")
    assert reached(session, "C-1", "mobile").number == "+393331234567"
    deal = reached(session, "D-1")
    assert (deal.number, deal.on, deal.name) == ("+390655550199", (Ref("deal", 1), Ref("company", 1)), "Rossi Srl")
    with pytest.raises(Refused, match="L-1 has no phone number"):
        reached(session, "L-1")
    assert messenger(session, "C-1", "telegram") == "@maria_rossi"
    assert messenger(session, "D-1", "telegram") == messenger(session, "+393331234567", "telegram") == ""


@pytest.mark.parametrize("typed", ["+39 333 1234567", "333 123 4567", "(333) 123-4567", "+39 333 1234567 ext. 7"])
def test_a_number_reaches_who_has_it_however_it_is_typed(session: Session, typed: str) -> None:
    found = reached(session, typed)
    assert (found.number.partition(";")[0], found.on, found.name) == ("+393331234567", (MARIA,), "Maria Rossi")


def test_a_number_of_nobody_s_is_a_number(session: Session) -> None:
    found = reached(session, "+39 02 9999 9999")
    assert (found.number, found.on, found.name) == ("+390299999999", (), "")


def test_a_ref_is_no_number_and_what_is_neither_is_told(session: Session) -> None:
    assert not any(map(is_number, ("C-1", "D-42", "112a", "1", "", "+", "()", *TEXTS)))
    for text in ("nobody", "C-999", *TEXTS):
        with pytest.raises(CrmError):
            reached(session, text)


def test_what_one_may_not_see_reaches_nobody(session: Session, open_as: OpenAs) -> None:
    role = next(one for one in session.workspace.records["role"].values() if not one.doc.get("admin"))
    with session.change("rights") as change:
        change.patch("role", role.id, {"rules": {"*": {"read": "own"}}})
    luca = open_as("luca")
    assert reached(luca, "+39 333 1234567").on == ()
    refused = []
    for ref in ("C-1", "C-77"):
        with pytest.raises(NotFound) as error:
            reached(luca, ref)
        refused.append(error.value.message.replace(ref, "REF"))
    assert refused[0] == refused[1]
    # D-2 is his; its client is not for him.
    with pytest.raises(Refused, match="no phone number"):
        reached(luca, "D-2")
