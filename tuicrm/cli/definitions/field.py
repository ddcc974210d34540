"""`tuicrm field list`, `show`, `add`, `edit`, `delete`; `options` and `convert` have modules of their own."""

from __future__ import annotations

from tuicrm.cli.arguments.places import DRY_RUN, FIELD, PIPELINE, SHOWN, TYPE, VARIANT, only_told, place_at
from tuicrm.cli.definitions.field_convert import convert
from tuicrm.cli.definitions.field_options import options
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.grammar.verbs import USUAL
from tuicrm.cli.running.work import assignments
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import _
from tuicrm.render.table import TableColumn

app = noun(_("Fields of an item type."))

_WORDS = typer.Argument(
    None,
    metavar="[WORD=VALUE...]",
    help=_('min=0 max=100 default=5 required="Proposal, Won" visible_to="anna, Sales"; `field show` lists them.'),
)
_IN = typer.Option(
    "", "--pipeline", metavar="NAME", help=_("The pipeline that required=… applies to; by default, all of them.")
)


@app.command(
    "list", cls=CrmCommand, help=_("List a type's fields: where each is shown and how many items have it filled in.")
)
def list_(
    context: typer.CommandContext,
    type: str = typer.Argument(USUAL, metavar="TYPE", help=_("An item type: deal, contact, …")),
    custom: bool = typer.Option(False, "--custom", help=_("Only custom fields.")),
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHOWN,
) -> None:
    from tuicrm.cli.definitions.fields_output import FieldsReport
    from tuicrm.services.definitions.fields import list_fields

    work, place = place_at(context, type, pipeline, variant)
    told = FieldsReport(work.session, place, layout)
    fields = [info for info in list_fields(work.session, place.type) if info.field.custom or not custom]
    if work.out.json:
        rows = [{**told.plain(info.field), "filled": info.filled} for info in fields]
        work.out.envelope(type=place.type, variant=place.variant, fields=rows, total=len(rows))
        return
    heads = [TableColumn(_("Key"), style="accent", shrinks=False), TableColumn(_("Label")), TableColumn(_("Kind"))]
    heads += [TableColumn(_("Shown in")), TableColumn(_("Filled"), "right", shrinks=False)]
    heads += [TableColumn(_("Required")), TableColumn(_("Seen by"))]
    heads += [] if custom else [TableColumn("")]
    work.out.table(heads, [told.row(info)[: len(heads)] for info in fields])


@app.command(cls=CrmCommand, help=_("Show a field's settings, with the names that `field edit` takes."))
def show(
    context: typer.CommandContext,
    type: str = TYPE,
    field: str = FIELD,
    pipeline: str = PIPELINE,
    variant: str = VARIANT,
    layout: str = SHOWN,
) -> None:
    from tuicrm.cli.definitions.fields_output import FieldsReport
    from tuicrm.render.pairs import pairs
    from tuicrm.services.definitions.fields import list_fields
    from tuicrm.services.kernel.lookup import named_field

    work, place = place_at(context, type, pipeline, variant)
    told, key = FieldsReport(work.session, place, layout), named_field(work.session, place.type, field).key
    info = next(info for info in list_fields(work.session, place.type) if info.field.key == key)
    if work.out.json:
        plain = {**told.plain(info.field), "filled": info.filled}
        work.out.envelope(type=place.type, variant=place.variant, field=plain)
    else:
        work.out.lines(pairs(told.pairs(info)))


