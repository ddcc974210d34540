"""Nothing is there for its tests alone: what no screen and no command reaches goes, and so does a library that nothing imports."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path
from textwrap import dedent

import pytest
from textual.message import Message

from tests.dead_weight import ROOT, Method, Source, modules, read, unused, unused_methods, unused_modules
from tests.source import walked
from tuicrm.actions import ACTIONS

KEPT: Mapping[str, str] = {
    "tuicrm.limits.LIMITS": "docs/limits.md is written from it (scripts/limits.py)",
    "tuicrm.store.tinydb_inside.USED": "the reasons, which scripts/insides.py reads",
    "tuicrm.widgets.textual_inside.USED": "the same",
    "tuicrm.store.parts.no_files": "what a store says that is no folder: tests/services/elsewhere.py is one",
    "tuicrm.services.items.activities.add": "planning without more than what and when: what calendar's rooms stand on, and scripts",
    "tuicrm.store.open_tinydb": "the door for administrators' scripts: tests/store/test_tinydb_face.py",
}
"""What is used from outside the package, and by whom."""

KEPT_METHODS: Mapping[str, str] = {
    "tuicrm.store.parts.Past.transaction": "what a backend must be able to tell of itself: tests/store/test_conformance.py",
    "tuicrm.store.parts.Past.as_of": "the same",
    "tuicrm.store.history.FolderPast.transaction": "the same",
    "tuicrm.store.history.FolderPast.as_of": "the same",
    "tuicrm.channels.webhook._Handler.do_GET": "what http.server calls by the word that somebody asks with",
    "tuicrm.channels.webhook._Handler.do_POST": "the same",
}
"""The same of methods."""

BY_NAME: Mapping[str, Collection[str]] = {"tuicrm.domain.kinds": ("__all__",), "tuicrm.screens.opening": ("LATER",)}
"""Packages whose things are loaded by names in their registry, and the names of lists that are no registry."""

_LIVING = ("tuicrm.__main__", "tuicrm.documents", "tuicrm.documents.jinja_child")
"""Where the program starts, and its child; folders that wait for what DESIGN.md puts there."""

EXTRAS = ("caldav", "calendar", "jinja")
"""What is installed only by those who want it: without, a sentence says so."""

NOT_IMPORTED: Mapping[str, str] = {
    "tzdata": "zoneinfo reads its files, on Windows, where the system has no time zones",
}
"""What is declared without being imported, and why."""


@cache
def source() -> Source:
    return read(modules(ROOT, "tuicrm"))


def loaded_by_name() -> set[str]:
    """Names in the registries of those who load by name."""
    found = set[str]()
    for module, tree in source().trees.items():
        for package, but in BY_NAME.items():
            if module.startswith(package):
                found |= set(_words(tree, but))
    return found


def _words(tree: ast.Module, but: Collection[str]) -> Iterator[str]:
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in but:
            continue
        for one in ast.walk(node):
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                # A name, or a place: `tuicrm.screens.find:open_find`.
                module, _colon, name = one.value.rpartition(":")
                yield from (word for word in (name, module.rpartition(".")[2]) if word.isidentifier())


# -- the package -------------------------------------------------------------------------------------------------------
def test_what_stands_at_the_top_of_a_module_is_used() -> None:
    found = unused(source(), [*loaded_by_name(), *(name.rpartition(".")[2] for name in KEPT)])
    assert sorted(str(one) for one in found) == []


def test_what_is_kept_for_others_is_there_and_used_by_nobody_here() -> None:
    assert set(KEPT) <= set(map(str, unused(source(), loaded_by_name())))


def test_methods_are_called_by_us_or_by_what_they_override() -> None:
    """`do_…` are called by the keys of the table of actions, `on_…` by messages that there are."""
    for module in source().trees:
        import_module(module)
    called = {action.method for action in ACTIONS} | set(_handlers(Message))
    found = {one for one in unused_methods(source()) if one.name not in called and not _is_called_from_outside(one)}
    assert {str(one) for one in found} == set(KEPT_METHODS)


def _is_called_from_outside(method: Method) -> bool:
    """Whether Python calls it (`__len__`), or a library does: since a class that is not ours has it too, or for a reactive of ours."""
    owner = import_module(method.module)
    for name in method.owner.split("."):
        owner = getattr(owner, name)
    of_reactive = re.fullmatch(r"(validate|watch|compute)_(\w+)", method.name)
    if method.name.startswith("__") or (of_reactive and hasattr(owner, of_reactive[2])):
        return True
    bases = getattr(owner, "__mro__", ())
    return any(method.name in vars(base) for base in bases if not base.__module__.startswith("tuicrm"))


def _handlers(message: type[Message]) -> Iterator[str]:
    yield getattr(message, "handler_name", "")
    for one in message.__subclasses__():
        yield from _handlers(one)


def test_every_module_is_imported_or_holds_a_command() -> None:
    assert unused_modules(source(), loaded_by_name() | commands()) - set(_LIVING) == set()


def commands() -> set[str]:
    """The modules that hold commands: named as `module:app` where the words behind `tuicrm` stand."""
    return {
        one.value.partition(":")[0].rpartition(".")[2]
        for module, tree in source().trees.items()
        if module.startswith("tuicrm.cli.")
        for one in walked(tree)
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and re.fullmatch(r"[\w.]+:\w+", one.value)
    }


# -- what is declared --------------------------------------------------------------------------------------------------
def declared(*extras: str) -> list[str]:
    """The distributions that tuicrm needs to run, with those of some extras."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in extras for line in project["optional-dependencies"][extra])]
    return [re.split(r"[\s<>=!~;\[]", line, maxsplit=1)[0].lower() for line in lines]


