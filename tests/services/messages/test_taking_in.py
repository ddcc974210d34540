"""Mails taken in: each once, bound to what it belongs to, read by those who may."""

from __future__ import annotations

import pytest

from tests.channels.mail.test_parsing import report
from tests.conftest import OpenAs
from tests.services.messages.mails import mail
from tuicrm.domain.items import Ref
from tuicrm.errors import AccessDenied, NotFound
from tuicrm.services.duplicates import merging
from tuicrm.services.history import log
from tuicrm.services.history.undo import redo, undo
from tuicrm.services.items import timeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.taking_in import MailTaking, TakenMail, TakingIn
from tuicrm.services.search.engine import finder


def take(session: Session, content: bytes, **how: object) -> TakenMail:
    return TakingIn(session, MailTaking(**how)).one(content)  # type: ignore[arg-type]


def contact(session: Session, email: str = "maria@example.com", **fields: object) -> Ref:
    with session.change("a contact") as change:
        return change.add("contact", {"first_name": "Maria", "email": [{"value": email, "type": "work"}], **fields})


def own_only(anna: Session) -> None:
    entry = anna.workspace.entry("role", "manager")
    assert entry is not None
    rules = {"*": {"read": "own", "add": "all", "edit": "all", "delete": "all", "export": "own", "import": "all"}}
    with anna.change("own items only") as change:
        change.patch("role", entry.id, {"rules": rules})


def titles(session: Session, ref: Ref) -> list[str]:
    return [one.title for one in timeline.view(session, ref, ["mail"]).entries]


def test_a_mail_stands_on_its_client_and_comes_once(seeded: Session) -> None:
    maria = contact(seeded)
    taken = take(seeded, mail())
    assert (taken.how, taken.on) == ("new", (maria,))
    assert titles(seeded, maria) == ["Mail from maria@example.com: Your offer"]
    again = take(seeded, mail())
    assert (again.how, again.id) == ("known", taken.id)
    assert len(records.newest(seeded, 10)) == 1
    undo(seeded)
    assert titles(seeded, maria) == []
    redo(seeded)
    assert titles(seeded, maria) == ["Mail from maria@example.com: Your offer"]


# -- what it is on -----------------------------------------------------------------------------------------------------
def test_what_is_open_of_the_client_gets_it_and_what_is_closed_not(seeded: Session) -> None:
    maria = contact(seeded, company="company:2")
    with seeded.change("deals") as change:
        hers = change.add("deal", {"title": "Hers", "contacts": [str(maria)]})
        closed = change.add("deal", {"title": "Closed", "contacts": [str(maria)], "stage": "lost"})
        colleague = change.add("contact", {"first_name": "Luca", "company": "company:2"})
        his = change.add("deal", {"title": "His", "company": "company:2", "contacts": [str(colleague)]})
    on = set(take(seeded, mail()).on)
    # D-2 names the company and nobody of it.
    assert {maria, Ref("company", 2), hers, Ref("deal", 2)} <= on
    assert not on & {closed, colleague, his}


def test_two_contacts_of_one_address_both_have_it_and_no_domain_counts(seeded: Session) -> None:
    first, second = contact(seeded), contact(seeded, "MARIA@example.com")
    other = contact(seeded, "other@example.com")
    on = take(seeded, mail()).on
    assert {first, second} <= set(on)
    assert other not in on


def test_of_nobody_who_is_known_it_waits_or_is_left(seeded: Session) -> None:
    stranger = mail(sender="x@nowhere.example", number="2@x")
    left = take(seeded, stranger, everything=False)
    assert (left.how, left.id) == ("unknown", 0)
    taken = take(seeded, stranger)
    assert (taken.how, taken.on) == ("new", ())
    assert [one.record.id for one in records.inbox(seeded)] == [taken.id]
    records.link(seeded, records.by_id(seeded, taken.id), [Ref("deal", 1)])
    assert records.inbox(seeded) == []
    assert titles(seeded, Ref("deal", 1)) == ["Mail from x@nowhere.example: Your offer"]


