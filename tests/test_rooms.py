"""Rooms inside the floors: no circle of imports, and no class of the program that does too much.

Imports inside functions count; those that only types need do not. Methods of a class are its own and those of our classes that it
stands on, overridden ones counted twice.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.source import tree_of, walked

ROOT = Path(__file__).resolve().parent.parent
MOST = 40


class Found(NamedTuple):
    """A class: the names of what it stands on, how many methods it has itself, and its module."""

    bases: Sequence[str]
    methods: int
    where: str


def sources(root: Path) -> dict[str, ast.Module]:
    """What is under a folder, by the names of modules."""
    found = {}
    for path in sorted((root / "tuicrm").rglob("*.py")):
        name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
        found[name] = tree_of(path)
    return found


def imports(tree: ast.Module, modules: Mapping[str, ast.Module]) -> Iterator[str]:
    """The modules of ours that one imports, wherever in it."""
    typed = {
        id(inner)
        for node in walked(tree)
        if isinstance(node, ast.If) and _is_for_types(node)
        for inner in ast.walk(node)
    }
    for node in walked(tree):
        if isinstance(node, ast.ImportFrom) and node.module and id(node) not in typed:
            for name in node.names:
                full = f"{node.module}.{name.name}"
                yield from (one for one in (full if full in modules else node.module,) if one in modules)


def _is_for_types(node: ast.If) -> bool:
    return any(getattr(one, "id", getattr(one, "attr", "")) == "TYPE_CHECKING" for one in ast.walk(node.test))


def circles(arrows: Mapping[str, set[str]]) -> list[set[str]]:
    """The modules that lead to one another, in groups."""

    def reached(start: str) -> set[str]:
        seen, left = set[str](), [start]
        while left:
            for one in arrows.get(left.pop(), ()):
                if one not in seen:
                    seen.add(one)
                    left.append(one)
        return seen

    all_reached = {name: reached(name) for name in arrows}
    groups: list[set[str]] = []
    for name, there in all_reached.items():
        group = {one for one in there if name in all_reached.get(one, ())}
        if group and group not in groups:
            groups.append(group)
    return groups


def names_of(module: str, tree: ast.Module, modules: Mapping[str, ast.Module]) -> dict[str, str]:
    """What a module calls what, in full: what it has itself, and what it imports of ours."""
    called = {node.name: f"{module}.{node.name}" for node in walked(tree) if isinstance(node, ast.ClassDef)}
    for node in walked(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            called |= {one.asname or one.name: f"{node.module}.{one.name}" for one in node.names}
        elif isinstance(node, ast.Import):
            called |= {one.asname or one.name: one.name for one in node.names if one.name in modules}
    return called


def classes(modules: Mapping[str, ast.Module]) -> dict[str, Found]:
    """The classes of ours by their full names, so that two of one name do not hide each other; of a base such as `Dialog[None]`, the
    class."""
    found = {}
    for module, tree in modules.items():
        called = names_of(module, tree, modules)
        for node in walked(tree):
            if isinstance(node, ast.ClassDef):
                plain = [ast.unparse(base.value if isinstance(base, ast.Subscript) else base) for base in node.bases]
                first = [base.partition(".") for base in plain]
                bases = [called.get(name, name) + dot + rest for name, dot, rest in first]
                methods = sum(isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) for one in node.body)
                found[f"{module}.{node.name}"] = Found(bases, methods, module)
    return found


def methods(name: str, known: Mapping[str, Found]) -> int:
    """How many a class has, with what it inherits of ours."""
    seen, left = set[str](), [name]
    while left:
        one = left.pop()
        if one in known and one not in seen:
            seen.add(one)
            left += known[one].bases
    return sum(known[one].methods for one in seen)


@pytest.fixture(scope="module")
def modules() -> dict[str, ast.Module]:
    return sources(ROOT)


@pytest.fixture(scope="module")
def known(modules: dict[str, ast.Module]) -> dict[str, Found]:
    return classes(modules)


def test_nothing_imports_what_imports_it(modules: dict[str, ast.Module]) -> None:
    arrows = {name: set(imports(tree, modules)) - {name} for name, tree in modules.items()}
    assert circles(arrows) == []


def test_no_class_does_too_much(known: dict[str, Found]) -> None:
    counted = {name: methods(name, known) for name in known}
    assert len(counted) > 700, "classes are not found any more"
    assert {name: count for name, count in counted.items() if count > MOST} == {}


def test_nothing_stands_for_what_a_class_beside_it_has(known: dict[str, Found]) -> None:
    """A class with several bases of ours is put together of halves that know each other's attributes."""
    mixed = {
        name
        for name, found in known.items()
        if found.where.startswith("tuicrm.screens") and sum(one in known for one in found.bases) > 1
    }
    # Protocols may be put together: they have nothing inside.
    assert {name for name in mixed if "typing.Protocol" not in known[name].bases} == set()


def test_the_measure_sees_what_it_is_to_see(tmp_path: Path) -> None:
    """A circle by way of a function, a base with a type in brackets, an override counted twice."""
    package = tmp_path / "tuicrm"
    package.mkdir()
    (package / "a.py").write_text(
        "class A(G[int]):\n    def f(self): ...\n    def g(self): ...\nfrom tuicrm.b import B\n"
    )
    (package / "b.py").write_text("class B(A):\n    def f(self):\n        from tuicrm.a import A\n")
    (package / "c.py").write_text(
        "if TYPE_CHECKING:\n    from tuicrm.a import A\nclass A:\n    def f(self): ...\n"
        "from tuicrm import b as bee\nclass C(bee.B):\n    def f(self): ...\n"
    )
    found = sources(tmp_path)
    arrows = {name: set(imports(tree, found)) for name, tree in found.items()}
    assert circles(arrows) == [{"tuicrm.a", "tuicrm.b"}]
    assert arrows["tuicrm.c"] == {"tuicrm.b"}
    known = classes(found)
    assert known["tuicrm.a.A"].bases == ["G"]
    counted = {"tuicrm.a.A": 2, "tuicrm.b.B": 3, "tuicrm.c.A": 1, "tuicrm.c.C": 4}
    assert {name: methods(name, known) for name in known} == counted
