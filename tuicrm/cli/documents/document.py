"""`tuicrm document make`, `list`, `show`, `get`, `edit`, `again`, `delete`, `restore`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.places import DRY_RUN
from tuicrm.cli.documents.files import FORCE, OUTPUT, file_bytes, hand_over
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.progress import Telling
from tuicrm.cli.running.work import CommandRun, assignments
from tuicrm.errors import Refused, Unreachable, UsageError
from tuicrm.i18n import N_, _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.services.documents.making import DocumentPlan
    from tuicrm.services.documents.reading import Document

app = noun(
    _("Documents of items, made from templates, numbered and kept."),
    examples=[
        ("make D-42 Offer", N_("Prints its ref.")),
        ("list D-42", N_("The documents of a deal.")),
        ("get DOC-7 -o offer.docx", N_("The file.")),
    ],
)

_ON = typer.Argument(metavar="REF", help=_("The item: D-42."))
_WHICH = typer.Argument(metavar="DOCUMENT", help=_("A document: DOC-7."))
_SET = typer.Option(
    None,
    "--set",
    metavar="NAME=VALUE",
    help=_("A value for this document alone; repeat for several. NAME/2 is that of the second row."),
)
_FILL = typer.Option(
    None,
    "--fill",
    metavar="NAME=VALUE",
    help=_("A value that the item gets as well, by field or placeholder; repeat for several."),
)
_TITLE = typer.Option(
    "", "--title", metavar="TEXT", help=_("The title; by default, the template's name and the number.")
)
_PDF = typer.Option(False, "--pdf", help=_("As a PDF (needs LibreOffice)."))


@app.command(
    cls=TextCommand,
    help=_("Make a document of an item from a template; prints its ref."),
    examples=[
        ("D-42 Offer --dry-run", N_("Only show what it would say.")),
        ("D-42 Offer --set ClientPhone=02/123", N_("With a value for this document alone.")),
        ("D-42 Offer --fill CloseDate=2026-12-31", N_("With a value that the deal gets as well.")),
    ],
)
def make(
    context: typer.CommandContext,
    ref: str = _ON,
    template: str = typer.Argument(metavar="TEMPLATE", help=_("A template, by key or name.")),
    pdf: bool = typer.Option(False, "--pdf", help=_("Make its PDF as well (needs LibreOffice).")),
    values: list[str] | None = _SET,
    fill: list[str] | None = _FILL,
    title: str = _TITLE,
    also: list[str] | None = typer.Option(
        None, "--also", metavar="REF", help=_("Make one of this item as well, from its own values; repeat for several.")
    ),
    dry_run: bool = DRY_RUN,
) -> None:
    from tuicrm.services.documents import making
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    if also:
        if values or fill or title or pdf or dry_run:
            raise UsageError(_("--also goes without --set, --fill, --title, --pdf and --dry-run."))
        _make_many(work, [ref, *also], template)
        return
    session = work.session
    owner = read_ref(session, ref)
    chosen = making.find_fitting(session, owner, template)
    said = assignments(values or [])
    into = assignments(fill or [], piped=any(word.endswith("=-") for word in values or ()))
    planned = making.plan(session, owner, chosen, said, into, title=title)
    if dry_run:
        _show_plan(work, planned)
        return
    made = making.make(session, planned)
    if pdf:
        made = _with_pdf(work, made)
    for name in planned.kept_back:
        work.out.say(_("{name} prints empty: you may not see it").format(name=f"{{{name}}}"))
    _answer(work, made)


def _with_pdf(work: CommandRun, made: Document) -> Document:
    """With its PDF kept beside it; where that cannot be made, it is said why, and the document is there all the same."""
    from tuicrm.services.documents import reading, versions

    try:
        versions.pdf(work.session, made)
    except (Refused, Unreachable) as problem:
        work.out.warn(problem.message)
    return reading.by_id(work.session, made.record.id)


def _make_many(work: CommandRun, texts: list[str], template: str) -> None:
    """One of each item; those that cannot have one are told of, and the others made."""
    from tuicrm.services.documents import making, making_several, reading
    from tuicrm.services.kernel.lookup import read_refs

    session = work.session
    refs = list(dict.fromkeys(read_refs(session, texts)))
    chosen = making.find_fitting(session, refs[0], template)
    with Telling(work) as telling:

        def tell(done: int, of: int) -> None:
            telling.tell(_("{done} of {all}").format(done=done, all=of))

        outcomes = making_several.make_many(session, refs, chosen, tell=tell)
    made = [one.made for one in outcomes if one.made is not None]
    failed = {session.workspace.show_ref(one.owner): one.why_not for one in outcomes if one.made is None}
    if work.out.json:
        work.out.envelope(documents=[reading.plain(session, one) for one in made], total=len(made), refused=failed)
    else:
        for one in made:
            work.out.text(one.ref)
        for shown, why in failed.items():
            work.out.warn(f"{shown}: {why}")
    if failed and not made and not work.out.json:
        raise Refused(_("No document was created."))


@app.command("list", cls=CrmCommand, help=_("List an item's documents, newest first."))
def list_(context: typer.CommandContext, ref: str = _ON) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.services.documents import reading
    from tuicrm.services.kernel.lookup import read_ref

    work = work_of(context)
    session = work.session
    owner = read_ref(session, ref)
    session.get(owner)
    found = reading.documents(session, owner)
    if work.out.json:
        told = [reading.plain(session, one) for one in found]
        work.out.envelope(ref=session.workspace.show_ref(owner), documents=told, total=len(told))
        return
    heads = [TableColumn(_("Ref"), style="accent"), TableColumn(_("Title")), TableColumn(_("Number"))]
    heads += [TableColumn(_("Version"), "right"), TableColumn(_("When")), TableColumn(_("Who")), TableColumn("")]
    rows = []
    for one in found:
        record, newest = one.record, one.record.newest
        who = session.names.person(newest.by) or newest.by
        when = short_when(newest.at, session.context()) if newest.at else ""
        rows.append([one.ref, record.title, record.number, str(newest.n), when, who, one.closed])
    work.out.table(heads, rows)
    if not found:
        work.out.say(_("Nothing here."))


@app.command(cls=CrmCommand, help=_("Show a document: its versions, and the values it was filled with."))
def show(context: typer.CommandContext, document: str = _WHICH) -> None:
    from tuicrm.domain.kinds.dates import short_when
    from tuicrm.render.pairs import pairs
    from tuicrm.services.documents import reading

    work = work_of(context)
    session = work.session
    found = reading.find_document(session, document)
    if work.out.json:
        work.out.envelope(document=reading.plain(session, found, values=True))
        return
    record, template = found.record, reading.template_of(session, found)
    told = [(_("Ref"), found.ref), (_("On"), found.on), (_("Title"), record.title), (_("Number"), record.number)]
    told += [(_("Template"), template.label if template else record.template), (_("Language"), record.language)]
    work.out.lines(pairs([pair for pair in told if pair[1]]))
    heads = [TableColumn(_("Version"), "right"), TableColumn(_("When")), TableColumn(_("Who")), TableColumn("")]
    rows = []
    for one in record.versions:
        when = short_when(one.at, session.context()) if one.at else ""
        rows.append([str(one.n), when, session.names.person(one.by) or one.by, _how(one.how)])
    work.out.table([*heads, TableColumn(_("Bytes"), "right")], [[*row, f"{one.size:,}"]
                   for row, one in zip(rows, record.versions, strict=True)])  # fmt: skip
    if found.closed:
        work.out.warn(found.closed)
    elif record.values:
        _show_values(work, record.values)


def _how(how: str) -> str:
    texts = {
        "made": _("created"),
        "again": _("created again"),
        "changed": _("changed"),
        "uploaded": _("edited by hand"),
    }
    return texts.get(how, how)


@app.command(
    cls=CrmCommand,
    help=_("Write a document's file, or its PDF."),
    examples=[("DOC-7 -o offer.docx", N_("The file.")), ("DOC-7 --pdf -o offer.pdf", N_("The PDF."))],
)
def get(
    context: typer.CommandContext,
    document: str = _WHICH,
    output: str = OUTPUT,
    pdf: bool = _PDF,
    version: int = typer.Option(
        0, "--version", min=0, metavar="N", help=_("An older version; by default, the newest.")
    ),
    force: bool = FORCE,
) -> None:
    from tuicrm.services.documents import reading, versions

    work = work_of(context)
    found = reading.find_document(work.session, document)
    content = (versions.pdf if pdf else reading.content)(work.session, found, version)
    name = reading.file_name(found, "pdf" if pdf else "docx")
    hand_over(work, content, name, output, force=force, document=found.ref)


@app.command(
    cls=TextCommand,
    help=_("Change values or the title of a document, or attach a version edited by hand; older versions stay."),
    examples=[
        ('DOC-7 --set TotalSum="1.000 €"', N_("One value; the others stay as they were printed.")),
        ("DOC-7 --file offer.docx", N_("A version edited by hand.")),
    ],
)
def edit(
    context: typer.CommandContext,
    document: str = _WHICH,
    values: list[str] | None = _SET,
    title: str = typer.Option("", "--title", metavar="TEXT", help=_("A new title.")),
    file: str = typer.Option("", "--file", metavar="FILE", help=_("A version edited by hand (.docx); - reads stdin.")),
) -> None:
    from tuicrm.services.documents import reading, versions

    work = work_of(context)
    if not (values or title or file):
        raise UsageError(_("Nothing to change: give at least one option."))
    if values and file:
        raise UsageError(_("Use --set or --file, not both."))
    found = reading.find_document(work.session, document)
    if values or title:
        found = versions.change(work.session, found, assignments(values or []), title=title)
    if file:
        found = versions.upload(work.session, found, file_bytes(file))
    _answer(work, found)


@app.command(
    cls=CrmCommand,
    help=_(
        "Make a document again from today's values; the number and older versions stay, and a retired template serves."
    ),
)
def again(context: typer.CommandContext, document: str = _WHICH) -> None:
    from tuicrm.services.documents import reading, versions

    work = work_of(context)
    _answer(work, versions.again(work.session, reading.find_document(work.session, document)))


@app.command(cls=CrmCommand, help=_("Delete a document; its number is not given again."))
def delete(context: typer.CommandContext, document: str = _WHICH) -> None:
    from tuicrm.services.documents import reading, versions

    work = work_of(context)
    found = reading.find_document(work.session, document)
    versions.delete(work.session, found)
    if work.out.json:
        work.out.envelope(document={"ref": found.ref})
    else:
        work.out.say(_("Deleted; `tuicrm undo` restores it."))


@app.command(cls=CrmCommand, help=_("Restore a deleted document."))
def restore(context: typer.CommandContext, document: str = _WHICH) -> None:
    from tuicrm.domain.documents.document import read_ref
    from tuicrm.services.documents import reading, versions

    work = work_of(context)
    number = read_ref(document)
    if not number:
        reading.find_document(work.session, document)  # says what a ref looks like
    _answer(work, versions.restore(work.session, number))


# -- answering ---------------------------------------------------------------------------------------------------------
def _answer(work: CommandRun, found: Document) -> None:
    from tuicrm.services.documents import reading

    if work.out.json:
        work.out.envelope(document=reading.plain(work.session, found))
        return
    work.out.text(found.ref)
    work.out.say(found.record.title)


def _show_plan(work: CommandRun, planned: DocumentPlan) -> None:
    if work.out.json:
        work.out.envelope(
            dry_run=True,
            document={
                "on": work.session.workspace.show_ref(planned.owner),
                "template": planned.template.key,
                "title": planned.title,
                "number": planned.number,
                "language": planned.language,
                "values": dict(planned.values),
                "missing": list(planned.missing),
                "kept_back": list(planned.kept_back),
            },
        )
        return
    _show_values(work, dict(planned.values))
    for name in planned.kept_back:
        work.out.say(_("{name} prints empty: you may not see it").format(name=f"{{{name}}}"))
    work.out.say(_("It would be {title}; nothing was saved.").format(title=planned.title))


def _show_values(work: CommandRun, values: dict[str, Any]) -> None:
    heads = [TableColumn(_("Placeholder"), style="accent"), TableColumn(_("Value"))]
    rows = []
    for name, value in values.items():
        each = (
            [(f"{name}/{n}", text) for n, text in enumerate(value, 1)] if isinstance(value, list) else [(name, value)]
        )
        rows += [[f"{{{shown}}}", " ".join(str(text).split())] for shown, text in each]
    work.out.table(heads, rows)
