"""No code speaks of an item type that ships by its name: what a type is, its definition says (`data/types/*.json`)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.source import tree_of, walked
from tests.test_imports import ROOT
from tuicrm.cli.grammar.verbs import USUAL, built_in, is_built_in
from tuicrm.services.kernel.builtin_definitions import load_types

TYPES = load_types()
AMBIGUOUS = {"product"}
"""Also what a product row calls the item of the catalogue that it is of; looked for where it can only be a type."""

EXCEPTIONS = {
    "tuicrm/cli/grammar/verbs.py": "the type that is meant where a command names no type, said once",
    "tuicrm/domain/alike.py": "kinds of names (of a person, of a company), not types",
    "tuicrm/domain/generate.py": "sample data: the address of a made-up contact whose name has no letters for it",
    "tuicrm/domain/generate_sales.py": "sample data: quotes and invoices of made-up deals",
    "tuicrm/exchange/bitrix/": "another program's own types, told apart by its codes",
    "tuicrm/services/workspace/demo.py": "fields that say what a row of the demo was made from",
    "tuicrm/services/workspace/generated.py": "sample data: a workspace of made-up companies, contacts, products and deals",
    "tuicrm/services/workspace/generated_sales.py": "sample data: product rows, quotes and invoices of made-up deals",
    "tuicrm/services/workspace/start.py": "the key of the department that everybody is in",
}
"""By file or folder: why it names what is called as a type."""


@cache
def sources() -> list[tuple[str, ast.Module]]:
    return [(str(path.relative_to(ROOT)), tree_of(path)) for path in sorted((ROOT / "tuicrm").rglob("*.py"))]


def named(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Where a text is a type's key: anywhere but in a docstring; where it may be something else, as what can only be a type."""
    told = {id(node.value) for node in walked(tree) if isinstance(node, ast.Expr)}
    only = {id(one) for node in walked(tree) for one in _types_only(node)}
    for node in walked(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)) or id(node) in told:
            continue
        if node.value in TYPES and (node.value not in AMBIGUOUS or id(node) in only):
            yield node.lineno, node.value


def _types_only(node: ast.AST) -> Iterator[ast.expr]:
    """What can only be a type: `Ref("product", 1)`, `types["product"]`, `type_key == "product"`, one of a list with other types."""
    if isinstance(node, ast.Call):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("Ref", "Op", "type", "pipelines", "fields", "ids", "find") and node.args:
            yield node.args[0]
    elif isinstance(node, ast.Subscript) and _ends(node.value, "types"):
        yield node.slice
    elif isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        if any(_ends(side, ("type", "type_key", "table")) for side in sides):
            yield from (one for side in sides for one in (side, *getattr(side, "elts", ())))
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        words = [one for one in node.elts if isinstance(one, ast.Constant) and one.value in TYPES]
        if len(words) > 1:
            yield from words
    elif isinstance(node, ast.Dict):
        keys = [one for one in node.keys if isinstance(one, ast.Constant) and one.value in TYPES]
        if len(keys) > 1:
            yield from keys


def _ends(node: ast.expr, words: str | tuple[str, ...]) -> bool:
    """Whether an expression, written out, ends in one of these words; most need not be written out for it."""
    if isinstance(node, ast.Name | ast.Attribute):
        return (node.id if isinstance(node, ast.Name) else node.attr).endswith(words)
    return not isinstance(node, ast.Call | ast.Subscript | ast.Constant) and ast.unparse(node).endswith(words)


def excepted(path: str) -> str:
    return next((one for one in EXCEPTIONS if path == one or (one.endswith("/") and path.startswith(one))), "")


def test_no_code_names_a_type() -> None:
    found = [f"{path}:{line}: “{word}”" for path, tree in sources() if not excepted(path) for line, word in named(tree)]
    assert not found, "let the type's definition say it (data/types/*.json):\n" + "\n".join(found)


def test_every_exception_is_needed() -> None:
    needed = {excepted(path) for path, tree in sources() if excepted(path) and list(named(tree))}
    assert needed == set(EXCEPTIONS)


@pytest.mark.parametrize(
    "code",
    [
        'if item_type.key == "deal": pass',
        'if ref.type in ("contact", "company"): pass',
        'FIRST = ["lead", "product"]',
        'workspace.type("product")',
        'Ref("product", 7)',
        'types["product"]',
        'X = {"lead": 1, "product": 2}',
        'if type_key == "product": pass',
        'def board(type="deal"): pass',
    ],
)
def test_the_search_sees_a_type_that_is_named(code: str) -> None:
    assert list(named(ast.parse(code)))


@pytest.mark.parametrize(
    "code",
    ['"deal"', 'row.get("product")', 'if part == "product": pass', 'word = "deals"', 'parts = ("product", "name")'],
)
def test_the_search_leaves_other_words_alone(code: str) -> None:
    assert not list(named(ast.parse(code)))


# -- what the definitions say ------------------------------------------------------------------------------------------
def test_the_command_line_knows_just_those_that_ship() -> None:
    assert built_in() == [key for key, one in TYPES.items() if not one.smart]
    assert all(map(is_built_in, built_in()))
    assert not any(map(is_built_in, ("smart", "spaceship", "", "../types/deal", "deal.json", "DEAL", "x\0")))
    assert USUAL in built_in()


def test_every_file_of_a_type_is_a_type_with_a_place_of_its_own() -> None:
    assert {path.stem for path in Path(ROOT / "data" / "types").iterdir()} == set(TYPES)
    places = [one.sort for one in TYPES.values()]
    assert places == sorted(set(places))


def test_what_items_are_looked_up_by_are_their_item_fields() -> None:
    for item_type in TYPES.values():
        fields = {field.key: field for field in item_type.fields}
        assert all(fields[key].traits.names_items for key in item_type.looked_up_by), item_type.key
        assert set(item_type.client) <= set(item_type.looked_up_by) or item_type.smart, item_type.key
        if item_type.reached:
            assert any(field.traits.is_phone for field in item_type.fields)
