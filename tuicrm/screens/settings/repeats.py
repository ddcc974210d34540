"""Whether repeat leads and deals are marked, and whose never are: a form of two questions."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.i18n import _
from tuicrm.screens.asking import NO, YES
from tuicrm.screens.host import Host
from tuicrm.services.definitions import repeat_rules
from tuicrm.services.kernel import repeats
from tuicrm.services.search.name_lookup import find_items
from tuicrm.widgets.question import Answer, Question


async def change_repeats(screen: Host) -> None:
    """Ask both, beginning with what holds now."""
    from tuicrm.widgets.form import Form

    session = screen.session
    reason = repeat_rules.why_not_change(session)
    if reason is not None:
        screen.say(reason)
        return
    on, left_out = repeats.rules(session.workspace).on, repeat_rules.excluded(session)

    def save(answers: Mapping[str, Answer]) -> None:
        refs = [Ref.parse(one) for one in answers["excluded"]]
        repeat_rules.change(session, on=YES in answers["on"], leave_out=refs)

    known = [Choice(str(ref), session.names.item(ref) or "", session.workspace.show_ref(ref)) for ref in left_out]
    questions = [
        Question(
            "on",
            _("Mark them"),
            "boolean",
            chosen=(YES if on else NO,),
            choices=(Choice(YES, _("yes")), Choice(NO, _("no"))),
            required=True,
            hint=_("matched by client, phone or e-mail"),
        ),
        Question(
            "excluded",
            _("Excluded"),
            "item",
            chosen=tuple(choice.key for choice in known),
            choices=known,
            search=lambda text: find_items(session, text, repeat_rules.clients(session.workspace)),
            many=True,
            hint=_("contacts and companies whose items are never marked"),
        ),
    ]
    if await screen.ask(Form(screen.surface, _("Repeat leads and deals"), questions, save)) is not None:
        screen.reload()
        screen.say_done(_("Changed"))
