"""What stands under a client on a card: how it is reached, and when it was last spoken with."""

from __future__ import annotations

from contextlib import suppress

from tests.conftest import Clock, OpenAs
from tests.doors import add_field, card_of, restrict_field
from tests.hostile import HOSTILE, assert_harmless
from tuicrm.domain.card import FieldView
from tuicrm.domain.items import Ref
from tuicrm.errors import Refused
from tuicrm.render.ansi import plain
from tuicrm.render.fields import build_rows
from tuicrm.services.items import activities, items, timeline
from tuicrm.services.kernel.session import Session

D1, CO1, C1 = Ref("deal", 1), Ref("company", 1), Ref("contact", 1)


def edit(session: Session, ref: Ref, **texts: str) -> None:
    items.edit(session, ref, items.values(session, ref.type, texts))


def lines(session: Session, ref: Ref = D1) -> list[FieldView]:
    """Those that are a client's."""
    return [field for section in card_of(session, ref).sections for field in section.fields if field.of]


def told(session: Session, ref: Ref = D1) -> list[tuple[str, str]]:
    return [(one.label, one.value) for one in lines(session, ref)]


def test_phones_and_e_mails_stand_under_the_client_that_has_them(seeded: Session) -> None:
    assert told(seeded) == []
    edit(seeded, CO1, phone="+39 041 5551234", email="info@rossi.example")
    assert told(seeded) == [("Phone", "+39 041 555 1234"), ("E-mail", "info@rossi.example")]
    edit(seeded, C1, phone="+39 333 5551234")
    other = items.add(seeded, "contact", {"first_name": "Ugo", "email": [{"value": "ugo@x.example"}]}).ref
    items.edit(seeded, D1, {"contacts": [str(C1), str(other)]})
    of_people = lines(seeded)[2:]
    assert [(one.value, one.told, one.of) for one in of_people] == [
        ("+39 333 555 1234", ("Maria Rossi",), "C-1"),
        ("ugo@x.example", ("Ugo",), "C-2"),
    ]
    # A quote, an invoice and a lead have the same client field, and the same lines.
    for type_key in ("quote", "invoice", "lead"):
        made = items.add(seeded, type_key, {"title": "x", "company": str(CO1)}).ref
        assert ("Phone", "+39 041 555 1234") in told(seeded, made), type_key


def test_no_line_tells_what_the_person_may_not_see(seeded: Session, open_as: OpenAs) -> None:
    key = add_field(seeded, "company", "Private line", "phone").key
    edit(seeded, CO1, email="info@rossi.example", **{key: "+39 041 5551234"})
    assert ("Private line", "+39 041 555 1234") in told(seeded)
    restrict_field(seeded, "company", key, ["anna"])
    luca = open_as("luca")
    assert told(luca) == [("E-mail", "info@rossi.example")]
    items.delete(seeded, [CO1])
    assert told(seeded) == []


def test_the_last_contact_is_what_was_done_or_written_last_with_the_client(seeded: Session, clock: Clock) -> None:
    edit(seeded, D1, contacts="C-1")
    number = activities.add(seeded, Ref("deal", 3), "Not theirs", "2026-11-20T09:00:00Z")
    activities.done(seeded, number)
    assert told(seeded) == []
    number = activities.add(seeded, D1, "Call about the offer", "2026-11-20T09:00:00Z")
    assert told(seeded) == [], "planned is not done"
    activities.done(seeded, number)
    assert told(seeded)[0][1].endswith("· Call about the offer")
    # Written on the client itself, or on another item of it, shown on this one.
    clock.tick(minutes=5)
    timeline.comment(seeded, C1, "Called back\nand asked " + "x" * 100)
    assert "· Called back and asked xxx" in told(seeded)[0][1]
    assert told(seeded)[0][1].endswith("…")
    clock.tick(minutes=5)
    quote = items.add(seeded, "quote", {"title": "x", "company": str(CO1)}).ref
    timeline.comment(seeded, quote, "About the quote")
    assert told(seeded)[0] == ("Last contact", told(seeded)[0][1])
    assert told(seeded)[0][1].endswith("· About the quote")


def test_it_is_drawn_with_a_sign_and_not_in_customise_mode(seeded: Session) -> None:
    for text in HOSTILE:
        with suppress(Refused):
            timeline.comment(seeded, CO1, text)
    edit(seeded, CO1, phone="+39 041 5551234")
    view = card_of(seeded, D1)
    drawn = build_rows(view, 60)
    texts = [plain(drawn.line(y)) for y in range(len(drawn.rows))]
    assert any(text.startswith("  ↳ Phone") and "+39 041 555 1234" in text for text in texts)
    for text in texts:
        assert_harmless(text)
    shaped = build_rows(view, 60, customise=True)
    assert not any("↳" in plain(shaped.line(y)) for y in range(len(shaped.rows)))


def test_a_value_that_a_script_wrote_is_no_client(seeded: Session) -> None:
    for value in ("nonsense", ["nothing:1", 7, None], {"a": 1}):
        with seeded.change("x") as change:
            change.edit(D1, {"comment": str(value)})
        assert told(seeded) == []
