"""What the program says of kinds of fields, it says of every kind; and nothing asks which kind a field is of by its name.

A new kind is asked for what it is (`Field.traits`), or has a line in the tables of the layers (`ByKind`).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

from tests.source import tree_of, walked
from tests.test_imports import ROOT
from tuicrm.domain.kinds import CUSTOM_KINDS, KINDS, UNKNOWN, ByKind, kind_of, traits_of
from tuicrm.errors import NotFound

OWN = Path("tuicrm/domain/kinds")
"""The kinds' own code, which may know which kind it is of."""

OF_OTHERS = {"entry", "entry_kind", "tab", "tab_kind", "use"}
"""What else has kinds, some of them called as kinds of fields are: timeline entries ("stage"), tabs ("products"), layouts in use."""

PLACE = {"stage", "pipeline"}
"""Keys of items' fields as well: where an item stands."""

EXCEPTIONS: dict[str, str] = {}
"""By function, why one compares with a word that is a kind's name as well."""


# -- tables ------------------------------------------------------------------------------------------------------------
@cache
def tables() -> dict[str, ByKind[object]]:
    """Every table there is, by its place: `tuicrm.exchange.cells._READ`."""
    found: dict[str, ByKind[object]] = {}
    for path, tree in sources():
        if list(_made(tree)):
            module = import_module(".".join(path.with_suffix("").parts))
            own = {name for node in tree.body for name in _assigned(node)}
            found |= {
                f"{module.__name__}.{name}": value
                for name in own
                if isinstance(value := vars(module).get(name), ByKind)
            }
    return found


def _made(tree: ast.AST) -> Iterator[ast.Call]:
    """Where tables are made."""
    for node in walked(tree) if isinstance(tree, ast.Module) else ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ByKind":
            yield node


def _assigned(node: ast.stmt) -> list[str]:
    targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AnnAssign) else []
    return [target.id for target in targets if isinstance(target, ast.Name)]


def forgotten(table: ByKind[object]) -> list[str]:
    """The kinds that a table is for and does not have."""
    return [kind for kind, traits in KINDS.items() if table.only(traits) and kind not in table]


def test_each_table_has_every_kind_that_it_is_for() -> None:
    lacking = {place: forgotten(table) for place, table in tables().items()}
    told = [
        f"{place} says nothing of {', '.join(kinds)}: add a line for each" for place, kinds in lacking.items() if kinds
    ]
    assert not told, "\n".join(told)


def test_no_table_has_a_kind_that_it_is_not_for() -> None:
    for place, table in tables().items():
        others = [kind for kind in table if kind not in KINDS or not table.only(KINDS[kind])]
        assert not others, f"{place} has lines for what it is not for: {', '.join(others)}"


def test_every_table_is_found() -> None:
    made = [node for _path, tree in sources() for node in _made(tree)]
    assert len(made) == len(tables()) > 5, "a table of kinds stands in its module, under a name of its own"


def test_a_forgotten_kind_is_named() -> None:
    table: ByKind[object] = ByKind(dict.fromkeys(kind for kind in KINDS if kind != "money"))
    assert forgotten(table) == ["money"]
    assert not forgotten(ByKind(dict(table), only=lambda traits: not traits.has_currency))
    with pytest.raises(NotFound, match="no field type money"):
        table["money"]


# -- no names ----------------------------------------------------------------------------------------------------------
@cache
def sources() -> list[tuple[Path, ast.Module]]:
    """Every module of the program, by its path from the root."""
    return [(path.relative_to(ROOT), tree_of(path)) for path in sorted((ROOT / "tuicrm").rglob("*.py"))]


def compared(tree: ast.Module, constants: dict[str, set[str]]) -> Iterator[ast.AST]:
    """Where a kind is compared with kinds' names: `field.kind == "money"`, `in ("date", "datetime")`, `match kind: case "item"`."""
    for node in _outside_exceptions(tree):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            if any(_is_kind(side) for side in sides) and any(_names(side, constants) for side in sides):
                yield node
        elif isinstance(node, ast.Match) and _is_kind(node.subject):
            if _texts(node) & KINDS.keys():
                yield node
        elif isinstance(node, ast.Call) and _is_lenient(node):
            yield node


def _is_lenient(call: ast.Call) -> bool:
    """`table.get(field.kind, …)`: a kind that the table forgot passes for something else."""
    looks_up = isinstance(call.func, ast.Attribute) and call.func.attr == "get" and bool(call.args)
    return looks_up and isinstance(call.args[0], ast.Attribute) and _is_kind(call.args[0])


def _texts(node: ast.AST) -> set[str]:
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def _outside_exceptions(tree: ast.AST) -> Iterator[ast.AST]:
    left = list(ast.iter_child_nodes(tree))
    while left:
        node = left.pop()
        if not (isinstance(node, ast.FunctionDef) and node.name in EXCEPTIONS):
            yield node
            left += ast.iter_child_nodes(node)


