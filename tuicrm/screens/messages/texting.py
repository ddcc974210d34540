"""SMS and messengers written on screen: by a channel, or as a first word by a link and a code for one's own phone."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import MessageChannel
from tuicrm.domain.messages.sms_parts import sms_parts
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.screens.messages.mail_moves import KnownAddresses, MailMoves
from tuicrm.screens.messages.mail_template import MailTemplates
from tuicrm.screens.messages.texting_form import CHANNEL, TEXT, TO, TextingForm, parts_told
from tuicrm.screens.messages.texting_sending import BY_HAND, TextingSending, note_of
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import reaching
from tuicrm.services.messages.reaching import Reached
from tuicrm.services.messages.ways import LABELS, SENDING, sending_by
from tuicrm.widgets.question import Question


async def write_sms(host: Host, ref: Ref) -> None:
    """An SMS to the client of an item. Raises NotFound, AccessDenied."""
    await _ask(host, ref, "sms")


async def write_messenger(host: Host, ref: Ref, way: MessageChannel) -> None:
    """A text by WhatsApp or Telegram. Raises NotFound, AccessDenied."""
    await _ask(host, ref, way)


async def _ask(host: Host, ref: Ref, way: MessageChannel) -> None:
    session = host.session
    title = f"{_(LABELS[way])} \N{MIDDLE DOT} {session.workspace.show_ref(ref)} {session.title_of(session.get(ref))}"
    reached = receivers(session, ref, way)
    on = reached[0].on if reached else (ref,)
    by = [Choice(one.key, one.label, one.address) for one in sending_by(session, SENDING[way])]
    if way != "sms" and reached:
        by.append(Choice(BY_HAND, _("your own phone, by a code")))
    to = {one.number: Choice(one.number, f"{one.number}  {one.name}".rstrip(), "") for one in reached}
    questions = [
        Question(CHANNEL, _("By"), "list", chosen=(by[0].key,), choices=by, required=True),
        Question(TO, _("To"), "list", chosen=tuple(to)[:1], choices=list(to.values()), required=True),
        Question(TEXT, _("Text"), "text", check=_parts if way == "sms" else None),
    ]
    if not to:  # a bot knows its chats, and no numbers
        del questions[1]
    form = TextingForm(host.surface, title, questions, lambda key: note_of(session, way, key, form.to, on))
    moves = MailMoves(form, KnownAddresses(session, (), ""))
    form.choosing = moves.choose
    templates = MailTemplates(host, form, on, way)
    sending = TextingSending(host, form, way, {one.number: one for one in reached}, on, templates)
    form.controllers = (moves, *form.controllers, templates, sending)
    await host.ask(form)


def receivers(session: Session, ref: Ref, way: MessageChannel) -> Sequence[Reached]:
    """Whom a text can go to: in Telegram a name there comes first; mobiles before other numbers."""
    found = reaching.numbers(session, ref, "mobile")
    name = reaching.messenger(session, session.workspace.show_ref(ref), way)
    if way == "telegram" and name:
        on = found[0].on if found else (ref,)
        return [Reached(name, on, found[0].name if found else ""), *found]
    return found


def _parts(text: str) -> str:
    return parts_told(sms_parts(text))
