"""The welcome: the first start without a workspace. It ends with a session: in the demo, in a new workspace, in one just imported."""

from __future__ import annotations

import asyncio
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace
from textual.app import ComposeResult

from tuicrm.actions import ACTIONS
from tuicrm.domain.context import Choice
from tuicrm.domain.kinds.base import BadValue
from tuicrm.errors import CrmError, Refused
from tuicrm.i18n import _, language, ngettext
from tuicrm.login import at_home
from tuicrm.render.heads import welcome_head
from tuicrm.render.line import Run
from tuicrm.render.text import wrap
from tuicrm.render.welcome import WelcomeOffer, WelcomePath, WelcomeRows
from tuicrm.screens.asking import NO, YES
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.program import ProgramActions
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.some_lines import LinesSource
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.top_line import TopLine

if TYPE_CHECKING:
    from tuicrm.domain.importing import Report
    from tuicrm.services.importing.options import Handling, ImportOptions
    from tuicrm.services.kernel.session import Session
    from tuicrm.services.workspace.start import Settings

_FOUND = "found"
"""The encoding that a file shows by what it holds."""

OFFERS = tuple(action for action in ACTIONS if action.id.startswith("welcome."))


class WelcomeWay(Protocol):
    """The way out of the welcome."""

    async def open(self, path: Path, /) -> Session:
        """Open the workspace that was made. Raises what opening raises."""

    def show(self, session: Session) -> None:
        """Show its first screen; the welcome is over."""


class WelcomeScreen(Keyed[None]):
    """Offers a beginning. Nothing is written before it is chosen; the demo's folder is temporary and kept by `keep`."""

    def __init__(
        self,
        surface: Surface,
        place: str | PathLike[str],
        way: WelcomeWay,
        keep: Callable[[tempfile.TemporaryDirectory[str]], None],
    ) -> None:
        super().__init__(surface)
        self.controllers = (ProgramActions(self),)
        self._path = Path(place)
        self._way = way
        self._stop: threading.Event | None = None
        self._keep = keep
        offers = [WelcomeOffer(a.id, surface.keys.key(a.id), _(a.label), _(a.help)) for a in OFFERS]
        places = [*_places(self._path)]
        self._pane = _OfferPane(surface.look, lambda cells: WelcomeRows(offers, places, cells))

    def compose(self) -> ComposeResult:
        yield TopLine(self.surface.look, welcome_head)
        yield self._pane
        yield self.toast
        yield self.footer

    def on_mount(self) -> None:
        self._pane.focus()

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_open(self) -> None:
        action = next((one for one in OFFERS if one.id == self._pane.cursor), None)
        if action is not None:
            self.dispatcher.perform(action)

    def on_line_pane_opened(self) -> None:
        self.do_open()

    async def do_welcome_demo(self) -> None:
        from tuicrm.services.workspace.demo import make_demo
        from tuicrm.services.workspace.environment import system_login
        from tuicrm.services.workspace.zones import zone_of

        temporary = tempfile.TemporaryDirectory(prefix="tuicrm-demo-")
        self._keep(temporary)
        path = Path(temporary.name) / "demo"
        await asyncio.to_thread(make_demo, path, login=system_login(), zone=zone_of(), language=language())
        self._way.show(await self._way.open(path))

    async def do_welcome_new(self) -> None:
        if await self._ask_new(_("New workspace"), []) is not None:
            self._way.show(await self._way.open(self._path))

    async def do_welcome_import(self) -> None:
        """A new workspace and what the files hold, in it; first what would come of it, then the report, then the board."""
        from tuicrm.services.importing.options import offered_encodings

        files = Question(
            "files",
            _("Files"),
            "text",
            check=lambda text: ngettext("{n} file", "{n} files", len(_files(text))),
            required=True,
            hint=_("one per line: CSV, Bitrix24's JSON, our own exports"),
        )
        yes_no = (Choice(YES, _("yes")), Choice(NO, _("no")))
        alike = Question(
            "alike",
            _("Skip duplicates"),
            "boolean",
            chosen=(NO,),
            choices=yes_no,
            hint=_("rows of leads, contacts and companies that look like earlier ones"),
        )
        encoding = Question(
            "encoding",
            _("Encoding"),
            "list",
            chosen=(_FOUND,),
            choices=(Choice(_FOUND, _("detect automatically")), *(Choice(name, name) for name in offered_encodings())),
            hint=_("for CSV files whose letters come out wrong"),
        )
        answers = await self._ask_new(_("Import into a new workspace"), [files, alike, encoding])
        if answers is not None:
            session = await self._way.open(self._path)
            await self._look_and_import(session, _files(_text(answers, "files")), _options(answers))
            self._way.show(session)

    async def _look_and_import(self, session: Session, paths: list[Path], options: ImportOptions) -> None:
        """Show what would come of the files, and import them where that is as it is wanted."""
        from tuicrm.widgets.confirm import Confirm
        from tuicrm.widgets.pages import Pages

        would, lines = await self._import(session, paths, replace(options, dry_run=True))
        await self.ask(Pages(self.surface, _("Result of the import"), lines))
        if would is None or would.stopped or not (would.made or would.definitions_made):
            return
        told = ngettext("{n} item would be created.", "{n} items would be created.", would.made)
        if await self.ask(Confirm(self.surface, _("Import the files?"), told.format(n=would.made))):
            _report, lines = await self._import(session, paths, options)
            await self.ask(Pages(self.surface, _("Import"), lines))

    async def _import(
        self, session: Session, paths: list[Path], options: ImportOptions
    ) -> tuple[Report | None, LinesSource]:
        """Import on a thread, telling how far it is; `esc` stops it. Returns what came of it, and what to say of that."""
        from tuicrm.render.import_report import report_lines
        from tuicrm.services.importing.run.running import ImportStopped, run_import

        stop = self._stop = threading.Event()
        key = self.surface.keys.key("back")

        def tell(name: str, rows: int) -> None:
            if stop.is_set():
                raise ImportStopped
            told = ngettext("{name}: {n} row, {key} stops", "{name}: {n} rows, {key} stops", rows, name=name, key=key)
            self.app.call_from_thread(self.say, told)

        # Keys go on: one of them stops it.
        self.work.waits()
        try:
            report = await asyncio.to_thread(run_import, session, paths, options, progress=tell)
        except CrmError as error:
            message = error.message
            return None, lambda cells: [(Run(line, "late"),) for line in wrap(message, cells)]
        finally:
            self._stop = None
            self.work.goes_on()
        self.messages.hush()
        nouns = {key: session.label(one.plural) for key, one in session.workspace.types.items()}
        return report, lambda cells: report_lines(report, nouns, cells)

    async def _ask_new(self, title: str, more: list[Question]) -> Mapping[str, Answer] | None:
        """Ask for what a workspace needs and make it; the answers, or None when left."""
        from tuicrm.services.workspace.environment import locale_of, system_login, system_name
        from tuicrm.services.workspace.start import Maker, create_workspace, settings_for
        from tuicrm.widgets.form import Form

        login = system_login()
        known = settings_for("", locale=locale_of())
        questions = [
            Question("name", _("Company"), required=True, hint=_("the name people use")),
            Question("currency", _("Currency"), text=known.currency, required=True, hint=_("for totals")),
            Question(
                "country",
                _("Country"),
                text=known.country,
                check=_country,
                required=True,
                hint=_("for phone numbers without +: IT, or Italy"),
            ),
            Question("person", _("Your name"), text=system_name(login), required=True),
            *more,
        ]

        async def save(answers: Mapping[str, Answer]) -> None:
            settings = settings_for(_text(answers, "name"), _text(answers, "currency"), _text(answers, "country"))
            person = Maker(login, _text(answers, "person"))
            await asyncio.to_thread(create_workspace, self._path, person=person, settings=_spoken(settings))

        return await self.ask(Form(self.surface, title, questions, save))

    def do_back(self) -> None:
        if self._stop is not None:
            self._stop.set()
            return
        self.say(_("{key} quits tuicrm.").format(key=self.surface.keys.key("quit")))


