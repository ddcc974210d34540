"""Channels set up on screen: added by kind, tried step by step, changed, agreed to, retired, removed."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import OpenAs
from tests.driver import SMALL, Crm, running
from tests.hostile import assert_harmless
from tests.mailbox import Inbox, mailbox
from tests.screens.test_shaping import open_setting
from tuicrm.domain.channel_settings import KINDS
from tuicrm.domain.channels import Channel
from tuicrm.screens.settings.channel_forms import KIND_LABELS, SETTING_LABELS
from tuicrm.screens.settings.screen import SettingsScreen
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.accounts import add_channel, channels
from tuicrm.services.messages.servers import ChannelStep
from tuicrm.widgets.form import Form


def test_every_kind_and_setting_has_a_name_that_people_read() -> None:
    assert KINDS.keys() <= KIND_LABELS.keys()
    assert {one.key for settings in KINDS.values() for one in settings} <= SETTING_LABELS.keys()


async def fill(crm: Crm, **answers: str) -> None:
    """Type into the fields of the form, by their keys."""
    form = crm.dialog
    assert isinstance(form, Form)
    for key, text in answers.items():
        next(field for field in form.fields if field.question.key == key).enter()
        await crm.settle()
        await crm.press("ctrl+u")
        await crm.type(text)


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with mailbox() as there:
        yield there


async def test_a_channel_is_added_tried_changed_retired_and_removed(seeded: Session, inbox: Inbox) -> None:
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "channels")
        assert "No channels yet: n adds the account" in crm.screen_text()
        await crm.press_action("channels.new")
        await crm.type("SMTP")
        await crm.press_action("list.choose")
        await fill(crm, label="My mail", address="anna", host="127.0.0.1", port=str(inbox.port))
        await crm.press_action("form.save")
        assert channels(seeded) == [], "an address is no name"
        assert isinstance(crm.dialog, Form)
        await fill(crm, address="anna@ours.example")
        await crm.press_action("form.save")
        (made,) = channels(seeded)
        assert (made.label, made.kind, made.person) == ("My mail", "smtp", seeded.person_key)
        assert "127.0.0.1" in crm.screen_text()
        await crm.press_action("channels.test")
        await crm.until(lambda: "It works." in crm.screen_text())
        assert f"✓ Port: {inbox.port}" in crm.screen_text()
        await crm.press_action("close", "channels.change")
        await fill(crm, label="Mail [/]", port="1")
        await crm.press_action("form.save")
        assert channels(seeded)[0].settings["port"] == "1"
        await crm.press_action("channels.test")
        await crm.until(lambda: "It does not work yet." in crm.screen_text())
        assert "! Port" in crm.screen_text()
        await crm.press_action("close", "channels.retire")
        assert channels(seeded) == []
        await crm.press_action("undo", "channels.remove")
        assert channels(seeded, retired=True) == []
        await crm.press_action("undo")
        assert [one.label for one in channels(seeded)] == ["Mail [/]"]


async def test_a_secret_is_never_in_the_workspace(seeded: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    ring: dict[str, str] = {}
    monkeypatch.setattr("tuicrm.channels.secrets.why_no_keyring", lambda: "")
    monkeypatch.setattr("tuicrm.channels.secrets.keep_in_keyring", ring.__setitem__)
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "channels")
        await crm.press_action("channels.new")
        await crm.type("IMAP")
        await crm.press_action("list.choose")
        await fill(crm, label="In", address="anna@ours.example", host="mail.example", user="anna")
        form = crm.dialog
        assert isinstance(form, Form)
        next(field for field in form.fields if field.question.key == "take").enter()
        await crm.press_action("form.choose", "list.down", "list.choose", "form.save")
        # What it is logged in with is asked next.
        await crm.press("k")
        await crm.type("s3cret [/]")
        assert "s3cret" not in crm.screen_text()
        await crm.press_action("form.save")
        (made,) = channels(seeded)
        assert (made.take, str(made.secret)) == ("all", "keyring")
        assert ring == {"anna@mail.example": "s3cret [/]"}
        for key, typed, kept in (("c", "pass show mail", "command"), ("v", "MAIL", "variable"), ("f", "~/x", "file")):
            await crm.press_action("channels.secret")
            await crm.press(key)
            await crm.type(typed)
            await crm.press_action("form.save")
            assert str(channels(seeded)[0].secret) == f"{kept}:{typed}"
        monkeypatch.setattr("tuicrm.channels.secrets.why_no_keyring", lambda: "there is no keyring here")
        await crm.press_action("channels.secret")
        await crm.press("k")
        assert "there is no keyring here" in crm.said()
        add_channel(seeded, "Box", "maildir", {"address": "anna@ours.example", "path": "~/Maildir"})
        crm.app._read_again()
        await crm.settle()
        await crm.press_action("move.last", "channels.secret")
        assert "It needs no password or token." in crm.said()
    for file in Path(seeded.store.place).rglob("*"):
        assert not file.is_file() or b"s3cret" not in file.read_bytes()


async def test_a_trial_shows_its_steps_as_they_come_and_is_left_at_any_time(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_channel(seeded, "Slow", "smtp", {"address": "anna@ours.example", "host": "localhost"})
    goes_on, asked = threading.Event(), list[str]()
    over = threading.Event()

    def steps(channel: Channel) -> Iterator[ChannelStep]:
        yield ChannelStep("name", True, "\x1b[31m[/]127.0.0.1")
        goes_on.wait()
        asked.append(channel.key)
        over.set()
        yield ChannelStep("port", True, "25")

    monkeypatch.setattr("tuicrm.services.messages.trials.try_channel", steps)
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "channels")
        try:
            await crm.press_action("channels.test")
            assert "Name: [31m[/]127.0.0.1" in crm.screen_text()
            assert "Port" not in crm.screen_text()
            for line in crm.screen_lines():
                assert_harmless(line)
            await crm.press_action("close")
            assert "Trying Slow" not in crm.screen_text()
        finally:
            goes_on.set()
        await asyncio.to_thread(over.wait, 30)
        await crm.settle()
        assert asked == ["slow"]


async def test_what_somebody_else_said_of_a_secret_is_agreed_to(
    seeded: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = {"address": "anna@ours.example", "host": "mail.example", "user": "anna", "secret": "command:pass show mail"}
    add_channel(seeded, "Gate", "smtp", words)
    monkeypatch.setattr("tuicrm.services.messages.trust._kept", lambda _path: set())
    agreed: list[str] = []
    monkeypatch.setattr("tuicrm.services.messages.trust.agree", lambda channel: agreed.append(channel.key))
    async with running(seeded, SettingsScreen, SMALL) as crm:
        await open_setting(crm, "channels")
        assert "you have not agreed to it here" in crm.screen_text()
        await crm.press_action("channels.trust")
        assert "mail.example" in crm.screen_text()
        await crm.press_action("confirm.no")
        assert agreed == []
        await crm.press_action("channels.trust", "confirm.yes")
        assert agreed == ["gate"]
        for line in crm.screen_lines():
            assert_harmless(line)


async def test_those_of_others_are_theirs(seeded: Session, open_as: OpenAs) -> None:
    add_channel(seeded, "Anna's", "smtp", {"address": "anna@ours.example", "host": "localhost"})
    async with running(open_as("luca"), SettingsScreen, SMALL) as crm:
        await open_setting(crm, "channels")
        for action in ("channels.change", "channels.test", "channels.retire", "channels.remove"):
            await crm.press_action(action)
            assert "somebody else's" in crm.said()
        assert [one.label for one in channels(seeded)] == ["Anna's"]
