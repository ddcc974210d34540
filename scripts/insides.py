"""Whether a library has the private names that tuicrm uses: `python scripts/insides.py [textual] [tinydb]`; `--allowed` prints
what pyproject.toml allows of them.

Reads the files of what is installed and imports neither the library nor tuicrm, so that any Python can be asked, with any version.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

FILES = {"textual": "tuicrm.widgets.textual_inside", "tinydb": "tuicrm.store.tinydb_inside"}
"""By library: the one module that uses its private names, with a table `USED`."""

INSIDES = frozenset(FILES.values())


def used_names(library: str) -> list[str]:
    """`Class.name` of each private name that is used, as the table `USED` has them."""
    path = (ROOT / FILES[library].replace(".", "/")).with_suffix(".py")
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.AnnAssign) and ast.unparse(node.target) == "USED" and isinstance(node.value, ast.Dict):
            return [str(key.value) for key in node.value.keys if isinstance(key, ast.Constant)]
    raise LookupError(path)


def missing(library: str, names: Sequence[str]) -> list[str]:
    """Those of the names that the library does not have. A module stands for its functions (`reactive.__watchers`)."""
    found = _all_names(library)
    return [name for name in names if name.partition(".")[2] not in found.get(name.partition(".")[0], ())]


@cache
def private_names(library: str) -> Mapping[str, frozenset[str]]:
    """By class: its private names."""
    return {
        owner: frozenset(name for name in names if name.startswith("_") and not name.endswith("__"))
        for owner, names in _all_names(library).items()
    }


@cache
def _all_names(library: str) -> Mapping[str, frozenset[str]]:
    """By class, and by module: what is defined in it, and set on `self` or on another thing by its name."""
    spec = find_spec(library)
    if spec is None or spec.origin is None:
        raise LookupError(library)
    found: dict[str, set[str]] = {}
    for path in sorted(Path(spec.origin).parent.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found.setdefault(path.stem, set()).update(_strings(tree))
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                found.setdefault(node.name, set()).update(_names(node))
    return {owner: frozenset(names) for owner, names in found.items()}


def _names(owner: ast.ClassDef) -> Iterator[str]:
    for node in owner.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name
            yield from (
                one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute) and isinstance(one.ctx, ast.Store)
            )
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from (one.id for one in targets if isinstance(one, ast.Name))


def _strings(tree: ast.Module) -> Iterator[str]:
    """Names that a module sets by strings (`setattr(obj, "__watchers", {})`)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value.isidentifier():
            yield node.value


def main(libraries: Sequence[str]) -> int:
    """Print what each library lacks; 1 where one lacks anything."""
    lacks = False
    for library in libraries:
        names = used_names(library)
        gone = missing(library, names)
        lacks = lacks or bool(gone)
        told = f"lacks {', '.join(gone)}" if gone else f"has all {len(names)} names that tuicrm uses of its insides"
        print(f"{library} {version(library)} {told}")
    return int(lacks)


def allowed() -> list[str]:
    """The libraries with the versions that pyproject.toml allows, as pip takes them."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [line for line in project["dependencies"] if line.startswith(tuple(FILES))]


if __name__ == "__main__":
    if sys.argv[1:] == ["--allowed"]:
        print(*allowed())
    else:
        sys.exit(main(sys.argv[1:] or sorted(FILES)))
