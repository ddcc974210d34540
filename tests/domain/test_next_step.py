"""What is to be done and when, typed in one line."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from msgspec.structs import replace

from tests.hostile import HOSTILE_FEW
from tuicrm.domain.next_step import split_step
from tuicrm.services.kernel.session import Session

ELEVEN = time(11)


@pytest.mark.parametrize(
    ("text", "what", "at"),
    [
        ("Send the offer tomorrow 10", "Send the offer", "2026-11-24 10:00"),
        ("Meeting tomorrow at 10", "Meeting", "2026-11-24 10:00"),
        ("Chiama domani alle 10", "Chiama", "2026-11-24 10:00"),
        ("Call back on Friday", "Call back", "2026-11-27 11:00"),
        ("Visit, Fri 18 Dec 2026 at 9:30 pm", "Visit", "2026-12-18 21:30"),
        ("Offer +3d 9:30", "Offer", "2026-11-26 09:30"),
        ("Invoice 2026-12-18", "Invoice", "2026-12-18 11:00"),
        ("Meet 2pm", "Meet", "2026-11-23 14:00"),
        ("Meet 9:00", "Meet", "2026-11-24 09:00"),
        ("tomorrow 10", "", "2026-11-24 10:00"),
        ("At on fri", "At", "2026-11-27 11:00"),
    ],
)
def test_the_end_of_the_line_says_when(workspace: Session, text: str, what: str, at: str) -> None:
    context = replace(workspace.context(), zone=UTC)
    found = split_step(text, context, ELEVEN)
    assert found == (what, datetime.fromisoformat(at).replace(tzinfo=UTC))


@pytest.mark.parametrize(
    "text",
    [
        *("", "Send 2026", "Discount 10.5", "Order 12", "Pay 1.000,00", "Call 333 1234", "Talk to Mario", "Call at 10"),
        *("Prepare the offer for 12 Dec.", "Call +99999999d", "Call 2026-02-31", "x" * 5_000, *HOSTILE_FEW),
    ],
)
def test_what_says_no_day_is_text_to_its_end(workspace: Session, text: str) -> None:
    assert split_step(text, workspace.context(), ELEVEN) == (text.strip(), None)


def test_the_ends_of_the_calendar(workspace: Session) -> None:
    for text in ("Call 31 dec 9999", "Call +9999y", "Call 0001-01-01"):
        what, _moment = split_step(text, workspace.context(), ELEVEN)
        assert what.startswith("Call")