def _places(workspace: Path) -> Iterator[WelcomePath]:
    from tuicrm.config import config_path
    from tuicrm.services.workspace.environment import state_folder

    found = {_("Workspace"): workspace.absolute(), _("Settings"): config_path(), _("Log files"): state_folder()}
    yield from (
        WelcomePath(name, _short(path), "" if path.exists() else _("not created yet")) for name, path in found.items()
    )


def _short(path: Path) -> str:
    """With `~` for the home folder."""
    home = Path.home()
    return f"~/{path.relative_to(home)}" if path.is_relative_to(home) and path != home else str(path)


def _files(text: str) -> list[Path]:
    """The files of typed lines. Raises BadValue for one that is not there."""
    try:
        paths = [at_home(line.strip()) for line in text.splitlines() if line.strip()]
    except Refused as error:
        raise BadValue(error.message, text) from error
    for path in paths:
        if not path.is_file():
            raise BadValue(_("there is no file {path}").format(path=path), text)
    return paths


def _options(answers: Mapping[str, Answer]) -> ImportOptions:
    from tuicrm.services.importing.options import ImportOptions, read_encoding

    name = "".join(answers["encoding"])
    handling: Handling = "skip" if answers["alike"] == (YES,) else "add"
    return ImportOptions(duplicates=handling, encoding=read_encoding("" if name == _FOUND else name))


def _country(text: str) -> str:
    """The name of the country that a text names. Raises BadValue."""
    from tuicrm.domain.countries import country_code
    from tuicrm.domain.kinds.address import country_name

    code = country_code(text)
    if text.strip() and not code:
        raise BadValue(_("a country such as IT or Italy is expected"), text)
    return country_name(code, language())


def _text(answers: Mapping[str, Answer], key: str) -> str:
    answer = answers[key]
    return answer.strip() if isinstance(answer, str) else ""


def _spoken(settings: Settings) -> Settings:
    """With the language that the program speaks now."""
    return replace(settings, language=language())


class _OfferPane(LinePane[str]):
    """The offers; always where one is."""

    scope = "welcome"
    DEFAULT_CSS = "_OfferPane { height: 1fr; }"
