"""What Textual makes of a stylesheet, kept from one app of a test run to the next: each of thousands would parse the same hundred."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from textual.css import parse as parser
from textual.css.model import RuleSet
from textual.css.tokenize import tokenize_values
from textual.css.tokenizer import Token

_FEW = 8

_tokenized: dict[tuple[tuple[str, str], ...], dict[str, list[Token]]] = {}
_parsed: dict[tuple[Any, ...], list[RuleSet]] = {}
_variables: dict[int, tuple[dict[str, list[Token]], int]] = {}
"""The last variables by where they are in memory, with themselves (so that no others come there) and what stands for them."""
_same: dict[str, int] = {}


def _number(variables: dict[str, list[Token]]) -> int:
    """A number that is the same for variables that say the same."""
    kept = _variables.get(id(variables))
    if kept is None or kept[0] is not variables:
        told = repr([(name, [(token.name, token.value) for token in tokens]) for name, tokens in variables.items()])
        if len(_variables) == _FEW:
            _variables.clear()
        kept = _variables[id(variables)] = variables, _same.setdefault(told, len(_same))
    return kept[1]


def _parse(
    scope: str, css: str, read_from: Any, *, variable_tokens: dict[str, list[Token]], **more: Any
) -> list[RuleSet]:
    key = scope, css, read_from, _number(variable_tokens), *sorted(more.items())
    if key not in _parsed:
        _parsed[key] = list(parser.parse(scope, css, read_from, variable_tokens=variable_tokens, **more))
    return _parsed[key]


def _tokens(values: dict[str, str]) -> dict[str, list[Token]]:
    key = tuple(values.items())
    if key not in _tokenized:
        _tokenized[key] = tokenize_values(values)
    return _tokenized[key]


@contextmanager
def kept() -> Iterator[None]:
    """Until left, a stylesheet that was parsed with the same variables is not parsed again."""
    with (
        mock.patch("textual.css.stylesheet.parse", _parse),
        mock.patch("textual.css.stylesheet.tokenize_values", _tokens),
    ):
        yield
