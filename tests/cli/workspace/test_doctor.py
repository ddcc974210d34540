"""`tuicrm doctor` in many surroundings, as a process and on a real terminal."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from benchmarks.probe import Probe
from tests.cli.conftest import ROOT, Crm
from tuicrm.cli.workspace.terminal_facts import clipboard, is_remote, multiplexer

SSH = {"SSH_CONNECTION": "192.0.2.7 50000 192.0.2.1 22", "TZ": ""}


def told(doctor: Any, about: str) -> str:
    """The advice about one thing, "" for none."""
    return " ".join(one["text"] for one in doctor["advice"] if one["about"] == about)


@contextmanager
def on_terminal(data: Path, size: tuple[int, int], **changed: str) -> Iterator[str]:
    """What `tuicrm doctor` shows on a terminal of that size."""
    surroundings = {"PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data), **changed}
    probe = Probe([sys.executable, "-m", "tuicrm", "doctor"], size, surroundings)
    try:
        assert probe.first("Python +3", 20) is not None, probe.text()
        yield probe.text()
    finally:
        probe.close()


def test_on_a_pipe_all_is_well_and_plain(process: Crm) -> None:
    ran = process("doctor", env={"LC_ALL": "C.UTF-8", "TERM": "xterm"})
    assert (ran.code, ran.err) == (0, "")
    assert "\x1b" not in ran.out
    assert "All is well." in ran.out
    for label in (
        "Terminal",
        "Colours",
        "Size",
        "Clipboard",
        "SSH",
        "Encoding",
        "Time zone",
        "Folder",
        "Others here",
        "Python",
    ):
        assert f"\n{label} " in ran.out


def test_programs_get_the_same(process: Crm, data: Path) -> None:
    ran = process("doctor", "--json", env={"LC_ALL": "C.UTF-8"})
    doctor = ran.json["doctor"]
    assert ran.code == 0
    assert (doctor["fine"], doctor["advice"], doctor["workspace"]) == (True, [], str(data))
    assert (doctor["person"], doctor["items"]) == ("Anna Bianchi", {"company": 2, "contact": 1, "deal": 3})
    assert (doctor["zone"], doctor["zone_source"], doctor["encoding"], doctor["ssh"]) == ("UTC", "TZ", "utf-8", "")


def test_over_ssh_the_servers_zone_is_said_not_to_be_ones_own(process: Crm, tmp_path: Path) -> None:
    doctor = process("doctor", "--json", env=SSH).json["doctor"]
    assert (doctor["ssh"], doctor["zone_source"], doctor["fine"]) == ("192.0.2.7", "server", True)
    assert "AcceptEnv TZ" in told(doctor, "zone")
    forwarded = process("doctor", "--json", env={**SSH, "TZ": "Asia/Tokyo"}).json["doctor"]
    assert (forwarded["zone"], forwarded["zone_source"], told(forwarded, "zone")) == ("Asia/Tokyo", "TZ", "")
    settings = tmp_path / "config.toml"
    settings.write_text('time_zone = "Europe/Rome"\n')
    own = process("doctor", "--json", env={**SSH, "TZ": "Asia/Tokyo", "TUICRM_CONFIG": str(settings)}).json["doctor"]
    assert (own["zone"], own["zone_source"], told(own, "zone")) == ("Europe/Rome", "setting", "")


def test_a_wrong_zone_is_told_and_stops_nothing(process: Crm, tmp_path: Path) -> None:
    ran = process("deal", "list", env={"TZ": "Europe/Roma"})
    assert (ran.code, "Did you mean 'Europe/Rome'?" in ran.err) == (0, True)
    assert "Website redesign" in ran.out
    settings = tmp_path / "config.toml"
    settings.write_text('time_zone = "Rome"\n')
    ran = process("doctor", "--json", env={"TUICRM_CONFIG": str(settings)})
    assert (ran.code, ran.json["doctor"]["fine"]) == (1, False)
    assert "Did you mean 'Europe/Rome'?" in told(ran.json["doctor"], "settings")
    assert str(settings) in told(ran.json["doctor"], "settings")


def test_letters_that_cannot_be_shown(process: Crm) -> None:
    doctor = process("doctor", "--json", env={"LC_ALL": "de_DE.ISO-8859-1", "PYTHONIOENCODING": "latin-1"}).json[
        "doctor"
    ]
    assert doctor["encoding"] == "iso8859-1"
    assert "UTF-8" in told(doctor, "encoding")


def test_a_workspace_that_does_not_open(process: Crm, data: Path, tmp_path: Path) -> None:
    nowhere = process("doctor", "--data", str(tmp_path / "nowhere"), "--json")
    assert (nowhere.code, nowhere.json["doctor"]["opens"]) == (0, False)
    assert "tuicrm init" in told(nowhere.json["doctor"], "opens")
    shutil.rmtree(data)
    data.mkdir()
    (data / "letter").write_text("no workspace")
    other = process("doctor", "--json")
    assert (other.code, other.json["doctor"]["opens"], other.json["doctor"]["fine"]) == (1, False, False)


def test_on_a_terminal_it_is_asked_and_measured(data: Path) -> None:
    with on_terminal(data, (100, 30), TERM_PROGRAM="WezTerm") as shown:
        assert "100×30" in shown
        assert "16 million" in shown
        assert "Flicker-free drawing  yes" in shown
        assert "works (OSC 52)" in shown
        assert "needs 80×24" not in shown


def test_a_small_terminal_with_few_colours(data: Path) -> None:
    with on_terminal(data, (70, 20), TERM="xterm", COLORTERM="", TMUX="/tmp/x,1,0") as shown:
        assert "70×20" in shown
        assert "tuicrm needs 80×24" in shown
        assert "COLORTERM=truecolor" in shown
        assert "tmux" in shown
        assert "set-clipboard on" in shown


def test_a_terminal_that_can_show_nothing(data: Path) -> None:
    with on_terminal(data, (80, 24), TERM="dumb") as shown:
        assert "TERM=xterm-256color" in shown
        assert "2026" not in shown


@pytest.mark.parametrize(
    ("environ", "takes"),
    [
        ({"TERM": "xterm-kitty"}, "yes"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "iTerm.app"}, "on request"),
        ({"TERM": "xterm-256color", "TERM_PROGRAM": "Apple_Terminal"}, "no"),
        ({"TERM": "xterm-256color", "VTE_VERSION": "7200"}, "no"),
        ({"TERM": "screen", "STY": "1.pts"}, "no"),
        ({"TERM": "xterm-kitty", "TMUX": "/tmp/x"}, "on request"),
        ({"TERM": "xterm-256color"}, "unknown"),
    ],
)
def test_what_is_known_of_clipboards(environ: dict[str, str], takes: str) -> None:
    found = clipboard(environ)
    assert found.takes == takes
    assert bool(found.advice) == (takes != "yes")


def test_a_terminal_that_answers_nothing_is_waited_for_a_moment(data: Path) -> None:
    surroundings = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data), "TERM": "xterm"}
    controller, terminal = os.openpty()
    try:
        done = subprocess.run(
            [sys.executable, "-c", "import pty,sys;sys.exit(pty.spawn([sys.executable,'-m','tuicrm','doctor'])>>8)"],
            stdin=terminal, stdout=subprocess.PIPE, env=surroundings, timeout=30, check=False,
        )  # fmt: skip
    finally:
        os.close(controller)
        os.close(terminal)
    assert done.returncode == 0
    assert "it did not answer" in done.stdout.decode()


def test_where_one_is() -> None:
    assert (multiplexer({"ZELLIJ": "0"}), multiplexer({})) == ("zellij", "")
    assert (is_remote({"SSH_CLIENT": "::1 5 22"}), is_remote({})) == ("::1", "")


# -- what roles are worth ----------------------------------------------------------------------------------------------
def test_it_says_plainly_what_roles_do_not_protect(process: Crm, data: Path) -> None:
    data.chmod(0o2770)
    ran = process("doctor", env={"LC_ALL": "C.UTF-8", "TERM": "xterm"})
    assert "Whoever can write to the folder can bypass roles" in ran.out
    assert f"its owner, {data.owner()}, and the group {data.group()}" in ran.out
    for protection in (
        "only for people who may see everything",
        "a separate workspace",
        "later: sessions over",
    ):
        assert protection in ran.out
    assert max(map(len, ran.out.partition("PERMISSIONS")[2].splitlines())) <= 80
    doctor = process("doctor", "--json").json["doctor"]
    assert (doctor["writable_by"], doctor["roles_hold_against_writers"]) == ("group", False)
    assert len(doctor["protects"]) == 3


@pytest.mark.parametrize(
    ("mode", "writable_by", "code", "advised"),
    [
        (0o700, "owner", 0, False),
        (0o2770, "group", 0, False),
        (0o755, "owner", 0, True),
        (0o2771, "group", 0, True),
        (0o777, "everyone", 1, True),
    ],
)
def test_it_advises_to_close_a_folder_that_everybody_comes_into(
    crm: Crm, data: Path, mode: int, writable_by: str, code: int, advised: bool
) -> None:
    data.chmod(mode)
    ran = crm("doctor", "--json")
    doctor = ran.json["doctor"]
    assert (ran.code, doctor["writable_by"]) == (code, writable_by)
    assert (f"chmod -R o-rwx {data}" in told(doctor, "writable_by")) is advised


def test_without_a_workspace_nothing_is_said_of_its_rights(crm: Crm, data: Path) -> None:
    shutil.rmtree(data)
    assert "writable_by" not in crm("doctor", "--json").json["doctor"]
    data.mkdir()
    assert "PERMISSIONS" not in crm("doctor").out
