"""The departments of a workspace, and how they stand in one another."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct


class Department(Struct, frozen=True):
    """A part of the company; `parent` "" at the top. `head` is a person's key. `roles` are held by its head, and by all who are in it
    and in the departments beneath it."""

    key: str
    name: str
    parent: str = ""
    head: str = ""
    retired: bool = False
    roles: list[str] = []


class Departments(dict[str, Department]):
    """By key."""

    def tree(self, key: str) -> set[str]:
        """A department and all beneath it."""
        found, waiting = set[str](), [key]
        while waiting:
            here = waiting.pop()
            if here in found:
                continue
            found.add(here)
            waiting += [part.key for part in self.values() if part.parent == here]
        return found

    def up(self, key: str) -> Iterator[str]:
        """A department, the one above it, and so on to the top."""
        seen: set[str] = set()
        while key in self and key not in seen:
            seen.add(key)
            yield key
            key = self[key].parent
