"""How many examples Hypothesis tries: the same few in every run, and with `pytest --deep` new ones, five times as many."""

from __future__ import annotations

from hypothesis import settings
from hypothesis.internal import charmap
from hypothesis.internal.intervalsets import IntervalSet

settings.register_profile("suite", max_examples=40, derandomize=True, deadline=None)
settings.register_profile("deep", max_examples=200, deadline=None)


_asked = charmap.intervals_from_codec


def _known(codec: str) -> tuple[IntervalSet, IntervalSet]:
    """What a codec can write, and what of that it does not read back."""
    if codec != "utf-8":
        return _asked(codec)
    return IntervalSet([(0, 0xD7FF), (0xE000, 0x10FFFF)]), IntervalSet([])


def choose(*, deep: bool) -> None:
    """Before tests are read: they take it over where they are defined."""
    # Else it asks each of a million characters whether UTF-8 has it: three seconds in every process of a fresh checkout.
    charmap.intervals_from_codec = _known  # type: ignore[assignment]  # what is kept is a function too
    settings.load_profile("deep" if deep else "suite")


def examples(deep: int) -> int:
    """How many are tried where so many are tried with --deep."""
    return deep if settings.get_current_profile_name() == "deep" else max(deep // 5, 10)
