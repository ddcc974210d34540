"""A lead from somebody who is known: said, and the client offered."""

from __future__ import annotations

from typing import Any

from tests.doors import card_of
from tuicrm.domain.items import Item, Ref
from tuicrm.render.ansi import plain
from tuicrm.render.board import card_lines
from tuicrm.render.heads import card_head
from tuicrm.services.boards.board import Board
from tuicrm.services.definitions import repeat_rules
from tuicrm.services.history.undo import undo
from tuicrm.services.items import items, known_clients
from tuicrm.services.kernel.session import Session

C1, CO1 = Ref("contact", 1), Ref("company", 1)
PHONE = "+39 041 5551234"


def lead(session: Session, **texts: Any) -> Item:
    given = items.values(session, "lead", {"title": "Again", **texts})
    return items.add(session, "lead", given)


def known_phone(session: Session) -> None:
    items.edit(session, C1, items.values(session, "contact", {"phone": PHONE}))


def offered(session: Session, ref: Ref) -> list[str]:
    sections = card_of(session, ref).sections
    return [field.of for section in sections for field in section.fields if field.offered]


def test_a_repeat_lead_says_so_on_board_and_card(seeded: Session) -> None:
    known_phone(seeded)
    again, new = lead(seeded, phone=PHONE), lead(seeded, phone="+39 041 5559999")
    board = Board(seeded, "lead")
    for item, says in ((again, True), (new, False)):
        card = board.card(item.id)
        assert card is not None
        shown = " ".join(plain(line) for line in card_lines(card, 23, compact=True))
        assert ("returning" in shown) is says
        view = card_of(seeded, item.ref)
        assert ("Repeat lead" in plain(card_head(view, 80))) is says
        assert known_clients.told(seeded, item) == ("Repeat lead; known: C-1 Maria Rossi" if says else "")


def test_the_one_who_is_known_is_offered_and_taken_with_the_company(seeded: Session) -> None:
    known_phone(seeded)
    item = lead(seeded, phone=PHONE)
    assert offered(seeded, item.ref) == ["C-1"]
    known_clients.take(seeded, item, seeded.get(C1))
    now = seeded.get(item.ref)
    assert (now.get("contacts"), now.get("company")) == ([str(C1)], str(CO1))
    assert offered(seeded, item.ref) == []
    undo(seeded)
    assert seeded.get(item.ref).get("contacts") is None
    # A company is taken alone.
    items.edit(seeded, CO1, items.values(seeded, "company", {"email": "info@rossi.example"}))
    other = lead(seeded, email="INFO@rossi.example")
    assert known_clients.taking(seeded, other, seeded.get(CO1)) == {"company": str(CO1)}


def test_nobody_is_offered_who_should_not_be(seeded: Session) -> None:
    known_phone(seeded)
    assert offered(seeded, Ref("deal", 3)) == [], "of a deal, whoever it is for is said"
    item = lead(seeded, phone=PHONE)
    assert offered(seeded, lead(seeded, phone=PHONE, company="CO-2").ref) == [], "one with a client needs none"
    repeat_rules.change(seeded, leave_out=[C1])
    assert offered(seeded, item.ref) == [], "one who is never counted as a repeat client"
    repeat_rules.change(seeded, leave_out=[])
    items.delete(seeded, [C1])
    assert offered(seeded, item.ref) == []
