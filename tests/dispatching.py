"""Which methods of a class deal with which kind of message: asked once an app, and not at each of the messages that go through it.

Textual goes through all classes below a widget for each message: a twentieth of what a story on a screen costs.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias
from unittest import mock

from textual.message import Message
from textual.message_pump import MessagePump

Methods: TypeAlias = list[tuple[type, Callable[..., Any]]]

_look_up = MessagePump._get_dispatch_methods
_known: dict[tuple[type, type[Message], str], Methods | None] = {}
"""None where it depends on the message itself: on who sent it, by a selector."""


def _methods_of(owner: type, kind: type[Message], name: str) -> Methods | None:
    kinds = [each for each in kind.__mro__ if issubclass(each, Message)]
    found: Methods = []
    for each in owner.__mro__:
        decorated = vars(each).get("_decorated_handlers") or {}
        if any(decorated.get(one) for one in kinds):
            return None
        method = vars(each).get(f"_{name}") or vars(each).get(name)
        if method is not None and not getattr(method, "_textual_on", None):
            found.append((each, method))
    return found


def _dispatch_methods(self: MessagePump, method_name: str, message: Message) -> Iterator[tuple[type, Any]]:
    key = type(self), type(message), method_name
    if key not in _known:
        _known[key] = _methods_of(*key)
    methods = _known[key]
    if methods is None:
        yield from _look_up(self, method_name, message)
        return
    for owner, method in methods:
        if message._no_default_action:
            return
        yield owner, method.__get__(self, owner)


@contextmanager
def kept() -> Iterator[None]:
    """Until left, it is asked once; what a test puts into a class before counts."""
    _known.clear()
    with mock.patch.object(MessagePump, "_get_dispatch_methods", _dispatch_methods):
        yield
