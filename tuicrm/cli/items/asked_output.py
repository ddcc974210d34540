"""What a stage asked for and did not get: told behind every change that brings an item there. The command line itself asks nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli.running.work import CommandRun
from tuicrm.domain.items import Item
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.schema import Field
    from tuicrm.services.kernel.session import Session

_TOLD = 20


def lacking(session: Session, before: Sequence[Item], after: Sequence[Item]) -> dict[str, list[Field]]:
    """By ref, what is asked for and empty still where items came to other stages than those they were in (`before`)."""
    from tuicrm.services.items.stages import still_asked

    was = {item.ref: item for item in before}
    found = {}
    for item in after:
        asked = still_asked(session, was.get(item.ref, Item(item.type, item.id, 0, {})), item)
        if asked:
            found[session.workspace.show_ref(item.ref)] = asked
    return found


def plain(found: dict[str, list[Field]]) -> dict[str, Any]:
    """For the envelope: `asked` where there is anything."""
    return {"asked": {ref: [field.key for field in fields] for ref, fields in found.items()}} if found else {}


def answer(work: CommandRun, before: Sequence[Item], after: Sequence[Item], **more: object) -> None:
    """The items as they are now, and what the stages ask for to which they came; `before` is as they were."""
    from tuicrm.cli.arguments.item_words import answer as told

    asked = lacking(work.session, before, after)
    told(work, after, **more, **plain(asked))
    if asked and not work.out.json:
        tell(work, after[0].type, asked)


def tell(work: CommandRun, type_key: str, found: dict[str, list[Field]]) -> None:
    """For people."""
    for ref, fields in list(found.items())[:_TOLD]:
        names = ", ".join(work.session.label(field.label) for field in fields)
        values = " ".join(f"{field.key}=…" for field in fields)
        told = _("{ref}: its stage asks for {fields}.").format(ref=ref, fields=names)
        work.out.warn(f"{told} `tuicrm {type_key} edit {ref} {values}`")
    if len(found) > _TOLD:
        work.out.warn(_("and {n} more").format(n=len(found) - _TOLD))
