"""What a mail on the command line is made of: its text, from stdin, a template or the person's editor; files, documents, addresses."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.running.work import CommandRun, stdin_for
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.items import Ref
    from tuicrm.services.messages.outbox import MailDraft
    from tuicrm.services.messages.text_templates import FilledText

TO = typer.Option(None, metavar="ADDRESS", help=_("To whom; repeat for several."))
CC = typer.Option(None, metavar="ADDRESS", help=_("Who gets a copy; repeat for several."))
SUBJECT = typer.Option(None, metavar="TEXT", help=_("What it is about."))


class MailOptions(Struct, frozen=True):
    """What can be said of every mail that is written."""

    text: str | None
    template: str
    attach: list[str] | None
    pdf: list[str] | None
    channel: str
    now: bool
    draft: bool


OPTIONS = typer.Options(
    MailOptions,
    text=typer.Option(
        None, metavar="TEXT", help=_("The text; by default, what stdin gives, or your editor on a terminal.")
    ),
    template=typer.Option(
        "", metavar="TEXT-TEMPLATE", help=_("A template that the subject and the text are made of (text-template).")
    ),
    attach=typer.Option(
        None,
        metavar="FILE",
        help=_("A file to attach, or a document: DOC-3, DOC-3.pdf as a PDF (./DOC-3 is a file); repeat for several."),
    ),
    pdf=typer.Option(None, metavar="DOCUMENT", help=_("A document to attach as a PDF; repeat for several.")),
    channel=typer.Option(
        "", metavar="CHANNEL", help=_("The channel it goes by; by default, your first, else your department's.")
    ),
    now=typer.Option(False, "--now", help=_("Send it at once, from here; it cannot be recalled then.")),
    draft=typer.Option(False, "--draft", help=_("Keep it as a draft, which you alone see, and send nothing yet.")),
)


def check(options: MailOptions) -> None:
    """Raise UsageError for what does not go together."""
    if options.template and options.text is not None:
        raise UsageError(_("Use one of --template and --text."))
    if options.draft and options.now:
        raise UsageError(_("Use one of --draft and --now."))


def filled(work: CommandRun, options: MailOptions, on: Sequence[Ref]) -> FilledText | None:
    """What the template says for the first item; what is left empty is told. None without a template."""
    from tuicrm.cli.messages.text_template import tell_kept_back
    from tuicrm.services.messages import text_templates

    if not options.template:
        return None
    if not on:
        raise Refused(_("A template needs an item whose values it is filled with."))
    found = text_templates.find_text_template(work.session, options.template)
    made = text_templates.fill(work.session, found, on[0], channel="mail")
    tell_kept_back(work, made.kept_back)
    return made


def typed_text(options: MailOptions) -> str | None:
    """The text that was said or comes from a pipe; None where it is to be written in an editor."""
    if options.text is not None:
        return stdin_for(options.text)
    return None if sys.stdin.isatty() else stdin_for("-")


def in_editor(mail: MailDraft) -> MailDraft:
    """The mail with its text as it is left in the person's own editor. Raises Refused where nothing was written there."""
    from tuicrm.services.workspace.own_editors import editor_command, written_in

    # What is answered or passed on stands below what is written now.
    begun = f"\n\n{mail.text}" if mail.text.strip() else mail.text
    left = written_in(editor_command(os.environ), begun)
    if left is None:
        raise Refused(_("The editor ended with an error; nothing was done."))
    if not left.strip() or left.strip() == mail.text.strip():
        raise Refused(_("Nothing was written; nothing was done."))
    return replace(mail, text=left)


def with_attached(work: CommandRun, mail: MailDraft, attach: Sequence[str], pdf: Sequence[str]) -> MailDraft:
    """The mail with files and documents besides those that go along already."""
    from tuicrm.services.messages.mail_files import attachments, with_files

    more = attachments(work.session, attach, pdf)
    return replace(mail, files=with_files(mail.files, more)) if more else mail


def changed(
    mail: MailDraft, to: Sequence[str] | None, cc: Sequence[str] | None, subject: str | None, text: str | None
) -> MailDraft:
    """The mail with what was said of it anew."""
    said = {"to": to or None, "cc": cc or None, "subject": subject, "text": text}
    return replace(mail, **{name: value for name, value in said.items() if value is not None})
