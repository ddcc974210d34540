"""Calendars that come in mails."""

from __future__ import annotations

from email.message import EmailMessage

import pytest

from tests.exchange.ical.expanded import CALENDARS
from tuicrm.exchange.ical.mails import calendar_of_mail
from tuicrm.exchange.ical.reading import read_calendar

INVITATION = (
    "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Caffè\r\n"
    "DTSTART:20270111T100000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def _mail(maintype: str = "", subtype: str = "", filename: str = "") -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "Luca <luca@example.com>", "Caffè"
    mail.set_content("You are invited.")
    if maintype:
        mail.add_attachment(INVITATION.encode(), maintype=maintype, subtype=subtype, filename=filename)
    return mail


def test_the_calendar_part_of_a_mail_is_found_however_it_is_packed() -> None:
    as_part = _mail()
    as_part.add_alternative(INVITATION, subtype="calendar", charset="iso-8859-1")
    attached = _mail(maintype="application", subtype="octet-stream", filename="INVITE.ICS")
    for mail in (as_part, attached, _mail(maintype="application", subtype="ics", filename="i.ics")):
        for data in (mail.as_bytes(), b"From luca@example.com Mon Jan 11 10:00:00 2027\n" + mail.as_bytes()):
            file = read_calendar(calendar_of_mail(data))
            assert (file.method, [one.summary for one in file.events]) == ("REQUEST", ["Caffè"])


def test_what_is_no_mail_or_holds_no_calendar_stays_as_it_is() -> None:
    deep = b"".join(b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (n, n) for n in range(3000))
    for data in (
        *(path.read_bytes() for path in CALENDARS.glob("*.ics")),
        _mail().as_bytes(),
        b"",
        b"\xff\x00",
        b"nothing: of it",
        deep,
    ):
        assert calendar_of_mail(data) == data
    broken = b"Content-Type: text/calendar; charset=klingon\nContent-Transfer-Encoding: base64\n\n%%%\n"
    assert isinstance(calendar_of_mail(broken), bytes)


@pytest.mark.parametrize("head", [b"BEGIN:VCALENDAR\r\n", b"\xef\xbb\xbfBEGIN:VCALENDAR\r\n", b"\n BEGIN:VCALENDAR"])
def test_a_calendar_is_never_taken_for_a_mail(head: bytes) -> None:
    data = head + b"Content-Type: text/calendar\r\n"
    assert calendar_of_mail(data) == data