def test_an_answer_is_on_what_it_answers_where_its_sender_takes_part(seeded: Session) -> None:
    sent = take(seeded, mail(to="x@nowhere.example", sender="me@ours.example", number="out@ours.example"),
                on=(Ref("deal", 1),), way="out")  # fmt: skip
    assert sent.on == (Ref("deal", 1),)
    answer = take(
        seeded, mail("Re: Your offer", sender="x@nowhere.example", number="3@x", In_Reply_To="<out@ours.example>")
    )
    assert answer.on == (Ref("deal", 1),)
    assert records.by_id(seeded, answer.id).record.thread == sent.id
    spoofed = take(
        seeded, mail("Re: Your offer", sender="evil@x.example", number="4@x", In_Reply_To="<out@ours.example>")
    )
    assert spoofed.on == ()
    assert records.by_id(seeded, spoofed.id).record.thread == 0
    other = take(seeded, mail("Else", sender="x@nowhere.example", number="5@x", References="<out@ours.example>"))
    assert other.on == ()
    same = take(
        seeded, mail("R: [list] your offer", sender="x@nowhere.example", number="6@x", References="<out@ours.example>")
    )
    assert same.on == (Ref("deal", 1),)


# -- once --------------------------------------------------------------------------------------------------------------
def test_one_mail_of_two_accounts_is_one_record_of_both(seeded: Session, open_as: OpenAs) -> None:
    luca = open_as("luca")
    mine = take(seeded, mail(), on=(Ref("deal", 1),))
    with pytest.raises(NotFound):
        records.by_id(luca, mine.id)
    his = take(luca, mail())
    assert (his.how, his.id) == ("known", mine.id)
    assert records.by_id(luca, mine.id).record.holders == ("luca",)
    records.delete(luca, records.by_id(luca, mine.id))
    with pytest.raises(NotFound):
        records.by_id(luca, mine.id)
    assert take(luca, mail()).how == "gone"
    assert take(luca, mail(), again=True, private=False).id == mine.id
    seeded.store.refresh()
    kept = records.by_id(seeded, mine.id).record
    assert (kept.owner, kept.holders, kept.private) == ("anna", ("luca",), True)
    records.delete(seeded, records.by_id(seeded, mine.id))
    luca.store.refresh()
    assert records.by_id(luca, mine.id).record.owner == "luca"


def test_who_knows_a_message_id_alone_gets_nothing(seeded: Session, open_as: OpenAs) -> None:
    mine = take(seeded, mail(text="A secret of some length, for Anna alone."))
    forged = take(open_as("luca"), mail(text=""))
    assert forged.how == "new"
    assert forged.id != mine.id
    assert take(open_as("luca"), mail(text="A secret of some length")).id != mine.id


def test_a_footer_of_a_list_makes_no_other_mail(seeded: Session) -> None:
    first = take(seeded, mail())
    assert take(seeded, mail(text="Hello, we take it. When can you begin?\n_____\nA list")).id == first.id
    assert take(seeded, mail(text="Something else altogether, by the same name")).id != first.id


def test_what_was_deleted_does_not_come_again_by_itself(seeded: Session) -> None:
    first = take(seeded, mail())
    records.delete(seeded, records.by_id(seeded, first.id))
    assert take(seeded, mail()).how == "gone"
    assert take(seeded, mail(), again=True, on=(Ref("deal", 1),)).how == "new"


def test_a_loop_is_left(seeded: Session) -> None:
    taken = take(seeded, b"Received: from a by b\n" * 51 + mail())
    assert (taken.how, records.newest(seeded, 9)) == ("loop", [])


# -- bounces -----------------------------------------------------------------------------------------------------------
def test_a_bounce_fails_the_message_that_it_is_of_and_no_other(seeded: Session) -> None:
    sent = take(seeded, mail(to="maria@example.com", sender="me@ours.example", number="sent@ours.example"), way="out")
    other = take(seeded, mail(to="x@example.com", sender="me@ours.example", number="other@ours.example"), way="out")
    assert take(seeded, report("failed").encode()).failed == sent.id
    failed = records.by_id(seeded, sent.id).record
    assert (failed.status, failed.error) == ("failed", "550 5.1.1 no such user")
    forged = report("failed", "Message-ID: <other@ours.example>").encode()
    assert take(seeded, forged).failed == 0
    assert records.by_id(seeded, other.id).record.status == "sent"


