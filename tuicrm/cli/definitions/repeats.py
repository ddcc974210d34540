"""`tuicrm repeats show`, `on`, `off`, `exclude` and `include`: whether repeat leads and deals are marked, and whose never are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.items import Ref

app = noun(_("Whether repeat leads and deals are marked, and for which clients."))

_Refs = typer.Argument(metavar="REF...", help=_("Contacts and companies: C-7 CO-3."))


@app.command("show", cls=CrmCommand, help=_("Show whether they are marked, and which clients are excluded."))
def show(context: typer.CommandContext) -> None:
    _tell(work_of(context))


@app.command("on", cls=CrmCommand, help=_("Mark new leads and deals of returning clients."))
def on(context: typer.CommandContext) -> None:
    from tuicrm.services.definitions import repeat_rules

    work = work_of(context)
    repeat_rules.change(work.session, on=True)
    _tell(work)


@app.command("off", cls=CrmCommand, help=_("Stop marking them; existing marks are kept."))
def off(context: typer.CommandContext) -> None:
    from tuicrm.services.definitions import repeat_rules

    work = work_of(context)
    repeat_rules.change(work.session, on=False)
    _tell(work)


@app.command("exclude", cls=CrmCommand, help=_("Exclude clients: their new leads and deals are not marked."))
def exclude(context: typer.CommandContext, refs: list[str] = _Refs) -> None:
    from tuicrm.services.definitions import repeat_rules

    work = work_of(context)
    repeat_rules.change(work.session, leave_out=[*repeat_rules.excluded(work.session), *_read(work, refs)])
    _tell(work)


@app.command("include", cls=CrmCommand, help=_("Include excluded clients again."))
def include(context: typer.CommandContext, refs: list[str] = _Refs) -> None:
    from tuicrm.services.definitions import repeat_rules

    work = work_of(context)
    back = _read(work, refs)
    left_out = [ref for ref in repeat_rules.excluded(work.session) if ref not in back]
    repeat_rules.change(work.session, leave_out=left_out)
    _tell(work)


def _read(work: CommandRun, refs: list[str]) -> list[Ref]:
    from tuicrm.services.kernel.lookup import read_refs

    return read_refs(work.session, refs)


def _tell(work: CommandRun) -> None:
    from tuicrm.services.definitions import repeat_rules
    from tuicrm.services.kernel import repeats

    session = work.session
    on, left_out = repeats.rules(session.workspace).on, repeat_rules.excluded(session)
    if work.out.json:
        work.out.envelope(repeats={"on": on, "excluded": [session.workspace.show_ref(ref) for ref in left_out]})
        return
    work.out.text(_("Repeat leads and deals are marked.") if on else _("Repeat leads and deals are not marked."))
    for ref in left_out:
        work.out.text(_("Excluded: {client}").format(client=session.names.related(ref)))
