"""The definitions of a run are those of the workspace with what the run adds."""

from __future__ import annotations

from tuicrm.domain.schema import Field
from tuicrm.services.definitions.fields import field_record
from tuicrm.services.importing.definitions.records import Records
from tuicrm.services.kernel.session import Session


def test_workspace_and_types_follow_what_is_added(workspace: Session) -> None:
    records = Records(workspace)
    assert records.workspace.field("deal", "x") is None
    assert "x" not in {field.key for field in records.types["deal"].fields}
    records.put("field", field_record("deal", Field("x", "string", "X", custom=True)))
    assert records.workspace.field("deal", "x") is not None
    assert "x" in {field.key for field in records.types["deal"].fields}
    assert workspace.workspace.field("deal", "x") is None
