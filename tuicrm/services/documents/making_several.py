"""A document of each of several items: one change, in which each has a number of its own, reserved as it is reached."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.errors import Conflict, Refusal
from tuicrm.i18n import _
from tuicrm.services.documents import reading
from tuicrm.services.documents.making import intend, require_fitting, unseen
from tuicrm.services.documents.templates import series
from tuicrm.services.kernel.numbers import ReservedNumber
from tuicrm.services.kernel.reader import ENTRIES
from tuicrm.services.kernel.session import Session

if TYPE_CHECKING:
    from tuicrm.services.kernel.bulk import Bulk

_ATTEMPTS = 4
"""So many times others may change an item while its document is being filled."""


class MadeOne(Struct, frozen=True):
    """What became of one of several items: its document, or why there is no such."""

    owner: Ref
    made: reading.Document | None
    why_not: str = ""


def make_many(
    session: Session,
    refs: Sequence[Ref],
    template: DocTemplate,
    *,
    tell: Tell = lambda _done, _of: None,
    stopped: Callable[[], bool] = lambda: False,
) -> list[MadeOne]:
    """A document of each of several items, nobody looking at them before: one change, which one undo takes back. What is stopped
    leaves those that were made by then. Raises what is about more than the one item (a full disk); nothing of it is there then."""
    label = _("create several documents “{name}”").format(name=template.label)
    reserved, outcomes = list[ReservedNumber](), list[tuple[Ref, int, str]]()
    is_made = False
    try:
        with session.bulk(label) as bulk:
            for done, ref in enumerate(refs):
                tell(done, len(refs))
                if stopped():
                    break
                reserved.append(ReservedNumber(session, series(session, template)))
                try:
                    made, why_not = _one(session, bulk, ref, template, reserved[-1]), ""
                except (Refusal, Conflict) as refusal:
                    reserved.pop().give_back()
                    made, why_not = 0, refusal.message
                outcomes.append((ref, made, why_not))
        is_made = True
    finally:
        # From the last one on: a number goes back where no later one was given.
        for number in reversed([] if is_made else reserved):
            number.give_back()
    return [MadeOne(ref, reading.by_id(session, made) if made else None, why_not) for ref, made, why_not in outcomes]


def _one(session: Session, bulk: Bulk, ref: Ref, template: DocTemplate, number: ReservedNumber) -> int:
    """The id of a document that a big change makes; of an item that others change meanwhile it is made anew."""
    for attempt in range(_ATTEMPTS):
        require_fitting(session, ref, template)
        try:
            with bulk.change({ENTRIES: 1}) as change:
                return intend(change, session, unseen(ref, template), lambda _draft: number.text)
        except Conflict:
            if attempt == _ATTEMPTS - 1:
                raise
            session.store.refresh()
    raise AssertionError("unreachable: the last attempt raises or returns")
