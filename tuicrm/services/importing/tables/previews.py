"""The first rows of a dry run as they would become: what each field would hold, as values and as people read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tuicrm.domain.importing import MOST_PREVIEWS, Fate, RowPreview, TableReport
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.values import format_field
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field, ItemType
from tuicrm.domain.workspace import Workspace
from tuicrm.services.kernel.names import SessionNames
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc


class _PreviewNames(SessionNames):
    """Names with those of items that the run would make."""

    def __init__(self, session: Session, workspace: Workspace, titles: Mapping[Ref, str]) -> None:
        super().__init__(session, workspace)
        self._titles = titles

    def item(self, ref: Ref) -> str | None:
        return self._titles.get(ref) or super().item(ref)


class Previews:
    """Collects them. Nothing is kept of a run that writes."""

    def __init__(self, session: Session, workspace: Workspace, *, dry: bool) -> None:
        self._session, self._workspace, self._dry = session, workspace, dry
        self._titles: dict[Ref, str] = {}
        self._context = msgspec.structs.replace(
            session.context(), names=_PreviewNames(session, workspace, self._titles)
        )

    def name(self, ref: Ref, title: str) -> None:
        """Let other rows show what this item would be called."""
        if self._dry:
            self._titles[ref] = title

    def add(self, report: TableReport, line: int, fate: Fate, told: Mapping[str, Any], doc: Doc, of: ItemType) -> None:
        """Show a row: `told` are the fields that it fills, `doc` all that its item would hold."""
        if not self._dry or len(report.previews) >= MOST_PREVIEWS:
            return
        alone = len(self._workspace.pipelines(of.key)) < 2
        fields = {field.key: field for field in of.fields if field.key in told}
        kept = {key: doc[key] for key in fields if not is_empty(doc.get(key)) and not (alone and key == "pipeline")}
        shown = {key: self._shown(of, fields[key], value, doc) for key, value in kept.items()}
        for key in kept:
            report.labels.setdefault(key, self._session.label(fields[key].label))
        report.previews.append(RowPreview(line, fate, kept, shown))
        report.previews.sort(key=lambda one: one.line)

    def _shown(self, of: ItemType, field: Field, value: object, doc: Mapping[str, Any]) -> str:
        pipelines = self._workspace.pipelines(of.key)
        if field.traits.is_place:
            pipeline = next((one for one in pipelines if one.key == doc.get("pipeline")), None)
            stage = pipeline.stage(str(value)) if pipeline and field.traits.is_stage else None
            named = stage if field.traits.is_stage else pipeline
            return self._session.label(named.label) if named else str(value)
        return ", ".join(_lines(format_field(value, field, self._context)))


def _lines(text: str) -> Sequence[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
