"""`tuicrm currency list`, `set` and `remove`: rates kept by hand."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

app = noun(_("Currencies and exchange rates."))

_Code = typer.Argument(metavar="CODE", help=_("USD, GBP, …"))


@app.command("list", cls=CrmCommand, help=_("List the currencies and what one unit is worth in the base currency."))
def list_(context: typer.CommandContext) -> None:
    from tuicrm.services.definitions.currencies import currencies

    work = work_of(context)
    found = currencies(work.session)
    if work.out.json:
        rows = [
            {"code": one.code, "rate": None if one.rate is None else f"{one.rate:f}", "base": one.base} for one in found
        ]
        work.out.envelope(currencies=rows, total=len(rows))
        return
    heads = [TableColumn(_("Currency"), style="accent"), TableColumn(_("Rate"), "right"), TableColumn("", style="dim")]
    rows_shown = [
        [
            one.code,
            "" if one.rate is None else f"{one.rate:f}",
            _("base") if one.base else "" if one.rate else _("no rate"),
        ]
        for one in found
    ]
    work.out.table(heads, rows_shown)


@app.command(
    "set", cls=CrmCommand, help=_("Set what one unit is worth in the base currency; totals are converted with it.")
)
def set_(
    context: typer.CommandContext,
    code: str = _Code,
    rate: str = typer.Argument(metavar="RATE", help=_("0.92; an empty value removes the rate.")),
) -> None:
    from tuicrm.services.definitions.currencies import set_rate

    work = work_of(context)
    done = set_rate(work.session, code, rate)
    if work.out.json:
        work.out.envelope(code=done.code, rate=None if done.rate is None else f"{done.rate:f}")
    else:
        base = work.session.workspace.base_currency
        told = _("{code} now has no rate") if done.rate is None else _("1 {code} = {rate} {base}")
        work.out.say(told.format(code=done.code, rate=f"{done.rate or 0:f}", base=base))


@app.command("remove", cls=CrmCommand, help=_("Remove a currency from the list; amounts in it are kept."))
def remove_(context: typer.CommandContext, code: str = _Code) -> None:
    from tuicrm.services.definitions.currencies import remove

    work = work_of(context)
    remove(work.session, code)
    work.out.done(_("Removed; `tuicrm undo` restores it."), code=code.upper())
