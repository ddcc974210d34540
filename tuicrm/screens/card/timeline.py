"""The timeline of a card: comments, pins, notes, activities, and which kinds are shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.geometry import Region

from tuicrm.domain.card import EntryView
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.errors import Conflict
from tuicrm.i18n import _
from tuicrm.render.text import cut
from tuicrm.render.timeline import EntryHints
from tuicrm.screens import opening
from tuicrm.screens.card.document_keys import DocumentKeys
from tuicrm.screens.card.item import CardController, CardHost
from tuicrm.screens.items.allowed import why_not_allowed
from tuicrm.screens.items.planning import finish, plan
from tuicrm.screens.items.saving import choose_side
from tuicrm.screens.items.which_one import which_one
from tuicrm.services.calendar import series_changes
from tuicrm.services.items import activities, timeline
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.reader import ACTIVITIES, MESSAGES
from tuicrm.widgets.editors import editor_for
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.question import Question
from tuicrm.widgets.timeline_pane import Kinds, TimelinePane

if TYPE_CHECKING:
    from tuicrm.services.documents.reading import Document

_SAID = 60
"""Cells of an entry's text by which it is told that it is deleted."""


_SAME = {
    "timeline.edit": "documents.change",
    "timeline.delete": "documents.delete",
}
"""What the timeline's own keys mean on an entry that tells of a document."""
_KEYS = {"accepted": "y", "declined": "n", "maybe": "m"}
"""What one presses to answer."""


