"""The messages of the demo: mails, calls and an SMS of the past, one of which waits in the inbox (data/demo/messages.json)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import Message, written
from tuicrm.store.protocol import Doc


def message_docs(rows: Sequence[Mapping[str, Any]], refs: Mapping[str, Ref], moment: Callable[[str], str]) -> list[Doc]:
    """The records that rows tell, in their order: the first one gets the id 1. `refs` are the items by the names that the rows give
    them, `moment` reads when."""
    begun: dict[str, int] = {}
    docs = []
    for number, row in enumerate(rows, start=1):
        if "id" in row:
            begun[row["id"]] = number
        docs.append(written(replace(_message(row, refs, moment), thread=begun.get(row.get("answers", ""), 0))))
    return docs


def _message(row: Mapping[str, Any], refs: Mapping[str, Ref], moment: Callable[[str], str]) -> Message:
    on = tuple(str(refs[name]) for name in row.get("on", ()))
    return Message(
        channel=row["channel"],
        way=row["way"],
        status="received" if row["way"] == "in" else "sent",
        at=moment(row["at"]),
        by=row["by"],
        owner=row["by"] if row["channel"] == "mail" else "",
        private=not on,
        sender=row.get("from", ""),
        name=row.get("name", ""),
        to=tuple(one.replace(" ", "") if row["channel"] != "mail" else one for one in row.get("to", ())),
        subject=row.get("subject", ""),
        text=row["text"],
        unanswered=row.get("unanswered", False),
        on=on,
        minutes=row.get("minutes", 0),
        outcome=row.get("outcome", ""),
    )
