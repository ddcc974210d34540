"""`tuicrm text-template add`, `list`, `show`, `edit`, `retire`, `restore`, `delete`, `fill`: texts that are written more than once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from tuicrm.cli.arguments.retiring import retiring
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun, stdin_for
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.messages.text_template import TextTemplate
    from tuicrm.services.messages.text_templates import TextTemplateDetails

app = noun(
    _("Templates of texts: mails, SMS and first words by a messenger, with placeholders."),
    examples=[
        ('add Offer --type deal --subject "Offer {Title}" < offer.txt', N_("Placeholders as in documents: {Title}.")),
        ("fill offer D-1", N_("What it becomes for a deal.")),
    ],
)

_WHICH = typer.Argument(metavar="TEXT-TEMPLATE", help=_("A template of texts, by key or name."))
_CHANNEL = typer.Option(
    None, "--channel", metavar="WAY", help=_("What it is for: mail, sms, whatsapp, telegram; empty for all.")
)


class TextOptions(Struct, frozen=True):
    """What can be said of every template of texts."""

    subject: str
    channel: str
    types: list[str] | None
    language: str
    users: list[str] | None
    cloud_name: str


_OPTIONS = typer.Options(
    TextOptions,
    subject=typer.Option(None, metavar="TEXT", help=_("The subject, with placeholders.")),
    channel=_CHANNEL,
    types=typer.Option(
        None,
        "--type",
        metavar="TYPE",
        help=_("What it is for: a type, or TYPE/PIPELINE; repeat for several. Empty for everything."),
    ),
    language=typer.Option(
        None, "--language", metavar="CODE", help=_("The language of its values: en, it; empty for the client's.")
    ),
    users=typer.Option(
        None,
        "--users",
        metavar="WHO",
        help=_("Who may use it: a person or department; repeat for several. Empty for everyone."),
    ),
    cloud_name=typer.Option(None, "--cloud-name", metavar="TEXT", help=_("What the template is called with WhatsApp.")),
)


@app.command(
    cls=TextCommand,
    help=_("Add a template; prints its key. What it names that there is not is told."),
    examples=[('Offer --type deal --subject "Offer {Title}" < offer.txt', N_("The text comes from a file."))],
)
def add(
    context: typer.CommandContext,
    name: str = typer.Argument(metavar="NAME", help=_("The name people see.")),
    text: str = typer.Option("-", metavar="TEXT", help=_("The text; by default, what stdin gives.")),
    options: TextOptions = _OPTIONS,
    key: str = typer.Option("", metavar="KEY", help=_("The permanent key; by default, made from the name.")),
) -> None:
    from tuicrm.services.messages.text_templates import add_text_template

    work = work_of(context)
    _answer(work, add_text_template(work.session, _details(name, stdin_for(text), options), key=key))


@app.command("list", cls=CrmCommand, help=_("List the templates of texts, in order."))
def list_(
    context: typer.CommandContext,
    ref: str = typer.Argument("", metavar="REF", help=_("Only those for this item.")),
    channel: str = _CHANNEL,
    all_templates: bool = typer.Option(False, "--all", help=_("Include retired ones.")),
) -> None:
    from tuicrm.services.kernel.lookup import read_ref
    from tuicrm.services.messages import text_templates

    work = work_of(context)
    session = work.session
    if ref:
        found = text_templates.fitting(session, read_ref(session, ref), channel or "")
    else:
        every = text_templates.text_templates(session, retired=all_templates)
        found = [one for one in every if not channel or one.channel in ("", channel)]
    if work.out.json:
        work.out.envelope(templates=[text_templates.plain(one) for one in found], total=len(found))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Name")), TableColumn(_("For"))]
    heads += [TableColumn(_("By")), TableColumn(_("Subject")), TableColumn(_("Who may use it")), TableColumn("")]
    work.out.table(heads, [_row(work, one) for one in found])


def _row(work: CommandRun, one: TextTemplate) -> list[str]:
    state = _("retired") if one.retired else ""
    return [one.key, one.label, ", ".join(one.types), one.channel, one.subject, _users(work, one), state]


def _users(work: CommandRun, one: TextTemplate) -> str:
    workspace = work.session.workspace
    names = {f"department:{key}": part.name for key, part in workspace.departments.items()}
    names |= {key: person.name for key, person in workspace.people.items()}
    return ", ".join(names.get(key, key) for key in one.users) or _("everyone")


@app.command(cls=CrmCommand, help=_("Show a template: what it is for, its subject and text, what is wrong with it."))
def show(context: typer.CommandContext, template: str = _WHICH) -> None:
    from tuicrm.render.pairs import pairs
    from tuicrm.services.messages import text_templates

    work = work_of(context)
    found = text_templates.find_text_template(work.session, template, begins=True)
    faults = text_templates.faults(work.session, found)
    if work.out.json:
        told = [msgspec.to_builtins(one) for one in faults]
        work.out.envelope(template=text_templates.plain(found), faults=told)
        return
    told_of = [(_("Key"), found.key), (_("Name"), found.label), (_("For"), ", ".join(found.types))]
    told_of += [(_("By"), found.channel), (_("Language"), found.language), (_("Who may use it"), _users(work, found))]
    told_of += [(_("With WhatsApp"), found.cloud_name), (_("Subject"), found.subject)]
    told_of += [("", _("retired") if found.retired else "")]
    work.out.lines(pairs([pair for pair in told_of if pair[1]]))
    work.out.data(f"\n{found.text}\n")
    for one in faults:
        work.out.warn(f"{one.where}: {one.message}")


@app.command(cls=TextCommand, help=_("Change a template; what was written by it stays."))
def edit(
    context: typer.CommandContext,
    template: str = _WHICH,
    name: str = typer.Option(None, "--name", metavar="NAME", help=_("The name people see.")),
    text: str | None = typer.Option(None, metavar="TEXT", help=_("The text; - reads stdin.")),
    options: TextOptions = _OPTIONS,
) -> None:
    from tuicrm.services.messages.text_templates import edit_text_template, find_text_template

    work = work_of(context)
    details = _details(name, None if text is None else stdin_for(text), options)
    if all(said is None for said in details):
        raise UsageError(_("Nothing to change: give at least one option."))
    _answer(work, edit_text_template(work.session, find_text_template(work.session, template).key, details))


def _retire(work: CommandRun, template: str, *, back: bool) -> None:
    from tuicrm.services.messages.text_templates import find_text_template, retire_text_template

    _answer(work, retire_text_template(work.session, find_text_template(work.session, template).key, back=back))


retiring(
    app,
    _WHICH,
    _retire,
    retire=_("Retire a template of texts: it is no longer offered."),
    restore=_("Restore a retired template of texts."),
)


@app.command(cls=CrmCommand, help=_("Delete a template of texts; what was written by it stays."))
def delete(context: typer.CommandContext, template: str = _WHICH) -> None:
    from tuicrm.services.messages.text_templates import delete_text_template, find_text_template

    work = work_of(context)
    key = find_text_template(work.session, template).key
    delete_text_template(work.session, key)
    work.out.done(_("Deleted; `tuicrm undo` restores it."), template=key)


@app.command(
    cls=CrmCommand,
    help=_("Show what a template becomes for an item, and what is left empty because it is not for you."),
    examples=[("offer D-1", N_("The subject, an empty line, the text."))],
)
def fill(
    context: typer.CommandContext,
    template: str = _WHICH,
    ref: str = typer.Argument(metavar="REF", help=_("The item: D-42.")),
    language: str = typer.Option("", metavar="CODE", help=_("The language of the values: en, it.")),
) -> None:
    from tuicrm.services.kernel.lookup import read_ref
    from tuicrm.services.messages import text_templates

    work = work_of(context)
    session = work.session
    found = text_templates.find_text_template(session, template, begins=True)
    filled = text_templates.fill(session, found, read_ref(session, ref), language=language)
    if work.out.json:
        told = msgspec.to_builtins(filled)
        work.out.envelope(template=found.key, **told)
        return
    work.out.data(f"{filled.subject}\n\n{filled.text}\n" if filled.subject else f"{filled.text}\n")
    tell_kept_back(work, filled.kept_back)


def tell_kept_back(work: CommandRun, names: Sequence[str]) -> None:
    """Say what is left empty because it is not for this person."""
    if names:
        told = _("Left empty, for you may not see them: {names}")
        work.out.warn(told.format(names=", ".join(f"{{{name}}}" for name in names)))


def _details(name: str | None, text: str | None, said: TextOptions) -> TextTemplateDetails:
    from tuicrm.services.messages.text_templates import TextTemplateDetails

    return TextTemplateDetails(
        name, text, said.subject, said.channel, said.types or None, said.language, said.users or None, said.cloud_name
    )


def _answer(work: CommandRun, template: TextTemplate) -> None:
    from tuicrm.services.messages.text_templates import faults, plain

    found = faults(work.session, template)
    if work.out.json:
        work.out.envelope(template=plain(template), faults=[msgspec.to_builtins(one) for one in found])
        return
    work.out.text(template.key)
    for one in found:
        work.out.warn(f"{one.where}: {one.message}")
