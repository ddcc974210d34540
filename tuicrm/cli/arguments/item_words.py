"""What the verbs of an item type share: which type it is, what the words are, how they answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.domain.items import Item

if TYPE_CHECKING:
    from tuicrm.domain.schema import ItemType


def type_of(context: typer.CommandContext) -> ItemType:
    """The item type that the noun names."""
    from tuicrm.services.kernel.lookup import find_type

    # The word right behind `tuicrm`: of `deal list` as of `deal products add`.
    here: Any = context
    while here.parent is not None and here.parent.parent is not None:
        here = here.parent
    return find_type(work_of(context).session, here.info_name or "")


def words_and_values(words: Sequence[str], least: int = 0) -> tuple[list[str], list[str]]:
    """Refs and the like (`least` of them), then values: from the first word behind those that looks like FIELD=VALUE."""
    at = next((n for n, word in enumerate(words) if n >= least and "=" in word), len(words))
    return list(words[:at]), list(words[at:])


def answer(work: CommandRun, items: Sequence[Item], **more: object) -> None:
    """What a change came to: the items as envelope (with what `more` there is to tell), or their refs."""
    from tuicrm.services.exporting.exportable import plain_item

    session = work.session
    if work.out.json:
        work.out.envelope(items=[plain_item(session, item) for item in items], total=len(items), **more)
        return
    for item in items:
        work.out.text(session.workspace.show_ref(item.ref))
