"""What stands for letters and signs where only ASCII can be shown."""

from __future__ import annotations

from hypothesis import given

from tests.render.hostile import any_text
from tuicrm.render.symbols import in_ascii
from tuicrm.render.text import clean, width


@given(any_text)
def test_a_text_is_as_wide_in_ascii(text: str) -> None:
    shown = in_ascii(clean(text))
    assert shown.isascii()
    assert shown.isprintable()
    assert len(shown) == width(clean(text))


def test_letters_keep_their_likeness() -> None:
    assert in_ascii("Società Žižkov Łódź Ærø naïve—œ") == "Societa Zizkov Lodz Aro naive-o"
    assert in_ascii("日本 Ａ Жук") == "???? A  ???"
    assert in_ascii("┌──┐█") == "+--+#"
    assert in_ascii("\x1b[1m\r\n") == "\x1b[1m\r\n"
