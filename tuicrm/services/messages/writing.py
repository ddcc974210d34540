"""Mails that people write: new ones on items, answers, what is passed on; with files, by a channel of theirs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tuicrm.domain.channels import Channel
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.dates import short_when
from tuicrm.domain.messages import quoting
from tuicrm.domain.messages.message import Message, MessageFile
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.limits import MAIL_SENT
from tuicrm.services.items.attachments import content_of
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.accounts import channels, find_channel, may_use
from tuicrm.services.messages.outbox import MailDraft
from tuicrm.services.messages.records import SeenMessage
from tuicrm.services.messages.senders import sends


def sending_channel(session: Session, named: str = "", of: Message | None = None, *, later: bool = False) -> Channel:
    """The channel that a mail goes by: the one that is named, else that of the mail it answers, else the person's first, else their
    department's; `later`: where there is no such yet, one without a key, whose mails wait for the first that there is. Raises Refused
    where there is no such, NotFound."""
    if named:
        return find_channel(session, named)
    usable = [one for one in channels(session) if sends(one) == "mail" and may_use(session, one)]
    if of is not None and of.account:
        usable.sort(key=lambda one: one.key != of.account)
    own = next((one for one in usable if (of is not None and one.key == of.account) or one.person), None)
    found = own or next(iter(usable), None)
    if found is None and later:
        return Channel(key="", label="", kind="smtp", address=session.person.email)
    if found is None:
        told = _("There is no channel to send by: tuicrm channel add (see tuicrm channel add --help).")
        raise Refused(told, [FieldProblem("channel", told)])
    return found


def new_mail(
    session: Session,
    on: Sequence[Ref],
    *,
    to: Sequence[str],
    cc: Sequence[str] = (),
    subject: str = "",
    text: str = "",
    files: Sequence[Path] = (),
) -> MailDraft:
    """A mail on items. Raises Refused for files that cannot be sent, StorageError."""
    return MailDraft(to, subject, text, cc, attached(session, files), on)


def answer(
    session: Session, found: SeenMessage, text: str, *, everyone: bool = False, files: Sequence[Path] = ()
) -> MailDraft:
    """An answer to a mail, on the items that it is on; private where that is. Raises Refused for what is no mail."""
    of = _mail(found)
    own = [session.person.email, *(one.address for one in session.workspace.channels.values() if may_use(session, one))]
    to, cc = quoting.receivers(of, own, everyone=everyone)
    body = quoting.answer_text(text, of, _when(session, of))
    subject = quoting.answer_subject(of.subject)
    return MailDraft(to, subject, body, cc, attached(session, files), of.refs, of, private=of.private)


def passed_on(
    session: Session,
    found: SeenMessage,
    text: str,
    *,
    to: Sequence[str],
    cc: Sequence[str] = (),
    files: Sequence[Path] = (),
) -> MailDraft:
    """A mail passed on to others, with its files, on the items that it is on; private where that is. Raises Refused."""
    of = _mail(found)
    body = quoting.forward_text(text, of, _when(session, of))
    taken = [*of.files, *attached(session, files)]
    refuse_too_much(taken)
    return MailDraft(to, quoting.forward_subject(of.subject), body, cc, taken, of.refs, private=of.private)


def attached(session: Session, paths: Sequence[Path]) -> list[MessageFile]:
    """Files taken in, to go along. Raises Refused, StorageError."""
    files = []
    for path in paths:
        try:
            kept = content_of(session, str(path))
        except BadValue as bad:
            raise Refused(f"attach: {bad.message}", [FieldProblem("attach", bad.message, str(path))]) from bad
        files.append(MessageFile(kept["blob"], kept["name"], kept["size"]))
    refuse_too_much(files)
    return files


def refuse_too_much(files: Sequence[MessageFile]) -> None:
    """Raise Refused where files are more than one mail may carry."""
    if sum(one.size for one in files) > MAIL_SENT.most:
        raise Refused(f"attach: {MAIL_SENT.told}", [FieldProblem("attach", MAIL_SENT.told)])


def _mail(found: SeenMessage) -> Message:
    if found.record.channel != "mail" or not found.record.sender:
        raise Refused(_("{ref} is not a mail that can be answered.").format(ref=found.ref))
    return found.record


def _when(session: Session, of: Message) -> str:
    return short_when(of.at, session.context()) if of.at else ""
