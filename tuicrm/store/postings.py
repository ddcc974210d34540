"""Postings: which records hold a text at a path. The paths are those of conditions; a multi-valued one posts each of its texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import msgspec

from tuicrm.domain import reach
from tuicrm.domain.matching import values_at

Pairs: TypeAlias = tuple[tuple[str, str], ...]
"""Path and text, each pair once."""


def fields_of(path: str) -> tuple[str, ...]:
    """The top-level fields that a posted path reads."""
    return reach.MADE_OF if path == reach.PATH else (path.partition(".")[0],)


def texts_at(path: str) -> Callable[[Mapping[str, Any]], Sequence[str]]:
    """Compile: document → the texts at a path, each once."""
    values = values_at(path)

    def texts(doc: Mapping[str, Any]) -> Sequence[str]:
        found = values(doc)
        if len(found) == 1:
            return found if isinstance(found[0], str) else ()
        return list(dict.fromkeys(one for one in found if isinstance(one, str)))

    return texts


@lru_cache(maxsize=32)
def posted(paths: tuple[str, ...]) -> Callable[[bytes], Pairs]:
    """Compile: a document as it is kept → what it posts at these paths. Only the fields they read are decoded."""
    fields = tuple(dict.fromkeys(field for path in paths for field in fields_of(path)))
    readers = [(path, texts_at(path)) for path in paths]
    decode = narrow(fields)

    def pairs(raw: bytes) -> Pairs:
        doc = decode(raw)
        return tuple((path, text) for path, texts in readers for text in texts(doc))

    return pairs


def narrow(fields: Sequence[str]) -> Callable[[bytes], dict[str, Any]]:
    """Compile: a document as it is kept → these of its fields, null ones left out."""
    names = [f"f{n}" for n in range(len(fields))]
    members = [(name, Any, None) for name in names]
    shape = msgspec.defstruct("Narrow", members, rename=dict(zip(names, fields, strict=True)), gc=False)
    decode = msgspec.json.Decoder(shape).decode

    def doc(raw: bytes) -> dict[str, Any]:
        found = decode(raw)
        return {
            field: value
            for name, field in zip(names, fields, strict=True)
            if (value := getattr(found, name)) is not None
        }

    return doc
