"""The end of a text that is being written: queued, handed over by a link, or left and kept."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tuicrm.domain.channels import Channel
from tuicrm.domain.items import Ref
from tuicrm.errors import CrmError, FieldProblem, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.screens.host import Host
from tuicrm.screens.messages.invite_box import ask_sent
from tuicrm.screens.messages.own_editor import edited
from tuicrm.screens.messages.texting_fields import TO
from tuicrm.screens.messages.texting_form import TextingForm
from tuicrm.screens.messages.texting_way import INVITED, TextingWay
from tuicrm.services.messages import records, text_drafts, texting
from tuicrm.services.messages.text_drafts import KeptText
from tuicrm.services.messages.texting import TextDraft
from tuicrm.services.workspace import shared_settings
from tuicrm.widgets.controller import Controller


class TextingSending(Controller):
    """Sends, hands over or keeps one text."""

    def __init__(self, host: Host, form: TextingForm, way: TextingWay, draft: KeptText) -> None:
        """`draft` is what was written so far."""
        self._host, self._form, self._way, self._draft = host, form, way, draft
        self._refused = ""
        """What could not be kept."""

    async def do_texting_send(self) -> None:
        """Queue it, or show its link. What is refused is told beside its field, and nothing of the text is lost."""
        if why := self._way.why_not(self._form):
            self._form.host.say(why, "refused")
            return
        try:
            told = await self._sent()
        except CrmError as error:
            if not self._form.steps.show_refused(error):
                self._form.host.messages.say_error(error)
            return
        if told:
            self._form.leave()
            self._host.reload()
            self._host.say_done(told)

    async def _sent(self) -> str:
        """What is told of it once it is sent; "" where it was not. Raises CrmError."""
        session, form, way = self._host.session, self._form, self._way
        if not form.target:
            told = _("is required")
            raise Refused(told, [FieldProblem(TO, told)])
        to, channel = way.target(form.channel, form.target), way.channel(form.channel)
        if channel is None:
            link, short = texting.first_word(way.sends, to.number, form.text), texting.chat_link(way.sends, to.number)
            if not await ask_sent(self._host, form.title_text, link, short=short):
                return ""
            texting.record_by_hand(session, way.sends, to, to.number, form.text, instead_of=self._draft.id)
            return _("Kept on the timeline as sent by hand")
        if form.target == INVITED:
            return await self._invited(channel, to.on)
        template = way.template_of(form.text) if way.sends == "whatsapp" else None
        text = TextDraft(to.number, form.text, to.on, template)
        texting.queue_text(session, channel, text, instead_of=self._draft.id)
        seconds = int(shared_settings.value_of(session, shared_settings.SEND_DELAY))
        return ngettext("The message goes out in {n} second", "The message goes out in {n} seconds", seconds)

    async def _invited(self, channel: Channel, on: Sequence[Ref]) -> str:
        """Hand an invitation to a bot over. It is recorded before anybody sees the link: who follows it at once is bound all the
        same. Not sent, it is taken back, unless somebody followed it."""
        session, form = self._host.session, self._form
        link, number = texting.invite_to_bot(session, channel, on, form.text)
        whole = records.by_id(session, number).record.text
        sent = await ask_sent(self._host, form.title_text, link, copied=whole)
        found = records.by_id(session, number)
        if not sent and not found.record.to:
            records.delete(session, found)
            return ""
        if self._draft.id:
            records.delete(session, records.by_id(session, self._draft.id))
        return _("Kept on the timeline: who follows the link has a chat with the bot")

    def do_texting_leave(self) -> None:
        """Leave; what was written since is kept. What cannot be kept is discarded by a second key."""
        host, form = self._host, self._form
        if form.text == self._draft.text or form.text == self._refused or not (form.text.strip() or self._draft.id):
            form.leave()
            return
        to = "" if form.target == INVITED else form.target
        now = replace(self._draft, account=form.channel, to=to, text=form.text)
        try:
            text_drafts.keep_text(host.session, now)
        except CrmError as error:
            self._refused = form.text
            form.steps.show_refused(error)
            told = _("{reason}; {key} again discards the text")
            form.host.say(told.format(reason=error.message, key=host.surface.keys.key("texting.leave")), "refused")
            return
        form.leave()
        host.reload()
        host.say_done(_("Kept as a draft on the timeline: only you see it"))

    def do_texting_editor(self) -> None:
        left = edited(self._host.app, self._form.text)
        if left is None:
            self._host.say(_("The editor ended with an error; the text is as it was."), "refused")
        else:
            self._form.letter.put(left)
