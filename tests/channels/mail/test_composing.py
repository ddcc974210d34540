"""A mail made of its parts: nothing that is typed becomes a head, a receiver or another part."""

from __future__ import annotations

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from msgspec.structs import replace

from tests.hostile_workspace import PAYLOADS, TEXTS
from tuicrm.channels.mail.composing import MailFile, MailParts, checked_address, html_of, letter_of
from tuicrm.errors import Refused
from tuicrm.harmless import is_harmful

PARTS = MailParts(
    "anna@example.test", ["paolo@example.test"], "Offer", "Dear Paolo\n", "<a.1@tuicrm.test>", datetime(2026, 11, 23, 10, tzinfo=UTC)
)  # fmt: skip
HEADS = {"From", "To", "Subject", "Date", "Message-ID", "Content-Type", "Content-Transfer-Encoding", "MIME-Version"}
_BCC = "Bcc: eve@example.com"
BREAKS = tuple(f"x{end}{_BCC}" for end in ("\n", "\r\n", "\r", "\u2028", "\x0b", "\x85", "\r\n\r\n"))


def read(parts: MailParts) -> EmailMessage:
    made = message_from_bytes(letter_of(parts).data, policy=default)
    assert isinstance(made, EmailMessage)
    return made


def text_of(parts: MailParts) -> str:
    """The text that arrives; lines end as mail has them, or as they were written."""
    return str(read(parts).get_content()).replace("\r\n", "\n")


def test_no_text_becomes_a_head_or_a_part() -> None:
    for evil in (*BREAKS, *PAYLOADS, *TEXTS[:: len(TEXTS) // 20 or 1]):
        made = read(
            replace(PARTS, subject=evil, name=evil, text=evil, in_reply_to=evil, references=[evil],
                    files=[MailFile(evil or "x", b"content")])
        )  # fmt: skip
        assert set(made.keys()) <= HEADS, evil
        assert len(made.keys()) == len(set(made.keys()))
        assert [one.addr_spec for one in made["To"].addresses] == ["paolo@example.test"]
        assert [one.addr_spec for one in made["From"].addresses] == ["anna@example.test"]
        assert not any(is_harmful(sign) for sign in made["Subject"] + str(made["From"])), evil
        (file,) = made.iter_attachments()
        name = file.get_filename() or ""
        assert file.get_content() == b"content"
        assert not {"/", "\\", "\n"} & set(name)
        assert name not in ("", ".", "..")


def test_an_address_is_one_address_or_refused() -> None:
    assert checked_address(" Paolo Neri <paolo@example.test> ") == "paolo@example.test"
    assert checked_address("o'brien+crm@città.it") == "o'brien+crm@città.it"
    for evil in (*BREAKS, *PAYLOADS, "", "@", "a@", "@b.it", "a@b.it, c@d.it", "a@b.it;c@d.it", "a b@c.it", "A <a@b.it> <c@d.it>",
                 "<a@b.it>\nBcc: x", "a@b@c", f"{'a' * 300}@b.it", "a@b.it\u202e", '"a@x"@b.it', "a@b..it\u3002" * 40):  # fmt: skip
        with pytest.raises(Refused):
            checked_address(evil)


def test_letters_of_any_script_arrive() -> None:
    made = letter_of(replace(PARTS, to=["paolo@città.it"], subject="Qualità ✓", name="Ànna", text="Così è\n"))
    assert made.receivers == ["paolo@xn--citt-3na.it"]
    assert not made.utf8
    assert text_of(replace(PARTS, subject="Qualità ✓", text="Così è\n")) == "Così è\n"
    assert letter_of(replace(PARTS, to=["così@città.it"])).utf8
    long = "x" * 5000 + "\n"
    assert text_of(replace(PARTS, text=long)) == long
    assert max(map(len, letter_of(replace(PARTS, text=long, subject="y " * 3000)).data.split(b"\r\n"))) < 998


def test_an_answer_names_what_it_answers() -> None:
    ids = [f"<{n}@x.it>" for n in range(40)]
    made = read(replace(PARTS, in_reply_to=ids[-1], references=ids))
    assert made["In-Reply-To"] == ids[-1]
    assert made["References"].split() == [ids[0], *ids[-19:]], "the first, and the last ones: a head has its bounds"


def test_html_is_the_same_text() -> None:
    assert html_of('<b>&"\n\nsee https://x.it/?a=1&b=2, or\nnot') == (
        "<html><body><p>&lt;b&gt;&amp;&quot;</p>\n"
        '<p>see <a href="https://x.it/?a=1&amp;b=2">https://x.it/?a=1&amp;b=2</a>, or<br>\nnot</p>\n</body></html>\n'
    )
    made = read(replace(PARTS, html=True, files=[MailFile("offer.pdf", b"%PDF")]))
    assert [part.get_content_type() for part in made.walk()] == [
        "multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf",
    ]  # fmt: skip
