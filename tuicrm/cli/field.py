"""`tuicrm field list` and `field add`."""

from __future__ import annotations

import typer

from tuicrm.cli.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.work import work_of
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

app = noun(_("Fields of an item type."))


@app.command("list", cls=CrmCommand, help=_("List a type's fields and how many items have them filled."))
def list_(context: typer.Context, type: str = typer.Argument("deal", metavar="TYPE")) -> None:
    from tuicrm.services.fields import list_fields
    from tuicrm.services.items import find_type

    work = work_of(context)
    session = work.session
    fields = list_fields(session, find_type(session, type).key)
    if work.out.json:
        rows = [
            {
                "key": info.field.key,
                "label": session.label(info.field.label),
                "kind": info.field.kind,
                "many": info.field.many,
                "custom": info.field.custom,
                "read_only": info.field.read_only or bool(info.field.derived),
                "required": info.field.required,
                "required_at": info.field.required_at,
                "options": [{"key": o.key, "label": session.label(o.label)} for o in info.field.options],
                "dictionary": info.field.dictionary,
                "filled": info.filled,
            }
            for info in fields
        ]
        work.out.envelope(fields=rows, total=len(rows))
        return
    table = [
        [
            info.field.key,
            session.label(info.field.label),
            info.field.kind + (_(", several") if info.field.many else ""),
            _("custom") if info.field.custom else "",
            str(info.filled),
        ]
        for info in fields
    ]
    heads = [TableColumn(_("Key"), style="accent", shrinks=False), TableColumn(_("Label")), TableColumn(_("Kind"))]
    work.out.table([*heads, TableColumn(""), TableColumn(_("Filled"), "right")], table)


@app.command(cls=TextCommand, help=_("Add a field of your own; prints its key."))
def add(
    context: typer.Context,
    type: str = typer.Argument(metavar="TYPE"),
    label: str = typer.Argument(metavar="LABEL"),
    kind: str = typer.Option("string", metavar="KIND", help=_("string, money, date, list, …")),
    key: str = typer.Option("", metavar="KEY", help=_("Its key for good; made from the label without.")),
    many: bool = typer.Option(False, "--many", help=_("Holds several values.")),
    option: list[str] = typer.Option([], metavar="LABEL", help=_("An option of a list; once for each.")),
    target: list[str] = typer.Option([], metavar="TYPE", help=_("A type that an item field may name; once for each.")),
    dictionary: str = typer.Option("", metavar="KEY", help=_("The dictionary of a dictionary field.")),
) -> None:
    from tuicrm.services.fields import add_field
    from tuicrm.services.items import find_type

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    targets = [find_type(session, name).key for name in target]
    made = add_field(
        session, type_key, label, kind, key=key, many=many, options=option, targets=targets, dictionary=dictionary
    )
    if work.out.json:
        work.out.envelope(field={"key": made.key, "kind": made.kind})
    else:
        work.out.text(made.key)
