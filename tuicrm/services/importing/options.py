"""What a person asks of an import: options, and decisions in a map file."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal, TypeAlias

from msgspec import Struct, field

from tuicrm.errors import NotFound, Refused, UsageError
from tuicrm.exchange.encodings import CHOICES, codec_of
from tuicrm.i18n import _

Handling: TypeAlias = Literal["add", "skip", "fill", "replace"]
"""What becomes of a row that looks like an item here: it is made all the same, or left out; or the item gets what it lacks, or all
that the row says."""

HANDLINGS: tuple[Handling, ...] = ("add", "skip", "fill", "replace")

_SECTIONS = ("columns", "people", "stages", "pipelines", "layouts")


class BadDecision(Refused):
    """What a person decided cannot be done: that is their mistake, not the file's."""


class Decisions(Struct, frozen=True):
    """What a person decided of the mapping, each from the file's own word.

    `columns`: column → field (`address.city`), "" to leave it out; `people`: name or id → person (key, login or name);
    `stages` and `pipelines`: name or code → stage or pipeline (key or label); `layouts`: the name of a file with a card layout → the
    pipeline (or kind of lead) whose it is."""

    columns: dict[str, str] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    stages: dict[str, str] = field(default_factory=dict)
    pipelines: dict[str, str] = field(default_factory=dict)
    layouts: dict[str, str] = field(default_factory=dict)


class ImportOptions(Struct, frozen=True):
    """`type` is what rows of CSV files are ("" to guess). `enforce` rejects rows that lack required fields; else they are let
    pass and counted. `rejects` is where rejected rows go: a file, or a folder for a file each; None for beside each imported file.
    `encoding` is that of CSV files (`read_encoding`), "" to tell it by what they hold.
    `duplicates` says what becomes of rows that look like items here, by which kinds of signs `alike_by` (`domain/alike.py`; all of
    them without)."""

    type: str = ""
    decisions: Decisions = Decisions()
    dry_run: bool = False
    create_fields: bool = False
    enforce: bool = False
    rejects: Path | None = None
    encoding: str = ""
    duplicates: Handling = "add"
    alike_by: tuple[str, ...] = ()


def read_encoding(name: str) -> str:
    """The codec of an encoding that a person names, "" for no name. Raises UsageError for what is none."""
    codec = codec_of(name) if name else ""
    if name and not codec:
        told = _("--encoding {name}: the name of an encoding is expected, such as {known}")
        raise UsageError(told.format(name=name, known=", ".join(CHOICES)))
    return codec


def offered_encodings() -> tuple[str, ...]:
    """Names of encodings to choose among."""
    return CHOICES


def read_decisions(path: Path) -> Decisions:
    """Read a map file (TOML: the tables `[columns]`, `[people]`, `[stages]`, `[pipelines]`, texts to texts).

    Raises NotFound without the file, Refused naming what is wrong in it."""
    try:
        document = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError as error:
        raise NotFound(_("There is no file {path}.").format(path=path)) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    for name, table in document.items():
        if name not in _SECTIONS:
            raise Refused(
                _("{path}: there is no [{name}] in a map; there are: {known}").format(
                    path=path, name=name, known=", ".join(_SECTIONS)
                )
            )
        _check(path, name, table)
    return Decisions(**document)


def _check(path: Path, name: str, table: object) -> None:
    wrong = not isinstance(table, dict) or any(not isinstance(value, str) for value in table.values())
    if wrong:
        raise Refused(
            _("{path}: [{name}] needs lines such as {example}").format(path=path, name=name, example=_EXAMPLE)
        )


_EXAMPLE = '"Deal name" = "title"'
