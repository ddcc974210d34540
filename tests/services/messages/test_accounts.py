"""Channels: whose they are, who may use and change them, and that no secret ever stands in one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.hostile_workspace import PAYLOADS
from tuicrm.domain.channels import ChannelSecret, port_of, security_of
from tuicrm.errors import AccessDenied, CrmError, NotFound, Refused
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import trust
from tuicrm.services.messages.accounts import (
    add_channel,
    channels,
    edit_channel,
    find_channel,
    may_use,
    remove_channel,
    retire_channel,
    words_of,
)
from tuicrm.services.messages.servers import secret_for

MAIL = {"address": "Anna <anna@example.test>", "host": "mail.example.test", "user": "anna", "secret": "variable:MAIL"}


def test_a_channel_is_made_changed_retired_and_removed(seeded: Session) -> None:
    made = add_channel(seeded, "My mail", "smtp", MAIL)
    assert (made.key, made.person, made.address) == ("my_mail", seeded.person_key, "anna@example.test")
    assert made.secret == ChannelSecret("variable", "MAIL")
    assert (port_of(made), security_of(made)) == (587, "starttls")
    edited = edit_channel(seeded, "my_mail", {"port": "465", "user": "", "signature": "Anna\nSales"}, label="Mail")
    assert edited.settings == {"host": "mail.example.test", "port": "465", "signature": "Anna\nSales"}
    assert security_of(edited) == "tls"
    assert words_of(edited)["secret"] == "variable:MAIL"
    assert retire_channel(seeded, "my_mail").retired
    assert (channels(seeded), may_use(seeded, find_channel(seeded, "Mail"))) == ([], False)
    assert not retire_channel(seeded, "my_mail", back=True).retired
    remove_channel(seeded, "my_mail")
    with pytest.raises(NotFound, match="There is no channel"):
        find_channel(seeded, "my_mail")


def test_what_is_wrong_is_told_at_once_and_no_secret_is_repeated(seeded: Session) -> None:
    for words in (
        {**MAIL, "password": "hunter2"},
        {**MAIL, "secret": "hunter2"},
        {**MAIL, "secret": "password:hunter2"},
        {**MAIL, "secret": "command:"},
    ):
        with pytest.raises(Refused) as refused:
            add_channel(seeded, "Mail", "smtp", words)
        assert "hunter2" not in f"{refused.value.message}{refused.value.fields}"
    with pytest.raises(Refused) as both:
        add_channel(seeded, "Mail", "smtp", {**MAIL, "port": "0", "security": "none", "take": "some"})
    assert {one.field for one in both.value.fields} == {"port", "security", "take"}
    with pytest.raises(Refused, match="host: this is needed; address: this is needed"):
        add_channel(seeded, "Mail", "smtp", {})
    for kind in ("pop3", "", "SMTP"):
        with pytest.raises(Refused, match="kind"):
            add_channel(seeded, "Mail", kind, MAIL)
    for evil in PAYLOADS:
        for word in ("host", "port", "address", "security"):
            with pytest.raises(Refused):
                add_channel(seeded, "Mail", "smtp", {**MAIL, word: evil})
    assert channels(seeded) == []


def test_everybody_has_their_own_and_others_need_the_right(seeded: Session, open_as: OpenAs) -> None:
    theirs = add_channel(seeded, "Anna's", "smtp", MAIL)
    luca = open_as("luca")
    mine = add_channel(luca, "Luca's", "smtp", MAIL)
    assert mine.person == "luca"
    assert not may_use(luca, theirs)
    assert may_use(luca, mine)
    for attempt in (
        lambda: edit_channel(luca, theirs.key, {"host": "evil.example"}),
        lambda: retire_channel(luca, theirs.key),
        lambda: remove_channel(luca, theirs.key),
        lambda: add_channel(luca, "For Anna", "smtp", MAIL, whose=seeded.person_key),
        lambda: edit_channel(luca, mine.key, {}, whose=seeded.person_key),
    ):
        with pytest.raises(AccessDenied):
            attempt()


def test_a_secret_goes_only_where_its_user_has_seen(
    seeded: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL", "s3cret")
    made = add_channel(seeded, "Mail", "smtp", MAIL)
    assert secret_for(made) == "s3cret"
    entry = seeded.workspace.entry("channel", "mail")
    assert entry is not None
    ran = tmp_path / "ran"
    for change in (
        {"settings": {**made.settings, "host": "evil.example"}},
        {"settings": {**made.settings, "security": "plain"}},
        {"secret": {"from": "command", "name": f"touch {ran}"}},
    ):
        with seeded.change("by another") as step:
            step.patch("channel", entry.id, change)
        with pytest.raises(AccessDenied, match="tuicrm channel trust mail"):
            secret_for(seeded.workspace.channels["mail"])
        assert not ran.exists()
        with seeded.change("back") as step:
            step.put("channel", entry.doc, entry.id)
    assert secret_for(seeded.workspace.channels["mail"]) == "s3cret"
    with seeded.change("by another") as step:
        step.patch("channel", entry.id, {"secret": {"from": "variable", "name": "OTHER"}})
    monkeypatch.setenv("OTHER", "s3cond")
    trust.agree(seeded.workspace.channels["mail"])
    assert secret_for(seeded.workspace.channels["mail"]) == "s3cond"


def test_no_byte_of_a_secret_lies_in_the_folder(
    seeded: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MAIL", "s3cret-of-anna")
    made = add_channel(seeded, "Mail", "smtp", MAIL)
    assert secret_for(made) == "s3cret-of-anna"
    with pytest.raises(CrmError):
        edit_channel(seeded, "mail", {"secret": "s3cret-of-anna"})
    files = [one for one in tmp_path.rglob("*") if one.is_file()]
    assert any(one.name == "trusted_channels" for one in files)
    assert not any(b"s3cret-of-anna" in one.read_bytes() for one in files)
