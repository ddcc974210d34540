"""The program's source, read once for all tests of it in a process: parsing its 300 files takes a second."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file of the program; nobody changes it."""
    return ast.parse(path.read_text(encoding="utf-8"))
