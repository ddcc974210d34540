"""Regular expressions that are compiled when they are first used.

`re.compile` takes 0.2 to 1.2 ms for each of ours, and a module has several: a command that reads one date would wait for
those of amounts, addresses and columns too.
"""

from __future__ import annotations

import re
from typing import Any, AnyStr, cast


def regex(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What `re.compile` gives for `source`, except that a mistake in it shows on first use (`tests/test_regex.py` uses them all)."""
    return cast("re.Pattern[AnyStr]", _Regex(source, flags))


class _Regex:
    """Becomes the pattern as soon as something is asked of it: each method is looked up once."""

    def __init__(self, source: str | bytes, flags: int) -> None:
        self._source, self._flags = source, flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever the pattern has
        found = getattr(re.compile(self._source, self._flags), name)
        setattr(self, name, found)
        return found
