"""SMS and messengers' texts written on screen: new ones, answers, drafts; by a channel, or by hand over a link."""

from __future__ import annotations

from tuicrm.domain.items import Ref
from tuicrm.domain.messages.message import MessageChannel
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.screens.messages.texting_fields import BY_HAND, CHANNEL, TO
from tuicrm.screens.messages.texting_form import TextingForm
from tuicrm.screens.messages.texting_moves import TextingMoves
from tuicrm.screens.messages.texting_sending import TextingSending
from tuicrm.screens.messages.texting_template import TextingTemplates
from tuicrm.screens.messages.texting_way import TextingWay
from tuicrm.services.messages import text_drafts
from tuicrm.services.messages.records import SeenMessage
from tuicrm.services.messages.text_drafts import KeptText
from tuicrm.services.messages.ways import LABELS
from tuicrm.widgets.question import Question


async def write_sms(host: Host, ref: Ref) -> None:
    """An SMS about an item, to its client. Raises NotFound, AccessDenied, Refused where there is no channel to send by."""
    await ask_text(host, _title(host, "sms", ref), ref, KeptText("sms", "", "", "", (ref,)))


async def write_messenger(host: Host, ref: Ref, sends: MessageChannel) -> None:
    """A text or an invitation by a messenger. Raises NotFound, AccessDenied."""
    await ask_text(host, _title(host, sends, ref), ref, KeptText(sends, "", "", "", (ref,)))


async def answer_text(host: Host, found: SeenMessage) -> None:
    """Answer a text: to who wrote it, or again to whom it went. Raises NotFound, Refused where there is no channel to send by."""
    one = found.record
    to = one.sender if one.way == "in" else next(iter(one.to), "")
    ref = one.refs[0]
    await ask_text(host, _title(host, one.channel, ref), ref, KeptText(one.channel, one.account, to, "", one.refs))


async def go_on_text(host: Host, found: SeenMessage) -> None:
    """Go on with a draft. Raises NotFound, Refused for what is no draft of one's own, or is on no item that may be read."""
    kept = text_drafts.kept_text(host.session, found.record.id)
    ref = next((one for one in kept.on if host.session.peek(one) is not None), None)
    if ref is None:
        raise Refused(_("It is on no item that you can read."))
    title = _("Draft · {subject}").format(subject=_title(host, kept.sends, ref))
    await ask_text(host, title, ref, kept)


async def ask_text(host: Host, title: str, ref: Ref, draft: KeptText) -> None:
    """Show the form of a text as far as it is written, until it is queued, handed over or left."""
    way = TextingWay(host.session, ref, draft.sends)
    choices = way.by_choices()
    if not choices:
        raise Refused(_("There is no channel to send by: one is set up in the settings, under Channels."))
    known = draft.account if draft.account in way.channels else BY_HAND if draft.id and not draft.account else ""
    by = known if any(one.key == known for one in choices) else choices[0].key
    if draft.to:
        way.know("" if by == BY_HAND else by, draft.to)
    offered = way.to_choices("" if by == BY_HAND else by)
    keys = [one.key for one in offered]
    to = draft.to if draft.to in keys else next(iter(keys), "")
    form = TextingForm(
        host.surface,
        title,
        Question(CHANNEL, _("Channel"), "list", chosen=(by,), choices=choices, required=True),
        Question(TO, _("To"), "list", chosen=(to,) if to else (), choices=offered, required=True),
        draft.text,
        _("Text"),
    )
    form.telling = lambda: way.told(form)
    moves = TextingMoves(form, way)
    form.choosing = moves.choose
    sending = TextingSending(host, form, way, draft)
    form.controllers = (moves, *form.controllers, TextingTemplates(host, form, way, (ref, *draft.on)), sending)
    await host.ask(form)


def _title(host: Host, sends: MessageChannel, ref: Ref) -> str:
    shown = host.session.workspace.show_ref(ref)
    return f"{_(LABELS[sends])} · {shown} {host.session.title_of(host.session.get(ref))}"
