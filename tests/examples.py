"""How many examples Hypothesis tries: the same few in every run, and with `pytest --deep` new ones, five times as many."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("suite", max_examples=40, derandomize=True, deadline=None)
settings.register_profile("deep", max_examples=200, deadline=None)


def choose(*, deep: bool) -> None:
    """Before tests are read: they take it over where they are defined."""
    settings.load_profile("deep" if deep else "suite")


def examples(deep: int) -> int:
    """How many are tried where so many are tried with --deep."""
    return deep if settings.get_current_profile_name() == "deep" else max(deep // 5, 10)
