"""Names: a class or an alias of a type says one thing, so that it stands in one module alone."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.source import tree_of

ROOT = Path(__file__).resolve().parent.parent


def types_of(tree: ast.Module) -> Iterator[str]:
    """The public classes and aliases of types that a module defines (what it imports, or makes in a function, is not its own)."""
    for node in tree.body:
        name = ""
        if isinstance(node, ast.ClassDef):
            name = node.name
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and "TypeAlias" in ast.dump(node):
            name = node.target.id
        elif isinstance(node, ast.Assign) and isinstance(node.value, ast.Subscript):
            # `Tell = Callable[...]`: nobody but types is written with a capital and small letters.
            (first,) = node.targets
            name = first.id if isinstance(first, ast.Name) and first.id[0].isupper() and not first.id.isupper() else ""
        if name and not name.startswith("_"):
            yield name


def doubled(folder: Path) -> dict[str, list[str]]:
    """Names of types that several files under a folder define, with these."""
    found = defaultdict[str, list[str]](list)
    for path in sorted(folder.rglob("*.py")):
        for name in types_of(tree_of(path)):
            found[name].append(path.relative_to(folder).as_posix())
    return {name: files for name, files in found.items() if len(files) > 1}


def test_the_name_of_a_type_stands_in_one_module() -> None:
    assert doubled(ROOT / "tuicrm") == {}


def test_the_measure_sees_classes_and_aliases(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(
        "class Row: ...\nStep: TypeAlias = int\nTell = Callable[[int], None]\nclass _Own: ...\n"
    )
    (tmp_path / "b.py").write_text("class Row: ...\nclass Step: ...\nclass Tell: ...\nclass _Own: ...\nLIST = A[1]\n")
    (tmp_path / "c.py").write_text("from a import Row\nLIST = A[1]\ndef f():\n    class Step: ...\n")
    assert doubled(tmp_path) == {name: ["a.py", "b.py"] for name in ("Row", "Step", "Tell")}
