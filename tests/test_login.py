"""Paths that begin with `~`."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.source import tree_of, walked
from tuicrm.errors import Refused
from tuicrm.login import at_home

PACKAGE = Path(__file__).resolve().parents[1] / "tuicrm"
UNKNOWN = "~nosuchuser/x"


def test_the_home_of_somebody_unknown_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    assert at_home("~/x") == tmp_path / "x"
    assert at_home(Path("x/~y")) == Path("x/~y")
    with pytest.raises(Refused, match=r"no such user here; \./~nosuchuser/x"):
        at_home(UNKNOWN)


def test_everybody_reads_them_there() -> None:
    others = [
        str(path.relative_to(PACKAGE))
        for path in PACKAGE.rglob("*.py")
        for node in walked(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr == "expanduser" and path.name != "login.py"
    ]
    assert others == []
