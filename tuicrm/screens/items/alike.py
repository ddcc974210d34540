"""Telling, while something is typed, that it looks like something that is there: a line beside it, never in the way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.worker import Worker

from tuicrm.domain.items import Item
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.values import parse_field
from tuicrm.domain.schema import Field
from tuicrm.errors import IndexTrouble, Refusal
from tuicrm.i18n import _
from tuicrm.screens.asking import values_of
from tuicrm.screens.host import Workplace
from tuicrm.widgets.form import Notice
from tuicrm.widgets.question import Answer, Question

if TYPE_CHECKING:
    from tuicrm.services.duplicates.duplicates import Candidate


class AlikeWatch:
    """Looks for what values are like, once all there is was read for it: that begins with the watch, in a thread."""

    def __init__(self, screen: Workplace, type_key: str, item: Item | None = None) -> None:
        """`item` is the one that is edited; without, a new one is made."""
        self._session, self._type, self._item = screen.session, type_key, item
        self._ready = False
        if screen.session.workspace.type(type_key).alike:
            _reading: Worker[None] = screen.run_worker(self._read, exclusive=True, group="alike")

    async def _read(self) -> None:
        from tuicrm.services.duplicates import duplicates

        try:
            await asyncio.to_thread(duplicates.catch_up, self._session)
        except IndexTrouble:
            return  # nothing can be kept there: nothing is told
        self._ready = True

    def first(self, values: Mapping[str, Any]) -> Candidate | None:
        """What these values are like most; None for nothing, or as long as that is not known."""
        if not self._ready:
            return None
        from tuicrm.services.duplicates import duplicates

        try:
            if self._item is not None:
                found = duplicates.like_edited(self._session, self._item, values)
            else:
                found = duplicates.like(self._session, self._type, values)
        except IndexTrouble:
            return None
        return found[0] if found else None

    def notice(self, answers: Mapping[str, Answer]) -> Notice | None:
        """For a form: what its answers so far are like."""
        values: dict[str, Any] = {}
        for key, answer in answers.items():
            try:
                values |= values_of(self._session, self._type, {key: answer})
            except (BadValue, Refusal):
                continue  # said beside the field
        found = self.first(values)
        return Notice(self._told(found), str(found.ref)) if found is not None else None

    def over(self, asked: Question, field: Field) -> Question:
        """A question about a field whose preview tells it too."""
        check = asked.check
        if check is None or asked.is_chosen:
            return asked

        def with_alike(text: str) -> str:
            told = check(text)
            found = self.first({field.key: parse_field(text, field, self._session.context())}) if text.strip() else None
            return told if found is None else f"{told} · {self._told(found)}".removeprefix(" · ")

        return asked._replace(check=with_alike)

    def _told(self, found: Candidate) -> str:
        from tuicrm.services.duplicates import duplicates

        return _("looks like {item}").format(item=duplicates.told(self._session, found))
