"""`tuicrm calendar sync` against a real server: where it lies is remembered, the password is not."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.calendar_server import PASSWORD, Radicale
from tests.cli.conftest import Crm

SECRET = {"TUICRM_CALDAV_PASSWORD": PASSWORD}


def test_the_first_time_says_where_and_then_no_more_is_said(
    crm: Crm, data: Path, radicale: Radicale, tmp_path: Path
) -> None:
    there = radicale.new_calendar("From the command line")
    crm("activity", "add", "D-1", "Call Paolo", "--kind", "call", "--at", "2027-01-12 10:00")
    assert crm("calendar", "sync", env=SECRET).code == 2
    words = (
        "calendar",
        "sync",
        "--url",
        radicale.url,
        "--user",
        "anna",
        "--calendar",
        "from the command line",
        "--on",
        "D-2",
    )
    first = crm(*words, env=SECRET)
    assert (first.code, "sent" in first.out, "Call Paolo" in first.out) == (0, True, True)
    (one,) = there.fetch(there.listing().etags).values()
    there.put(one.href, one.data.replace(b"SUMMARY:Call", b"SUMMARY:Ring"), one.etag)
    printed = f"{sys.executable} -c \"print('{PASSWORD}')\""
    again = crm("calendar", "sync", "--json", env={"TUICRM_CALDAV_COMMAND": printed}).json
    assert [(row["outcome"], row["title"]) for row in again["events"]] == [("changed", "Ring Paolo")]
    assert crm("calendar", "sync", env=SECRET).out == ""
    assert crm("undo").code == 0
    assert crm("activity", "list", "D-1", "--json").json["activities"][0]["what"] == "Call Paolo"
    kept = b"".join(path.read_bytes() for path in data.rglob("*") if path.is_file())
    assert PASSWORD.encode() not in kept
    assert b"from the command line" in kept


def test_what_keeps_it_from_the_server_is_said(crm: Crm, radicale: Radicale) -> None:
    words = ("calendar", "sync", "--url", radicale.url, "--user", "anna")
    unknown = crm(*words)
    assert (unknown.code, "keyring set tuicrm-caldav" in unknown.err) == (2, True)
    assert crm(*words, env={"TUICRM_CALDAV_PASSWORD": "wrong"}).code == 5
    assert crm(*words, env={"TUICRM_CALDAV_COMMAND": "false"}).code == 5
    assert crm(*words, env={"TUICRM_CALDAV_COMMAND": "no-such-command"}).code == 5
    away = crm("calendar", "sync", "--url", "http://127.0.0.1:9/", "--user", "anna", "--json", env=SECRET)
    assert (away.code, away.json["error"]["code"]) == (1, "unreachable")
    clear = crm("calendar", "sync", "--url", "http://cloud.example/", env=SECRET)
    assert (clear.code, "in the clear" in clear.err) == (2, True)
    secret = crm("calendar", "sync", "--url", "https://anna:pssst@cloud.example/", env=SECRET)
    assert (secret.code, "pssst" in secret.err + secret.out) == (2, False)
    assert crm(*words, "--on", "D-99", env=SECRET).code == 3
