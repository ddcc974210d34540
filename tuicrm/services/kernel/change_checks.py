"""What a change is held against as it is drafted: what is there, what the person may know of it and do with it, its bounds."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tuicrm.domain.access import Operation
from tuicrm.domain.activities.seen import is_of
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.relations import LINKS
from tuicrm.domain.workspace import CONFIG_TABLES, Workspace
from tuicrm.errors import AccessDenied, Conflict, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel import bounds, message_sight, permissions
from tuicrm.services.kernel.conflicts import conflict_of
from tuicrm.services.kernel.drafts import Draft
from tuicrm.services.kernel.permissions import PREFERENCES, require_definition, why_not_make_documents
from tuicrm.services.kernel.reader import ACTIVITIES, DOCUMENTS, ENTRIES, MESSAGES, Reader
from tuicrm.store.protocol import Doc, Key, Record


class ChangeChecks:
    """The checks of one change: of a session, against its definitions or those that the change adds to (`workspace`)."""

    def __init__(self, session: Reader, workspace: Workspace | None = None) -> None:
        self.session = session
        self._workspace = workspace

    @property
    def workspace(self) -> Workspace:
        """The definitions that are checked against."""
        return self._workspace or self.session.workspace

    def living(self, draft: Draft, key: Key, expect: int | None) -> Doc:
        """The record as it stands in the draft. Raises NotFound where it is gone, Conflict where it is of another revision."""
        before = draft.get(key)
        self.require_seen(draft, key)
        name = self.workspace.show_ref(Ref(key.table, key.id)) if key.table in self.workspace.types else _("this entry")
        if expect is not None:
            record = draft.record(key)
            if (record.rev if record else 0) != expect:
                raise _stale(name, key, expect, record)
        if before is None:
            if key.table in self.workspace.types:
                self.session.get(Ref(key.table, key.id))  # says who deleted it and when
            raise NotFound(_gone(name))
        return before

    def require_seen(self, draft: Draft, key: Key) -> None:
        """Of what the person may not read, nothing is said but what is said of what never was."""
        record = draft.record(key)
        if key.table in self.workspace.types:
            if not self._knows_of(draft, Ref(key.table, key.id)):
                raise NotFound(self.session.no_such(Ref(key.table, key.id)))
        elif key.table in (ENTRIES, ACTIVITIES, DOCUMENTS) and record is not None:
            owner = Ref.read(record.doc.get("owner"))
            if owner is None or not self._knows_of(draft, owner):
                raise NotFound(_gone(_("this entry")))
        elif key.table == MESSAGES and record is not None and not message_sight.may_read(self.session, record.doc):
            raise NotFound(_gone(_("this message")))

    def _knows_of(self, draft: Draft, ref: Ref) -> bool:
        """Whether the person may read an item, could before it was deleted, or makes it in this very change."""
        if ref.type not in self.workspace.types:
            return False
        record = draft.record(Key(*ref))
        if record is not None:
            return self.session.access.may("read", ref.type, record.doc)
        return draft.get(Key(*ref)) is not None or self.session.past.last_known(ref) is not None

    def require(self, operation: Operation, type_key: str, doc: Doc) -> None:
        """Raise AccessDenied where the person may not do that with such an item."""
        permissions.require(self.session, operation, type_key, doc)

    def require_owner(self, draft: Draft, owner: Ref, operation: Operation) -> None:
        """Raise NotFound, AccessDenied where the person may not do that with the item that a record hangs on."""
        doc = draft.get(Key(owner.type, owner.id)) if owner.type in self.workspace.types else None
        if doc is None:
            self.session.get(owner)  # says who deleted it and when
        if doc is None or not self.session.access.may("read", owner.type, doc):
            if doc is None and owner.type in self.workspace.types:
                self.session.get(owner)  # says who deleted it and when
            raise NotFound(_("There is no {ref}.").format(ref=self.workspace.show_ref(owner)))
        self.require(operation, owner.type, doc)

    def allow(self, draft: Draft, table: str, before: Doc | None, after: Doc | None) -> None:
        """Rights to a record that is no item, and its bounds. Activities have no rights of their own (reference §7)."""
        if after is not None:
            bounds.check_parts(table, before, after)
        if table in CONFIG_TABLES or table == PREFERENCES:
            require_definition(self.session.access, table, before, after)
            reason = self.workspace.why_misshapen(table, after) if after is not None else ""
            if reason:
                raise Refused(_("this is not a valid {table}: {reason}").format(table=table, reason=reason))
            if after is not None:
                self._bound(table, before, after)
            return
        doc = after or before or {}
        if table == DOCUMENTS:
            self._allow_document(before, after)
        if table == LINKS:
            self._allow_link(draft, doc, ends=after is None)
            return
        if table == MESSAGES:
            self._allow_message(draft, before, after)
            return
        own = (before or {}).get("by") == self.session.person_key
        written_by_me = table == ENTRIES and (before is None or own)
        operation: Operation = "read" if written_by_me else "edit"
        if table == ACTIVITIES and after is None:
            operation = "delete"
        for owner in dict.fromkeys(str(side["owner"]) for side in (before, after) if side):
            self.require_owner(draft, Ref.parse(owner), operation)
        if table == ACTIVITIES:
            self._allow_activity(draft, before, after)

    def _allow_activity(self, draft: Draft, before: Doc | None, after: Doc | None) -> None:
        """What an activity holds, whose private one it is, and the items that it is bound to: those need the right to read them."""
        from tuicrm.domain.activities import checks  # not paid for by changes of anything else

        me = self.session.person_key
        if before is not None and before.get("private") and not is_of(before, me) and not self.session.access.admin:
            raise AccessDenied(_("This activity is private: only those who take part in it may change it."))
        if after is None:
            return
        checks.check(before, after)
        known = {*_bound_to(before or {})}
        for ref in _bound_to(after):
            if ref not in known:
                self.require_owner(draft, Ref.parse(ref), "read")

    def _allow_document(self, before: Doc | None, after: Doc | None) -> None:
        """Who changes the item may make documents on it where a role of theirs says so (reference §9)."""
        from tuicrm.domain.documents import document

        if reason := why_not_make_documents(self.session.access):
            raise AccessDenied(reason)
        if after is not None:
            document.check(before, after)

    def _allow_message(self, draft: Draft, before: Doc | None, after: Doc | None) -> None:
        """A message's own rights (`message_sight.py`); what it comes to be bound to needs the right to read it."""
        from tuicrm.domain.messages import message

        if (
            before is None
            and after is not None
            and self.session.person_key not in (after.get("by"), after.get("owner"))
        ):
            raise AccessDenied(_("A message is taken in by the person whom it names."))
        if after is None:
            if before is not None and not message_sight.may_delete(self.session, before):
                raise AccessDenied(_("Deleting this message needs the right to change every item that it is on."))
            return
        if before is not None:
            self._allow_message_changes(before, after)
        message.check(before, after)
        known = set(message.bound_to(before or {}))
        for ref in message.bound_to(after):
            if ref not in known:
                self.require_owner(draft, ref, "read")

    def _allow_message_changes(self, before: Doc, after: Doc) -> None:
        changed = {name for name in {**before, **after} if before.get(name) != after.get(name)}
        if "private" in changed and not message_sight.is_own(self.session, before):
            raise AccessDenied(_("Only the person whose message it is can share it."))
        if changed - {"note"} and not message_sight.may_change(self.session, before):
            raise AccessDenied(_("Changing this message needs the right to change an item that it is on."))

    def _bound(self, table: str, before: Doc | None, after: Doc) -> None:
        """Raise Refused where a new definition is one too many, or a department stands too deep."""
        if before is None:
            bounds.check_count(self.workspace, table, after)
        if before is None or before.get("parent") != after.get("parent"):
            bounds.check_depth(self.workspace, table, after)

    def _allow_link(self, draft: Draft, doc: Doc, *, ends: bool) -> None:
        """A link needs edit on one of its items and read on the other; one that ends may name an item that is deleted."""
        refs = [Ref.parse(doc["owner"]), Ref.parse(doc["other"])]
        may_edit = False
        for ref in refs:
            living = draft.get(Key(*ref)) if ref.type in self.workspace.types else None
            if living is not None or not ends:
                self.require_owner(draft, ref, "read")
                may_edit |= self.session.access.may("edit", ref.type, living or {})
        if not may_edit:
            names = [self.workspace.show_ref(ref) for ref in refs]
            raise AccessDenied(_("You may change neither {a} nor {b}.").format(a=names[0], b=names[1]))

    def refuse_overwriting(self, ref: Ref, base: Item, before: Doc, changes: Mapping[str, Any]) -> None:
        """Raise Conflict for fields that both this person and someone else changed since `base`."""
        both = both_changed(base.fields, before, changes)
        if both:
            message = _("{ref}: someone else changed it meanwhile. Look at it again.").format(
                ref=self.workspace.show_ref(ref)
            )
            raise conflict_of(self.session, Conflict(message, ref.type, ref.id, base.rev, 0, before), both)


def both_changed(base: Mapping[str, Any], before: Doc, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the changes that somebody else made otherwise since `base`."""
    return {
        name: value
        for name, value in changes.items()
        if before.get(name) != base.get(name) and before.get(name) != value
    }


def _bound_to(doc: Doc) -> list[str]:
    """The stored refs of the items that an activity names beside the one it hangs on."""
    return [str(ref) for name in ("also", "contacts") if isinstance(refs := doc.get(name), list) for ref in refs]


def _gone(name: str) -> str:
    return _("{name} was deleted by someone. Choose another.").format(name=name)


def _stale(name: str, key: Key, expect: int, record: Record | None) -> Conflict:
    actual = record.rev if record else 0
    message = _("{name}: you expected revision {expected}, it is now {actual}.").format(
        name=name, expected=expect, actual=actual or _("deleted")
    )
    return Conflict(message, key.table, key.id, expect, actual, record.doc if record else None)