def imported() -> set[str]:
    """The distributions of what tuicrm's files import."""
    tops = {
        name.partition(".")[0]
        for tree in source().trees.values()
        for node in walked(tree)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom) else _plain(node))
    }
    places = packages_distributions()
    return {name.lower() for top in tops for name in places.get(top, ())}


def _plain(node: ast.AST) -> list[str]:
    return [one.name for one in node.names] if isinstance(node, ast.Import) else []


def test_every_declared_library_is_imported() -> None:
    assert set(declared(*EXTRAS)) - imported() - set(NOT_IMPORTED) == set()
    assert set(NOT_IMPORTED) & imported() == set()


def test_every_imported_library_is_declared() -> None:
    assert imported() - {"tuicrm"} - set(declared(*EXTRAS)) == set()


# -- the reading itself ------------------------------------------------------------------------------------------------
@pytest.fixture
def small(tmp_path: Path) -> Source:
    """A package of a few lines, with weight of every kind."""
    files = {
        "__init__": "from small.used import handed as given",
        "__main__": "from small import given, used as other\ngiven()\nother.by_attribute()",
        "used": """
            USED, DEAD_VALUE = 1, 2

            def handed(): return USED

            def by_attribute(): return Line().shown()

            def dead(): return only_by_dead(dead)

            def only_by_dead(one): return one

            @app.command(help="x")
            def command(): pass

            class Line:
                def shown(self): pass
                def unseen(self): pass
            """,
        "alone": "",
    }
    for name, text in files.items():
        path = tmp_path / "small" / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return read(modules(tmp_path, "small"))


def test_weight_is_found_with_all_that_hangs_on_it(small: Source) -> None:
    assert {str(one) for one in unused(small, ())} == {
        "small.used.DEAD_VALUE",
        "small.used.dead",
        "small.used.only_by_dead",
    }
    assert {str(one) for one in unused(small, ("dead",))} == {"small.used.DEAD_VALUE"}
    assert [str(one) for one in unused_methods(small)] == ["small.used.Line.unseen"]
    assert unused_modules(small, ()) == {"small.__main__", "small.alone"}
