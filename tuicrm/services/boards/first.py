"""Which board comes first, where nobody has said which."""

from __future__ import annotations

from tuicrm.services.kernel.session import Session


def first_type(session: Session) -> str:
    """The type whose board comes first: the first with pipelines (deals), else with stages, that this person may see."""
    workspace = session.workspace
    staged = [key for key in workspace.types if workspace.pipelines(key)]
    with_stages = sorted(staged, key=lambda key: not workspace.type(key).has_pipelines)
    return next(key for key in with_stages if session.access.scope("read", key) != "none")
