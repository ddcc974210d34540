"""Short texts on screen: an SMS, a first word in WhatsApp or Telegram; sent by a channel, or from the phone in the hand by a code."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.channels import Channel
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import MessageChannel
from tuicrm.domain.messages.sms_parts import sms_parts
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOT
from tuicrm.screens.host import Host
from tuicrm.screens.items.actions import copy
from tuicrm.screens.messages.calling import choose_number
from tuicrm.screens.messages.code_box import CodeBox
from tuicrm.services.messages import chats, texts_out
from tuicrm.services.messages.dialling import code_of
from tuicrm.services.messages.reaching import Reached, messenger
from tuicrm.services.messages.texts_out import TextDraft
from tuicrm.services.messages.ways import LABELS
from tuicrm.services.workspace import shared_settings
from tuicrm.widgets.form import Form, Notice
from tuicrm.widgets.question import Answer, Question


async def write_sms(host: Host, ref: Ref) -> None:
    """Write an SMS to the client of an item. Raises NotFound, Refused where there is no channel."""
    channel = texts_out.texting_channel(host.session, "sms")
    to = await choose_number(host, ref)
    if to is None:
        return

    def save(answers: Mapping[str, Answer]) -> None:
        texts_out.queue_text(host.session, channel, TextDraft(to.number, str(answers["text"]), to.on))

    def counted(answers: Mapping[str, Answer]) -> Notice | None:
        return Notice(sms_told(str(answers["text"])), "")

    form = Form(host.surface, _title("sms", to), [Question("text", _("Text"), "text", required=True)], save, counted)
    form.notice = Notice(sms_told(""), "")
    if await host.ask(form) is not None:
        _queued(host)


def sms_told(text: str) -> str:
    """In how many parts a text goes, in which alphabet, and how much is left of the last."""
    found = sms_parts(text)
    parts = ngettext("{n} SMS", "{n} SMS", len(found.parts))
    left = ngettext("{n} character left", "{n} characters left", found.left)
    told = f"{parts} {DOT} {found.alphabet} {DOT} {left}"
    return f"{told} {DOT} {' '.join(found.odd)}" if found.odd else told


async def write_to_messenger(host: Host, ref: Ref, way: MessageChannel) -> None:
    """Write to the client by WhatsApp or Telegram: by a channel where one is, else a link and a code. Raises NotFound, Refused."""
    session = host.session
    named = messenger(session, session.workspace.show_ref(ref), way) if way == "telegram" else ""
    to = Reached("", (ref,), named) if named else await choose_number(host, ref)
    if to is None:
        return
    channel = next(iter(texts_out.texting_channels(session, way)), None)
    chat = chats.chat_of(session, channel, to.on) if channel is not None and way == "telegram" else ""
    by_channel = channel is not None and (bool(chat) or way == "whatsapp")
    draft: list[TextDraft] = []

    def save(answers: Mapping[str, Answer]) -> None:
        said = TextDraft(chat or to.number, str(answers["text"]), to.on)
        if by_channel and channel is not None:
            texts_out.queue_text(session, channel, said)
        draft.append(said)

    told = _how(host, way, channel if by_channel else None, to)
    questions = [Question("text", _("Text"), "text", required=by_channel), Question("-", "", "note", hint=told)]
    if await host.ask(Form(host.surface, _title(way, to), questions, save)) is None or not draft:
        return
    if by_channel:
        _queued(host)
    else:
        await _by_hand(host, ref, to, way, draft[0].text)


def _how(host: Host, way: MessageChannel, channel: Channel | None, to: Reached) -> str:
    """How it will be sent, or why it would not get through."""
    if channel is None:
        return _("Your phone sends it: a code comes next.")
    closed = texts_out.why_window_closed(host.session, channel, to.number) if way == "whatsapp" else ""
    return closed or _("It goes out by {channel}.").format(channel=channel.label)


async def _by_hand(host: Host, ref: Ref, to: Reached, way: MessageChannel, text: str) -> None:
    """Show the code that opens the app with the text; what was sent is kept when the person says so."""
    session = host.session
    link, _code = code_of(session, to, session.workspace.show_ref(ref), way, text)
    if await host.ask(CodeBox(host.surface, _title(way, to), link, lambda text: copy(host, text))):
        texts_out.record_sent(session, way, TextDraft(to.number or to.name, text, to.on))
        host.reload()
        host.say_done(_("Kept as sent"))


def _title(way: MessageChannel, to: Reached) -> str:
    return f"{_(LABELS[way])} {DOT} {' '.join(dict.fromkeys(filter(None, (to.name, to.number))))}"


def _queued(host: Host) -> None:
    host.reload()
    seconds = int(shared_settings.value_of(host.session, shared_settings.SEND_DELAY))
    host.say_done(ngettext("It goes out in {n} second", "It goes out in {n} seconds", seconds))
