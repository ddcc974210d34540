"""`tuicrm import`: files of other programs become items."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.progress import Telling
from tuicrm.errors import Refused, UsageError
from tuicrm.i18n import _, ngettext
from tuicrm.login import at_home

if TYPE_CHECKING:
    from tuicrm.services.importing.options import Handling

import_ = verb()


@import_.command(
    cls=CrmCommand,
    help=_(
        "Import other programs' files: CSV (exports of HubSpot, Salesforce and Odoo are "
        "recognised), Bitrix24's JSON, and what `export` writes. Importing again creates no "
        "duplicates; one undo reverts the whole import."
    ),
)
def _import(
    context: typer.CommandContext,
    files: list[Path] = typer.Argument(metavar="FILE...", help=_("The files; - reads one from stdin.")),
    type: str = typer.Option(
        "", metavar="TYPE", help=_("The item type of the rows in CSV files; by default, detected.")
    ),
    decisions: str = typer.Option(
        "",
        "--map",
        metavar="MAP.toml",
        help=_("A file of decisions: [columns], [stages], [pipelines], [people], [layouts]."),
    ),
    dry_run: bool = typer.Option(False, "--dry-run", help=_("Show the result without writing anything.")),
    create_fields: bool = typer.Option(
        False, "--create-fields", help=_("Create custom fields for columns that have no field.")
    ),
    enforce: bool = typer.Option(False, "--enforce", help=_("Reject rows that lack fields required by their stage.")),
    duplicates: str = typer.Option(
        "add",
        metavar="HOW",
        help=_(
            "What to do with rows that look like an existing item: add (import anyway), skip, fill "
            "(complete the item's empty fields) or replace (overwrite everything except stage and "
            "responsible person). Fill and replace also update what was imported from the same "
            "source before."
        ),
    ),
    alike_by: str = typer.Option(
        "", metavar="SIGNS", help=_("What to compare them by: phone, email, person, company, title; by default, all.")
    ),
    encoding: str = typer.Option(
        "",
        metavar="NAME",
        help=_("The encoding of CSV files (windows-1251, mac-roman, utf-16, …); by default, detected."),
    ),
    rejects: str = typer.Option(
        "", metavar="PATH", help=_("File or folder for rejected rows; by default, the current folder.")
    ),
) -> None:
    from tuicrm.cli.files.layout_questions import asker
    from tuicrm.services.importing.options import Decisions, ImportOptions, read_decisions, read_encoding
    from tuicrm.services.importing.run.running import run_import
    from tuicrm.services.kernel.lookup import find_type

    work = work_of(context)
    session = work.session
    options = ImportOptions(
        type=find_type(session, type).key if type else "",
        dry_run=dry_run,
        create_fields=create_fields,
        enforce=enforce,
        decisions=read_decisions(at_home(decisions)) if decisions else Decisions(),
        rejects=at_home(rejects),
        encoding=read_encoding(encoding),
        duplicates=_handling(duplicates),
        alike_by=_signs(alike_by),
    )
    with _stdin_as_file(files) as paths, Telling(work) as telling:
        ask = asker(work) if Path("-") not in files else None
        report = run_import(session, paths, options, lambda name, rows: telling.tell(f"{name}: {rows}"), ask)
    failed = [file.name for file in report.files if file.problem]
    if work.out.json:
        plain = msgspec.to_builtins(report)
        if failed:
            work.out.fail(_not_taken(failed), report=plain)
        else:
            work.out.envelope(report=plain)
    else:
        from tuicrm.render.import_report import report_lines

        nouns = {key: session.label(one.plural) for key, one in session.workspace.types.items()}
        work.out.lines(report_lines(report, nouns, work.out.cells, whole=not work.out.terminal))
        if report.seq and not dry_run:
            work.out.say(_("`tuicrm undo` reverts it."))
        if failed:
            work.out.fail(_not_taken(failed))
    if failed:
        raise typer.Exit(Refused.exit_code)


def _handling(word: str) -> Handling:
    from tuicrm.services.importing.options import HANDLINGS

    found = next((one for one in HANDLINGS if one == word.casefold()), None)
    if found is None:
        known = ", ".join(HANDLINGS)
        raise UsageError(_("--duplicates {word}: choose one of: {known}").format(word=word, known=known))
    return found


def _signs(text: str) -> tuple[str, ...]:
    from tuicrm.domain.alike import KINDS

    told = tuple(word for part in text.split(",") if (word := part.strip().casefold()))
    for word in told:
        if word not in KINDS:
            known = ", ".join(KINDS)
            raise UsageError(_("--alike-by {word}: choose from: {known}").format(word=word, known=known))
    return told


def _not_taken(names: Sequence[str]) -> Refused:
    """What was said of each file is in the report."""
    told = ngettext("{n} file was not imported: ", "{n} files were not imported: ", len(names))
    return Refused(told + ", ".join(names))


@contextmanager
def _stdin_as_file(files: Sequence[Path]) -> Iterator[list[Path]]:
    """The files; `-` is one that holds what stdin gives, since an import reads its files more than once."""
    paths = [at_home(path) for path in files]
    if len(set(paths)) < len(paths):
        raise UsageError(_("The same file is given twice; name each file once."))
    if Path("-") not in paths:
        yield paths
        return
    with TemporaryDirectory(prefix="tuicrm-") as folder:
        kept = Path(folder) / "stdin"
        with kept.open("wb") as file:
            shutil.copyfileobj(sys.stdin.buffer, file)
        yield [kept if path == Path("-") else path for path in paths]