@app.command(cls=TextCommand, help=_("Add a custom field; prints its key."))
def add(
    context: typer.CommandContext,
    type: str = TYPE,
    label: str = typer.Argument(metavar="LABEL", help=_("The label people see.")),
    words: list[str] = _WORDS,
    kind: str = typer.Option("string", metavar="KIND", help=_("string, money, date, list, …")),
    key: str = typer.Option("", metavar="KEY", help=_("Its permanent key; by default, made from the label.")),
    many: bool = typer.Option(False, "--many", help=_("Allow several values.")),
    option: list[str] = typer.Option([], metavar="LABEL", help=_("An option of a list; repeat for several.")),
    target: list[str] = typer.Option(
        [], metavar="TYPE", help=_("An item type this field may refer to; repeat for several.")
    ),
    dictionary: str = typer.Option("", metavar="KEY", help=_("The dictionary for a dictionary field.")),
    help_text: str = typer.Option("", metavar="TEXT", help=_("Help text shown while the field is edited.")),
    pipeline: str = _IN,
) -> None:
    from tuicrm.services.definitions import field_words
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    texts = assignments(words or [])
    if help_text:
        if "help" in texts:
            raise UsageError(_("{field} is given twice").format(field="help"))
        texts["help"] = help_text
    made = field_words.add(
        session,
        type_key,
        label,
        kind,
        texts,
        pipeline=_pipeline_key(context, type_key, pipeline, texts),
        key=key,
        many=many,
        options=option,
        targets=[find_type(session, name).key for name in target],
        dictionary=dictionary,
    )
    work.out.names(made.key, field={"key": made.key, "kind": made.kind})


@app.command(
    cls=TextCommand, help=_("Change a field: its label, help text, settings, where it is required, who can see it.")
)
def edit(
    context: typer.CommandContext,
    type: str = TYPE,
    field: str = FIELD,
    words: list[str] = _WORDS,
    pipeline: str = _IN,
) -> None:
    from tuicrm.cli.definitions.fields_output import FieldsReport
    from tuicrm.services.definitions import field_words
    from tuicrm.services.kernel.lookup import find_type, named_field
    from tuicrm.services.layouts.layout_names import find_place

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    texts = assignments(words or [])
    if not texts:
        raise UsageError(_("Nothing to change: add NAME=VALUE."))
    place = _pipeline_key(context, type_key, pipeline, texts)
    key = named_field(session, type_key, field).key
    changed = field_words.edit(session, type_key, key, texts, pipeline=place)
    if work.out.json:
        work.out.envelope(field=FieldsReport(session, find_place(session, type_key), "").plain(changed))
    else:
        work.out.text(changed.key)


def _pipeline_key(context: typer.CommandContext, type_key: str, name: str, texts: dict[str, str]) -> str:
    """The pipeline in which `required` holds; "" for none. Raises UsageError where nothing is said of required."""
    from tuicrm.services.kernel.lookup import find_pipeline

    if not name:
        return ""
    if "required" not in texts:
        raise UsageError(_("--pipeline can only be used with required=…"))
    session = work_of(context).session
    if not session.workspace.pipelines(type_key):
        raise Refused(_("This type has no stages."))
    return find_pipeline(session, type_key, name).key


app.command(
    "options", cls=TextCommand, help=_("List the options of a list; add, rename, reorder, retire and delete them.")
)(options)
app.command("convert", cls=TextCommand, help=_("Create a new field of another type, with the values converted."))(
    convert
)


@app.command(cls=CrmCommand, help=_("Delete a custom field and its values; `tuicrm undo` restores both."))
def delete(context: typer.CommandContext, type: str = TYPE, field: str = FIELD, dry_run: bool = DRY_RUN) -> None:
    from tuicrm.services.definitions import field_changes
    from tuicrm.services.kernel.lookup import find_type, named_field

    work = work_of(context)
    session = work.session
    type_key = find_type(session, type).key
    found = named_field(session, type_key, field)
    gone = (
        field_changes.deletes(session, type_key, found.key)
        if dry_run
        else field_changes.delete_field(session, type_key, found.key)
    )
    if work.out.json:
        work.out.envelope(field=found.key, values=gone.values, items=gone.items, deleted=not dry_run)
        return
    work.out.text(found.key)
    told = field_changes.told(gone)
    if dry_run:
        work.out.say(f"{_('This would also delete: {told}.').format(told=told)} {only_told(dry_run)}")
    else:
        work.out.say(_("Deleted, along with {told}; `tuicrm undo` restores it.").format(told=told))
