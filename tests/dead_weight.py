"""What of tuicrm nothing in tuicrm uses: read off its source, not run."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeAlias

from tests.source import tree_of, walked

ROOT = Path(__file__).resolve().parent.parent

Definition: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Assign | ast.AnnAssign
_DEFINING = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


class Name(NamedTuple):
    """A name at the top of a module, by the module's dotted name."""

    module: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


class Source(NamedTuple):
    """A package read: the trees of its modules, and what stands at the top of them."""

    trees: Mapping[str, ast.Module]
    defined: Mapping[Name, Definition]
    imported: Mapping[str, Mapping[str, Collection[Name]]]
    """By module: what an imported name stands for (one module may import two things under one name, in two functions)."""


def modules(root: Path, package: str) -> dict[str, Path]:
    """The files of a package by their modules' dotted names."""
    found = {}
    for path in sorted((root / package).rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def read(files: Mapping[str, Path]) -> Source:
    """The source of these modules."""
    trees = {module: tree_of(path) for module, path in files.items()}
    defined = {Name(module, name): node for module, tree in trees.items() for name, node in _top(tree)}
    return Source(trees, defined, {module: dict(_imports(tree)) for module, tree in trees.items()})


def _top(tree: ast.Module) -> Iterator[tuple[str, Definition]]:
    for node in tree.body:
        if isinstance(node, _DEFINING):
            yield node.name, node
        targets = (
            node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
        )
        for target in targets:
            for one in target.elts if isinstance(target, ast.Tuple) else [target]:
                if isinstance(one, ast.Name) and isinstance(node, ast.Assign | ast.AnnAssign):
                    yield one.id, node


def _imports(tree: ast.Module) -> Iterator[tuple[str, list[Name]]]:
    found: dict[str, list[Name]] = {}
    for node in walked(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                found.setdefault(one.asname or one.name, []).append(Name(node.module, one.name))
    yield from found.items()


def unused(source: Source, by_name: Collection[str]) -> set[Name]:
    """What stands at the top of a module and is used neither there nor elsewhere, but by itself or by what is unused too.

    What a command's decorator takes is used, and what is loaded by its name (`by_name`)."""
    live: set[Name] = set()
    waiting = [name for name, node in source.defined.items() if _is_root(name, node, by_name)]
    for module, tree in source.trees.items():
        for node in tree.body:
            if not isinstance(node, (*_DEFINING, ast.Assign, ast.AnnAssign)):
                waiting += _used_by(source, module, node)
    while waiting:
        name = waiting.pop()
        if name in live or name not in source.defined:
            continue
        live.add(name)
        waiting += _used_by(source, name.module, source.defined[name])
    return set(source.defined) - live


def _is_root(name: Name, node: Definition, by_name: Collection[str]) -> bool:
    if name.name in by_name or name.name == "__all__":
        return True
    decorators = node.decorator_list if isinstance(node, _DEFINING) else []
    return any(isinstance(one, ast.Call) and ast.unparse(one.func).endswith(".command") for one in decorators)


def _used_by(source: Source, module: str, node: ast.AST) -> Iterator[Name]:
    """What a piece of a module uses, through as many modules that hand it on as there are."""
    imported = source.imported[module]
    for one in ast.walk(node):
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load):
            found = [Name(module, one.id), *imported.get(one.id, ())]
        elif isinstance(one, ast.Attribute):
            found = [Name(str(place), one.attr) for place in _places(source, module, one.value)]
        else:
            continue
        for name in found:
            yield from _handed_on(source, name)


def _places(source: Source, module: str, node: ast.expr) -> Iterator[str]:
    """The modules that an expression may stand for."""
    if isinstance(node, ast.Name):
        yield from (str(name) for name in source.imported[module].get(node.id, ()) if str(name) in source.trees)
    parts = list[str]()
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if isinstance(node, ast.Name):
        yield ".".join([node.id, *reversed(parts)])


def _handed_on(source: Source, name: Name, depth: int = 5) -> Iterator[Name]:
    yield name
    if name not in source.defined and depth:
        for further in source.imported.get(name.module, {}).get(name.name, ()):
            yield from _handed_on(source, further, depth - 1)


# -- methods -----------------------------------------------------------------------------------------------------------
class Method(NamedTuple):
    """A method or property, by its module and class (`Pane.Moved` for one that stands in another)."""

    module: str
    owner: str
    name: str

    def __str__(self) -> str:
        return f"{self.module}.{self.owner}.{self.name}"


def unused_methods(source: Source) -> Iterator[Method]:
    """Methods and properties whose name stands nowhere but where they are defined."""
    named = Counter[str]()
    for tree in source.trees.values():
        for node in walked(tree):
            if isinstance(node, ast.Attribute):
                named[node.attr] += 1
            elif isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
                named[node.value] += 1
    for module, tree in source.trees.items():
        for owner, node in _classes(tree, ""):
            for one in node.body:
                if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) and not named[one.name]:
                    yield Method(module, owner, one.name)


def _classes(node: ast.AST, outside: str) -> Iterator[tuple[str, ast.ClassDef]]:
    for one in ast.iter_child_nodes(node):
        if isinstance(one, ast.ClassDef):
            name = f"{outside}.{one.name}".lstrip(".")
            yield name, one
            yield from _classes(one, name)


# -- modules -----------------------------------------------------------------------------------------------------------
def unused_modules(source: Source, by_name: Collection[str]) -> set[str]:
    """Modules that no other one imports, but those that are loaded by their names (`by_name`: the last parts of these)."""
    taken = set[str]()
    for tree in source.trees.values():
        for node in walked(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                taken |= {node.module, *(f"{node.module}.{one.name}" for one in node.names)}
            elif isinstance(node, ast.Import):
                taken |= {one.name for one in node.names}
    taken |= {module.rpartition(".")[0] for module in taken}
    return {one for one in source.trees if one not in taken and one.rpartition(".")[2] not in by_name}
