"""Numbers are handed over whole, as one argument, to what the person chose; where no desktop is, one is told what does."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tuicrm.errors import Refused, StorageError, UsageError
from tuicrm.services.messages.dialling import dial

NUMBER = "+14165550142;ext=752"


def test_a_command_of_one_s_own_gets_the_number_as_one_argument(tmp_path: Path) -> None:
    got = tmp_path / "got"
    command = (
        f"{sys.executable} -c 'import sys; open(sys.argv[1], \"w\").write(repr(sys.argv[2:]))' {got} sip:{{}}@pbx -v"
    )
    assert dial(NUMBER, "", command, {}) == "+14165550142"
    assert got.read_text() == "['sip:+14165550142@pbx', '-v']"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="another opener")
def test_a_desktop_opens_the_link(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opener, got = tmp_path / "xdg-open", tmp_path / "got"
    opener.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >>{got}\n')
    opener.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    assert dial(NUMBER, "", "", {"DISPLAY": ":0"}) == "tel:+14165550142;ext=752"
    assert dial(NUMBER, "sip", "ignored {}", {"WAYLAND_DISPLAY": "wayland-0"}) == "sip:+14165550142"
    assert got.read_text() == "tel:+14165550142;ext=752|sip:+14165550142|"


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="a desktop is always there")
def test_where_no_desktop_is_one_is_told_what_dials() -> None:
    with pytest.raises(Refused, match="call qr"):
        dial(NUMBER, "tel", "", {})


def test_what_cannot_dial_is_told() -> None:
    with pytest.raises(UsageError, match="no way to dial smoke"):
        dial(NUMBER, "smoke", "", {})
    with pytest.raises(Refused, match="call_command"):
        dial(NUMBER, "command", "", {})
    with pytest.raises(UsageError, match="part of a program"):
        dial(NUMBER, "", "sh -c 'dial {}'", {})
    with pytest.raises(UsageError, match="call_command cannot be read"):
        dial(NUMBER, "", "dial '{}", {})
    with pytest.raises(StorageError, match="failed with exit code"):
        dial(NUMBER, "", "false", {})
