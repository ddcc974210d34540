"""`tuicrm init`: make a workspace."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import ExitStack
from os import PathLike
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.config import config_path
from tuicrm.errors import NotFound, Refused, UsageError
from tuicrm.i18n import _, language, ngettext
from tuicrm.login import at_home

if TYPE_CHECKING:
    from tuicrm.services.workspace.start import Maker, Settings

init = verb()


@init.command(cls=CrmCommand, help=_("Create a workspace in a new or empty folder. You become its administrator."))
def _init(
    context: typer.CommandContext,
    folder: str = typer.Argument(
        "", metavar="[DIR]", help=_("The folder; by default, --data, TUICRM_DATA or your data folder.")
    ),
    name: str = typer.Option("", metavar="NAME", help=_("The company's name.")),
    currency: str = typer.Option("", metavar="CODE", help=_("Its currency (EUR); by default, your locale's.")),
    country: str = typer.Option(
        "",
        metavar="COUNTRY",
        help=_("Its country (IT, or Italy), used for phone numbers without a +; by default, your locale's."),
    ),
    demo: bool = typer.Option(False, "--demo", help=_("Fill it with the demo company.")),
    items: int = typer.Option(0, "--items", min=0, metavar="N", help=_("Fill it with N generated deals.")),
    source: str = typer.Option(
        "",
        "--from",
        metavar="FILE",
        help=_("A whole workspace as `tuicrm export all -o FILE.zip` writes it; - reads stdin."),
    ),
) -> None:
    from tuicrm.services.workspace.environment import locale_of, system_login, system_name
    from tuicrm.services.workspace.start import Maker, create_workspace, place_said, place_warning, settings_for
    from tuicrm.services.workspace.zones import zone_of

    work = work_of(context)
    if folder:
        work.folder = place_said(folder)
    if demo and items:
        raise UsageError(_("Use --demo or --items, not both."))
    if source and (demo or items or name or currency or country):
        raise UsageError(_("--from brings everything along: use it alone."))
    path, login = place_said(str(work.place)), system_login()
    if source:
        _of_a_file(work, path, source, login)
    elif demo:
        from tuicrm.services.documents.demo import make_demo_with_documents

        make_demo_with_documents(path, login=login, zone=zone_of(), language=language())
    else:
        settings = settings_for(name or system_name(login), currency, country, locale_of())
        if not settings.country:
            settings = _asked(work, lambda said: settings_for(settings.name, currency, said, locale_of()), settings)
        person = Maker(login, system_name(login))
        if items:
            _generate(work, path, items, person, settings)
        else:
            create_workspace(path, person=person, settings=settings)
    if warning := place_warning(path):
        work.out.warn(warning)
    if work.out.json:
        work.out.envelope(path=str(path), person=work.session.person_key)
    else:
        work.out.text(str(path))
        work.out.say(_("Created. `tuicrm` opens it, `tuicrm paths` shows where its files are."))


def _asked(work: CommandRun, told: Callable[[str], Settings], unsaid: Settings) -> Settings:
    """Ask for the country at a terminal until there is one or nothing is typed; elsewhere, say that there is none. `told` makes the
    settings of an answer."""
    import sys

    while sys.stdin.isatty() and sys.stderr.isatty() and not work.out.json:
        sys.stderr.write(_("Country, for phone numbers without + (IT, or Italy; press Enter to skip):") + " ")
        sys.stderr.flush()
        said = sys.stdin.readline().strip()
        if not said:
            break
        try:
            return told(said)
        except Refused as refused:
            work.out.warn(refused.message)
    work.out.warn(
        _(
            "No country is set: phone numbers without + stay as they are typed, and totals are in "
            '{currency}. Set yours with `country = "IT"` in {path}.'
        ).format(currency=unsaid.currency, path=config_path())
    )
    return unsaid


def _of_a_file(work: CommandRun, place: str | PathLike[str], source: str, login: str) -> None:
    import sys
    import tempfile

    from tuicrm.cli.running.progress import Telling
    from tuicrm.services.exporting.whole import create_from

    with Telling(work) as telling, ExitStack() as stack:

        def tell(done: int, of: int) -> None:
            telling.tell(_("{done} of {all}").format(done=done, all=of))

        if source == "-":
            file: IO[bytes] = stack.enter_context(tempfile.TemporaryFile())
            shutil.copyfileobj(sys.stdin.buffer, file)
            file.seek(0)
        else:
            path = at_home(source)
            if not path.is_file():
                raise NotFound(_("There is no file {path}.").format(path=source))
            file = stack.enter_context(path.open("rb"))
        done, person = create_from(place, cast("BinaryIO", file), login, tell)
    work.out.say(ngettext("{n} record read", "{n} records read", done.records))
    work.out.say(_("You come in as {person}.").format(person=person))


def _generate(work: CommandRun, place: str | PathLike[str], count: int, person: Maker, settings: Settings) -> None:
    from tuicrm.services.workspace.generated import make_items

    def tell(done: int) -> None:
        work.out.say(_("{done} of {all} deals").format(done=done, all=count))

    make_items(place, count, person=person, settings=settings, progress=tell)
