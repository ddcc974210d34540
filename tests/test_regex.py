"""Patterns that are compiled late: they compile, all of them, and only when they are used."""

from __future__ import annotations

import importlib
import pkgutil
import re
import subprocess
import sys

import tuicrm
from tuicrm.regex import _Regex, regex


def test_every_pattern_of_ours_compiles() -> None:
    found = 0
    for module in pkgutil.walk_packages(tuicrm.__path__, "tuicrm."):
        if module.name == "tuicrm.__main__":
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, _Regex):
                found += 1
                assert isinstance(value.pattern, str | bytes), f"{module.name}.{name}"
    assert found > 50


def test_it_acts_as_the_pattern() -> None:
    word = regex(r"(\w)\w*", re.ASCII)
    assert word.fullmatch("deal") is not None
    assert word.sub(r"\1", "to be, è") == "t b, è"
    assert [match[0] for match in word.finditer("a bc")] == ["a", "bc"]
    assert (word.pattern, word.groups) == (r"(\w)\w*", 1)
    assert regex(rb"\xff").search(b"a\xff") is not None


_COUNTED = """
import re

asked, plain = [], re.compile
re.compile = lambda *given: asked.append(given) or plain(*given)

from tuicrm.regex import regex

one = regex("a+")
print(len(asked))
one.match("aa"), one.match("b")
print(len(asked))
"""


def test_nothing_is_compiled_before_it_is_asked() -> None:
    ran = subprocess.run([sys.executable, "-c", _COUNTED], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0", "1"]
