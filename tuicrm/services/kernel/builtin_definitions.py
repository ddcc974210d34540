"""What ships with the program: item types, dictionaries, currencies, roles, read from `data/` once."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from tuicrm.domain.config_records import Role
from tuicrm.domain.conversion import Carrying
from tuicrm.domain.schema import Dictionary, ItemType
from tuicrm.files import data_folder

Shape = TypeVar("Shape")


def _read(path: Path, shape: type[Shape]) -> Shape:
    """Raises msgspec.ValidationError naming the file: shipped data is ours, so this is a broken installation."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=shape)
    except msgspec.MsgspecError as problem:
        raise msgspec.ValidationError(f"{path}: {problem}") from problem


@lru_cache(maxsize=1)
def load_types() -> dict[str, ItemType]:
    """The item types by key: the built-in ones, the catalogue last, and the template of those of one's own (`smart`)."""
    types = [_read(path, ItemType) for path in (data_folder() / "types").glob("*.json")]
    return {item_type.key: item_type for item_type in sorted(types, key=lambda one: one.sort)}


@lru_cache(maxsize=1)
def load_dictionaries() -> dict[str, Dictionary]:
    """The dropdowns a new workspace begins with, by key."""
    return {words.key: words for words in _read(data_folder() / "dictionaries.json", list[Dictionary])}


@lru_cache(maxsize=1)
def load_currencies() -> list[str]:
    """ISO 4217 codes that a new workspace offers."""
    return _read(data_folder() / "currencies.json", list[str])


@lru_cache(maxsize=1)
def load_roles() -> list[Role]:
    """Administrator and manager."""
    return _read(data_folder() / "roles.json", list[Role])


@lru_cache(maxsize=1)
def load_carrying() -> Carrying:
    """What goes along when one item is created from another."""
    return _read(data_folder() / "conversion.json", Carrying)


def load_json(*names: str) -> Any:
    """Any other shipped JSON file (the demo workspace)."""
    return _read(data_folder().joinpath(*names), object)
