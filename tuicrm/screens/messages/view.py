"""A message shown whole, and what is done with it: answered, passed on, its files opened, bound otherwise, shared, deleted."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import MessageFile
from tuicrm.domain.schema import Field
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.handing import harmless_name
from tuicrm.i18n import _
from tuicrm.render.line import Line
from tuicrm.render.message_view import message_view
from tuicrm.render.sizes import size_told
from tuicrm.render.text import clean_lines
from tuicrm.screens import opening
from tuicrm.screens.asking import question
from tuicrm.screens.documents.handing_over import hand_over, save_asked
from tuicrm.screens.host import Host
from tuicrm.screens.messages.deleting import delete_message
from tuicrm.screens.messages.look import look_of
from tuicrm.screens.session_worker import worker_of
from tuicrm.services.items.message_lines import LACKING, status_label
from tuicrm.services.kernel import message_sight
from tuicrm.services.kernel.reader import MESSAGES
from tuicrm.services.messages import outbox, records
from tuicrm.services.messages.mail_files import content_of_file
from tuicrm.services.messages.records import SeenMessage
from tuicrm.services.messages.ways import LABELS
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.form import Form
from tuicrm.widgets.menu import Menu, MenuEntry
from tuicrm.widgets.pages import Pages
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.question import Answer

_BOUND = ("message.link", "message.unlink")
_FILES = ("message.files", "message.save")
_ANSWERS = ("message.reply", "message.reply_all", "message.forward")


async def show_message(host: Host, number: int) -> None:
    """Show a message, until it is left; with a draft of one's own one goes on. Raises NotFound."""
    found = records.by_id(host.session, number)
    if found.record.status == "draft" and found.record.by == host.session.person_key:
        if found.record.channel == "mail":
            from tuicrm.screens.messages.compose import go_on

            await go_on(host, found)
        else:
            from tuicrm.screens.messages.texting import go_on_text

            await go_on_text(host, found)
        return
    view = MessageView(host, found)
    if (sending := worker_of(host.session)) is not None:
        sending.seen(number)
    await host.ask(view)


class MessageView(Pages):
    """Shows it until it is left, or gone."""

    scope = "message"

    def __init__(self, host: Host, found: SeenMessage) -> None:
        super().__init__(host.surface, f"{_(LABELS[found.record.channel])} · {found.ref}", self._told)
        self._of = host
        self.found = found
        self.controllers = (MessageActions(host, self),)

    def _told(self, cells: int) -> list[Line]:
        return message_view(look_of(self._of.session, self.found), cells)

    def follow(self) -> None:
        """Read it again; gone, it is left."""
        if not self.is_attached:
            return
        try:
            self.found = records.by_id(self._of.session, self.found.record.id)
        except NotFound:
            self.leave()
            return
        self.show_again()
        self.host.refresh_hints()


