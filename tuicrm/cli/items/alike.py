"""Saying that what is made or changed looks like something that is there: never in the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import IndexTrouble
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.items import Item
    from tuicrm.services.duplicates.duplicates import Candidate
    from tuicrm.services.kernel.session import Session

_MOST = 5


def look_for_alike(
    work: CommandRun, type_key: str, fields: Mapping[str, Any], edited: Item | None = None
) -> list[Candidate]:
    """What these values of a new item, or of one that is edited, are like; nothing where the type is not looked at."""
    if not work.session.workspace.type(type_key).alike:
        return []
    from tuicrm.cli.running.indexing import reading
    from tuicrm.services.duplicates import duplicates

    with reading(work) as tell:
        duplicates.catch_up(work.session, tell)
    try:
        if edited is not None:
            return duplicates.like_edited(work.session, edited, fields)[:_MOST]
        return duplicates.like(work.session, type_key, fields)[:_MOST]
    except IndexTrouble:
        return []  # said by `reading` already


def tell_alike(work: CommandRun, found: Sequence[Candidate]) -> None:
    """Say it, on stderr."""
    if not found:
        return
    from tuicrm.services.duplicates import duplicates

    for one in found:
        work.out.say(_("Looks like {item}").format(item=duplicates.told(work.session, one)))


def plain(session: Session, found: Sequence[Candidate]) -> list[dict[str, Any]]:
    """The same as JSON."""
    return [
        {
            "ref": session.workspace.show_ref(one.ref),
            "type": one.ref.type,
            "title": session.names.item(one.ref) or "",
            "likelihood": round(one.likelihood, 2),
            "reasons": list(one.reasons),
        }
        for one in found
    ]
