"""`tuicrm remind`: reminders as lines, by a command, by a real mail server; a worker that ends cleanly and rests between."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from select import select

import pytest

from tests.cli.conftest import ROOT, Crm
from tests.mailbox import Inbox, mailbox
from tuicrm.domain.stamps import stamp
from tuicrm.services.kernel.reader import ACTIVITIES
from tuicrm.services.workspace.start import open_session
from tuicrm.store.protocol import Op

EVIL = "Call $(touch pwned); `id` \x1b]0;x\x07\nBcc: eve@example.com \u202e"


def plan(data: Path, what: str = "Call Paolo", minutes: float = 10, before: int = 15) -> None:
    session = open_session(data)
    me = session.person_key
    number = session.store.new_ids(ACTIVITIES)[0]
    at = stamp(datetime.now(UTC) + timedelta(minutes=minutes))
    doc = {"owner": "deal:1", "what": what, "at": at, "kind": "call", "done": False, "by": me, "responsible": me,
           "created": "2026-11-01T10:00:00Z", "reminders": [before]}  # fmt: skip
    session.store.commit([Op(ACTIVITIES, number, doc)], by=me)
    session.close()


def test_once_tells_what_has_come_and_no_more(data: Path, crm: Crm) -> None:
    plan(data)
    plan(data, "Far", minutes=500)
    told = crm("remind", "--once")
    assert told.code == 0
    assert told.out.endswith(" Call Paolo · Website redesign\n")
    assert crm("remind", "--once").err == "No reminder has come.\n"
    assert crm("remind", "--once", "--json").json["reminders"] == []


def test_a_command_gets_the_text_as_one_argument_and_no_shell_reads_it(data: Path, crm: Crm, tmp_path: Path) -> None:
    plan(data, EVIL)
    script = tmp_path / "note.py"
    script.write_text("import json, sys; open('got.json', 'w').write(json.dumps(sys.argv[1:]))", encoding="utf-8")
    assert crm("remind", "--once", "--command", f"'{sys.executable}' '{script}' -t 'A title' '» {{}}'").code == 0
    got = json.loads(Path("got.json").read_text(encoding="utf-8"))
    assert got[:2] == ["-t", "A title"]
    assert got[2].startswith("» ")
    assert "Call $(touch pwned); `id` ]0;x Bcc: eve@example.com" in got[2]
    assert len(got) == 3
    assert not Path("pwned").exists()


def test_what_reached_nobody_comes_again(data: Path, crm: Crm) -> None:
    for what, command in (
        ("no program", "/no/such/program"),
        ("it fails", f"'{sys.executable}' -c 'raise SystemExit(3)'"),
    ):
        plan(data, what)
        assert crm("remind", "--once", "--command", command).code == 7, what
    assert crm("remind", "--once", "--command", "'").code == 2
    assert crm("remind", "--once", "--command", " ").code == 2
    session = open_session(data, clock=lambda: datetime.now(UTC) + timedelta(minutes=6))
    from tuicrm.services.calendar import reminders

    assert [one.what for one in reminders.take(session, "session").now] == ["no program", "it fails"]
    session.close()


def test_only_what_reached_nobody_comes_again(data: Path, crm: Crm) -> None:
    for minutes, what in ((8, "First"), (9, "Second"), (10, "Third")):
        plan(data, what, minutes)
    fails = "import sys; open('told', 'a').write(sys.argv[1] + '\\n'); sys.exit('Second' in sys.argv[1])"
    assert crm("remind", "--once", "--command", f"'{sys.executable}' -c \"{fails}\" {{}}").code == 7
    assert [line.split(" · ")[0].split()[-1] for line in Path("told").read_text().splitlines()] == ["First", "Second"]
    session = open_session(data, clock=lambda: datetime.now(UTC) + timedelta(minutes=6))
    from tuicrm.services.calendar import reminders

    assert [one.what for one in reminders.take(session, "session").now] == ["Second", "Third"]
    session.close()


@pytest.fixture
def mail() -> Iterator[tuple[Inbox, int]]:
    with mailbox() as inbox:
        yield inbox, inbox.port


def configure(port: int) -> None:
    config = Path(os.environ["XDG_CONFIG_HOME"]) / "tuicrm" / "config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    text = f'mail_server = "smtp://127.0.0.1:{port}"\nmail_from = "crm@example.com"\n'
    config.write_text(text, encoding="utf-8")


def test_mail_goes_to_a_real_server(data: Path, crm: Crm, mail: tuple[Inbox, int]) -> None:
    inbox, port = mail
    configure(port)
    plan(data, EVIL)
    assert crm("remind", "--once", "--mail").code == 4  # nobody knows the address
    me = crm("user", "list", "--json").json["users"][0]["key"]
    assert crm("user", "edit", me, "--email", "anna@example.com").code == 0
    assert crm("remind", "--once", "--mail").code == 0
    assert inbox.to == [["anna@example.com"]]
    (got,) = inbox.mails
    assert (got["From"], got["To"], got["Bcc"]) == ("crm@example.com", "anna@example.com", None)
    assert "Call $(touch pwned)" in got["Subject"]
    assert "\n" not in got["Subject"]
    crm("remind", "--once", "--mail")
    assert len(inbox.mails) == 1


def test_an_invitation_goes_to_who_takes_part_with_a_calendar_part(crm: Crm, mail: tuple[Inbox, int]) -> None:
    inbox, port = mail
    assert crm("activity", "add", "D-1", "Meet", "--kind", "meeting", "--at", "+3d", "--with", "luca").code == 0
    assert crm("activity", "invite", "1").code == 4  # mail is not set up
    configure(port)
    assert crm("activity", "invite", "1").code == 4  # nobody has an address
    assert crm("user", "edit", "luca", "--email", "luca@example.com").code == 0
    assert crm("activity", "invite", "1", "--json").json["invited"] == ["luca@example.com"]
    (got,) = inbox.mails
    assert (inbox.to, got["Subject"]) == ([["luca@example.com"]], "Meet")
    part = next(one for one in got.walk() if one.get_content_type() == "text/calendar")
    assert part.get_param("method") == "REQUEST"
    text = bytes(part.get_payload(decode=True)).decode()
    assert "METHOD:REQUEST" in text
    assert "mailto:luca@example.com" in text.replace("\r\n ", "")
    assert crm("activity", "invite", "9").code == 3


def test_where_the_setting_says_so_the_worker_invites(crm: Crm, mail: tuple[Inbox, int]) -> None:
    inbox, port = mail
    assert crm("settings", "invite_by_mail=on").code == 0
    assert crm("user", "edit", "luca", "--email", "luca@example.com").code == 0
    assert crm("activity", "add", "D-1", "Meet", "--kind", "meeting", "--at", "+3d", "--with", "luca").code == 0
    waits = crm("remind", "--once")
    assert (waits.code, "1 invitation waits: config.toml names no mail_server." in waits.err) == (0, True)
    configure(port)
    sent = crm("remind", "--once", "--json").json["invitations"]
    assert sent == [{"activity": 1, "cancelled": False, "to": "luca@example.com"}]
    assert crm("activity", "delete", "1").code == 0
    assert "Called off for luca@example.com: activity 1." in crm("remind", "--once").err
    assert "No reminder has come." in crm("remind", "--once").err
    assert [one["Subject"] for one in inbox.mails] == ["Meet", "Called off: Meet"]
    assert "invited" not in crm("log", "--json").out


def test_without_a_server_it_is_told_and_nothing_is_lost(data: Path, crm: Crm) -> None:
    plan(data)
    refused = crm("remind", "--once", "--mail")
    assert (refused.code, refused.out) == (4, "")
    assert "mail_server" in refused.err
    assert "Call Paolo" in crm("remind", "--once").out


def started(data: Path, *more: str) -> subprocess.Popen[str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "TUICRM_DATA": str(data), "PYTHONUNBUFFERED": "1"}
    return subprocess.Popen(
        [sys.executable, "-m", "tuicrm", "remind", *more],
        env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def spent(pid: int) -> int:
    """Clock ticks of the processor that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def rests(worker: subprocess.Popen[str]) -> bool:
    """Whether it lives half a second on a tick at the most, in which it may not tell anything either."""
    assert worker.stdout is not None
    before = spent(worker.pid)
    assert not select([worker.stdout], [], [], 0.5)[0]
    return spent(worker.pid) - before <= 1


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 0), (signal.SIGINT, 130)])
def test_a_worker_tells_rests_and_ends_cleanly(data: Path, number: signal.Signals, code: int) -> None:
    plan(data)
    worker = started(data)
    assert worker.stdout is not None
    assert "Call Paolo" in worker.stdout.readline()
    assert any(rests(worker) for _look in range(3)), "the first time it may still be at what follows"
    worker.send_signal(number)
    out, err = worker.communicate(timeout=20)
    assert (worker.returncode, out, err.replace("Interrupted.\n", "")) == (code, "", "")