class MessageActions(Controller):
    """What is done with the message that is shown."""

    def __init__(self, host: Host, view: MessageView) -> None:
        self._of, self._view = host, view

    @property
    def found(self) -> SeenMessage:
        """The message as it was read last."""
        return self._view.found

    def _done(self, told: str) -> None:
        self._of.reload()
        self._view.follow()
        self._of.say_done(told)

    # -- what can be done ----------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        one = self.found.record
        if action_id in _ANSWERS and one.channel == "mail" and (not one.sender or one.status in ("draft", "queued")):
            return _("There is nothing to answer: it is not out yet.")
        if action_id in _ANSWERS and one.channel != "mail":
            return self._why_not_answer(action_id)
        if action_id in _FILES and not one.files:
            return _("No file came with it.")
        if action_id == "message.settle":
            if one.way == "out" and one.status in LACKING:
                return None
            return _("It is {status}: there is nothing to say of it.").format(status=status_label(one.status))
        if action_id == "message.unlink" and not self.found.on:
            return _("It is on no item.")
        return self._why_not_change(action_id)

    def _why_not_answer(self, action_id: str) -> str | None:
        one = self.found.record
        if action_id != "message.reply":
            return _("Only mails can be passed on, or answered to all.")
        if not one.refs or not opening.is_way(one.channel):
            return _("Link it to an item first: an answer goes to its client.")
        return None

    def _why_not_change(self, action_id: str) -> str | None:
        session = self._of.session
        doc = next((one.doc for one in session.whole.get(MESSAGES, [self.found.record.id])), {})
        if action_id in _BOUND and not message_sight.may_change(session, doc):
            return _("You may not change it: it is somebody else's.")
        if action_id == "message.share" and not message_sight.is_own(session, doc):
            return _("Only whose it is can share it.")
        if action_id == "message.delete" and not message_sight.may_delete(session, doc):
            return _("You may not delete it: it is somebody else's.")
        return None

    def shape_hints(self, found: list[Hint]) -> list[Hint]:
        keys = self._of.surface.keys
        of_mails = () if self.found.record.channel == "mail" else _ANSWERS[1:]
        rare = [keys.key(one) for one in ("message.settle", *_FILES, "message.unlink", *of_mails)]
        return [hint for hint in found if hint.enabled or hint.keys not in rare]

    # -- answering -----------------------------------------------------------------------------------------------------
    async def do_message_reply(self) -> None:
        from tuicrm.screens.messages.compose import answer_mail

        one = self.found.record
        if one.channel == "mail":
            await answer_mail(self._of, self.found)
        elif one.channel != "call":
            from tuicrm.screens.messages.texting import answer_text

            await answer_text(self._of, self.found)
        else:
            await opening.open_message(self._of, one.channel, one.refs[0])
        self._view.follow()

    async def do_message_reply_all(self) -> None:
        from tuicrm.screens.messages.compose import answer_mail

        await answer_mail(self._of, self.found, everyone=True)
        self._view.follow()

    async def do_message_forward(self) -> None:
        from tuicrm.screens.messages.compose import forward_mail

        await forward_mail(self._of, self.found)
        self._view.follow()

    # -- what became of it ---------------------------------------------------------------------------------------------
    async def do_message_settle(self) -> None:
        """Say whether one that is perhaps sent arrived, or have it sent again."""
        one = self.found.record
        arrived = MenuEntry("a", _("it arrived: it is sent"), _nothing)
        again = MenuEntry("s", _("send it again"), _nothing)
        entries = [arrived, again] if one.status == "unknown" else [again]
        menu = Menu(self._of.surface, status_label(one.status), entries)
        chosen = await self._of.ask(menu)
        if chosen is not None:
            outbox.settle(self._of.session, one.id, arrived=chosen is arrived)
            self._of.reload()
            self._view.follow()
            self._of.say(_("Noted: it arrived.") if chosen is arrived else _("It is sent again."), "done")

    # -- files and text ------------------------------------------------------------------------------------------------
    async def do_message_files(self) -> None:
        file = await self._file()
        if file is not None:
            await hand_over(self._of, file.name, content_of_file(self._of.session, file))

    async def do_message_save(self) -> None:
        file = await self._file()
        if file is not None:
            title = _("Save {title}").format(title=file.name)

            async def content(_path: Path) -> bytes:
                return content_of_file(self._of.session, file)

            await save_asked(self._of, title, harmless_name(file.name), content)

    async def _file(self) -> MessageFile | None:
        """Which file is meant; the only one is not asked about."""
        files = self.found.record.files
        if len(files) < 2:
            return next(iter(files), None)
        choices = [Choice(str(at), one.name, size_told(one.size)) for at, one in enumerate(files)]
        chosen = await self._of.ask(Picker(self._of.surface, _("Which file"), choices))
        return files[int(chosen[0])] if chosen else None

    def do_message_copy(self) -> None:
        self._of.app.copy_to_clipboard("\n".join(clean_lines(self.found.record.text)))
        self._of.say(_("Copied to the clipboard"))

    # -- where it stands -----------------------------------------------------------------------------------------------
    async def do_message_link(self) -> None:
        """On another item as well."""
        session, found = self._of.session, self.found
        field = Field("on", "item", "Item", targets=list(session.workspace.types))
        asked = question(session, field, required=True)._replace(label=_("Item"))
        taken: list[Ref] = []

        def take(answers: Mapping[str, Answer]) -> None:
            ref = Ref.read(answers["on"][0])
            if ref is None:
                raise Refused(_("Which item?"), [FieldProblem("on", _("is required"))])
            records.link(session, found, [ref])
            taken.append(ref)

        if await self._of.ask(Form(self._of.surface, _("On which item"), [asked], take)) is not None:
            self._done(_("Now also on {item}").format(item=session.workspace.show_ref(taken[0])))

    async def do_message_unlink(self) -> None:
        """Off an item; the only one is not asked about."""
        session, found = self._of.session, self.found
        refs = dict(zip(found.on, found.record.refs, strict=False))
        choices = [Choice(shown, session.names.item(ref) or shown, shown) for shown, ref in refs.items()]
        chosen = (
            await self._of.ask(Picker(self._of.surface, _("Off which item"), choices)) if len(refs) > 1 else list(refs)
        )
        if chosen:
            records.unlink(session, found, [refs[chosen[0]]])
            self._done(_("No longer on {item}").format(item=chosen[0]))

    def do_message_share(self) -> None:
        private = not self.found.record.private
        records.share(self._of.session, self.found, private=private)
        self._done(_("Only you read it now") if private else _("Shared with all who may read its items"))

    def do_message_delete(self) -> None:
        delete_message(self._of, self.found.record.id)
        self._view.leave()


def _nothing() -> None:
    """What is chosen is done by who asked."""
