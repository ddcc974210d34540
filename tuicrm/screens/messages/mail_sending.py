"""The end of a mail that is being written: queued, or left and kept. Its text can be written in the person's own editor meanwhile."""

from __future__ import annotations

from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import CrmError, FieldProblem, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.screens.host import Host
from tuicrm.screens.messages.mail_fields import CC, SUBJECT, TEXT, TO
from tuicrm.screens.messages.mail_form import MailForm
from tuicrm.screens.messages.own_editor import edited
from tuicrm.services.messages import drafts, outbox
from tuicrm.services.messages.accounts import find_channel
from tuicrm.services.messages.outbox import MailDraft
from tuicrm.services.messages.typed_addresses import pieces, read_addresses
from tuicrm.services.workspace import shared_settings
from tuicrm.widgets.controller import Controller


class MailSending(Controller):
    """Sends or keeps one mail."""

    def __init__(self, host: Host, form: MailForm, draft: MailDraft, number: int = 0) -> None:
        """`draft` is what was written so far, with what the form does not ask: what it answers, on which items it is; `number` the id
        of the draft that it is kept as (0: not yet)."""
        self._host, self._form, self._draft, self._number = host, form, draft, number
        self._began = self._as_it_stands()
        self._refused: MailDraft | None = None
        """What could not be kept as it stood."""

    def written(self) -> MailDraft:
        """The mail as it stands. Raises Refused with each field in which something is no address."""
        answers, before, problems = self._form.answers, self._draft, list[FieldProblem]()
        addresses: dict[str, list[str]] = {}
        for key in (TO, CC):
            try:
                addresses[key] = read_addresses(str(answers[key]))
            except BadValue as bad:
                problems.append(FieldProblem(key, bad.message, bad.value))
        if problems:
            raise Refused("; ".join(one.message for one in problems), problems)
        return MailDraft(
            addresses[TO],
            str(answers[SUBJECT]),
            str(answers[TEXT]),
            addresses[CC],
            self._form.files,
            before.on,
            before.answers,
            before.private,
        )

    def do_mail_send(self) -> None:
        """Queue it. What is refused is told beside its field, and nothing of the mail is lost."""
        session, form = self._host.session, self._form
        try:
            outbox.queue(session, find_channel(session, form.channel), self.written(), draft=self._number)
        except CrmError as error:
            if not form.steps.show_refused(error):
                form.host.messages.say_error(error)
            return
        form.leave()
        self._host.reload()
        seconds = int(shared_settings.value_of(session, shared_settings.SEND_DELAY))
        self._host.say_done(ngettext("The mail goes out in {n} second", "The mail goes out in {n} seconds", seconds))

    def do_mail_leave(self) -> None:
        """Leave; what was written since is kept, however much of it is wrong yet. What cannot be kept is discarded by a second key."""
        host, form, now = self._host, self._form, self._as_it_stands()
        is_written = now.text.strip() or now.subject.strip() or now.files or self._number
        if not is_written or now in (self._began, self._refused):
            form.leave()
            return
        try:
            drafts.keep(host.session, find_channel(host.session, form.channel), now, self._number)
        except CrmError as error:
            self._refused = now
            form.steps.show_refused(error)
            told = _("{reason}; {key} again discards the mail")
            form.host.say(told.format(reason=error.message, key=host.surface.keys.key("mail.leave")), "refused")
            return
        form.leave()
        host.reload()
        host.say_done(_("Kept as a draft on the timeline: only you see it"))

    def _as_it_stands(self) -> MailDraft:
        """The mail with whatever was typed for addresses."""
        answers, before = self._form.answers, self._draft
        return MailDraft(
            pieces(str(answers[TO])),
            str(answers[SUBJECT]),
            str(answers[TEXT]),
            pieces(str(answers[CC])),
            self._form.files,
            before.on,
            before.answers,
            before.private,
        )

    def do_mail_editor(self) -> None:
        left = edited(self._host.app, self._form.letter.answer)
        if left is None:
            self._host.say(_("The editor ended with an error; the text is as it was."), "refused")
        else:
            self._form.letter.put(left)