class TimelineActions(CardController):
    """Shows the timeline, and works on the entry under the cursor."""

    def __init__(self, host: CardHost, pane: TimelinePane) -> None:
        super().__init__(host)
        self._pane = pane
        self.keys = DocumentKeys(host, self)
        pane.controllers = (*pane.controllers, self.keys)
        self.shown_groups: tuple[str, ...] = ()
        """The kinds that are shown; all of them without any."""

    def show(self) -> None:
        """Read the timeline and draw it."""
        view = timeline.view(self._session, self._ref, self.shown_groups)
        shown = tuple(_(group) for group in self.shown_groups)
        kinds = Kinds(shown, tuple(_(group) for group in timeline.GROUPS if group not in self.shown_groups))
        empty = _("Nothing yet: {comment} comments, {activity} plans an activity.").format(
            comment=self._surface.keys.key("comment"), activity=self._surface.keys.key("activity.new")
        )
        if self.shown_groups:
            empty = _("Nothing of this kind: {key} shows other kinds.").format(
                key=self._surface.keys.key("timeline.kinds")
            )
        self._pane.show_view(view, kinds, empty, self._entry_hints())

    def _entry_hints(self) -> EntryHints:
        keys = self._surface.keys
        change, note = f"{keys.key('timeline.edit')} {_('change')}", f"{keys.key('timeline.note')} {_('note')}"
        pin = f"{keys.key('timeline.pin')} {_('pin')}"
        return EntryHints(
            activity=f"{keys.key('timeline.done')} {_('done')}   {change}",
            comment=f"{change}   {pin}   {note}",
            other=f"{pin}   {note}",
            message=f"{keys.key('timeline.read')} {_('read')}   {note}",
            document="   ".join(
                f"{keys.key(action)} {word}"
                for action, word in (("documents.open", _("open")), ("documents.pdf", _("PDF")))
            ),
        )

    def why_not(self, action_id: str) -> str | None:
        if action_id.startswith("timeline.") and action_id != "timeline.kinds":
            return self._why_not_entry(action_id, self._pane.entry)
        return None

    def _why_not_entry(self, action_id: str, entry: EntryView | None) -> str | None:
        if entry is None:
            return _("There is no entry under the cursor.")
        if action_id == "timeline.done" and entry.table != ACTIVITIES:
            return _("Only activities can be marked as done.")
        if action_id == "timeline.answer" and not self._asked(entry):
            return _("Nobody asked you to take part in this.")
        if action_id == "timeline.pin" and entry.table == ACTIVITIES:
            return _("Activities cannot be pinned: planned ones are already on top.")
        if action_id == "timeline.pin" and entry.table == MESSAGES:
            return _("Messages cannot be pinned; {key} adds a note.").format(
                key=self._surface.keys.key("timeline.note")
            )
        if entry.kind == "document" and (same := _SAME.get(action_id)):
            return self.keys.why_not(same)
        if action_id == "timeline.edit" and (self._is_draft(entry) or self._is_call(entry)):
            return None
        if entry.table == MESSAGES and action_id == "timeline.delete":
            doc = next((one.doc for one in self._session.whole.get(MESSAGES, [entry.id])), {})
            told = _("You may not delete it: it is somebody else's.")
            return None if message_sight.may_delete(self._session, doc) else told
        if action_id in ("timeline.edit", "timeline.delete") and entry.kind not in ("comment", "activity"):
            return _("Past events cannot be changed; {key} adds a note.").format(
                key=self._surface.keys.key("timeline.note")
            )
        if action_id == "timeline.read" or (entry.own and action_id != "timeline.pin"):
            return None
        erases = action_id == "timeline.delete" and entry.table == ACTIVITIES
        return why_not_allowed(self._session, "delete" if erases else "edit", self._host.shown.current)

    def _is_draft(self, entry: EntryView) -> bool:
        """Whether an entry is a message that is being written: nobody but who writes it sees one."""
        return entry.table == MESSAGES and self._session.record(MESSAGES, entry.id).doc.get("status") == "draft"

    def _is_call(self, entry: EntryView) -> bool:
        """Whether an entry is a call of which this person may change what is kept."""
        if entry.table != MESSAGES:
            return False
        doc = next((one.doc for one in self._session.whole.get(MESSAGES, [entry.id])), {})
        return doc.get("channel") == "call" and message_sight.may_change(self._session, doc)

    @property
    def document(self) -> Document | None:
        """The document that the entry under the cursor tells of; None for one of nothing, and for one that is gone."""
        entry = self._pane.entry
        if entry is None or entry.kind != "document":
            return None
        from tuicrm.services.documents import reading

        return reading.of_entry(self._session, entry.id)

    # -- comments ------------------------------------------------------------------------------------------------------
    async def do_comment(self) -> None:
        text = await self._write(_("Comment"), "", lambda text, _was: timeline.comment(self._session, self._ref, text))
        if text:
            self._host.reload()
            self._host.say_done(_("Comment added"))

    async def do_timeline_edit(self) -> None:
        entry = self._pane.entry
        if entry is None:
            return
        if entry.kind == "document":
            await self.keys.do_documents_change()
            return
        if entry.table == MESSAGES:
            await self._open_message(entry)
            return
        if entry.table == ACTIVITIES:
            which, answered = await which_one(self._host, entry.id, _("Change"))
            record = self._session.record(ACTIVITIES, entry.id)
            changed = answered and await plan(self._host, self._ref, record.doc, entry.id, which=which)
        else:
            changed = await self._write(
                _("Comment"),
                entry.text,
                lambda text, was: timeline.edit_comment(self._session, entry.id, text, was=was),
            )
        if changed:
            self._host.reload()
            if entry.table != ACTIVITIES:
                self._host.say_done(_("Comment changed"))

    async def _write(self, title: str, text: str, save: Callable[[str, str], object]) -> bool:
        """Ask for a text of several lines, over the timeline where it shows; False when left, or left as it was.

        `save` is given the text and the one that it takes the place of; of a Conflict both are shown, and asked about."""
        asked = Question("text", title, "text", text, hint=title)

        def where() -> Region:
            return self._pane.region if self._pane.region.width else self._host.asker.room

        kept: list[str] = []

        async def keep(typed: str) -> None:
            if typed == text and text:
                return
            was = text
            while True:
                try:
                    save(typed, was)
                except Conflict as conflict:
                    if not conflict.clashes:
                        raise
                    clash = conflict.clashes[0]
                    if not await choose_side(self._host, Ref(conflict.table, conflict.record_id), title, clash):
                        return
                    was = str(clash.theirs or "")
                else:
                    kept.append(typed)
                    return

        await self._host.asker.edit(editor_for(self._surface, asked), where, keep)
        return bool(kept)

    async def do_timeline_delete(self) -> None:
        entry = self._pane.entry
        if entry is None:
            return
        if entry.kind == "document":
            self.keys.do_documents_delete()
            return
        if entry.table == MESSAGES:
            from tuicrm.screens.messages.deleting import delete_message

            delete_message(self._host, entry.id)
            return
        if entry.table == ACTIVITIES:
            which, answered = await which_one(self._host, entry.id, _("Delete"))
            if not answered:
                return
            if which is None:
                activities.delete(self._session, entry.id)
            else:
                series_changes.delete(self._session, entry.id, which)
            what = entry.title
        else:
            timeline.delete_entry(self._session, entry.id)
            what = entry.text or entry.title
        self._host.reload()
        self._host.say_done(_("Deleted: {what}").format(what=cut(" ".join(what.split()), _SAID)))

    # -- pins, notes, done ---------------------------------------------------------------------------------------------
    def do_timeline_pin(self) -> None:
        entry = self._pane.entry
        if entry is not None:
            timeline.pin(self._session, entry.id, pinned=not entry.pinned)
            self._host.reload()
            self._host.say_done(_("Unpinned") if entry.pinned else _("Pinned to the top"))

    async def do_timeline_note(self) -> None:
        entry = self._pane.entry
        if entry is not None and await self._write(
            _("Note"),
            entry.note,
            lambda text, was: timeline.note(self._session, entry.table, entry.id, text, was=was),
        ):
            self._host.reload()
            self._host.say_done(_("Note saved"))

    async def do_timeline_done(self) -> None:
        """Done, or open again; what came of it and what comes next can be said at once."""
        entry = self._pane.entry
        if entry is None:
            return
        which, answered = await which_one(self._host, entry.id, _("Done"))
        if not answered:
            return
        if entry.done:
            activities.done(self._session, entry.id, undone=True)
        else:
            await finish(self._host, self._ref, entry.id, which)
        self._host.reload()
        self._host.say_done(_("Reopened") if entry.done else _("Done"))

    def _asked(self, entry: EntryView) -> str:
        """What this person has said to an activity so far; "" where nobody asked them."""
        if entry.table != ACTIVITIES:
            return ""
        from tuicrm.services.calendar import participants

        return participants.answer_of(self._session, entry.id)

    async def do_timeline_answer(self) -> None:
        """Say whether one takes part."""
        from tuicrm.services.calendar import participants
        from tuicrm.widgets.menu import Menu, MenuEntry

        entry = self._pane.entry
        if entry is None:
            return
        said = self._asked(entry)

        def answer(one: str) -> MenuEntry:
            return MenuEntry(_KEYS[one], _(participants.ANSWER_WORDS[one]), lambda: None, here=one == said)

        entries = {one: answer(one) for one in _KEYS}
        chosen = await self._host.ask(Menu(self._surface, _("Take part?"), list(entries.values())))
        found = next((one for one, entry in entries.items() if entry is chosen), "")
        if found:
            participants.answer(self._session, entry.id, found)
            self._host.reload()
            self._host.say_done(participants.told(found))

    # -- reading -------------------------------------------------------------------------------------------------------
    async def do_timeline_read(self) -> None:
        from tuicrm.screens.card.reader import EntryReader

        entry = self._pane.entry
        if self.document is not None:
            await self.keys.do_documents_view()
        elif entry is not None and entry.table == MESSAGES:
            await self._open_message(entry)
        elif entry is not None:
            await self._host.ask(EntryReader(self._surface, entry))

    async def _open_message(self, entry: EntryView) -> None:
        """A message whole; a call is changed."""
        if self._is_call(entry):
            await opening.change_call(self._host, entry.id)
        else:
            await opening.show_message(self._host, entry.id)

    async def do_timeline_kinds(self) -> None:
        choices = [Choice(group, _(group)) for group in timeline.GROUPS]
        chosen = await self._host.ask(
            Picker(self._surface, _("Show"), choices, chosen=self.shown_groups, many=True, optional=True)
        )
        if chosen is not None:
            self.shown_groups = tuple(chosen)
            self.show()
