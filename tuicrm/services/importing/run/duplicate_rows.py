"""What becomes of rows that look like what is here: made all the same, left out, or laid over the item that they look like. Rows that
are known to be an item here, and say something else by now, are laid over it where others are.

Never in the way of another item of the same type only by chance: where several look as much alike, or one of the run has changed the
item already, the row is rejected with the reason, and can be imported from the file of rejected rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from tuicrm.domain.alike import KINDS, Sign, kinds_of
from tuicrm.domain.importing import Fate, Likeness
from tuicrm.domain.items import Ref
from tuicrm.domain.progress import Tell
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field, ItemType
from tuicrm.errors import StorageError
from tuicrm.i18n import _
from tuicrm.services.duplicates.merging import identity
from tuicrm.services.importing.options import Handling, ImportOptions
from tuicrm.services.importing.run.lookalikes import Earlier, Like, Lookalikes, RowOrigin
from tuicrm.services.kernel.session import Session

_STAYS = frozenset({"pipeline", "stage", "responsible", "created"})
"""What no row changes of an item that is here: where it stands and whose it is follows from what people did with it."""


class Looked(NamedTuple):
    """A row that makes or changes something: its values, its signs, and the item that it looks like."""

    values: dict[str, Any]
    signs: frozenset[Sign] = frozenset()
    like: Like | None = None


class RowVerdict(NamedTuple):
    """What is to become of a row: "made", "left out", "changed" or "rejected" (`reason` says why); and what it looks like."""

    fate: Fate
    like: Like | None = None
    earlier: Earlier | None = None
    reason: str = ""
    known: Ref | None = None
    """The item that the row is known to be."""

    @property
    def changed(self) -> Ref | None:
        """The item that it is to change."""
        return self.ref if self.fate == "changed" else None

    @property
    def ref(self) -> Ref | None:
        """The item that it is, or looks like, or that the row which it looks like became."""
        if self.known is not None:
            return self.known
        if self.like is not None:
            return self.like.ref
        return self.earlier.place.ref if self.earlier else None


class DuplicateRows:
    """Looks at the rows of a run and judges them."""

    def __init__(self, session: Session, options: ImportOptions) -> None:
        self._session, self._handling = session, options.duplicates
        self._rows = Lookalikes(session, options.alike_by or KINDS)
        self._changed: dict[Ref, RowOrigin] = {}

    def catch_up(self, tell: Tell) -> str:
        """Bring what is looked at up to date; what to say where that cannot be, "" where it can. Raises StorageError then where
        rows that look like others are not simply to be made."""
        reason = self._rows.catch_up(tell)
        if not reason:
            return ""
        told = _("Duplicates cannot be searched for: {reason}").format(reason=reason)
        if self._handling != "add":
            raise StorageError(told)
        return told

    def look(self, item_type: ItemType, rows: Sequence[dict[str, Any]]) -> list[Looked]:
        """Find what rows of a type look like among the items that are here, some hundred at a time."""
        found = [self._rows.signs_of(item_type, values) for values in rows]
        likes = self._rows.items(item_type.key, found)
        return [Looked(*one) for one in zip(rows, found, likes, strict=True)]

    @property
    def lays_over(self) -> bool:
        """Whether rows are laid over items that are here."""
        return self._handling in ("fill", "replace")

    def may_be_made(self, type_key: str, looked: Looked) -> bool:
        """Whether the row may become an item, as far as what is here tells."""
        return self._handling == "add" or looked.like is None or looked.like.ref.type != type_key

    def judge(self, type_key: str, looked: Looked) -> RowVerdict:
        """What is to become of a row. Items and rows of its own type count; a lead that is like a contact is told of, and made."""
        like = looked.like
        if like is not None and like.ref.type == type_key:
            return self._judge_like(like)
        earlier = self._rows.earlier(type_key, looked.signs)
        if earlier is None or self._handling == "add":
            return RowVerdict("made", None if earlier else like, earlier)
        if self._handling == "skip":
            return RowVerdict("left out", None, earlier)
        told = _("it looks like line {line} of {file} in the same import; import it afterwards")
        place = earlier.place
        return RowVerdict("rejected", None, earlier, told.format(line=place.line, file=place.file))

    def _judge_like(self, like: Like) -> RowVerdict:
        if self._handling in ("add", "skip"):
            return RowVerdict("made" if self._handling == "add" else "left out", like)
        show = self._session.workspace.show_ref
        if like.others:
            names = ", ".join(map(show, (like.ref, *like.others)))
            return RowVerdict("rejected", like, None, _("it looks equally like each of {refs}").format(refs=names))
        reason = self._why_not_again(like.ref)
        return RowVerdict("rejected" if reason else "changed", like, None, reason)

    def judge_known(self, ref: Ref) -> RowVerdict:
        """What is to become of a row that is known to be an item here, and is to be laid over it."""
        reason = self._why_not_again(ref)
        return RowVerdict("rejected" if reason else "changed", reason=reason, known=ref)

    def _why_not_again(self, ref: Ref) -> str:
        """Why no row changes this item any more in this run; "" where none has yet."""
        before = self._changed.get(ref)
        if before is None:
            return ""
        told = _("it looks like {ref}, which line {line} of {file} already changes; import it afterwards")
        return told.format(ref=self._session.workspace.show_ref(ref), line=before.line, file=before.file)

    def took(self, looked: Looked, place: RowOrigin, *, changed: bool) -> None:
        """A row became an item, or changes one."""
        if changed:
            self._changed[place.ref] = place
        self._rows.note(place.ref.type, looked.signs, place)

    def likeness(self, line: int, verdict: RowVerdict, fate: Fate) -> Likeness | None:
        """What to tell of a row; None where it looks like nothing."""
        if verdict.like:
            item = self._session.peek(verdict.like.ref)
            title = self._session.title_of(item) if item is not None else ""
            shown = self._session.workspace.show_ref(verdict.like.ref)
            return Likeness(line, fate, kinds_of(verdict.like.shared), shown, title)
        if verdict.earlier:
            place = verdict.earlier.place
            kinds = kinds_of(verdict.earlier.shared)
            return Likeness(line, fate, kinds, like_file=place.file, like_line=place.line)
        return None


def laid_over(
    before: Mapping[str, Any], values: Mapping[str, Any], fields: Mapping[str, Field], handling: Handling
) -> dict[str, Any]:
    """The changes by which an item gets what a row says: with "fill" what it lacks, its several values and the row's united; with
    "replace" all that is filled in the row."""
    changes: dict[str, Any] = {}
    for key, value in values.items():
        field, kept = fields.get(key), before.get(key)
        if field is None or key in _STAYS or field.read_only or is_empty(value):
            continue
        if is_empty(kept):
            changes[key] = value
        elif field.immutable:
            continue
        elif handling == "replace":
            changes[key] = value
        elif field.many and not field.traits.holds_rows:
            changes[key] = _united(field, kept, value)
    return changes


def _united(field: Field, kept: object, more: object) -> list[Any]:
    """All values once, those that are here first."""
    united: dict[str, Any] = {}
    for one in (*_listed(kept), *_listed(more)):
        united.setdefault(identity(field, one), one)
    return list(united.values())


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else [value]
