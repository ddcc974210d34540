"""SMS by a daemon's folders: gammu-smsd's own reading of what we put there, files written whole, what it put down."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from tuicrm.channels.channel import HandedOver, NotGiven, SendOutcome
from tuicrm.channels.texts.sms_folder import SmsFolders, folder_reports, folder_texts, folders_at, send_by_folder
from tuicrm.errors import Unreachable

NOW = datetime(2026, 11, 3, 9, tzinfo=UTC)


@pytest.fixture(params=["gammu", "smstools"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> SmsFolders:
    found = folders_at(request.param, tmp_path)
    for path in (found.outgoing, found.sent, found.failed, found.incoming):
        path.mkdir()
    return found


def put(
    where: SmsFolders, text: str = "Città è “qui” 😀\nriga", to: str = "+393331234567", name: str = "ab12"
) -> SendOutcome:
    return send_by_folder(where, name, to, text, NOW)


def test_one_message_is_one_file_whole_and_named_last(where: SmsFolders) -> None:
    sent = put(where)
    assert isinstance(sent, HandedOver)
    (file,) = where.outgoing.iterdir()
    assert sent.id in file.name
    if where.layout == "gammu":
        assert file.name == f"OUTC20261103_090000_00_+393331234567_{sent.id}.txtd"
        assert file.read_bytes().decode("utf-16") == "Città è “qui” 😀\nriga"
    else:
        head, _gap, body = file.read_bytes().partition(b"\n\n")
        assert head.splitlines()[:2] == [b"To: 393331234567", b"Alphabet: UCS"]
        assert body.decode("utf-16-be") == "Città è “qui” 😀\nriga"
    put(where)
    assert len(list(where.outgoing.iterdir())) == 1, "while it waits there it is not put there again"
    assert [one.id for one in folder_reports(where, {sent.id})] == []
    file.rename(where.failed / file.name)
    assert [(one.id, one.status) for one in folder_reports(where, {sent.id, "tuicrmab1"})] == [(sent.id, "failed")]


@pytest.mark.parametrize("to", ["../../x", "+39/..", "", "+", "١٢٣٤", "+39\n1", "1" * 40])
def test_numbers_that_are_none_name_no_file(where: SmsFolders, to: str) -> None:
    assert isinstance(put(where, to=to), NotGiven)
    assert list(where.outgoing.iterdir()) == []


def test_a_folder_that_is_gone(where: SmsFolders) -> None:
    where.outgoing.rmdir()
    found = put(where)
    assert isinstance(found, NotGiven)
    assert found.account
    where.incoming.rmdir()
    with pytest.raises(Unreachable):
        list(folder_texts(where))


def test_what_came(where: SmsFolders) -> None:
    inbox = where.incoming
    if where.layout == "gammu":
        (inbox / "IN20261103_100000_00_+393331234567_00.txt").write_bytes("prima ".encode("utf-16"))
        (inbox / "IN20261103_100000_00_+393331234567_01.txt").write_bytes("è seconda".encode())
        (inbox / "IN20269903_100000_00_Vodafone_00.txt").write_bytes(b"offer \xe8")
        (inbox / "other").write_bytes(b"x")
    else:
        (inbox / "GSM1.a").write_bytes(
            b"From: 393331234567\r\nReceived: 26-11-03 10:00:00\r\nAlphabet: UCS2\r\n\r\n"
            + "prima è seconda".encode("utf-16-be")
        )
        (inbox / "GSM1.b").write_bytes(b"From: Vodafone\nReceived: nonsense\n\noffer \xe8")
        (inbox / "GSM1.c").write_bytes(b"From: 39333\n\nSMS STATUS REPORT\nMessage_id: 1")
        (inbox / "GSM1.d").write_bytes(b"\xff\0nothing")
    found = [text for _files, text in folder_texts(where)]
    assert [(one.sender, one.text) for one in found] == [("+393331234567", "prima è seconda"), ("Vodafone", "offer è")]
    assert found[0].at.startswith("2026-11-03T")
    assert found[1].at == ""
