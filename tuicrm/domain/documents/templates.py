"""Document templates: what is kept of one beside its file (reference §9)."""

# No `from __future__ import annotations` here: msgspec would evaluate each annotation anew at every start.

from collections.abc import Collection, Mapping
from typing import Any, Literal, TypeAlias

import msgspec
from msgspec import Struct

from tuicrm.domain.schema import Numerator, Reset

TemplateEngine: TypeAlias = Literal["plain", "jinja"]

_HEX = frozenset("0123456789abcdef")


class DocTemplate(Struct, frozen=True, kw_only=True):
    """A template. `key` never changes and is what documents name; `blob` is the file's content (sha256), `file` its name.

    `types` are what it is for: types and `type/pipeline`. `users` are who may use it, people's keys and `department:key`; empty:
    everybody. `numbers` is the key of another template that counts for this one ("": it counts itself, as `pattern`, `start`, `step`
    and `reset` say). `language` "": the client's, else the maker's. `deleted`: kept for its documents. `revision` counts files."""

    key: str
    label: str
    types: list[str]
    blob: str
    file: str
    size: int = 0
    language: str = ""
    pattern: str = "{NUMBER}"
    start: int = 1
    step: int = 1
    reset: Reset = "never"
    numbers: str = ""
    users: list[str] = msgspec.field(default_factory=list)
    stamps: bool = False
    sort: int = 0
    retired: bool = False
    deleted: bool = False
    engine: TemplateEngine = "plain"
    revision: int = 1

    @property
    def numerator(self) -> Numerator:
        """How its documents are numbered."""
        return Numerator("number", self.pattern, self.start, self.step, self.reset)

    def is_for(self, type_key: str, pipeline: str) -> bool:
        """Whether documents of an item of that type, in that pipeline, are made of it."""
        return type_key in self.types or f"{type_key}/{pipeline}" in self.types


def counting(templates: Mapping[str, DocTemplate], key: str) -> DocTemplate | None:
    """The template that counts for one: itself, or the one that it shares its numbers with; None where there is no such."""
    seen: set[str] = set()
    found = templates.get(key)
    while found is not None and found.numbers and found.numbers in templates and found.key not in seen:
        seen.add(found.key)
        found = templates[found.numbers]
    return found


def sharing(templates: Mapping[str, DocTemplate], key: str) -> Collection[str]:
    """The keys of all templates for which a template counts, its own among them."""
    return [one for one in templates if (found := counting(templates, one)) is not None and found.key == key]


def why_misshapen(template: DocTemplate) -> str:
    """Why what has the shape of a template is none all the same; "" where it is one."""
    if not template.key or not template.label.strip():
        return "a template has a key and a name"
    if not is_digest(template.blob):
        return f"{template.blob[:80]!r} is not the content of a file"
    return why_no_numbers(template.numerator)


def why_no_numbers(numerator: Numerator) -> str:
    """Why nothing can be numbered so (a pattern without a number would be looked through for ever); "" where it can."""
    from tuicrm.domain.numbering import problems

    return "; ".join(f"{one.field}: {one.message}" for one in problems(numerator))


def is_digest(value: Any) -> bool:  # noqa: ANN401 - whatever a record holds
    """Whether a value names a content (sha256)."""
    return isinstance(value, str) and len(value) == 64 and _HEX.issuperset(value)
