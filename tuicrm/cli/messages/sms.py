"""`tuicrm sms parts`: in how many parts a text goes."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import stdin_for
from tuicrm.i18n import _, ngettext

app = noun(_("SMS: how a text goes."))


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
