"""What is public says what it does: each method has a docstring, or its promise has one elsewhere.

Elsewhere is: the table of actions (`do_…`), Textual (its handlers, and what it has of that name itself), a class that its class stands
on, a protocol of ours that its class keeps, or a class named in `TELLS`. `ruff` knows of no such place; its D102 is off.
"""

from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple, Protocol

from textual.app import App
from textual.message import Message
from textual.message_pump import MessagePump
from textual.screen import Screen
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tests.source import tree_of

ROOT = Path(__file__).resolve().parent.parent
TELLS = {
    "tuicrm.services.kernel.reader.Reader": "tuicrm.services.kernel.session.Session",
    "tuicrm.store.reading.Reading": "tuicrm.store.protocol.Store",
}
"""Whose methods are told of by the class that is made of them, or for which they do it."""
HANDLERS = ("on_", "watch_", "validate_", "action_")
"""How the names begin of what Textual calls in its own objects."""
TEXTUAL = frozenset(name for one in (App, Screen, ScrollView) for name in dir(one))
"""What a protocol may ask for without telling of it: Textual does."""


class Method(NamedTuple):
    """A public method as it is written, by its class and module."""

    module: str
    owner: str
    name: str
    has_docstring: bool

    def __str__(self) -> str:
        return f"{self.module}.{self.owner}.{self.name}"


def modules() -> dict[str, ast.Module]:
    """The program's modules by their names."""
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): tree_of(path)
        for path in sorted((ROOT / "tuicrm").rglob("*.py"))
    }


def classes(tree: ast.Module | ast.ClassDef, within: str = "") -> Iterator[tuple[str, ast.ClassDef]]:
    """Public classes, those that stand in classes too, by their qualified names."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield within + node.name, node
            yield from classes(node, f"{within}{node.name}.")


def methods(module: str, tree: ast.Module) -> Iterator[Method]:
    """The public methods of a module's public classes; what sets a property belongs to it."""
    for owner, node in classes(tree):
        for one in node.body:
            if not isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef) or one.name.startswith("_"):
                continue
            if not any(isinstance(by, ast.Attribute) and by.attr == "setter" for by in one.decorator_list):
                yield Method(module, owner, one.name, ast.get_docstring(one) is not None)


def made(module: str, owner: str) -> type[Any]:
    """The class itself, whose line of ancestors only Python knows."""
    found: Any = importlib.import_module(module)
    for name in owner.split("."):
        found = getattr(found, name)
    assert isinstance(found, type)
    return found


def has_docstring(owner: type[Any], name: str) -> bool:
    """Whether a class has a method or property of its own of that name, with a docstring."""
    found = vars(owner).get(name)
    return (callable(found) or isinstance(found, property | classmethod | staticmethod)) and bool(found.__doc__)


def protocols() -> list[type[Any]]:
    """The protocols of ours, those too that stand on others."""
    found = (made(module, owner) for module, tree in modules().items() for owner, _node in classes(tree))
    return [one for one in found if getattr(one, "_is_protocol", False)]


def keeps(owner: type[Any], promised: type[Any]) -> bool:
    """Whether a class has every method that a protocol promises; its attributes are of objects."""
    ours = [one for one in promised.__mro__ if one.__module__ not in ("typing", "builtins")]
    names = {name for one in ours for name, it in vars(one).items() if callable(it) and not name.startswith("_")}
    return bool(names) and all(hasattr(owner, name) for name in names)


def is_told_elsewhere(method: Method, promises: list[type[Any]]) -> bool:
    """Whether somebody who asks what a method does is told so in another place."""
    owner = made(method.module, method.owner)
    above = [one for one in owner.__mro__[1:] if method.name in vars(one)]
    is_textual = issubclass(owner, MessagePump)
    teller = TELLS.get(f"{method.module}.{method.owner}")
    return (
        method.name.startswith("do_")
        or (is_textual and method.name.startswith(HANDLERS))
        or (getattr(owner, "_is_protocol", False) and method.name in TEXTUAL)
        or (teller is not None and has_docstring(made(*teller.rsplit(".", 1)), method.name))
        or any(one.__module__.startswith("textual.") or has_docstring(one, method.name) for one in above)
        or any(has_docstring(one, method.name) and keeps(owner, one) for one in promises if one is not owner)
    )


def untold(found: Iterator[Method], promises: list[type[Any]]) -> list[str]:
    """The methods of which nothing says what they do."""
    return [str(one) for one in found if not one.has_docstring and not is_told_elsewhere(one, promises)]


def test_each_public_method_says_what_it_does() -> None:
    promises = protocols()
    assert len(promises) > 40, "the protocols are no longer found"
    found = (one for module, tree in modules().items() for one in methods(module, tree))
    assert untold(found, promises) == []


class Promised(Protocol):
    """What a test's class keeps, or does not."""

    def drawn(self) -> None:
        """Said here."""

    def cleared(self) -> None:
        """Said here."""


class Above:
    """A class that others stand on."""

    def told(self) -> None:
        """Said here."""

    def untold(self) -> None: ...


class Keeping(Above):
    """Keeps the protocol."""

    def drawn(self) -> None: ...
    def cleared(self) -> None: ...
    def told(self) -> None: ...
    def untold(self) -> None: ...
    def do_save(self) -> None: ...
    def on_key(self) -> None: ...
    def refresh(self) -> None: ...


class Drawing(ScrollView):
    """Stands on Textual."""

    def drawn(self) -> None: ...
    def on_key(self) -> None: ...
    def watch_lit(self) -> None: ...
    def render_line(self, y: int) -> Strip:
        return Strip.blank(y)

    class Moved(Message):
        """Stands in another class."""

        def can_replace(self, message: Message) -> bool:
            return self is message

        def moved(self) -> None: ...


def test_what_is_told_elsewhere_needs_no_docstring_and_the_rest_does() -> None:
    found = untold(methods(__name__, tree_of(Path(__file__))), [Promised])
    assert [one.removeprefix(f"{__name__}.") for one in found] == [
        "Above.untold",
        "Keeping.untold",
        "Keeping.on_key",
        "Keeping.refresh",
        "Drawing.drawn",
        "Drawing.Moved.moved",
    ]
