"""Which card layout a person gets (reference §4.2): a view made for them by name, one made for their nearest department, their
own, the common one, the built-in one; among equals the newest. A person may switch among those they may use."""

from __future__ import annotations

from typing import Final, Literal, NamedTuple, TypeAlias

from msgspec import Struct

from tuicrm.domain.access import Access, nearness
from tuicrm.domain.config_records import KeptLayout
from tuicrm.domain.schema import Layout
from tuicrm.domain.workspace import Workspace

LayoutKind: TypeAlias = Literal["view", "personal", "common", "built-in"]

BUILT_IN: Final = "built-in"
COMMON: Final = "common"
PERSONAL: Final = "personal"


class LayoutPlace(NamedTuple):
    """Where a layout holds: for the items of a type that are of one variant ("" where all are alike)."""

    type: str
    variant: str = ""

    def __str__(self) -> str:
        return f"{self.type}/{self.variant}" if self.variant else self.type


class LayoutUse(Struct, frozen=True):
    """A layout that a person may use at a place.

    `kept` is its record (None for the built-in one and for a personal one that does not exist yet); `near` tells a view's
    nearness: 0 made for the person by name, 1 for their department, 2 for the one above it, …
    """

    kind: LayoutKind
    layout: Layout
    kept: KeptLayout | None = None
    near: int = -1

    @property
    def choice(self) -> str:
        """What a person's choice of it is kept as."""
        return f"view:{self.kept.record.key}" if self.kind == "view" and self.kept else self.kind

    @property
    def name(self) -> str:
        """A view's name; "" for the others."""
        return self.kept.record.name if self.kind == "view" and self.kept else ""


def uses(workspace: Workspace, access: Access, place: LayoutPlace) -> list[LayoutUse]:
    """The layouts that the person may use at a place, the one they get first; there is always one."""
    views: list[tuple[int, str, int, LayoutUse]] = []
    personal: list[LayoutUse] = []
    common: list[LayoutUse] = []
    # The newest first: two who shape what nobody shaped before, in the very same moment, both make one.
    for kept in sorted(workspace.kept_layouts(*place), key=lambda one: one.rev, reverse=True):
        record = kept.record
        if record.scope == "view":
            near = nearness(workspace, access.person, record.members)
            if near is not None:
                views.append((-near, record.edited, kept.rev, LayoutUse("view", record.layout, kept, near)))
        elif record.scope == "common":
            common.append(LayoutUse("common", record.layout, kept))
        elif record.person == access.person.key and access.shapes("personal_layout"):
            personal.append(LayoutUse("personal", record.layout, kept))
    nearest = [use for *_rank, use in sorted(views, key=lambda found: found[:3], reverse=True)]
    built_in = LayoutUse("built-in", workspace.built_in_layout(*place))
    return [*nearest, *personal[:1], *(common[:1] or [built_in])]


def chosen(found: list[LayoutUse], choice: str) -> LayoutUse:
    """The one of `uses` that is in use: the person's choice as long as they may use it, else the first."""
    if choice in (COMMON, BUILT_IN):
        # Who chose what all have keeps to it when the first common layout is made, or it is reset.
        return found[-1]
    return next((use for use in found if choice and use.choice == choice), found[0])
