"""The program's source, read and walked once for all tests of it in a process: each takes a second for its 300 files."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path


@cache
def tree_of(path: Path) -> ast.Module:
    """The syntax tree of a file of the program; nobody changes it."""
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def walked(tree: ast.Module) -> tuple[ast.AST, ...]:
    """All that stands in a file, as `ast.walk` comes by it."""
    return tuple(ast.walk(tree))