def _is_kind(node: ast.expr) -> bool:
    """`field.kind`, `kind`, `source_kind`; not `entry.kind`, nor a kind that is a call's result."""
    if isinstance(node, ast.Name):
        return (node.id == "kind" or node.id.endswith("_kind")) and node.id not in OF_OTHERS
    if not isinstance(node, ast.Attribute) or node.attr != "kind":
        return False
    owner = node.value
    return not (isinstance(owner, ast.Name) and owner.id in OF_OTHERS)


def _names(node: ast.expr, constants: dict[str, set[str]]) -> set[str]:
    """The kinds' names that an expression holds, itself or by a constant of the program."""
    found = set[str]()
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            found.add(one.value)
        elif isinstance(one, ast.Name | ast.Attribute):
            found |= constants.get(one.id if isinstance(one, ast.Name) else one.attr, set())
    return found & KINDS.keys()


def named_constants() -> dict[str, set[str]]:
    """The texts that the constants of the program hold, by the constant's name; of tables of kinds nothing, which have them all."""
    found: dict[str, set[str]] = {}
    for path, tree in sources():
        for node in tree.body:
            for name in _assigned(node):
                if name.isupper() and name != "KINDS" and OWN not in path.parents and not list(_made(node)):
                    found.setdefault(name, set()).update(_texts(node))
    return found


def listed(tree: ast.Module) -> Iterator[ast.AST]:
    """Collections of kinds' names that no table of kinds is made of: one that is forgotten in them is missed by nobody."""
    tabled = {id(inner) for table in _made(tree) for inner in ast.walk(table)}
    for node in walked(tree):
        if id(node) in tabled:
            continue
        if isinstance(node, ast.Dict):
            held = [one for one in node.keys if one is not None]
        elif isinstance(node, ast.Tuple | ast.List | ast.Set):
            held = node.elts
        else:
            continue
        words = {one.value for one in held if isinstance(one, ast.Constant) and isinstance(one.value, str)}
        if len(words) == len(held) > 1 and words <= KINDS.keys() and not words <= PLACE:
            yield node


def test_nothing_compares_a_kind_with_its_name() -> None:
    constants = named_constants()
    found = [
        f"{path}:{getattr(node, 'lineno', 0)}: {ast.unparse(node).splitlines()[0]}"
        for path, tree in sources()
        if OWN not in path.parents
        for node in compared(tree, constants)
    ]
    assert not found, "ask Field.traits what the kind is:\n" + "\n".join(found)


LISTED = {
    "tuicrm/domain/reach.py": "the keys of two fields of every item type, not kinds",
}


def test_nothing_lists_kinds_by_their_names() -> None:
    found = [
        f"{path}:{getattr(node, 'lineno', 0)}: {ast.unparse(node)[:80]}"
        for path, tree in sources()
        if OWN not in path.parents and str(path) not in LISTED
        for node in listed(tree)
    ]
    assert not found, "make a trait of it, or a ByKind table:\n" + "\n".join(found)


@pytest.mark.parametrize(
    "code",
    [
        'if field.kind == "money": pass',
        'if self._fields[key].kind != "item": pass',
        'if kind in ("date", "datetime"): pass',
        'if made.kind not in (*_MORE, "products"): pass',
        "if field.kind in _NUMBERS: pass",
        "if step.field.kind == PRODUCTS: pass",
        'match field.kind:\n    case "list" | "dictionary": pass',
        "width = _CELLS.get(field.kind, 16)",
    ],
)
def test_the_search_sees_each_way_to_compare(code: str) -> None:
    assert list(compared(ast.parse(code), {"_NUMBERS": {"integer", "number"}, "PRODUCTS": {"products"}}))


@pytest.mark.parametrize(
    "code",
    [
        'if entry.kind == "stage": pass',
        'if tab.kind == "products": pass',
        'if token.kind == "word": pass',
        "if use.kind == PERSONAL: pass",
        "if field.kind in KINDS: pass",
        'kind_of("money")',
    ],
)
def test_the_search_leaves_other_kinds_alone(code: str) -> None:
    assert not list(compared(ast.parse(code), {"PERSONAL": {"personal"}}))


def test_the_search_sees_lists_and_dicts_of_kinds() -> None:
    assert list(listed(ast.parse('_LONG = frozenset(("text", "address"))')))
    assert list(listed(ast.parse('_WIDTHS = {"money": 14, "date": 11}')))
    assert not list(listed(ast.parse('_READ = ByKind({"money": 14, **dict.fromkeys(("date", "text"))})')))
    assert not list(listed(ast.parse('place = {"pipeline": 1, "stage": 2}')))


def test_every_exception_is_needed() -> None:
    functions = {node.name for _path, tree in sources() for node in walked(tree) if isinstance(node, ast.FunctionDef)}
    assert functions >= EXCEPTIONS.keys()
    for place in LISTED:
        assert list(listed(ast.parse((ROOT / place).read_text()))), f"{place} lists no kinds any more"


# -- what is unknown ---------------------------------------------------------------------------------------------------
def test_a_kind_of_a_newer_program_is_nothing_in_particular() -> None:
    assert traits_of("hologram") is UNKNOWN
    assert not UNKNOWN.custom
    with pytest.raises(NotFound, match="hologram") as told:
        kind_of("hologram")
    assert all(kind in str(told.value) for kind in CUSTOM_KINDS)