# -- rights ------------------------------------------------------------------------------------------------------------
def test_a_private_mail_is_nowhere_for_others_until_it_is_shared(seeded: Session, open_as: OpenAs) -> None:
    luca, deal = open_as("luca"), Ref("deal", 2)
    taken = take(seeded, mail("Walrus", text="about a walrus, said once"), on=(deal,))
    luca.store.refresh()
    assert titles(luca, deal) == []
    assert timeline.records(luca, deal, ["mail"]) == []
    assert records.newest(luca, 9) == []
    for session in (luca, seeded):
        finder(session).index.catch_up(lambda _done, _of: None)
    assert [one.ref for group in finder(luca).find("walrus").groups for one in group.finds] == []
    assert [one.ref for group in finder(seeded).find("walrus").groups for one in group.finds] == [deal]
    assert not [line for line in log.read_log(luca) if "MSG" in str(line) or "Walrus" in str(line)]
    with pytest.raises(NotFound):
        records.by_id(luca, taken.id)
    records.share(seeded, records.by_id(seeded, taken.id))
    luca.store.refresh()
    assert titles(luca, deal) == ["Mail from maria@example.com: Walrus"]
    with pytest.raises(AccessDenied):
        records.share(luca, records.by_id(luca, taken.id), private=True)


def test_items_that_one_may_not_read_are_counted_and_not_named(seeded: Session, open_as: OpenAs) -> None:
    own_only(seeded)
    luca = open_as("luca")
    taken = take(seeded, mail(sender="n@nowhere.example"), on=(Ref("deal", 1), Ref("deal", 2)), private=False)
    luca.store.refresh()
    seen = records.by_id(luca, taken.id)
    assert (seen.on, seen.more) == (("D-2",), 1)
    entry = timeline.view(luca, Ref("deal", 2), ["mail"]).entries[0]
    assert "1 more" in entry.text
    assert "D-1" not in entry.text
    with pytest.raises(AccessDenied):
        records.delete(luca, seen)
    records.unlink(luca, seen, [Ref("deal", 2)])
    with pytest.raises(NotFound):
        records.by_id(luca, taken.id)
    seeded.store.refresh()
    assert records.by_id(seeded, taken.id).on == ("D-1",)


def test_what_one_may_not_read_is_matched_to_nobody(seeded: Session, open_as: OpenAs) -> None:
    contact(seeded, responsible="anna")
    own_only(seeded)
    assert take(open_as("luca"), mail()).on == ()


def test_messages_follow_an_item_that_is_merged(seeded: Session) -> None:
    first, second = contact(seeded), contact(seeded, "other@example.com")
    taken = take(seeded, mail())
    merging.merge(seeded, merging.plan(seeded, [second, first]), {})
    assert records.by_id(seeded, taken.id).record.on == (str(second),)


def test_a_ref_in_a_message_id_is_no_key_to_an_item(seeded: Session) -> None:
    """What we write as `D-1.…@ours` anybody can write: bound by it is what answers a message that is here, of who takes part in it."""
    for n, name in enumerate(("D-1.0123456789abcdef01234567@ours.example", "D-1@ours.example", "deal:1", "MSG-1")):
        spoofed = mail(
            f"Matter {n}",
            sender="x@nowhere.example",
            number=f"spoof{n}@x",
            In_Reply_To=f"<{name}>",
            References=f"<{name}>",
        )
        assert take(seeded, spoofed).on == ()
        own = mail(f"Mine {n}", sender="x@nowhere.example", number=f"{name}.{n}")
        assert take(seeded, own).on == ()
    assert records.of_item(seeded, Ref("deal", 1)) == []
