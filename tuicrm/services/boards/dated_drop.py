"""A drop into a column of a board by dates: the item's day, or its next activity's, becomes the column's (reference §6)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from tuicrm.domain.agenda import DueGroup
from tuicrm.domain.items import Item, Ref
from tuicrm.errors import AccessDenied, NotFound, Refused, RequiredFields
from tuicrm.i18n import _, ngettext
from tuicrm.services.boards.dated_boards import Activities, DatedBoard, Deadlines, place_name
from tuicrm.services.items import activities
from tuicrm.services.items.series import put_off
from tuicrm.services.items.stages import Lacking, MoveOutcome
from tuicrm.services.kernel.changes import Change


def drop(board: DatedBoard, refs: Sequence[Ref], column: DueGroup | date) -> MoveOutcome:
    """Set down in a column, or on a day, those that can be, as one change that is one undo; list the others with the reason. Raises
    Refused where nothing can be set down."""
    reason = board.why_not_drop(column)
    if reason:
        raise Refused(reason)
    session = board.session
    moved: list[Ref] = []
    stayed: list[Lacking] = []
    change = Change(session, _label(board, len(refs), refs, column))
    for ref in refs:
        title = session.workspace.show_ref(ref)
        try:
            item = session.get(ref)
            title = session.title_of(item)
            tried = Change(session, "")
            _set_down(board, tried, item, column)
            tried.try_out()
        except RequiredFields as error:
            known = session.workspace.fields(ref.type)
            stayed.append(Lacking(ref, title, tuple(known[problem.field] for problem in error.fields)))
        except (NotFound, AccessDenied, Refused) as error:
            stayed.append(Lacking(ref, title, reason=error.message, barred=isinstance(error, AccessDenied)))
        else:
            _set_down(board, change, item, column)
            moved.append(ref)
    if moved:
        change.commit()
    return MoveOutcome(tuple(moved), tuple(stayed))


def _set_down(board: DatedBoard, change: Change, item: Item, column: DueGroup | date) -> None:
    if isinstance(board, Deadlines):
        change.edit(item.ref, board.set_down(item, column), base=item)
    elif isinstance(board, Activities):
        found = activities.open_of(board.session, item.ref)
        if not found:
            raise Refused(_("It has nothing planned."))
        put_off(change, found[0], board.time_in(column, found[0].doc["at"]))


def _label(board: DatedBoard, count: int, refs: Sequence[Ref], column: DueGroup | date) -> str:
    place = place_name(board, column)
    if count == 1:
        shown = board.session.workspace.show_ref(refs[0])
        return _("move {ref} to {stage}").format(ref=shown, stage=place)
    return ngettext("move {n} item to ", "move {n} items to ", count) + place
