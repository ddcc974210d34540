"""`tuicrm calendar export` and `import`: files of calendars, out and in."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Crm
from tests.exchange.ical.expanded import CALENDARS

MEET = """BEGIN:VCALENDAR
BEGIN:VEVENT
UID:a1
DTSTART:20270111T100000Z
SUMMARY:Meet
LOCATION:Here
END:VEVENT
END:VCALENDAR
"""


def test_a_calendar_goes_out_and_in(crm: Crm, tmp_path: Path) -> None:
    number = crm("activity", "add", "D-1", "Call Paolo", "--kind", "call", "--at", "2027-01-12 10:00").out.strip()
    mine = tmp_path / "mine.ics"
    ran = crm("calendar", "export", "-o", str(mine))
    assert (ran.code, ran.out, "1 event written" in ran.err) == (0, "", True)
    assert b"SUMMARY:Call Paolo\r\n" in mine.read_bytes()
    assert crm("calendar", "export").out.encode() == mine.read_bytes()
    assert crm("calendar", "export", "--json").json["events"] == 1
    same = crm("calendar", "import", str(mine))
    assert (same.code, same.out, "1 event unchanged" in same.err) == (0, "", True)
    newer = mine.read_bytes().replace(b"SUMMARY:Call", b"SUMMARY:Ring").replace(b"SEQUENCE:", b"SEQUENCE:9")
    (tmp_path / "newer.ics").write_bytes(newer)
    ran = crm("calendar", "import", str(tmp_path / "newer.ics"), "--dry-run")
    assert (ran.code, "changed" in ran.out, "Ring Paolo" in ran.out) == (0, True, True)
    report = crm("calendar", "import", str(tmp_path / "newer.ics"), "--json").json
    assert [(one["outcome"], one["activity"]) for one in report["events"]] == [("changed", int(number))]
    assert crm("activity", "list", "D-1", "--json").json["activities"][0]["what"] == "Ring Paolo"
    assert crm("undo").code == 0
    assert crm("activity", "list", "D-1", "--json").json["activities"][0]["what"] == "Call Paolo"


def test_only_a_calendar_file_is_replaced_unasked(crm: Crm, tmp_path: Path) -> None:
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    ran = crm("calendar", "export", "-o", str(notes))
    assert (ran.code, notes.read_text()) == (4, "mine")
    assert crm("calendar", "export", "-o", str(notes), "--force").code == 0
    assert crm("calendar", "export", "-o", str(notes)).code == 0
    assert [path.name for path in tmp_path.glob(".*")] == []


def test_what_stands_in_the_way_of_the_kept_file_is_neither_followed_nor_waited_for(crm: Crm, tmp_path: Path) -> None:
    pipe, loop, victim, link = (tmp_path / name for name in ("pipe.ics", "loop.ics", "victim", "link.ics"))
    os.mkfifo(pipe)
    loop.symlink_to(loop)
    victim.write_bytes(b"BEGIN:VCALENDAR of somebody else")
    link.symlink_to(victim)
    for path, export, read in (
        (pipe, 4, 4), (Path("/dev/full"), 4, 4), (loop, 7, 7), (link, 0, 0), (tmp_path, 4, 4), (tmp_path / "no" / "x", 7, 3),
        (tmp_path / ("x" * 300), 7, 7), (victim / "x", 7, 7),
    ):  # fmt: skip
        ran = crm("calendar", "export", "-o", str(path))
        assert (ran.code, "Traceback" in ran.err) == (export, False), (path, ran.err)
        ran = crm("calendar", "import", str(path))
        assert (ran.code, "Traceback" in ran.err) == (read, False), (path, ran.err)
    assert victim.read_bytes() == b"BEGIN:VCALENDAR of somebody else"
    assert not link.is_symlink()


def test_whose_and_rooms(crm: Crm) -> None:
    assert crm("room", "add", "Blue").code == 0
    assert "X-WR-CALNAME:Blue" in crm("calendar", "export", "--room", "blue").out
    assert "X-WR-CALNAME:Luca Riva" in crm("calendar", "export", "--whose", "luca").out
    assert crm("calendar", "export", "--whose", "nobody").code == 3
    assert crm("calendar", "export", "--room", "green").code == 3
    assert crm("calendar", "export", "--whose", "luca", "--room", "blue").code == 2


def test_a_file_comes_in_by_stdin_too_and_says_what_it_left_out(crm: Crm) -> None:
    ran = crm("calendar", "import", "-", "--on", "D-1", stdin=MEET)
    assert (ran.code, "new" in ran.out, "D-1 Website redesign" in ran.out) == (0, True, True)
    assert crm("calendar", "import", "-", "--on", "D-1", stdin=MEET).out == ""
    lost = crm("calendar", "import", "-", stdin=MEET.replace("a1", "a2"))
    assert (lost.code, "--on" in lost.out) == (4, True)
    broken = crm("calendar", "import", "-", "--on", "D-1", stdin=MEET.replace("20270111T100000Z", "soon"))
    assert (broken.code, "“Meet” (line 2)" in broken.err) == (4, True)
    cut = crm("calendar", "import", "-", "--on", "D-1", stdin=MEET[:-30])
    assert (cut.code, "cut off" in cut.err) == (4, True)
    assert crm("calendar", "import", "nowhere.ics").code == 3
    assert crm("calendar", "import", "/dev/zero").code == 4
    assert crm("calendar", "import", "-", "--on", "D-99", stdin=MEET).code == 3
    assert crm("calendar", "import", "-", "--prefer", "nobody", stdin=MEET).code == 2
    assert crm("calendar", "import", "-", "--encoding", "nonsense", stdin=MEET).code == 2


def test_a_conflict_names_both_values_and_is_decided(crm: Crm) -> None:
    made = crm("calendar", "import", "-", "--on", "D-1", "--json", stdin=MEET).json["events"][0]["activity"]
    assert crm("activity", "edit", str(made), "Mine").code == 0
    theirs = MEET.replace("SUMMARY:Meet", "SUMMARY:Theirs\nSEQUENCE:1")
    ran = crm("calendar", "import", "-", stdin=theirs)
    assert (ran.code, "title: here Mine, there Theirs" in ran.out, "--prefer" in ran.err) == (6, True, True)
    told = crm("calendar", "import", "-", "--json", stdin=theirs).json
    assert (told["status"], told["events"][0]["clashes"][0]["theirs"]) == ("error", ["Theirs"])
    assert crm("calendar", "import", "-", "--prefer", "theirs", stdin=theirs).code == 0
    assert crm("activity", "list", "D-1", "--json").json["activities"][0]["what"] == "Theirs"


def test_a_calendar_of_another_program_in_italian(crm: Crm) -> None:
    ran = crm("calendar", "import", str(CALENDARS / "google.ics"), "--on", "D-1", env={"LC_ALL": "it_IT.UTF-8"})
    assert ran.code == 0
    assert "Fiera di Bologna" in ran.out


@pytest.mark.parametrize(
    "arguments",
    [
        ("calendar", "export", "-o", "~nosuchuser/x.ics"),
        ("calendar", "import", "~nosuchuser/x.ics"),
        ("export", "deal", "-o", "~nosuchuser/x.csv"),
        ("deal", "list", "--data", "~nosuchuser/x"),
    ],
)
def test_the_home_of_nobody_is_no_fault_of_the_program(crm: Crm, arguments: tuple[str, ...]) -> None:
    ran = crm(*arguments)
    assert (ran.code, "there is no such user here" in ran.err, "report" in ran.err) == (4, True, False)


def test_an_invitation_is_taken_in_from_the_mail_that_brought_it(crm: Crm) -> None:
    mail = "From: luca@example.com\nSubject: Meet\nContent-Type: text/calendar; charset=utf-8\n\n"
    ran = crm("calendar", "import", "-", "--on", "D-1", stdin=mail + MEET)
    assert ran.code == 0, ran.err
    assert [one["what"] for one in crm("activity", "list", "D-1", "--json").json["activities"]] == ["Meet"]
    ran = crm("calendar", "import", "-", stdin="Subject: hello\n\nNo calendar here.\n")
    assert (ran.code, "report" in ran.err) == (4, False)
