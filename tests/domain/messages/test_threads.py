"""Subjects, Message-IDs, and what makes a message itself."""

from __future__ import annotations

import pytest

from tuicrm.domain.messages import threads


@pytest.mark.parametrize(
    ("subject", "canonical"),
    [
        ("Re: RE: Your  offer", "your offer"),
        ("R: I: Offerta", "offerta"),
        ("AW: WG: Angebot", "angebot"),
        ("Re[2]: [list] Fwd: Offer", "offer"),
        ("Report: sales", "report: sales"),
        ("Re: " * 50 + "x", "re: " * 30 + "x"),
        ("", ""),
    ],
)
def test_subjects_are_the_same_whoever_answered(subject: str, canonical: str) -> None:
    assert threads.canonical_subject(subject) == canonical


def test_ids_are_found_and_bounded() -> None:
    assert threads.ids_in("<a@b> (x) <c@d>\t<a@b> e@f <>") == ["a@b", "c@d"]
    many = threads.ids_in(" ".join(f"<{n}@x>" for n in range(500)))
    assert (len(many), many[0], many[-1]) == (threads.MOST_REFERENCES, "0@x", "499@x")


def test_a_digest_holds_for_the_same_words_alone() -> None:
    digest = threads.digest("1@a", "a@b.c", "Offer", "Hello  you\n", ["x"])
    assert threads.digest("1@a", "A@B.C", "Offer", "Hello\r\nyou", ["x"]) == digest
    assert threads.digest("1@a", "a@b.c", "Offer", "Hello me", ["x"]) != digest
    assert threads.digest("1@a", "a@b.c", "Offer", "Hello you", ["y"]) != digest


def test_a_text_goes_on_only_from_one_that_says_something() -> None:
    assert threads.continues("Hello, we take it all.\n__\nA list", "Hello, we take it all.")
    assert not threads.continues("Hello you", "")
    assert not threads.continues("Hello you", "Hello")
