"""Bytes of mails read: whatever stands in them, into plain values that harm nobody."""

from __future__ import annotations

import base64
import struct
from datetime import UTC, datetime
from email.message import EmailMessage

import pytest

from tuicrm.channels.mail.parsed import ParsedMail
from tuicrm.channels.mail.parsing import harmless_name, parse
from tuicrm.errors import Refused
from tuicrm.limits import MAIL_FILES, MAIL_SIZE

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def read(text: str | bytes) -> ParsedMail:
    content = text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text
    return parse(content, NOW)


def multipart(kind: str, *parts: str) -> str:
    body = "".join(f"--x\n{part}\n" for part in parts)
    return f"From: a@example.com\nMIME-Version: 1.0\nContent-Type: multipart/{kind}; boundary=x\n\n{body}--x--\n"


def test_headers_are_one_line_and_addresses_alone() -> None:
    mail = read(
        "From: =?utf-8?q?Mar=C3=ADa=2C_Rossi?= <maria@example.com>\nTo: sales@ours.example, =?utf-8?b?YUBiLmMsIGRAZS5m?= <x@y.z>\n"
        "Subject: =?utf-8?b?SGkNCkJjYzogZXZpbEBleGFtcGxlLmNvbQ==?=\n =?utf-8?q?_you?=\nMessage-ID: <1@a>\nIn-Reply-To: <0@a> (yes)\n"
        "References: <0@a>\n\t<00@a> <0@a>\nDate: Tue, 03 Nov 2026 10:00:00 +0100\n\nHello\n"
    )
    assert (mail.name, mail.sender, mail.to) == ("María, Rossi", "maria@example.com", ("sales@ours.example", "x@y.z"))
    assert mail.subject == "Hi Bcc: evil@example.com you"
    assert (mail.message_id, mail.in_reply_to, mail.references) == ("1@a", "0@a", ("0@a", "00@a"))
    assert (mail.at, mail.text) == ("2026-11-03T09:00:00Z", "Hello")


@pytest.mark.parametrize(
    "date", ["", "Tue, 99 Foo 2026", "Fri, 01 Jan 2100 10:00:00 +0000", "Mon, 01 Jan 1800 00:00:00 +0000", "x" * 9999]
)
def test_a_date_that_cannot_be_is_that_of_the_server(date: str) -> None:
    head = f"Received: from a by b; Mon, 02 Nov 2026 08:00:00 +0000\nDate: {date}\n"
    assert read(f"{head}From: a@example.com\n\nx").at == "2026-11-02T08:00:00Z"
    assert read(f"Date: {date}\nFrom: a@example.com\n\nx").at == ""


@pytest.mark.parametrize(
    ("charset", "content", "text"),
    [
        ("utf-8", "Perché".encode(), "Perché"),
        ("iso-8859-1", b"\x80 100 \x96 Perch\xe9", "€ 100 – Perché"),
        ("x-unknown", "Perché".encode(), "Perché"),
        ("us-ascii", b"Perch\xe9", "Perché"),
        ("gb2312", "你好镕".encode("gb18030"), "你好镕"),
        ("rot13", b"Hello", "Hello"),
        ("idna", b"xn--a", "xn--a"),
        ("unicode_escape", rb"a\x41", r"a\x41"),
        ("utf-8", b"a\xffb", "aÿb"),
    ],
)
def test_text_of_any_charset_is_read(charset: str, content: bytes, text: str) -> None:
    head = f"From: a@example.com\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: 8bit\n\n"
    assert read(head.encode() + content).text == text


def test_html_is_clean_text_with_numbered_links() -> None:
    html = (
        "<html><head><style>p {color: red}</style><script>alert(1)</script></head><body><p>Hello <b>you</b>, see "
        '<a href="https://example.com/offer?a=1">the offer</a> or <a href="javascript:alert(2)">this</a>.</p>'
        '<img src="https://spy.example/x.gif" alt="spied"><ul><li>one</li><li>two * 3</li></ul></body></html>'
    )
    mail = read(f"From: a@example.com\nContent-Type: text/html; charset=utf-8\n\n{html}")
    assert "Hello you, see the offer [1] or this." in mail.text
    assert mail.text.rstrip().endswith("[1]: https://example.com/offer?a=1")
    assert "two * 3" in mail.text
    for gone in ("alert", "color", "spy.example", "spied", "<", "**"):
        assert gone not in mail.text


def test_of_alternatives_the_plain_text_is_read_where_it_says_something() -> None:
    html = "Content-Type: text/html\n\n<p>Rich</p>"
    assert read(multipart("alternative", "Content-Type: text/plain\n\nPlain", html)).text == "Plain"
    assert read(multipart("alternative", "Content-Type: text/plain\n\n   ", html)).text == "Rich"
    related = multipart("related", html, "Content-Type: image/png; name=a.png\n\nx")
    assert [one.name for one in read(related).files] == ["a.png"]


@pytest.mark.parametrize("tag", ["blockquote", "ul", "table", "div", "ol"])
def test_html_within_itself_stays_short(tag: str) -> None:
    deep = f"<{tag}>" * 20_000 + "x " * 1_000
    mail = read(f"From: a@example.com\nContent-Type: text/html\n\n{deep}")
    assert len(mail.text) < 50_000
    assert "x x x" in mail.text


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("a\r\nX-Evil: 1.pdf", "a X-Evil 1.pdf"),
        ("\x1b]0;pwned\x07.pdf", "]0;pwned.pdf"),
        ("...", ""),
        ("/", ""),
        ("x" * 400 + ".pdf", "x" * 251 + ".pdf"),
        ("Perché no?.pdf", "Perché no .pdf"),
    ],
)
def test_names_of_files_are_harmless(name: str, kept: str) -> None:
    assert harmless_name(name) == kept


