"""A whole message as lines: exact, harmless, what is quoted fainter."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.render.hostile import assert_line
from tuicrm.render.ansi import plain
from tuicrm.render.message_view import MessageLook, message_view
from tuicrm.render.sizes import size_told


@given(st.text(max_size=300), st.text(max_size=80), st.integers(min_value=1, max_value=120))
def test_any_message_is_exact_and_harmless(text: str, head: str, cells: int) -> None:
    look = MessageLook([("From", head), (head, "x")], head, text, [head], alarming=True)
    for line in message_view(look, cells):
        assert_line(line, cells)


def test_heads_status_files_and_text_stand_one_under_the_other() -> None:
    look = MessageLook(
        [("From", "a@b.example"), ("Cc", "")], "failed: mailbox full", "Hello\n> said before", ["x.pdf (3 kB)"]
    )
    lines = message_view(look, 30)
    assert [plain(line).rstrip() for line in lines] == [
        "From    a@b.example",
        "Status  failed: mailbox full",
        "File 1  x.pdf (3 kB)",
        "─" * 30,
        "Hello",
        "> said before",
    ]
    assert lines[-1][0].style == "faint"


def test_sizes_are_told_in_units() -> None:
    told = [size_told(size) for size in (0, 999, 1000, 12_345, 3_400_000, 34_000_000, 2_500_000_000)]
    assert told == ["0 B", "999 B", "1 kB", "12 kB", "3.4 MB", "34 MB", "2.5 GB"]
