"""What comes by channels: from a real Dovecot and from Maildirs, each mail once whatever happens on the way."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from threading import Event, Thread
from time import monotonic

import pytest

from tests.conftest import OpenAs
from tests.dovecot import PASSWORD, USER, Dovecot
from tests.services.messages.mails import mail
from tests.services.messages.test_taking_in import contact
from tuicrm.channels.mail.imap import ImapLine
from tuicrm.errors import NotFound
from tuicrm.services.history.undo import undo
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import positions, records
from tuicrm.services.messages.accounts import add_channel, edit_channel
from tuicrm.services.messages.receivers import Receivers
from tuicrm.services.messages.receiving import ReceivedStep
from tuicrm.services.messages.servers import imap_server
from tuicrm.services.messages.trials import try_channel


@pytest.fixture
def account(seeded: Session, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch) -> Session:
    """Anna's session, with an account `mail` on the server that takes in everything."""
    monkeypatch.setenv("MAIL_SECRET", PASSWORD)
    add_channel(seeded, "Mail", "imap", words(dovecot))
    return seeded


def words(dovecot: Dovecot, **other: str) -> dict[str, str]:
    return {
        "address": "anna@ours.example", "host": "localhost", "port": str(dovecot.tls_port), "security": "tls", "user": USER,
        "ca": str(dovecot.ca), "secret": "variable:MAIL_SECRET", "take": "all", "days": "9999", **other,
    }  # fmt: skip


def look(session: Session) -> tuple[list[ReceivedStep], dict[str, str]]:
    with Receivers(session) as receivers:
        return list(receivers.take()), dict(receivers.troubles)


def hows(session: Session) -> list[str]:
    steps, troubles = look(session)
    assert troubles == {}
    return [one.how for one in steps]


# -- an account on a server --------------------------------------------------------------------------------------------
def test_what_lies_there_comes_once_for_its_owner_alone_and_is_not_touched(
    account: Session, dovecot: Dovecot, open_as: OpenAs
) -> None:
    maria = contact(account)
    lying = dovecot.put(mail())
    dovecot.put(mail(sender="x@nowhere.example", number="2@x"))
    dovecot.put(mail(number="3@x", subject="A draft"), flags="D")
    steps, troubles = look(account)
    assert (troubles, [(one.how, one.on) for one in steps]) == ({}, [("new", (maria,)), ("new", ())])
    assert lying.name in {one.name.partition(":")[0] for one in lying.parent.parent.glob("*/*")}
    assert not list(dovecot.maildir().glob("cur/*S*")), "what is taken in does not count as read"
    assert hows(account) == []
    with pytest.raises(NotFound):
        records.by_id(open_as("luca"), steps[0].id)
    found = records.by_id(account, steps[0].id).record
    assert (found.account, found.private, found.way, found.owner) == ("mail", True, "in", "anna")


def test_what_was_sent_is_outgoing_and_one_with_its_copies(account: Session, dovecot: Dovecot) -> None:
    maria = contact(account)
    own = mail(sender="Anna <anna@ours.example>", to="maria@example.com", number="sent@ours")
    dovecot.put(own, folder="My sent mail")
    dovecot.put(own)
    steps, _troubles = look(account)
    assert sorted(one.how for one in steps) == ["known", "new"]
    (found,) = records.of_item(account, maria)
    assert (found.record.way, found.record.status) == ("out", "sent")


def test_strangers_are_left_unless_the_account_takes_all_and_folders_are_chosen(
    account: Session, dovecot: Dovecot, open_as: OpenAs
) -> None:
    maria = contact(account)
    edit_channel(account, "mail", {"take": "known", "folders": "Clients, Gone", "shared": "clients"})
    dovecot.put(mail())
    dovecot.put(mail(number="2@x"), folder="Clients")
    dovecot.put(mail(number="3@x", sender="x@nowhere.example"), folder="Clients")
    steps, troubles = look(account)
    assert sorted(one.how for one in steps) == ["new", "unknown"]
    assert troubles == {"mail": "there is no folder Gone"}
    assert len(records.of_item(open_as("luca"), maria)) == 1, "that folder is for all"
    assert look(account)[0] == []
    contact(account, "x@nowhere.example")
    with Receivers(account) as receivers:
        receivers.forget()
        assert sorted(one.how for one in receivers.take()) == ["known", "new"], receivers.troubles


