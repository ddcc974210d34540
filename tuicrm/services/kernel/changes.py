"""One change: edits are collected as intents and turned into operations at commit, so that a conflict can be merged and retried.

Edits of different fields of one item merge by themselves; of the same field they raise Conflict (STORE.md, "Every record has a
revision"). Many changes that become visible as one are in `bulk.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import TYPE_CHECKING, Any

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import Conflict, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.change_checks import ChangeChecks, both_changed
from tuicrm.services.kernel.conflicts import conflict_of, step_aside
from tuicrm.services.kernel.drafts import Draft, DryIds, NewIds, Numbers
from tuicrm.services.kernel.numbers import InCommit
from tuicrm.services.kernel.permissions import require_definition
from tuicrm.services.kernel.reader import Reader
from tuicrm.store.protocol import Doc, Key, Op, QueryAnswer, Record

if TYPE_CHECKING:
    from tuicrm.domain.conditions import Condition
    from tuicrm.services.kernel.bookings import Ledger

_ATTEMPTS = 40
RIGHTS_TABLES = frozenset(("person", "department", "role"))
"""What decides who may do what: whatever changes them is held against `rights_kept`."""


Intent = Callable[[Draft], None]


class Change:
    """Edits that are committed together. Made by `Session.change`; `seq` is set once committed."""

    def __init__(
        self, session: Reader, label: str, meta: Mapping[str, Any] | None = None, workspace: Workspace | None = None
    ) -> None:
        self.session = session
        self.label = label
        self.meta = dict(meta or {})
        self.seq = 0
        self._checks = ChangeChecks(session, workspace)
        self._intents: list[Intent] = []
        self.answers: list[QueryAnswer] = []

    @property
    def workspace(self) -> Workspace:
        """The definitions that the change is checked against: the session's, or those that it adds to."""
        return self._checks.workspace

    # -- items ---------------------------------------------------------------------------------------------------------
    def add(
        self,
        type_key: str,
        fields: Mapping[str, Any],
        *,
        enforce: bool = True,
        origin: Mapping[str, Any] | None = None,
        links: Mapping[str, Any] | None = None,
    ) -> Ref:
        """Make an item. `fields` are JSON-form values; defaults, stage and responsible are filled in.

        `enforce=False` (an import told to let pass) skips the required rule; `origin` goes to the creation entry; `links` are fields
        that follow from what it is made from, those that nobody sets by hand among them.
        Raises Refused, RequiredFields, AccessDenied at commit."""
        ref = Ref(type_key, self.session.store.new_ids(type_key, 1)[0])

        def intent(draft: Draft) -> None:
            # 8 ms that a comment need not pay.
            from tuicrm.services.kernel import item_rules

            item_rules.make(draft, ref, fields, enforce=enforce, origin=origin, links=links)

        self._intents.append(intent)
        return ref

    def take_over(self, other: Change) -> None:
        """Do also what another one was to do, which was tried and not written."""
        self._intents += other._intents

    def edit(
        self,
        ref: Ref,
        fields: Mapping[str, Any],
        *,
        base: Item | None = None,
        expect: int | None = None,
        enforce: bool = True,
    ) -> None:
        """Change fields of an item; None empties one.

        `base` is the item as the person saw it: what others changed since is merged, and Conflict raised only where the
        same field changed. `expect` is a revision that must still be the current one."""

        def intent(draft: Draft) -> None:
            from tuicrm.services.kernel import item_rules

            key = Key(ref.type, ref.id)
            try:
                before = self._checks.living(draft, key, expect)
            except Conflict as stale:
                raise conflict_of(self.session, stale, fields) from stale
            self._checks.require("edit", ref.type, before)
            changes = item_rules.changes(draft, ref, before, fields)
            if base is not None:
                self._checks.refuse_overwriting(ref, base, before, changes)
            if changes:
                item_rules.edit(draft, ref, before, changes, enforce=enforce)

        self._intents.append(intent)

    def rework(
        self,
        ref: Ref,
        key: str,
        step: Callable[[Any], Any],
        *,
        bring: Mapping[str, Any] | None = None,
        expect: int | None = None,
    ) -> None:
        """Change one field from what it holds at the very moment (None for nothing): what others made of it meanwhile stays.

        `step` may be called several times; it raises what there is to refuse. `bring` are values of other fields that go with it."""

        def intent(draft: Draft) -> None:
            from tuicrm.services.kernel import item_rules

            before = self._checks.living(draft, Key(ref.type, ref.id), expect)
            self._checks.require("edit", ref.type, before)
            changes = item_rules.changes(draft, ref, before, {**(bring or {}), key: step(before.get(key))})
            if changes:
                item_rules.edit(draft, ref, before, changes, enforce=True)

        self._intents.append(intent)

    def bring_back(self, ref: Ref, doc: Mapping[str, Any], fields: Mapping[str, Any], deleted_by: int) -> None:
        """Have an item again that the transaction `deleted_by` deleted: as it was (`doc`), with these fields otherwise; its entries
        and activities come with it. Needs the right to add it, and to change it."""

        def intent(draft: Draft) -> None:
            key = Key(ref.type, ref.id)
            self._checks.require_seen(draft, key)
            if draft.get(key) is not None:
                raise Refused(_("{ref} has already been restored.").format(ref=self.workspace.show_ref(ref)))
            for operation in ("add", "edit"):
                self._checks.require(operation, ref.type, dict(doc))
            draft.put(key, dict(doc), deleted_by)
            from tuicrm.services.kernel import item_rules, numbers

            numbers.keep_apart(draft, ref, {}, dict(doc))
            item_rules.edit(draft, ref, dict(doc), item_rules.changes(draft, ref, dict(doc), fields), enforce=True)
            draft.put(key, draft.get(key), deleted_by)

        self._intents.append(intent)

    def recover(self, table: str, record_id: int, doc: Doc, deleted_by: int) -> None:
        """Have an entry, activity or document again that the transaction `deleted_by` deleted, as it was."""

        def intent(draft: Draft) -> None:
            if draft.get(Key(table, record_id)) is not None:
                raise Refused(_("This has already been restored."))
            self._checks.allow(draft, table, doc, doc)  # it comes as it was, whatever that is
            draft.put(Key(table, record_id), dict(doc), deleted_by)

        self._intents.append(intent)

    def rest_on(self, base: Item, keys: Collection[str]) -> None:
        """What is made here rests on an item as the person saw it (`base`): that needs the right to change it, and raises Conflict
        where one of these fields is another by now."""

        def intent(draft: Draft) -> None:
            key = Key(*base.ref)
            before = self._checks.living(draft, key, None)
            self._checks.require("edit", base.type, before)
            self._checks.refuse_overwriting(base.ref, base, before, {name: base.get(name) for name in keys})
            draft.hold(key)

        self._intents.append(intent)

    def delete(self, ref: Ref, *, expect: int | None = None) -> None:
        """Delete an item. Its entries and activities stay with its id and come back with it on undo."""

        def intent(draft: Draft) -> None:
            key = Key(ref.type, ref.id)
            self._checks.require("delete", ref.type, self._checks.living(draft, key, expect))
            draft.put(key, None)

        self._intents.append(intent)

    def expect(self, ref: Ref, rev: int) -> None:
        """Raise Conflict at commit unless this is still the item's revision."""
        self._intents.append(lambda draft: self._as_expected(draft, Key(ref.type, ref.id), rev))

    def _as_expected(self, draft: Draft, key: Key, rev: int) -> None:
        self._checks.living(draft, key, None)
        record = draft.record(key)
        if record is not None and record.rev != rev:
            message = _("{ref}: someone else changed it meanwhile. Look at it again.").format(
                ref=self.workspace.show_ref(Ref(key.table, key.id))
            )
            raise Conflict(message, key.table, key.id, rev, record.rev, record.doc)

    def follow(self, intent: Intent) -> None:
        """What follows from the change by itself, whatever the person's rights to the records concerned."""
        self._intents.append(intent)

    # -- entries, activities, definitions ------------------------------------------------------------------------------
    def entry(self, owner: Ref, kind: str, data: Mapping[str, Any] | None = None, text: str = "") -> None:
        """Add a timeline entry to an item that the person may read."""

        def intent(draft: Draft) -> None:
            self._checks.require_owner(draft, owner, "read")
            draft.entry(owner, kind, data, text)

        self._intents.append(intent)

    def still(self, table: str, ids: Collection[int], where: Condition | None = None) -> None:
        """What is done here rests on a question that gave these ids (the items of a stage that goes). Conflict at commit where it
        gives others by then."""
        self.answers.append(QueryAnswer(table, where, frozenset(ids)))

    def put(self, table: str, doc: Mapping[str, Any], record_id: int = 0, *, expect: int | None = None) -> int:
        """Write a whole entry, activity or definition (a new one without `record_id`); returns its id.

        Definitions need a right of their own (`settings`, or `edit_common_layout` for layouts); entries and activities need
        that of their item."""
        new_id = record_id or self.session.store.new_ids(table, 1)[0]

        def intent(draft: Draft) -> None:
            key = Key(table, new_id)
            before = self._checks.living(draft, key, expect) if record_id else None
            self._checks.allow(draft, table, before, dict(doc))
            draft.put(key, dict(doc))

        self._intents.append(intent)
        return new_id

    def make(self, table: str, step: Callable[[Draft, int], Doc]) -> int:
        """Write a new entry, activity or document that is worked out as this is committed (its number, say), anew each time it is
        tried; `step` is given its id, which is returned."""
        new_id = self.session.store.new_ids(table, 1)[0]

        def intent(draft: Draft) -> None:
            doc = step(draft, new_id)
            self._checks.allow(draft, table, None, doc)
            draft.put(Key(table, new_id), doc)

        self._intents.append(intent)
        return new_id

    def patch(
        self, table: str, record_id: int, fields: Mapping[str, Any], *, base: Mapping[str, Any] | None = None
    ) -> None:
        """Change some fields of an entry, activity or definition; None takes a field away.

        `base` is what the person saw in these fields: Conflict where somebody else has changed one of them since."""

        def intent(draft: Draft) -> None:
            key = Key(table, record_id)
            before = self._checks.living(draft, key, None)
            both = both_changed(base, before, fields) if base is not None else {}
            if both:
                message = _("Someone else changed it meanwhile.")
                raise conflict_of(self.session, Conflict(message, table, record_id, 0, 0, before), both)
            after = {name: value for name, value in {**before, **fields}.items() if value is not None}
            self._checks.allow(draft, table, before, after)
            draft.put(key, after)

        self._intents.append(intent)

    def reshape(self, table: str, record_id: int, step: Callable[[Doc], Doc]) -> None:
        """Take a step on a definition as it stands when this is committed: what others changed of it meanwhile stays."""

        def intent(draft: Draft) -> None:
            key = Key(table, record_id)
            before = self._checks.living(draft, key, None)
            after = step(dict(before))
            self._checks.allow(draft, table, before, after)
            draft.put(key, after)

        self._intents.append(intent)

    def count(self, step: Intent) -> None:
        """Set a counter (`numbers.py`); needs the right to change definitions."""

        def intent(draft: Draft) -> None:
            require_definition(self.session.access, "numerator", {}, None)
            step(draft)

        self._intents.append(intent)

    def remove(self, table: str, record_id: int) -> None:
        """Delete an entry, activity or definition."""

        def intent(draft: Draft) -> None:
            key = Key(table, record_id)
            self._checks.allow(draft, table, self._checks.living(draft, key, None), None)
            draft.put(key, None)

        self._intents.append(intent)

    # -- committing ----------------------------------------------------------------------------------------------------
    def commit(self) -> int:
        """Write it all as one transaction. Merges and tries again when others wrote meanwhile."""
        ids = NewIds(self.session)
        for attempt in range(_ATTEMPTS):
            ids.rewind()
            draft = self._draft(ids)
            ops, expect = draft.operations()
            if not ops:
                return self.session.store.seq()
            try:
                answers = [*self.answers, *draft.answers]
                self.seq = self.session.store.commit(
                    ops, expect, self.session.person_key, self.label, self.meta, answers
                )
                self.session.own_steps.add(self.seq)
                return self.seq
            except Conflict:
                if self.answers or attempt == _ATTEMPTS - 1:
                    raise
                if attempt:
                    step_aside()
                self.session.store.refresh()
        raise AssertionError("unreachable: the last attempt raises or returns")

    def forget(self) -> None:
        """Write nothing of it."""
        self._intents.clear()

    def outcome(self, ref: Ref) -> Item:
        """The item as this change would make it; nothing is written. Raises as a commit does."""
        key = Key(ref.type, ref.id)
        draft = self._draft(DryIds(self.session))
        record = draft.record(key)
        return self.session.mask(Record(key.table, key.id, record.rev if record else 0, draft.get(key) or {}))

    def operations(
        self, ids: NewIds, numbers: Numbers | None = None, ledger: Ledger | None = None
    ) -> tuple[list[Op], dict[Key, int]]:
        """What the change would write now."""
        return self._draft(ids, numbers, ledger).operations()

    def try_out(self) -> list[Op]:
        """What it would write, which is not written. Raises what committing raises, but for conflicts that come then."""
        return self._draft(DryIds(self.session)).operations()[0]

    def _draft(self, ids: NewIds, numbers: Numbers | None = None, ledger: Ledger | None = None) -> Draft:
        draft = Draft(self.session, self.workspace, ids, numbers or InCommit())
        for intent in self._intents:
            intent(draft)
        if any(key.table in RIGHTS_TABLES for key in draft.touched()):
            from tuicrm.services.kernel import rights_kept

            rights_kept.follow(draft)
        if self.workspace.rooms:
            # What a workspace without rooms need not pay.
            from tuicrm.services.kernel import bookings

            bookings.follow(draft, ledger or bookings.Ledger())
        if self.workspace.invites:
            from tuicrm.services.kernel import invited

            invited.follow(draft)
        return draft
