"""How one logs in to a calendar server: the password comes from outside, and stands nowhere in the workspace."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from tuicrm.errors import AccessDenied, UsageError
from tuicrm.services.calendar import caldav_account
from tuicrm.services.calendar.caldav_account import (
    COMMAND,
    PASSWORD,
    SERVICE,
    CalendarAccount,
    account,
    keep_account,
    keyring_name,
    password_of,
)
from tuicrm.services.kernel.session import Session

ACCOUNT = CalendarAccount("https://cloud.example/dav/", "anna", "Work", "D-1")


class InMemory(KeyringBackend):
    """A keyring of its own: the system's is nobody's business here."""

    priority = 1

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture
def ring() -> Iterator[InMemory]:
    before, ring = keyring.get_keyring(), InMemory()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_the_password_comes_from_the_environment_a_command_or_the_keyring(ring: InMemory, tmp_path: Path) -> None:
    keyring.set_password(SERVICE, keyring_name(ACCOUNT), "from the ring")
    assert password_of(ACCOUNT, {}) == "from the ring"
    script = tmp_path / "pass word"
    script.write_text('#!/bin/sh\necho "$1; $2"\necho second\n')
    script.chmod(0o700)
    printed = {COMMAND: f"'{script}' '$(id)' \"a b\""}
    assert password_of(ACCOUNT, printed) == "$(id); a b", "no shell reads it, and only the first line is the password"
    assert password_of(ACCOUNT, {**printed, PASSWORD: "said"}) == "said"


def test_what_gives_no_password_is_said(ring: InMemory) -> None:
    with pytest.raises(UsageError, match=f"keyring set {SERVICE} anna@https://cloud.example/dav/"):
        password_of(ACCOUNT, {})
    for command in ("false", "no-such-command", "true", "'unclosed", "''", " ", "yes"):
        with pytest.raises(AccessDenied, match=COMMAND):
            password_of(ACCOUNT, {COMMAND: command})


def test_a_command_that_does_not_end_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caldav_account, "_PATIENCE", 0.2)
    for command in ("sleep 30", "sh -c 'yes & sleep 30'"):
        with pytest.raises(AccessDenied, match="timed out"):
            password_of(ACCOUNT, {COMMAND: command})


def test_an_account_is_remembered_for_the_person(seeded: Session) -> None:
    assert account(seeded) is None
    keep_account(seeded, ACCOUNT)
    assert account(seeded) == ACCOUNT
    before = seeded.store.seq()
    keep_account(seeded, ACCOUNT)
    assert seeded.store.seq() == before