def test_an_account_is_shared_with_what_came_by_it(account: Session, dovecot: Dovecot, open_as: OpenAs) -> None:
    maria, luca = contact(account), open_as("luca")
    for n in (1, 2):
        dovecot.put(mail(number=f"{n}@x"))
    assert hows(account) == ["new", "new"]
    assert records.of_item(luca, maria) == []
    assert records.share_account(luca, "mail") == 0, "it is not his to share"
    assert records.share_account(account, "mail") == 2
    luca.store.refresh()
    assert len(records.of_item(luca, maria)) == 2
    undo(account)
    assert records.share_account(account, "mail", private=True) == 0
    luca.store.refresh()
    assert records.of_item(luca, maria) == []


def test_taking_in_is_no_step_that_is_undone(account: Session, dovecot: Dovecot) -> None:
    maria = contact(account)
    dovecot.put(mail())
    assert hows(account) == ["new"]
    undo(account)  # the contact
    assert (account.peek(maria), len(records.newest(account, 5))) == (None, 1)


def test_a_folder_made_anew_brings_nothing_twice(account: Session, dovecot: Dovecot) -> None:
    contact(account)
    dovecot.put(mail())
    assert hows(account) == ["new"]
    before = position(account)
    dovecot.clear()
    for n in (1, 2):
        dovecot.put(mail(number=f"{n}@example.com"))
    for one in dovecot.maildir().glob("dovecot*"):
        one.unlink()
    (dovecot.maildir() / "dovecot-uidlist").write_text("3 V4711 N7 G00000000000000000000000000000001\n")
    os.chown(dovecot.maildir() / "dovecot-uidlist", *owner_of(dovecot.maildir()))
    assert sorted(hows(account)) == ["known", "new"]
    after = position(account)
    assert (after["validity"], before["since"]) == (4711, after["since"])
    assert hows(account) == []


def position(session: Session) -> Mapping[str, object]:
    return positions.position(session, "mail", "INBOX anna@localhost all").mark


def owner_of(path: Path) -> tuple[int, int]:
    return path.stat().st_uid, path.stat().st_gid


def test_a_server_that_dies_in_the_middle_goes_on_where_it_was(account: Session, dovecot: Dovecot) -> None:
    for n in range(120):
        dovecot.put(mail(number=f"{n}@many"))
    fetched = ImapLine._fetched

    def dies(line: ImapLine, group: list[int], sizes: dict[int, int]) -> object:
        if 60 in group:
            dovecot.kill()
        return fetched(line, group, sizes)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(ImapLine, "_fetched", dies)
        steps, troubles = look(account)
        assert len(steps) == 50, "what was written stays"
        assert "mail" in troubles
        assert "mail" in look(account)[1], "and while it is away, that is told"
    dovecot.start()
    assert hows(account) == ["new"] * 70
    assert len(records.newest(account, 0)) == 120


def test_idle_tells_within_a_second_or_two_and_a_lost_line_is_taken_up_again(
    account: Session, dovecot: Dovecot
) -> None:
    contact(account)
    end = Event()
    with Receivers(account) as receivers:
        assert list(receivers.take()) == []
        receivers.listen()
        assert not receivers.wait(0.01, end)
        dovecot.put(mail())
        began = monotonic()
        assert receivers.wait(10, end)
        assert monotonic() - began < 2.5, "the server looks once a second"
        assert [one.how for one in receivers.take()] == ["new"]
        receivers.listen()
        dovecot.kill()
        dovecot.start()
        assert receivers.wait(10, end), "what is lost is heard of"
        assert list(receivers.take()) == []
        assert receivers.troubles != {}, "a line that broke is told of, and made anew"
        receivers._next.clear()
        dovecot.put(mail(number="2@x"))
        assert [one.how for one in receivers.take()] == ["new"]
        assert receivers.troubles == {}


