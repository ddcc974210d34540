"""The end of a text that is being written: queued by its channel, or shown as a code for one's own phone and recorded."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.dates import short_when
from tuicrm.domain.messages.message import MessageChannel
from tuicrm.domain.stamps import stamp
from tuicrm.errors import CrmError, NotFound
from tuicrm.i18n import _, ngettext
from tuicrm.screens.host import Host
from tuicrm.screens.messages.code_box import ask_sent, show_code
from tuicrm.screens.messages.mail_template import MailTemplates
from tuicrm.screens.messages.own_editor import edited
from tuicrm.screens.messages.texting_form import TEXT, TextingForm
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import text_templates, texting
from tuicrm.services.messages.accounts import find_channel
from tuicrm.services.messages.reaching import Reached
from tuicrm.services.messages.texting import TextDraft, WhatsappTemplate
from tuicrm.services.workspace import shared_settings
from tuicrm.widgets.controller import Controller

BY_HAND = "by hand"
"""The way without a channel: a code for one's own phone (no key of a channel has a blank)."""


def note_of(session: Session, way: MessageChannel, key: str, to: str, on: Sequence[Ref]) -> str:
    """What a way means for a text, before it is sent."""
    if way == "sms":
        return ""
    if key == BY_HAND:
        return _("A code is shown that opens it on your phone, with the text written already; you send it there.")
    try:
        channel = find_channel(session, key)
    except NotFound:
        return ""
    if way == "telegram":
        if texting.chat_with(session, on, channel):
            return _("It goes to the chat that the client opened with the bot.")
        return _("The client has not opened the bot's chat: an invitation is shown, as a link and a code.")
    closes = texting.window_closes(session, channel, to)
    if closes is None:
        return _("Nobody has written from this number: WhatsApp takes only a template that Meta has approved.")
    when = short_when(stamp(closes), session.context())
    if closes > session.clock():
        return _("Any text goes until {when}, 24 hours after they last wrote.").format(when=when)
    return _("24 hours after they last wrote were over {when}: WhatsApp takes only a template.").format(when=when)


class TextingSending(Controller):
    """Sends one text by the way that is chosen."""

    def __init__(
        self,
        host: Host,
        form: TextingForm,
        way: MessageChannel,
        reached: Mapping[str, Reached],
        on: Sequence[Ref],
        templates: MailTemplates,
    ) -> None:
        """`reached` by number or name; `on` where the client has neither."""
        self._host, self._form, self._way, self._reached, self._on = host, form, way, reached, on
        self._templates = templates

    @property
    def _stands_on(self) -> Sequence[Ref]:
        to = self._reached.get(self._form.to)
        return to.on if to is not None else self._on

    async def do_mail_send(self) -> None:
        """Send it. What is refused is told beside its field, and nothing of the text is lost."""
        form = self._form
        try:
            if form.channel == BY_HAND:
                await self._by_hand()
            elif self._way == "telegram" and not self._chat():
                await self._invite()
            else:
                self._queue()
        except CrmError as error:
            if not form.steps.show_refused(error):
                form.host.messages.say_error(error)

    def _queue(self) -> None:
        session, form = self._host.session, self._form
        to = self._chat() if self._way == "telegram" else form.to
        draft = TextDraft(to, str(form.field(TEXT).answer), self._stands_on, self._cloud_template())
        texting.queue_text(session, find_channel(session, form.channel), draft)
        form.leave()
        self._host.reload()
        seconds = int(shared_settings.value_of(session, shared_settings.SEND_DELAY))
        told = ngettext("The message goes out in {n} second", "The message goes out in {n} seconds", seconds)
        self._host.say_done(told)

    def _cloud_template(self) -> WhatsappTemplate | None:
        """The template that Meta knows, where the text is still as it was put in; its places hold the values of the item."""
        taken = self._templates.taken
        if self._way != "whatsapp" or taken is None or not taken[0].cloud_name:
            return None
        template, ref = taken
        session = self._host.session
        if (
            str(self._form.field(TEXT).answer).strip()
            != text_templates.fill(session, template, ref, channel="whatsapp").text.strip()
        ):
            return None
        values = tuple(text_templates.place_values(session, template, ref))
        return WhatsappTemplate(template.cloud_name, template.language or "en", values)

    async def _by_hand(self) -> None:
        """A code for one's own phone; what the person says they sent is recorded."""
        session, form, on = self._host.session, self._form, self._stands_on
        to, text = form.to, str(form.field(TEXT).answer)
        link = texting.first_word(self._way, to, text)
        form.leave()
        if await ask_sent(self._host, self._title(to), link):
            texting.note_first_word(session, self._way, on, to, text)
            self._host.reload()
            self._host.say_done(_("Kept on the timeline as sent by hand"))

    async def _invite(self) -> None:
        """A link that binds the chat to the client once they follow it: recorded before it is shown, since it is found by that."""
        session, form, on = self._host.session, self._form, self._stands_on
        text = str(form.field(TEXT).answer)
        link, _number = texting.invite_to_bot(session, find_channel(session, form.channel), on, text)
        form.leave()
        self._host.reload()
        await show_code(self._host, self._title(""), link, link)
        self._host.say_done(_("The invitation stands on the timeline"))

    def _title(self, to: str) -> str:
        told = {"whatsapp": _("To be sent from your phone"), "telegram": _("To be sent from your phone")}
        return f"{told[self._way]} \N{MIDDLE DOT} {to}" if to else _("An invitation to the bot's chat")

    def _chat(self) -> str:
        session = self._host.session
        return texting.chat_with(session, self._on, find_channel(session, self._form.channel))

    def do_mail_editor(self) -> None:
        left = edited(self._host.app, self._form.letter.answer)
        if left is None:
            self._host.say(_("The editor ended with an error; the text is as it was."), "refused")
        else:
            self._form.letter.put(left)
