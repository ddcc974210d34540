"""`tuicrm init`: make a workspace."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tuicrm.cli import typed as typer
from tuicrm.cli.grammar import CrmCommand, verb
from tuicrm.cli.work import Work, work_of
from tuicrm.errors import UsageError
from tuicrm.i18n import _, language

if TYPE_CHECKING:
    from tuicrm.services.start import Maker, Settings

init = verb()


@init.command(cls=CrmCommand, help=_("Make a workspace in a new or empty folder. You become its administrator."))
def _init(
    context: typer.Context,
    folder: str = typer.Argument(
        "", metavar="[DIR]", help=_("Where; --data, TUICRM_DATA or your data folder without.")
    ),
    name: str = typer.Option("", metavar="NAME", help=_("The company's name.")),
    currency: str = typer.Option("", metavar="CODE", help=_("Its currency (EUR); from your locale without.")),
    country: str = typer.Option("", metavar="CODE", help=_("Its country (IT); from your locale without.")),
    demo: bool = typer.Option(False, "--demo", help=_("Fill it with the demo company.")),
    items: int = typer.Option(0, "--items", min=0, metavar="N", help=_("Fill it with N generated deals.")),
) -> None:
    from tuicrm.services.start import Maker, create_workspace, place_warning, settings_for
    from tuicrm.services.surroundings import locale_of, system_login, system_name
    from tuicrm.services.zones import zone_of

    work = work_of(context)
    if folder:
        work.folder = Path(folder).expanduser()
    if demo and items:
        raise UsageError(_("Either --demo or --items."))
    path, login = work.path.absolute(), system_login()
    if demo:
        from tuicrm.services.demo import make_demo

        make_demo(path, login=login, zone=zone_of(), language=language())
    else:
        settings = settings_for(name or system_name(login), currency, country, locale_of())
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
        work.out.say(_("Made. `tuicrm` opens it, `tuicrm paths` says where things lie."))


def _generate(work: Work, path: Path, count: int, person: Maker, settings: Settings) -> None:
    from tuicrm.services.generated import make_items

    def tell(done: int) -> None:
        work.out.say(_("{done} of {all} deals").format(done=done, all=count))

    make_items(path, count, person=person, settings=settings, progress=tell)
