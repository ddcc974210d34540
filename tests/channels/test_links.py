"""Links to other programs: the right form, and nothing of what was typed gets into one as it is."""

from __future__ import annotations

import pytest

from tests.hostile_workspace import TEXTS
from tuicrm.channels.links import (
    CALL_SCHEMES,
    call_code,
    call_link,
    dialled,
    mail_link,
    page_link,
    telegram_link,
    whatsapp_link,
)
from tuicrm.errors import Refused


@pytest.mark.parametrize(
    ("number", "links"),
    [
        ("+390255550142", ["tel:+390255550142", "sip:+390255550142", "callto:+390255550142"]),
        ("+14165550142;ext=752", ["tel:+14165550142;ext=752", "sip:+14165550142", "callto:+14165550142"]),
        ("0255550142", ["tel:0255550142", "sip:0255550142", "callto:0255550142"]),
        ("+39 02/5555-0142", ["tel:+390255550142", "sip:+390255550142", "callto:+390255550142"]),
    ],
)
def test_links_that_dial(number: str, links: list[str]) -> None:
    assert [call_link(number, scheme) for scheme in CALL_SCHEMES] == links
    assert call_code(number) == f"TEL:{dialled(number)}"


def test_invitations() -> None:
    assert whatsapp_link("+393331234567") == "https://wa.me/393331234567"
    assert whatsapp_link("+393331234567", "Ciao & «già»?\n#1") == (
        "https://wa.me/393331234567?text=Ciao%20%26%20%C2%ABgi%C3%A0%C2%BB%3F%0A%231"
    )
    for name in ("anna_rossi", "@anna_rossi", "https://t.me/anna_rossi", "t.me/anna_rossi/", "telegram.me/anna_rossi"):
        assert telegram_link(name, "x y") == "https://t.me/anna_rossi?text=x%20y"
    assert telegram_link("+39 333 123-4567") == "https://t.me/+393331234567"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a b",
        "an\x1bna",
        "аnna",
        "x" * 33,
        "+",
        "anna/../evil",
        "anna?start=x",
        "a",
        "me@evil.example",
        "javascript:alert(1)",
    ],
)
def test_what_is_no_name_is_no_link(text: str) -> None:
    with pytest.raises(Refused):
        telegram_link(text)


@pytest.mark.parametrize("text", ["", "anna", "+", "٣٣٣", "-"])
def test_what_has_no_digits_is_not_dialled(text: str) -> None:
    for link in (call_link, call_code, whatsapp_link):
        with pytest.raises(Refused):
            link(text)


def test_whatsapp_is_told_no_number_of_nowhere() -> None:
    with pytest.raises(Refused, match="the whole number"):
        whatsapp_link("0255550142")


@pytest.mark.parametrize("text", TEXTS)
def test_a_number_in_a_link_is_digits_alone(text: str) -> None:
    assert call_link(f"+39 {text} 02").removeprefix("tel:+").partition(";ext=")[0].isdecimal()
    assert whatsapp_link("+39333", text).removeprefix("https://wa.me/39333?text=").isascii()


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("rossi.example", "https://rossi.example"),
        ("http://rossi.example:8080/a?b=c#d", "http://rossi.example:8080/a?b=c#d"),
        (" HTTPS://Rossi.example/ ", "HTTPS://Rossi.example/"),
    ],
)
def test_a_page_is_told_whole(text: str, link: str) -> None:
    assert page_link(text) == link


@pytest.mark.parametrize(
    "text",
    ["", "javascript:alert(1)", "file:///etc/passwd", "a b", "rossi.example/\x1b[31m", "me@evil.example", "tel:+12"],
)
def test_what_is_no_page_is_no_link(text: str) -> None:
    with pytest.raises(Refused):
        page_link(text)


def test_an_address_in_a_link_adds_no_header() -> None:
    assert mail_link("maria+x@rossi.example") == "mailto:maria+x@rossi.example"
    assert mail_link("a?bcc=b@c.example&x\r\n") == "mailto:a%3Fbcc%3Db@c.example%26x"
