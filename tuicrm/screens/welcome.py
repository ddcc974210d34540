"""The welcome: the first start without a workspace. It ends with a session: in the demo, in a new workspace, in one just imported."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from textual.app import ComposeResult

from tuicrm.actions import ACTIONS
from tuicrm.i18n import _, language
from tuicrm.render.heads import welcome_head
from tuicrm.render.welcome import Offer, Place, WelcomeRows
from tuicrm.widgets.footer import FooterLine
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.pane import LinePane
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.toast import ToastLine
from tuicrm.widgets.top_line import TopLine

if TYPE_CHECKING:
    from tuicrm.services.session import Session
    from tuicrm.services.start import Settings

OFFERS = tuple(action for action in ACTIONS if action.id.startswith("welcome."))

Begin: TypeAlias = Callable[[Path], Awaitable["Session"]]
"""Opens the workspace that was made and shows it; the welcome is over then. Raises what opening raises."""


class WelcomeScreen(Keyed[None]):
    """Offers a beginning. Nothing is written before it is chosen; the demo's folder is temporary and kept by `keep`."""

    def __init__(
        self,
        surface: Surface,
        path: Path,
        begin: Begin,
        keep: Callable[[tempfile.TemporaryDirectory[str]], None],
    ) -> None:
        super().__init__(surface)
        self._path = path
        self._begin = begin
        self._keep = keep
        offers = [Offer(a.id, surface.keys.key(a.id), _(a.label), _(a.help)) for a in OFFERS]
        places = [*_places(path)]
        self._pane = _OfferPane(surface.look, lambda cells: WelcomeRows(offers, places, cells))

    def compose(self) -> ComposeResult:
        yield TopLine(self.surface.look, welcome_head)
        yield self._pane
        yield ToastLine(self.surface.look)
        yield FooterLine(self.surface, self.footer_hints)

    def on_mount(self) -> None:
        self._pane.focus()

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_open(self) -> None:
        action = next((one for one in OFFERS if one.id == self._pane.cursor), None)
        if action is not None:
            self.perform(action)

    def on_line_pane_opened(self) -> None:
        self.do_open()

    async def do_welcome_demo(self) -> None:
        from tuicrm.services.demo import make_demo
        from tuicrm.services.surroundings import system_login, zone_of

        temporary = tempfile.TemporaryDirectory(prefix="tuicrm-demo-")
        self._keep(temporary)
        path = Path(temporary.name) / "demo"
        await asyncio.to_thread(make_demo, path, login=system_login(), zone=zone_of(), language=language())
        await self._begin(path)

    async def do_welcome_new(self) -> None:
        if await self._ask_new(_("New workspace"), []) is not None:
            await self._begin(self._path)

    async def _ask_new(self, title: str, more: list[Question]) -> Mapping[str, Answer] | None:
        """Ask for what a workspace needs and make it; the answers, or None when left."""
        from tuicrm.services.start import Maker, create_workspace, settings_for
        from tuicrm.services.surroundings import locale_of, system_login, system_name
        from tuicrm.widgets.form import Form

        login = system_login()
        known = settings_for("", locale=locale_of())
        questions = [
            Question("name", _("Company"), required=True, hint=_("as its people call it")),
            Question("currency", _("Currency"), text=known.currency, required=True, hint=_("in which sums are shown")),
            Question("country", _("Country"), text=known.country, required=True, hint=_("of phone numbers without +")),
            Question("person", _("Your name"), text=system_name(login), required=True),
            *more,
        ]

        async def save(answers: Mapping[str, Answer]) -> None:
            settings = settings_for(_text(answers, "name"), _text(answers, "currency"), _text(answers, "country"))
            person = Maker(login, _text(answers, "person"))
            await asyncio.to_thread(create_workspace, self._path, person=person, settings=_spoken(settings))

        return await self.ask(Form(self.surface, title, questions, save))

    async def do_commands(self) -> None:
        from tuicrm.widgets.palette import Palette

        chosen: Any = await self.ask(
            Palette(self.surface, [(a, self.reason(a)) for a in self.doable() if a.in_palette])
        )
        if chosen is not None:
            self.perform(chosen)

    async def do_help(self) -> None:
        from tuicrm.widgets.help import Help

        await self.ask(Help(self.surface, self.scope_here))

    def do_quit(self) -> None:
        self.app.exit()

    def do_back(self) -> None:
        self.say(_("{key} leaves tuicrm.").format(key=self.surface.keys.key("quit")))


def _places(workspace: Path) -> Iterator[Place]:
    from tuicrm.config import config_path
    from tuicrm.services.surroundings import state_folder

    found = {_("Workspace"): workspace.absolute(), _("Settings"): config_path(), _("Notes"): state_folder()}
    yield from (Place(name, str(path), "" if path.exists() else _("not there yet")) for name, path in found.items())


def _text(answers: Mapping[str, Answer], key: str) -> str:
    answer = answers[key]
    return answer.strip() if isinstance(answer, str) else ""


def _spoken(settings: Settings) -> Settings:
    """With the language that the program speaks now."""
    return settings._replace(language=language())


class _OfferPane(LinePane[str]):
    """The offers; always where one is."""

    scope = "welcome"
    DEFAULT_CSS = "_OfferPane { height: 1fr; }"
