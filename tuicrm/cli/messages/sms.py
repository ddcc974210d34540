"""`tuicrm sms send`, `parts`, `recall`, `settle`: SMS, by whichever channel carries them."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.messages.texting import OPTIONS, WHOM, TextingOptions, outbox_verbs, queue, typed
from tuicrm.cli.running.work import stdin_for
from tuicrm.i18n import N_, _, ngettext

app = noun(_("SMS: written, and in how many parts a text goes."))


@app.command(
    cls=TextCommand,
    help=_("Say in how many parts a text goes as SMS, in which alphabet, and because of which characters."),
)
def parts(
    context: typer.CommandContext,
    text: str = typer.Argument(metavar="TEXT", help=_("The text; - reads stdin.")),
) -> None:
    from tuicrm.domain.messages.sms_parts import sms_parts

    work = work_of(context)
    found = sms_parts(stdin_for(text))
    if work.out.json:
        work.out.envelope(alphabet=found.alphabet, parts=found.parts, left=found.left, odd=found.odd)
        return
    told = ngettext("{n} part", "{n} parts", len(found.parts))
    left = ngettext("{n} character left", "{n} characters left", found.left)
    work.out.text(f"{told}, {found.alphabet}, {left}")
    if found.odd:
        why = _("These characters make it UCS-2, of which a part holds 67 instead of 153: {signs}")
        work.out.say(why.format(signs=" ".join(found.odd)))


@app.command(
    cls=TextCommand,
    help=_(
        "Write an SMS to an item's client or to a number; prints its ref. It waits in the outbox for some seconds, in which "
        "`tuicrm undo` recalls it; then a worker sends it (`tuicrm channel run`)."
    ),
    examples=[
        ('C-3 --text "We arrive at 9"', N_("It stands on the contact, the company and what is open of theirs.")),
        ('"+39 333 1234567" < text.txt', N_("To a number, whoever has it.")),
    ],
)
def send(context: typer.CommandContext, whom: str = WHOM, options: TextingOptions = OPTIONS) -> None:
    from tuicrm.domain.messages.sms_parts import sms_parts
    from tuicrm.services.messages.reaching import reached
    from tuicrm.services.messages.texting import TextDraft, text_channel

    work = work_of(context)
    to = reached(work.session, whom, "mobile")
    by = text_channel(work.session, "sms", options.channel)
    text = typed(work, options, to, "sms")
    n = len(sms_parts(text).parts)
    if n > 1:
        work.out.say(ngettext("{n} part", "{n} parts", n).format(n=n))
    queue(work, by, TextDraft(to.number, text, to.on), now=options.now)


outbox_verbs(app)
