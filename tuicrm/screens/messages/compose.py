"""Mails written on screen: new ones, answers, what is passed on, drafts."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.channels import Channel
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.screens.messages.mail_attaching import MailAttaching
from tuicrm.screens.messages.mail_fields import CC, CHANNEL, FILES, SUBJECT, TEXT, TO
from tuicrm.screens.messages.mail_form import MailForm
from tuicrm.screens.messages.mail_moves import KnownAddresses, MailMoves
from tuicrm.screens.messages.mail_sending import MailSending
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import drafts, writing
from tuicrm.services.messages.address_query import FoundAddress
from tuicrm.services.messages.correspondents import correspondents
from tuicrm.services.messages.outbox import MailDraft
from tuicrm.services.messages.records import SeenMessage
from tuicrm.services.messages.ways import KINDS, sending_by
from tuicrm.widgets.question import Question


async def write_mail(host: Host, ref: Ref) -> None:
    """A mail about an item, to its client. Raises NotFound, AccessDenied, Refused where there is no channel to send by."""
    session = host.session
    known = correspondents(session, ref)
    first = [known[0].address] if known and known[0].name else []
    shown = session.workspace.show_ref(ref)
    title = _("Mail · {item}").format(item=f"{shown} {session.title_of(session.get(ref))}")
    await ask_mail(host, title, MailDraft(first, "", "", on=(ref,)), writing.sending_channel(session), known)


async def answer_mail(host: Host, found: SeenMessage, *, everyone: bool = False) -> None:
    """Answer a mail, quoting it. Raises Refused for what cannot be answered."""
    session = host.session
    draft = writing.answer(session, found, "", everyone=everyone)
    by = writing.sending_channel(session, of=found.record)
    title = _("Answer · {subject}").format(subject=found.record.subject)
    await ask_mail(host, title, with_room_above(draft), by, known_of(session, draft.on))


async def forward_mail(host: Host, found: SeenMessage) -> None:
    """Pass a mail on. Raises Refused for what is no mail."""
    session = host.session
    draft = writing.passed_on(session, found, "", to=())
    by = writing.sending_channel(session, of=found.record)
    title = _("Forward · {subject}").format(subject=found.record.subject)
    await ask_mail(host, title, with_room_above(draft), by, known_of(session, draft.on))


def with_room_above(draft: MailDraft) -> MailDraft:
    """A draft with an empty line above what it quotes, where one writes."""
    return MailDraft(
        draft.to, draft.subject, f"\n\n{draft.text}", draft.cc, draft.files, draft.on, draft.answers, draft.private
    )


def known_of(session: Session, refs: Sequence[Ref]) -> list[FoundAddress]:
    """The addresses of some items and their clients, each once."""
    found: dict[str, FoundAddress] = {}
    for ref in refs:
        if session.peek(ref) is not None:
            for one in correspondents(session, ref):
                found.setdefault(one.address.casefold(), one)
    return list(found.values())


async def go_on(host: Host, found: SeenMessage) -> None:
    """Go on with a draft. Raises Refused for what is no draft of one's own, and where there is no channel to send by."""
    session = host.session
    kept = drafts.kept(session, found.record.id)
    title = _("Draft · {subject}").format(subject=found.record.subject or found.ref)
    by = writing.sending_channel(session, of=found.record)
    await ask_mail(host, title, kept.mail, by, known_of(session, kept.mail.on), kept.id)


async def ask_mail(
    host: Host, title: str, draft: MailDraft, by: Channel, known: Sequence[FoundAddress], number: int = 0
) -> None:
    """Show the form of a mail as far as it is written, until it is queued or left; `number` is the draft that it is kept as."""
    session, keys = host.session, KnownAddresses(host.session, known, host.surface.keys.key("form.next"))
    usable = sending_by(session, KINDS["mail"])
    first = TO if not draft.to else SUBJECT if not draft.subject else TEXT
    signatures = {one.key: one.settings.get("signature", "") for one in usable}
    form = MailForm(host.surface, title, questions(draft, by, usable, keys), draft.files, signatures, first)
    moves = MailMoves(form, keys)
    form.choosing = moves.choose
    form.controllers = (
        moves,
        *form.controllers,
        MailAttaching(host, form, draft.on),
        MailSending(host, form, draft, number),
    )
    await host.ask(form)


def questions(draft: MailDraft, by: Channel, usable: Sequence[Channel], known: KnownAddresses) -> list[Question]:
    """What is asked of a mail, beginning with what is written of it."""
    senders = [Choice(one.key, f"{one.label} <{one.address}>") for one in usable]
    return [
        Question(CHANNEL, _("From"), "list", chosen=(by.key,), choices=senders, required=True),
        Question(TO, _("To"), text=", ".join(draft.to), check=known.told, required=True),
        Question(CC, _("Cc"), text=", ".join(draft.cc), check=known.told),
        Question(SUBJECT, _("Subject"), text=draft.subject),
        Question(FILES, _("Files"), "list", search=lambda _typed: (), many=True),
        Question(TEXT, _("Text"), "text", draft.text),
    ]
