"""Records of messages: read whatever stands there, refused at the door where it is wrong."""

from __future__ import annotations

import pytest

from tuicrm.domain.items import Ref
from tuicrm.domain.messages import message
from tuicrm.domain.messages.message import Message, MessageFile
from tuicrm.errors import Refused

DOC = {"channel": "mail", "way": "in", "status": "received", "at": "2026-11-03T09:00:00Z", "on": ["deal:7"]}


def test_what_is_written_is_read_again() -> None:
    made = Message(
        5, at="2026-11-03T09:00:00Z", sender="a@b.c", to=("d@e.f",), on=("deal:7", "contact:3"), private=True,
        files=(MessageFile("0" * 64, "a.pdf", 3),), thread=2, lease={"by": "x"},
    )  # fmt: skip
    doc = message.written(made)
    assert doc["from"] == "a@b.c"
    assert "subject" not in doc
    assert message.read(5, doc) == made
    assert made.refs == [Ref("deal", 7), Ref("contact", 3)]
    message.check(None, doc)


@pytest.mark.parametrize("wrong", [None, 7, -1, True, "x", [], [None], {}, {"a": 1}, ["x", 3]])
def test_a_record_of_a_script_is_read_all_the_same(wrong: object) -> None:
    for name in (*DOC, *Message.__struct_encode_fields__):
        read = message.read(1, {**DOC, name: wrong})
        assert isinstance(read.subject, str)
        assert message.read(1, message.written(read)) is not None
    # What is not plainly shared stays private.
    assert message.read(1, {**DOC, "private": wrong}).private is (wrong is not None)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("channel", "pigeon"), ("way", None), ("at", "yesterday"), ("from", "a@b.c\nBcc: d@e.f"), ("subject", "a\rb"), ("on", ["x"]),
        ("to", ["a@b.c\n"]), ("files", [{"name": "x"}]), ("thread", -1), ("private", 1), ("text", 5), ("message_id", "a\0"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_name(name: str, value: object) -> None:
    doc = {**DOC, name: value}
    with pytest.raises(Refused, match=f"^{name}: "):
        message.check(None, doc)
    message.check(doc, {**doc, "note": "what a script wrote may stay"})


@pytest.mark.parametrize(
    ("text", "number"), [("MSG-12", 12), ("msg12", 12), ("12", 12), ("MSG-", 0), ("D-1", 0), ("١", 0), ("9" * 30, 0)]
)
def test_refs_are_read(text: str, number: int) -> None:
    assert message.read_ref(text) == number
