"""`tuicrm template add`, `check`, `list`, `show`, `edit`, `replace`, `move`, `retire`, `restore`, `delete`, `fields`, `get`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.cli.arguments.places import DOWN, TYPE, UP, direction
from tuicrm.cli.documents.files import FILE, FORCE, OUTPUT, file_bytes, hand_over
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun, assignments
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _, ngettext
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.documents.templates import DocTemplate
    from tuicrm.services.documents.template_checks import TemplateFault
    from tuicrm.services.documents.templates import TemplateDetails

app = noun(
    _("Document templates: Word files with placeholders."),
    examples=[
        ("add offer.docx --type deal --name Offer", N_("For all deals.")),
        ("add --starter offer", N_("One that ships with tuicrm.")),
        ("fields deal --on D-1", N_("What can be named, with the values of a deal.")),
    ],
)

_WHICH = typer.Argument(metavar="TEMPLATE", help=_("A template, by key or name."))
_NAME = typer.Option(None, "--name", metavar="NAME", help=_("The name people see; by default, that of the file."))
_TYPES = typer.Option(
    None, "--type", metavar="TYPE", help=_("What it is for: a type, or TYPE/PIPELINE; repeat for several.")
)
_LANGUAGE = typer.Option(
    None, "--language", metavar="CODE", help=_("The language of its documents: en, it; empty for the client's.")
)
_NUMBERING = typer.Option(
    None,
    "--numbering",
    metavar="WORD=VALUE",
    help=_("pattern={YEAR}-{NUMBER:4} start=1 step=1 reset=never|year|month|day next=120; repeat for several."),
)
_NUMBERS = typer.Option(
    None,
    "--numbers",
    metavar="TEMPLATE",
    help=_("Another template that it shares its numbers with; empty for its own numbers."),
)
_USERS = typer.Option(
    None,
    "--users",
    metavar="WHO",
    help=_("Who may use it: a person or department; repeat for several. Empty for everyone."),
)
_STAMPS = typer.Option(False, "--stamps", help=_("Print stamp and signature of the own company."))
_NO_STAMPS = typer.Option(False, "--no-stamps", help=_("Leave them out."))


@app.command(
    cls=TextCommand,
    help=_("Add a template and check it; prints its key."),
    examples=[("offer.docx --type deal --name Offer", N_("For all deals."))],
)
def add(
    context: typer.CommandContext,
    file: str = typer.Argument(
        "", metavar="[FILE]", help=_("A Word file (.docx); - reads stdin. Not needed with --starter.")
    ),
    name: str = _NAME,
    types: list[str] | None = _TYPES,
    language: str = _LANGUAGE,
    numbering: list[str] | None = _NUMBERING,
    numbers: str = _NUMBERS,
    users: list[str] | None = _USERS,
    stamps: bool = _STAMPS,
    starter: str = typer.Option(
        "", "--starter", metavar="STARTER", help=_("One that ships with tuicrm: offer, invoice, contract.")
    ),
    key: str = typer.Option("", metavar="KEY", help=_("The permanent key; by default, made from the name.")),
) -> None:
    from tuicrm.domain.schema import label_text
    from tuicrm.services.documents.starter_templates import find_starter, starter_content
    from tuicrm.services.documents.template_checks import check_template
    from tuicrm.services.documents.templates import add_template

    work = work_of(context)
    if bool(starter) == bool(file):
        raise UsageError(_("Give a file, or --starter with the name of a template that ships."))
    if name is None and file == "-":
        raise UsageError(_("give it a name: --name"))
    if starter:
        found = find_starter(starter, work.session.language)
        spoken = language or work.session.language
        content, called = starter_content(found.key, spoken), f"{found.key}.docx"
        name, types = name or label_text(found.label, spoken), types or list(found.types)
    else:
        content, called = file_bytes(file), "" if file == "-" else Path(file).name
    details = _details(name or Path(file).stem, types, language, numbering, numbers, users, stamps=stamps or None)
    made = add_template(work.session, content, details, key=key, name=called)
    _answer(work, made, check_template(work.session, made))


@app.command(
    cls=TextCommand,
    help=_("Check a file, or a template: unknown placeholders, sections left open, fields some cannot see."),
)
def check(
    context: typer.CommandContext,
    file: str = typer.Argument(metavar="FILE", help=_("A file (.docx); - reads stdin. A template by key or name.")),
    types: list[str] | None = _TYPES,
) -> None:
    from tuicrm.services.documents import template_checks, templates

    work = work_of(context)
    session = work.session
    if file != "-" and not Path(file).is_file() and not types:
        found = template_checks.check_template(session, templates.find_template(session, file))
    else:
        places = templates.read_types(session, types or list(session.workspace.types))
        found = template_checks.check(session, file_bytes(file), places)
    if work.out.json:
        if all(one.kind == "unseen" for one in found):
            work.out.envelope(faults=[_plain_fault(one) for one in found], total=len(found))
            return
    else:
        _tell(work, found)
    template_checks.refuse(found)
    if not found:
        work.out.say(_("No faults."))


@app.command("list", cls=CrmCommand, help=_("List the templates, in order."))
def list_(
    context: typer.CommandContext,
    type: str = typer.Option("", "--type", metavar="TYPE", help=_("Only those for this type.")),
    all_templates: bool = typer.Option(False, "--all", help=_("Include retired ones.")),
) -> None:
    from tuicrm.services.documents.templates import plain, templates
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    found = templates(work.session, retired=all_templates)
    if type:
        key = find_type(work.session, type).key
        found = [one for one in found if any(place.partition("/")[0] == key for place in one.types)]
    if work.out.json:
        work.out.envelope(templates=[plain(one) for one in found], total=len(found))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Name")), TableColumn(_("For"))]
    heads += [TableColumn(_("Numbers")), TableColumn(_("Language")), TableColumn(_("Who may use it")), TableColumn("")]
    work.out.table(heads, [_row(work, one) for one in found])


def _row(work: CommandRun, one: DocTemplate) -> list[str]:
    state = _("retired") if one.retired else ""
    return [
        one.key,
        one.label,
        ", ".join(one.types),
        one.numbers or one.pattern,
        one.language,
        _users(work, one),
        state,
    ]


def _users(work: CommandRun, one: DocTemplate) -> str:
    workspace = work.session.workspace
    names = {f"department:{key}": part.name for key, part in workspace.departments.items()}
    names |= {key: person.name for key, person in workspace.people.items()}
    return ", ".join(names.get(key, key) for key in one.users) or _("everyone")


@app.command(cls=CrmCommand, help=_("Show a template: what it is for, its next number, what is wrong with its file."))
def show(context: typer.CommandContext, template: str = _WHICH) -> None:
    from tuicrm.render.pairs import pairs
    from tuicrm.services.documents import template_checks, templates

    work = work_of(context)
    session = work.session
    found = templates.find_template(session, template, begins=True)
    faults, following = template_checks.check_template(session, found), templates.next_of(session, found)
    if work.out.json:
        work.out.envelope(template=templates.plain(found), next=following, faults=[_plain_fault(one) for one in faults])
        return
    shared = found.numbers and session.workspace.doc_templates.get(found.numbers)
    told = [(_("Key"), found.key), (_("Name"), found.label), (_("For"), ", ".join(found.types))]
    told += [(_("File"), f"{found.file} ({found.size:,} B)"), (_("Language"), found.language)]
    told += [(_("Pattern"), found.pattern), (_("Next"), following)]
    told += [(_("Numbers of"), shared.label if shared else ""), (_("Who may use it"), _users(work, found))]
    told += [(_("Stamps"), _("yes") if found.stamps else ""), ("", _("retired") if found.retired else "")]
    work.out.lines(pairs([pair for pair in told if pair[1]]))
    _tell(work, faults)


@app.command(cls=TextCommand, help=_("Change a template; its documents are unchanged."))
def edit(
    context: typer.CommandContext,
    template: str = _WHICH,
    name: str = typer.Option(None, "--name", metavar="NAME", help=_("The name people see.")),
    types: list[str] | None = _TYPES,
    language: str = _LANGUAGE,
    numbering: list[str] | None = _NUMBERING,
    numbers: str = _NUMBERS,
    users: list[str] | None = _USERS,
    stamps: bool = _STAMPS,
    no_stamps: bool = _NO_STAMPS,
) -> None:
    from tuicrm.services.documents.template_checks import check_template
    from tuicrm.services.documents.templates import edit_template, find_template

    work = work_of(context)
    if stamps and no_stamps:
        raise UsageError(_("Use --stamps or --no-stamps, not both."))
    stamped = True if stamps else False if no_stamps else None
    details = _details(name, types, language, numbering, numbers, users, stamps=stamped)
    if all(said is None for said in details):
        raise UsageError(_("Nothing to change: give at least one option."))
    changed = edit_template(work.session, find_template(work.session, template).key, details)
    _answer(work, changed, check_template(work.session, changed) if types else [])


@app.command(cls=TextCommand, help=_("Replace a template's file; documents made before are unchanged."))
def replace(context: typer.CommandContext, template: str = _WHICH, file: str = FILE) -> None:
    from tuicrm.services.documents.template_checks import check_template
    from tuicrm.services.documents.templates import find_template, replace_template

    work = work_of(context)
    key = find_template(work.session, template).key
    called = "" if file == "-" else Path(file).name
    made = replace_template(work.session, key, file_bytes(file), name=called)
    _answer(work, made, check_template(work.session, made))


@app.command(cls=CrmCommand, help=_("Move a template up or down in the list."))
def move(context: typer.CommandContext, template: str = _WHICH, up: bool = UP, down: bool = DOWN) -> None:
    from tuicrm.services.documents.templates import find_template, move_template

    work = work_of(context)
    step = direction(up=up, down=down)
    _answer(work, move_template(work.session, find_template(work.session, template).key, step))


@app.command(cls=CrmCommand, help=_("Retire a template: it is no longer offered; its documents stay."))
def retire(context: typer.CommandContext, template: str = _WHICH) -> None:
    from tuicrm.services.documents.templates import find_template, retire_template

    work = work_of(context)
    _answer(work, retire_template(work.session, find_template(work.session, template).key))


@app.command(cls=CrmCommand, help=_("Restore a retired template, or a deleted one by its key."))
def restore(context: typer.CommandContext, template: str = _WHICH) -> None:
    from tuicrm.services.documents.templates import find_template, restore_template, retire_template

    work = work_of(context)
    known = work.session.workspace.doc_templates.get(template)
    if known is not None and known.deleted:
        _answer(work, restore_template(work.session, known.key))
    else:
        _answer(work, retire_template(work.session, find_template(work.session, template).key, back=True))


@app.command(cls=CrmCommand, help=_("Delete a template; its documents stay."))
def delete(context: typer.CommandContext, template: str = _WHICH) -> None:
    from tuicrm.services.documents.templates import delete_template, find_template

    work = work_of(context)
    key = find_template(work.session, template).key
    delete_template(work.session, key)
    if work.out.json:
        work.out.envelope(template=key)
    else:
        work.out.say(_("Deleted; `tuicrm undo` restores it."))


@app.command(cls=CrmCommand, help=_("Write a template's file."))
def get(context: typer.CommandContext, template: str = _WHICH, output: str = OUTPUT, force: bool = FORCE) -> None:
    from tuicrm.services.documents.templates import content, find_template

    work = work_of(context)
    found = find_template(work.session, template, begins=True)
    hand_over(work, content(work.session, found), found.file, output, force=force, template=found.key)


@app.command(
    cls=CrmCommand,
    help=_("List what placeholders can name for a type, with the values of an item."),
    examples=[("deal --on D-1", N_("With the values of a deal."))],
)
def fields(
    context: typer.CommandContext,
    type: str = TYPE,
    on: str = typer.Option("", "--on", metavar="REF", help=_("Show the values that this item has.")),
    language: str = typer.Option("", "--language", metavar="CODE", help=_("The language of the values: en, it.")),
) -> None:
    from tuicrm.services.documents.item_values import ItemValues
    from tuicrm.services.documents.names import catalogue
    from tuicrm.services.kernel.lookup import find_type, read_ref

    work = work_of(context)
    session = work.session
    key = find_type(session, type).key
    values = ItemValues(session, read_ref(session, on, key), language=language) if on else None
    found = catalogue(session, key)
    shown = [values.text(one.name, "", 0 if one.list_name and values.count(one.list_name) else None) if values else ""
             for one in found]  # fmt: skip
    if work.out.json:
        rows: list[dict[str, Any]] = [
            {"name": one.name, "label": one.label, "group": one.group, "kind": one.kind, "list": one.list_name or None}
            for one in found
        ]
        if values:
            rows = [{**row, "value": value} for row, value in zip(rows, shown, strict=True)]
        work.out.envelope(type=key, fields=rows, total=len(rows))
        return
    heads = [TableColumn(_("Placeholder"), style="accent"), TableColumn(_("Name")), TableColumn(_("Of"))]
    heads += [TableColumn(_("Value"))] if values else [TableColumn(_("Kind"))]
    told = zip(found, shown, strict=True)
    work.out.table(
        heads, [[f"{{{one.name}}}", one.label, one.group, text if values else one.kind] for one, text in told]
    )


# -- what is said of one -----------------------------------------------------------------------------------------------
def _details(
    name: str | None,
    types: list[str] | None,
    language: str | None,
    numbering: list[str] | None,
    numbers: str | None,
    users: list[str] | None,
    *,
    stamps: bool | None,
) -> TemplateDetails:
    from tuicrm.services.documents.templates import TemplateDetails

    words = assignments([word for text in numbering or () for word in text.split()]) if numbering else None
    return TemplateDetails(name, types or None, language, words, numbers, users or None, stamps)


def _answer(work: CommandRun, template: DocTemplate, faults: list[TemplateFault] | None = None) -> None:
    from tuicrm.services.documents.templates import plain

    if work.out.json:
        told = {} if faults is None else {"faults": [_plain_fault(one) for one in faults]}
        work.out.envelope(template=plain(template), **told)
        return
    work.out.text(template.key)
    wrong = [one for one in faults or () if one.kind != "unseen"]
    for one in faults or ():
        work.out.warn(f"{one.where}: {one.message}")
    if wrong:
        told_of = ngettext(
            "{n} fault: documents print nothing there", "{n} faults: documents print nothing there", len(wrong)
        )
        work.out.warn(told_of)


def _tell(work: CommandRun, faults: list[TemplateFault]) -> None:
    if faults:
        heads = [TableColumn(_("Where"), style="accent"), TableColumn(_("Fault")), TableColumn(_("Text"))]
        work.out.table(heads, [[one.where, one.message, one.text] for one in faults])


def _plain_fault(one: TemplateFault) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(one)
    return {name: value for name, value in told.items() if value or name == "name"}