def test_files_are_read_and_bounded() -> None:
    content = base64.b64encode(b"\x00\x01").decode()
    named = "Content-Disposition: attachment; filename*=utf-8''Perch%C3%A9.pdf"
    part = f"Content-Type: application/pdf\n{named}\nContent-Transfer-Encoding: base64\n\n{content}"
    mail = read(multipart("mixed", "Content-Type: text/plain\n\nSee", part))
    assert [(one.name, one.content) for one in mail.files] == [("Perché.pdf", b"\x00\x01")]
    many = read(multipart("mixed", *[part] * (MAIL_FILES.most + 5)))
    assert len(many.files) == MAIL_FILES.most
    assert "more than" in many.problems[0]


def test_a_mail_that_is_too_large_is_refused() -> None:
    with pytest.raises(Refused):
        parse(b"From: a@example.com\n\n" + b"x" * MAIL_SIZE.most, NOW)


BROKEN = {
    "no boundary": "From: a@example.com\nContent-Type: multipart/mixed; boundary=never\n\nHello",
    "base64": "From: a@example.com\nContent-Transfer-Encoding: base64\n\nSGVsbG8=!!==x",
    "deep": "From: a@example.com\n" + "".join(
        f"Content-Type: multipart/mixed; boundary=b{n}\n\n--b{n}\n" for n in range(3_000)
    ),
    "mails in mails": "From: a@example.com\n" + "Content-Type: message/rfc822\n\n" * 3_000 + "x",
    "no header": "just text\nand more",
    "nul": "From: a@example.com\0\nSubject: a\0b\n\nx\0y",
    "charset": "From: a@example.com\nContent-Type: text/plain; charset*0*=x''%ff; charset=\xff\n\nHello",
    "empty": "",
    "long": "From: a@example.com\nSubject: " + "x" * 3_000_000 + "\n\nHello",
    "addresses": "From: " + ", ".join(f"a{n}@example.com" for n in range(50_000)) + "\n\nHello",
    "from": "From: (((((((((((((((((((\"@<>,;:\\\n\nHello",
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_broken_mails_are_read_as_far_as_they_go(name: str) -> None:
    mail = read(BROKEN[name])
    assert len(mail.subject) <= 1_000
    assert len(mail.to) <= 200
    for text in (mail.sender, mail.subject, *mail.to):
        assert not set("\n\r\0") & set(text)
    assert "\0" not in mail.text


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied", "Precedence: bulk", "List-Id: <a.example>", "X-Autoreply: yes", "Return-Path: <>",
    ],
)  # fmt: skip
def test_what_no_person_wrote_is_known(header: str) -> None:
    assert read(f"{header}\nFrom: a@example.com\n\nAway").automatic
    assert not read("Auto-Submitted: no\nFrom: a@example.com\n\nHere").automatic


def report(action: str, original: str = "Message-ID: <sent@ours.example>") -> str:
    status = f"Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; maria@example.com\nAction: {action}\nStatus: 5.1.1\n"
    status += "Diagnostic-Code: smtp; 550 5.1.1 no such user\n"
    return multipart(
        "report; report-type=delivery-status",
        "Content-Type: text/plain\n\nSorry",
        f"Content-Type: message/delivery-status\n\n{status}",
        f"Content-Type: text/rfc822-headers\n\n{original}\nTo: maria@example.com\n",
    )


def test_a_bounce_says_which_mail_to_whom_and_why() -> None:
    bounce = read(report("failed")).bounce
    assert bounce is not None
    assert (bounce.message_id, bounce.recipients) == ("sent@ours.example", ("maria@example.com",))
    assert bounce.reason == "550 5.1.1 no such user"
    assert read(report("delayed")).bounce is None
    assert read(report("failed", "Subject: x")).bounce is None


def test_winmail_that_cannot_be_read_stays_a_file() -> None:
    part = "Content-Type: application/ms-tnef; name=winmail.dat\n\n\x78\x9f\x3e\x22broken"
    assert [one.name for one in read(multipart("mixed", part)).files] == ["winmail.dat"]


def tnef(*attributes: tuple[int, int, int, bytes]) -> bytes:
    """A winmail.dat as Outlook writes one: level, name, type and content of each attribute, with their sums."""
    parts = [struct.pack("<IH", 0x223E9F78, 1)]
    for level, name, kind, content in attributes:
        parts.append(struct.pack("<BHHI", level, name, kind, len(content)) + content)
        parts.append(struct.pack("<H", sum(content) & 0xFFFF))
    return b"".join(parts)


def test_winmail_is_unwrapped_and_its_names_are_harmless() -> None:
    content = tnef(
        (1, 0x9006, 8, struct.pack("<I", 0x10000)),
        (2, 0x9002, 6, b"\0" * 14),
        (2, 0x8010, 1, b"..\\..\\offer.txt\0"),
        (2, 0x800F, 6, b"12,500 EUR"),
    )
    made = EmailMessage()
    made["From"] = "maria@example.com"
    made.set_content("See the file.")
    made.add_attachment(content, maintype="application", subtype="ms-tnef", filename="winmail.dat")
    read = parse(made.as_bytes(), NOW)
    assert [(one.name, one.content) for one in read.files] == [("offer.txt", b"12,500 EUR")]
    assert read.text == "See the file."
