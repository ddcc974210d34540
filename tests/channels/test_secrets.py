"""Where secrets are found, and what is said where they are not: never the secret."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends.fail import Keyring as NoRing

from tuicrm.channels import secrets
from tuicrm.channels.secrets import SERVICE, secret_of
from tuicrm.domain.channels import ChannelSecret
from tuicrm.errors import AccessDenied


class Ring(KeyringBackend):
    """A keyring of its own: the system's is nobody's business here."""

    priority = 1

    def __init__(self) -> None:
        self.kept = {(SERVICE, "anna@mail.test"): "from the ring", (SERVICE, "other"): "another"}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password


@pytest.fixture(autouse=True)
def _ring() -> Iterator[None]:
    before = keyring.get_keyring()
    keyring.set_keyring(Ring())
    yield
    keyring.set_keyring(before)


def found(text: str, environ: dict[str, str] | None = None) -> str:
    source, _colon, name = text.partition(":")
    return secret_of(ChannelSecret(source, name), "anna@mail.test", environ or {})  # type: ignore[arg-type]


def test_a_secret_comes_from_one_of_four_places(tmp_path: Path) -> None:
    assert found("keyring") == "from the ring"
    assert found("keyring:other") == "another"
    assert found("variable:MAIL", {"MAIL": "s3cret"}) == "s3cret"
    kept = tmp_path / "kept"
    kept.write_text("s3cret word\nand more\n")
    kept.chmod(0o600)
    assert found(f"file:{kept}") == "s3cret word"
    assert found(f"command:cat {kept}") == "s3cret word"
    assert found("command:echo '$(id)' \"a b\"") == "$(id) a b", "no shell reads it"


def test_what_gives_no_secret_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(secrets, "PATIENCE", 0.3)
    open_to_all, empty, pipe = tmp_path / "open", tmp_path / "empty", tmp_path / "pipe"
    open_to_all.write_text("s3cret")
    open_to_all.chmod(0o640)
    empty.touch(0o600)
    os.mkfifo(pipe, 0o600)
    for text, told in [
        ("keyring:nobody", f"keyring set {SERVICE} nobody"),
        ("variable:MAIL", "MAIL is not set"),
        (f"file:{open_to_all}", "chmod 600"),
        (f"file:{empty}", "is empty"),
        (f"file:{pipe}", "is not a file"),
        (f"file:{tmp_path}", "cannot be read"),
        (f"file:{tmp_path / 'none'}", "cannot be read"),
        ("file:a\0b", "cannot be read"),
        ("command:false", "gives no password"),
        ("command:no-such-command s3cret", "gives no password"),
        ("command:'unclosed", "gives no password"),
        ("command: ", "gives no password"),
        ("command:sleep 30", "gives no password"),
    ]:
        with pytest.raises(AccessDenied) as failed:
            found(text)
        assert told in failed.value.message, text


@pytest.mark.skipif(not hasattr(os, "getuid") or os.getuid() != 0, reason="only root gives files away")
def test_a_file_that_somebody_else_put_there_is_no_secret(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("s3cret")
    kept.chmod(0o600)
    os.chown(kept, 65534, 65534)
    with pytest.raises(AccessDenied, match="somebody else"):
        found(f"file:{kept}")


def test_a_secret_is_put_into_the_keyring_where_it_is_looked_for() -> None:
    assert secrets.why_no_keyring() == ""
    secrets.keep_in_keyring("anna@mail.test", "new one")
    assert found("keyring") == "new one"
    keyring.set_keyring(NoRing())  # type: ignore[no-untyped-call]
    assert secrets.why_no_keyring() == "there is no keyring here"
    with pytest.raises(AccessDenied, match="say another place"):
        secrets.keep_in_keyring("anna@mail.test", "s3cret")
