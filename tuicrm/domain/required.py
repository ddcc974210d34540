"""The required rule (reference §3.1): which fields must be filled for an item to be in a stage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from tuicrm.domain.schema import Field, Pipeline


def is_empty(value: object) -> bool:
    """Whether a JSON-form value counts as not filled: None, "", [], {}. False and 0 are values."""
    return value is None or value == "" or value == [] or value == {}


def required_at(field: Field, pipeline: str, stage: str) -> bool:
    """Whether the field must be filled in that stage; "" for types without stages."""
    chosen = field.required_at.get(pipeline)
    return field.required if chosen is None else stage in chosen


def missing_fields(
    fields: Iterable[Field],
    doc: Mapping[str, Any],
    pipeline: str,
    stage: str,
    sees: Callable[[Field], bool] = lambda field: True,
) -> list[Field]:
    """The fields required there and empty. A field the person cannot see does not bind them (reference §3.2)."""
    return [
        field
        for field in fields
        if required_at(field, pipeline, stage) and sees(field) and is_empty(doc.get(field.key))
    ]


def first_stage_needing(field: Field, pipeline: Pipeline, stage: str) -> str:
    """Key of the next stage after `stage` that requires the field and is no failure; "" when none does."""
    here = pipeline.index(stage)
    for later in pipeline.stages[here + 1 :]:
        if later.semantics != "failure" and required_at(field, pipeline.key, later.key):
            return later.key
    return ""