def test_what_came_between_the_look_and_the_waiting_is_not_slept_over(account: Session, dovecot: Dovecot) -> None:
    with Receivers(account) as receivers:
        list(receivers.take())
        dovecot.put(mail())
        receivers.listen()
        assert receivers.wait(5, Event())
        assert len(list(receivers.take())) == 1


def test_a_wrong_password_and_an_unknown_certificate_are_told_step_by_step(
    account: Session, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def steps() -> list[tuple[str, bool]]:
        return [(one.name, one.works) for one in try_channel(account.workspace.channels["mail"])]

    good = [("secret", True), ("name", True), ("port", True), ("tls", True), ("login", True)]
    assert steps() == [*good, ("folder", True), ("folder", True)]
    edit_channel(account, "mail", {"folders": "INBOX,Nope"})
    assert steps() == [*good, ("folder", True), ("folder", False)]
    edit_channel(account, "mail", {"security": "starttls", "port": str(dovecot.port), "folders": ""})
    assert steps()[:5] == good
    monkeypatch.setenv("MAIL_SECRET", "wrong")
    assert steps()[-1] == ("login", False)
    assert "log-in was refused" in look(account)[1]["mail"]
    monkeypatch.setenv("MAIL_SECRET", PASSWORD)
    edit_channel(account, "mail", {"ca": ""})
    assert steps()[-1] == ("tls", False)
    told = look(account)[1]["mail"]
    assert "certificate is not trusted" in told
    assert PASSWORD not in told


def test_an_account_of_a_department_is_its_peoples(account: Session, dovecot: Dovecot, open_as: OpenAs) -> None:
    luca = open_as("luca")
    account.store.refresh()
    add_channel(
        account, "Sales", "imap", words(dovecot, address="sales@ours.example", user="sales"), whose="department:company"
    )
    dovecot.put(mail(), user="sales")
    steps = [one for one in look(account)[0] if one.channel == "sales"]
    assert [one.how for one in steps] == ["new"]
    luca.store.refresh()
    found = records.by_id(luca, steps[0].id)
    assert (found.record.owner, found.record.private) == ("department:company", True)
    assert [one.ref for one in records.inbox(luca)] == [found.ref]


def test_a_mail_of_a_department_and_of_a_person_is_one_of_both(
    account: Session, dovecot: Dovecot, open_as: OpenAs
) -> None:
    luca = open_as("luca")
    address = {"address": "sales@ours.example", "user": "sales"}
    add_channel(account, "Sales", "imap", words(dovecot, **address), whose="department:company")
    dovecot.put(mail())
    dovecot.put(mail(), user="sales")
    steps, _troubles = look(account)
    assert [one.how for one in steps] == ["new", "known"]
    luca.store.refresh()
    assert [one.record.id for one in records.inbox(luca)] == [steps[0].id], "it came to his department"
    records.leave(luca, records.by_id(luca, steps[0].id))
    account.store.refresh()
    assert [one.record.id for one in records.inbox(account)] == [steps[0].id], "what is Anna's own stays"
    with pytest.raises(NotFound):
        records.by_id(luca, steps[0].id)


def test_two_that_look_at_once_make_each_mail_once(account: Session, dovecot: Dovecot, open_as: OpenAs) -> None:
    for n in range(120):
        dovecot.put(mail(number=f"{n}@many"))
    found: list[tuple[list[ReceivedStep], dict[str, str]]] = []
    threads = [
        Thread(target=lambda session=session: found.append(look(session))) for session in (account, open_as("anna"))
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert [troubles for _steps, troubles in found] == [{}, {}]
    assert sum(one.how == "new" for steps, _troubles in found for one in steps) == 120
    account.store.refresh()
    assert len(records.newest(account, 0)) == 120


def test_what_the_server_says_that_makes_no_sense_ends_in_words(account: Session, dovecot: Dovecot) -> None:
    from tests.channels.mail.nonsense import saying

    for said in (
        b"* OK hi\r\nx BAD\r\n",
        b"\xff\xfe\r\n" * 100,
        b"* PREAUTH\r\n* OK\r\n",
        b"",
        b"* BYE away\r\n",
        b"* OK " + b"x" * 2_000_000,
    ):
        with saying(said) as port:
            edit_channel(account, "mail", {"host": "127.0.0.1", "security": "plain", "port": str(port)})
            assert look(account)[1]["mail"].startswith("127.0.0.1: "), said[:30]


def test_nothing_there_is_waited_for_without_an_end(account: Session, dovecot: Dovecot) -> None:
    from tests.channels.mail.nonsense import saying
    from tuicrm.errors import Unreachable

    with saying(b"* OK here it comes, letter by letter", pause=0.02) as port:
        edit_channel(account, "mail", {"host": "127.0.0.1", "security": "plain", "port": str(port)})
        began = monotonic()
        with pytest.raises(Unreachable, match=r"does not end|in time"):
            ImapLine(imap_server(account.workspace.channels["mail"]), PASSWORD, patience=0.2)
        assert monotonic() - began < 5


# -- a Maildir ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    path = tmp_path / "Maildir"
    for part in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new"):
        (path / part).mkdir(parents=True)
    return path


def test_a_maildir_is_looked_through_once_and_nothing_in_it_is_moved(seeded: Session, maildir: Path) -> None:
    maria = contact(seeded)
    add_channel(seeded, "Here", "maildir", {"address": "anna@ours.example", "path": str(maildir), "days": "9999"})
    (maildir / "new" / "1.here").write_bytes(mail())
    (maildir / "tmp" / "2.here").write_bytes(mail(number="half@x"))
    (maildir / ".Sent" / "cur" / "3.here:2,S").write_bytes(
        mail(
            sender="me@home.example", to="maria@example.com", number="3@x", text="On its way, as you said it should be."
        )
    )
    assert hows(seeded) == ["new", "new"]
    assert sorted(one.record.way for one in records.of_item(seeded, maria)) == ["in", "out"]
    assert (maildir / "new" / "1.here").exists()
    assert hows(seeded) == []
    (maildir / "new" / "1.here").rename(maildir / "cur" / "1.here:2,S")
    (maildir / "new" / "4.here").write_bytes(mail(number="4@x"))
    assert sorted(hows(seeded)) in (["known", "new"], ["new"])
    edit_channel(seeded, "here", {"move": "yes", "folders": "INBOX, Gone"})
    (maildir / "new" / "5.here").write_bytes(mail(number="5@x"))
    steps, troubles = look(seeded)
    assert ([one.how for one in steps], troubles) == (["new"], {"here": "there is no folder Gone"})
    assert (maildir / "cur" / "5.here:2,").exists()
    assert next(one.told for one in try_channel(seeded.workspace.channels["here"])).startswith("INBOX: ")


def test_where_a_colleague_says_that_it_lies_nothing_is_read_unasked(
    seeded: Session, maildir: Path, open_as: OpenAs
) -> None:
    luca = open_as("luca")
    add_channel(luca, "Here", "maildir", {"address": "luca@ours.example", "path": "/nowhere", "take": "all"})
    (maildir / "new" / "1.here").write_bytes(mail())
    seeded.store.refresh()
    whose = {"path": str(maildir), "shared": "yes"}
    edit_channel(seeded, "here", whose)
    luca.store.refresh()
    from tuicrm.services.messages import trust

    trust._path().unlink()  # what is agreed to on Anna's machine is not agreed to on Luca's
    steps, troubles = look(luca)
    assert steps == []
    assert "channel trust here" in troubles["here"]


def test_no_such_maildir_is_told(seeded: Session, tmp_path: Path) -> None:
    add_channel(seeded, "Here", "maildir", {"address": "anna@ours.example", "path": str(tmp_path / "none")})
    assert "is not a Maildir" in look(seeded)[1]["here"]
