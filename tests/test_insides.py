"""Private names of Textual and TinyDB stand in one file each, and the installed versions have them. `sh scripts/newest.sh` asks the
newest ones.
"""

from __future__ import annotations

import ast
import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from textwrap import dedent
from types import ModuleType
from typing import Any

import pytest

from scripts.insides import FILES, INSIDES, missing, private_names, used_names
from tests.dead_weight import ROOT, modules
from tests.source import tree_of, walked

LIBRARIES = pytest.mark.parametrize("library", sorted(FILES))
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


@LIBRARIES
def test_every_name_is_there_in_the_version_that_is_installed(library: str) -> None:
    assert missing(library, used_names(library)) == []


@LIBRARIES
def test_a_name_that_is_gone_is_missed(library: str) -> None:
    assert missing(library, ["Screen._no_such_name"]) == ["Screen._no_such_name"]


@LIBRARIES
def test_the_reasons_are_those_of_the_names_that_are_used(library: str) -> None:
    """All that the file uses is in its table, and the other way round; each has a reason."""
    inside = import_module(FILES[library])
    told = {name.partition(".")[2] for name in inside.USED}
    text = Path(str(inside.__file__)).read_text(encoding="utf-8")
    tree = ast.parse(text)
    used = {name for name, _line in _accesses(tree, library, set())} | set(_overrides(inside, library))
    assert used <= told
    assert [name for name in told if text.count(name) < 2] == []
    assert all(inside.USED.values())


# -- other files -------------------------------------------------------------------------------------------------------
@LIBRARIES
def test_no_other_file_uses_a_private_name(library: str) -> None:
    found = []
    for module, path in modules(ROOT, "tuicrm").items():
        text = path.read_text(encoding="utf-8")
        if module == FILES[library] or module in INSIDES or not _is_near(library, module, text):
            continue
        here = import_module(module)
        found += [f"{module}:{line} {name}" for name, line in _accesses(tree_of(path), library, _ours(here))]
        found += [f"{module} overrides {name}" for name in _overrides(here, library)]
    assert found == []


def _is_near(library: str, module: str, text: str) -> bool:
    """Whether a file deals with things of the library, which it need not import for that."""
    return library in text or (library == "textual" and module.startswith(("tuicrm.screens", "tuicrm.widgets")))


@cache
def _all_private(library: str) -> frozenset[str]:
    return frozenset(name for known in private_names(library).values() for name in known)


def _accesses(tree: ast.Module, library: str, ours: set[str]) -> Iterator[tuple[str, int]]:
    """Attributes with private names of the library, and strings that are such names; by name and line."""
    names = _all_private(library) - ours
    modules_here = {
        one.asname or one.name for node in walked(tree) if isinstance(node, ast.Import) for one in node.names
    }
    for node in walked(tree):
        if isinstance(node, ast.Attribute) and node.attr in names:
            if not (isinstance(node.value, ast.Name) and node.value.id in modules_here):
                yield node.attr, node.lineno
        elif isinstance(node, ast.Call) and _is_name(node.func, "getattr", "setattr", "hasattr", "vars"):
            for one in node.args:
                if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value.startswith("_"):
                    yield one.value, node.lineno
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == library:
            for name in [*(node.module or "").split("."), *(one.name for one in node.names)]:
                if name.startswith("_"):
                    yield name, node.lineno


def _is_name(node: ast.expr, *names: str) -> bool:
    return isinstance(node, ast.Name) and node.id in names


def _ours(module: object) -> set[str]:
    """Private names that the classes of a module give themselves, or get from classes of ours that they stand on."""
    found = set[str]()
    for owner in vars(module).values():
        if inspect.isclass(owner) and owner.__module__.startswith("tuicrm"):
            for base in owner.__mro__:
                if base.__module__.startswith("tuicrm"):
                    found |= _given(base)
    return found


@cache
def _given(owner: type[Any]) -> frozenset[str]:
    """Private names that a class defines or sets on itself."""
    try:
        tree = ast.parse(dedent(inspect.getsource(owner)))
    except (OSError, TypeError):  # made by a function, such as a named tuple's
        return frozenset()
    return frozenset(_names_of(tree))


def _names_of(tree: ast.Module) -> Iterator[str]:
    bodies = [node.body for node in tree.body if isinstance(node, ast.ClassDef)]
    inside = [node for body in bodies for node in body]
    names = [node.name for node in inside if isinstance(node, _FUNCTIONS)]
    for node in inside:
        if isinstance(node, ast.AnnAssign | ast.Assign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names += [one.id for one in targets if isinstance(one, ast.Name)]
    for one in walked(tree):
        if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store) and _is_name(one.value, "self"):
            names.append(one.attr)
    yield from (name for name in names if name.startswith("_") and not name.endswith("__"))


def _overrides(module: object, library: str) -> Iterator[str]:
    """Private names that a class of the module gives itself although a class of the library below it has them."""
    private = private_names(library)
    for owner in list(vars(module).values()):
        if isinstance(owner, type) and owner.__module__ == getattr(module, "__name__", ""):
            for base in owner.__mro__:
                if base.__module__.split(".")[0] == library:
                    yield from _given(owner) & private.get(base.__name__, frozenset())


# -- the reading itself ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("screen._dirty_widgets.add(1)", ["_dirty_widgets"]),
        ("getattr(app, '__watchers', {})", ["__watchers"]),
        ("from textual._compositor import Compositor", ["_compositor"]),
        ("from textual import _text_area_theme", ["_text_area_theme"]),
        ("import os\nos._exit(0)", []),
        ("self._of_our_own", []),
        ("app.screen", []),
    ],
)
def test_uses_are_found(text: str, found: list[str]) -> None:
    assert [name for name, _line in _accesses(ast.parse(text), "textual", set())] == found


def test_overrides_are_found() -> None:
    from textual.screen import Screen

    class Mine(Screen[None]):
        def _compositor_refresh(self) -> None:
            """Drawn by nobody."""

    here = ModuleType(__name__)
    here.__dict__["Mine"] = Mine
    assert list(_overrides(here, "textual")) == ["_compositor_refresh"]


def test_the_libraries_are_read_where_they_lie() -> None:
    names: Mapping[str, frozenset[str]] = private_names("textual")
    assert find_spec("textual") is not None
    assert {"_dirty_widgets", "_compositor_refresh"} <= names["Screen"]
    assert len(names) > 200
