"""Documents that were made: their record, read whatever a script wrote there, and checked at the door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal, TypeAlias, get_args

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from tuicrm.domain.documents.templates import is_digest
from tuicrm.domain.items import Ref
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _

PREFIX = "DOC"
"""What the refs of documents begin with."""

VersionHow: TypeAlias = Literal["made", "again", "changed", "uploaded"]
_HOW: tuple[str, ...] = get_args(VersionHow)


class DocVersion(Struct, frozen=True):
    """A version: its number from 1, when (UTC ISO), by whom, the content (sha256) and its size, and how it came about.

    `printed` are the fields (`deal.amount`) that stand in it, `items` the other items (`company:3`) whose values do."""

    n: int
    at: str = ""
    by: str = ""
    blob: str = ""
    size: int = 0
    how: VersionHow = "made"
    printed: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


class DocumentRecord(Struct, frozen=True):
    """A document: the item that it was made on, of which template, its title and number, and its versions, oldest first.

    `values` is what was printed, by placeholder; `overrides` what was said for this document alone. `pdfs` holds the PDF of a content
    by that content (both sha256)."""

    id: int
    owner: Ref | None = None
    template: str = ""
    title: str = ""
    number: str = ""
    at: str = ""
    by: str = ""
    language: str = ""
    stamps: bool = False
    values: dict[str, Any] = msgspec.field(default_factory=dict)
    overrides: dict[str, str] = msgspec.field(default_factory=dict)
    versions: tuple[DocVersion, ...] = ()
    pdfs: dict[str, str] = msgspec.field(default_factory=dict)

    @property
    def newest(self) -> DocVersion:
        """The version that it stands at; one of nothing where a script left no version."""
        return self.versions[-1] if self.versions else DocVersion(0)

    def version(self, n: int) -> DocVersion | None:
        """A version by its number; None where there is no such."""
        return next((one for one in self.versions if one.n == n), None)


def show_ref(document_id: int) -> str:
    """`DOC-12`."""
    return f"{PREFIX}-{document_id}"


def read_ref(text: str) -> int:
    """The id that `DOC-12`, `doc12` or `12` names; 0 for anything else."""
    word = text.strip()
    digits = word[len(PREFIX) :].removeprefix("-") if word[: len(PREFIX)].upper() == PREFIX else word
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


# -- reading -----------------------------------------------------------------------------------------------------------
def read(document_id: int, doc: Mapping[str, Any]) -> DocumentRecord:
    """The record as it can be read; what is no such value is left out."""
    return DocumentRecord(
        document_id,
        Ref.read(doc.get("owner")),
        _text(doc, "template"),
        _text(doc, "title"),
        _text(doc, "number"),
        _text(doc, "at"),
        _text(doc, "by"),
        _text(doc, "language"),
        stamps=doc.get("stamps") is True,
        values={key: value for key, value in _pairs(doc, "values") if _is_value(value)},
        overrides={key: value for key, value in _pairs(doc, "overrides") if isinstance(value, str)},
        versions=tuple(_versions(doc)),
        pdfs={key: value for key, value in _pairs(doc, "pdfs") if is_digest(key) and is_digest(value)},
    )


def _text(doc: Mapping[str, Any], name: str) -> str:
    value = doc.get(name)
    return value if isinstance(value, str) else ""


def _pairs(doc: Mapping[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    value = doc.get(name)
    return iter(value.items() if isinstance(value, dict) else ())


def _is_value(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(one, str) for one in value))


def _versions(doc: Mapping[str, Any]) -> Iterator[DocVersion]:
    kept = doc.get("versions")
    for n, one in enumerate(kept if isinstance(kept, list) else (), start=1):
        if isinstance(one, dict) and is_digest(one.get("blob")):
            how = one.get("how")
            made = DocVersion(n, _text(one, "at"), _text(one, "by"), _text(one, "blob"), _size(one.get("size")))
            known: Any = how if isinstance(how, str) and how in _HOW else "made"
            yield replace(made, how=known, printed=_names(one, "printed"), items=_names(one, "items"))


def _size(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else 0


def _names(doc: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """Names that somebody must be able to see. What is no name is kept as one that nobody knows: it closes the document, never opens
    it."""
    value = doc.get(name)
    if value is None:
        return ()
    return tuple(str(one) for one in value) if isinstance(value, list) else (str(value),)


def written(record: DocumentRecord) -> dict[str, Any]:
    """The record as it is kept."""
    plain: dict[str, Any] = msgspec.to_builtins(record)
    plain.pop("id")
    plain["owner"] = str(record.owner) if record.owner is not None else ""
    plain["versions"] = [
        {name: list(value) if isinstance(value, tuple) else value for name, value in one.items()}
        for one in plain["versions"]
    ]
    return {name: value for name, value in plain.items() if value not in ("", {}, None)}


# -- at the door -------------------------------------------------------------------------------------------------------
def check(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> None:
    """Raise Refused where a record holds what no document may, in what is other than `before`: what a script wrote may stay."""
    known = before or {}
    problems = [
        FieldProblem(name, told, after.get(name))
        for name, wrong in _CHECKS.items()
        if (name not in known or after.get(name) != known[name]) and (told := wrong(after.get(name)))
    ]
    if problems:
        raise Refused("; ".join(f"{one.field}: {one.message}" for one in problems), problems)


def _is_owner(value: object) -> str:
    return "" if Ref.read(value) is not None else _("an item is expected, such as deal:42")


def _is_line(value: object) -> str:
    fits = isinstance(value, str) and value.strip() and "\n" not in value
    return "" if fits else _("a text of one line is expected")


def _is_text(value: object) -> str:
    return "" if value is None or isinstance(value, str) else _("a text is expected")


def _is_yes_no(value: object) -> str:
    return "" if value is None or isinstance(value, bool) else _("yes or no is expected")


def _are_values(value: object) -> str:
    fits = value is None or (isinstance(value, dict) and all(map(_is_value, value.values())))
    return "" if fits else _("texts by placeholder are expected")


def _are_versions(value: object) -> str:
    fits = isinstance(value, list) and value and all(map(_is_version, value))
    return "" if fits else _("versions with a file of this workspace are expected")


def _is_version(one: object) -> bool:
    if not isinstance(one, dict) or not is_digest(one.get("blob")) or one.get("how") not in _HOW:
        return False
    lists = (one.get(name, []) for name in ("printed", "items"))
    return all(isinstance(each, (list, tuple)) and all(isinstance(name, str) for name in each) for each in lists)


def _are_pdfs(value: object) -> str:
    fits = value is None or (isinstance(value, dict) and all(map(is_digest, (*value, *value.values()))))
    return "" if fits else _("files of this workspace are expected")


_CHECKS: Mapping[str, Callable[[object], str]] = {
    "owner": _is_owner,
    **dict.fromkeys(("template", "title", "number"), _is_line),
    **dict.fromkeys(("at", "by", "language"), _is_text),
    "stamps": _is_yes_no,
    **dict.fromkeys(("values", "overrides"), _are_values),
    "versions": _are_versions,
    "pdfs": _are_pdfs,
}
