"""The templates that ship (data/templates/LANGUAGE/KEY.docx, written by scripts/starter_templates.py): what each is for."""

from __future__ import annotations

from functools import lru_cache

import msgspec
from msgspec import Struct

from tuicrm.domain import named
from tuicrm.domain.schema import Label
from tuicrm.errors import NotFound
from tuicrm.files import data_folder
from tuicrm.i18n import _

FALLBACK = "en"


class StarterTemplate(Struct, frozen=True):
    """A template that ships: its key, its name, the types it is for."""

    key: str
    label: Label
    types: tuple[str, ...]


@lru_cache(maxsize=1)
def starters() -> list[StarterTemplate]:
    """Those that ship (data/templates/starters.json)."""
    return msgspec.json.decode((data_folder() / "templates" / "starters.json").read_bytes(), type=list[StarterTemplate])


def find_starter(text: str, language: str) -> StarterTemplate:
    """One that ships, by key or name. Raises NotFound with those there are."""
    known = [named.labelled(one, one.key, one.label, language) for one in starters()]
    try:
        return named.the(text, known, _("There is no template “{name}”").format(name=text))
    except named.NotNamed as missing:
        raise NotFound(missing.message) from missing


def starter_languages() -> list[str]:
    """The languages that they are in."""
    return sorted(folder.name for folder in (data_folder() / "templates").iterdir() if folder.is_dir())


def starter_content(key: str, language: str) -> bytes:
    """The file of one, in a language or, where it is not in that, in English."""
    folder = data_folder() / "templates"
    path = folder / language / f"{key}.docx"
    return (path if language in starter_languages() else folder / FALLBACK / f"{key}.docx").read_bytes()
