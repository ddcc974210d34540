"""Views: who has which layout of a card; made, shaped, renamed, given to others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
from tuicrm.i18n import _
from tuicrm.render.symbols import MARKED
from tuicrm.screens.arranging import Arranging
from tuicrm.services.kernel.permissions import why_not_shape
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, views
from tuicrm.services.workspace.members import member_choices
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface


class Views(Arranging):
    """The views of a place. `shape` shows the card with one and customises that."""

    scope = "views"
    steps = ("views.", "customise.")

    def __init__(
        self,
        session: Session,
        surface: Surface,
        place: LayoutPlace,
        shape: Callable[[LayoutUse], None] | None = None,
        layout: LayoutUse | None = None,
    ) -> None:
        """`layout` is what a new view begins with; the one in use without."""
        super().__init__(session, surface)
        self.title = _("Views")
        self._at = place
        self.about = place.type
        self._shape = shape
        self._layout = layout
        self.empty = _("No views yet: {key} creates one from the card as it is.").format(
            key=surface.keys.key("views.new")
        )

    def rows(self) -> Sequence[ArrangerRow]:
        used = layouts.in_use(self.session, self._at)
        rows = []
        for kept in views.views(self.session, self._at):
            names = ", ".join(views.member_names(self.session, kept.record.members)) or _("nobody uses it yet")
            mine = used.kept is not None and used.kept.id == kept.id
            rows.append(ArrangerRow(kept.record.key, kept.record.name, MARKED if mine else "", names))
        return rows

    def told(self) -> str:
        if not self.current:
            return ""
        return _("{sign} is the one you use").format(sign=MARKED)

    def why_no_step(self, action_id: str) -> str | None:
        if action_id != "views.shape" and not self.session.access.shapes("make_views"):
            return why_not_shape("make_views")
        if action_id != "views.new" and not self.current:
            return self.empty
        if action_id == "views.shape" and self._shape is None:
            return _("Views are arranged on a card: open one and press {key}.").format(
                key=self.surface.keys.key("card.customise")
            )
        return None

    async def do_views_new(self) -> None:
        from tuicrm.widgets.form import Form

        made: list[str] = []

        def save(answers: Mapping[str, Answer]) -> None:
            name, members = str(answers["name"]), answers["members"]
            kept = views.add_view(self.session, self._at, name, tuple(members), layout=self._layout)
            made.append(kept.record.key)

        await self.host.ask(Form(self.surface, _("New view"), [self._ask_name(), self._members()], save))
        if made:
            self.again(made[0])

    async def do_views_rename(self) -> None:
        from tuicrm.widgets.form import Form

        kept = views.find_view(self.session, self._at, self.current)

        def save(answers: Mapping[str, Answer]) -> None:
            views.rename_view(self.session, self._at, kept.record.key, str(answers["name"]))

        await self.host.ask(Form(self.surface, _("Rename the view"), [self._ask_name(kept.record.name)], save))
        self.again()

    async def do_views_members(self) -> None:
        from tuicrm.widgets.picker import picker_for

        kept = views.find_view(self.session, self._at, self.current)
        chosen = await self.host.ask(picker_for(self.surface, self._members(kept.record.members)))
        if chosen is not None:
            self.step(lambda: views.set_members(self.session, self._at, kept.record.key, chosen))

    def do_views_delete(self) -> None:
        self.step(lambda: views.delete_view(self.session, self._at, self.current))

    def do_views_shape(self) -> None:
        if self._shape is not None:
            kept = views.find_view(self.session, self._at, self.current)
            self.dialog.leave()
            self._shape(LayoutUse("view", kept.record.layout, kept))

    def do_customise_down(self) -> None:
        self.step(lambda: views.move_view(self.session, self._at, self.current, 1))

    def do_customise_up(self) -> None:
        self.step(lambda: views.move_view(self.session, self._at, self.current, -1))

    def _ask_name(self, text: str = "") -> Question:
        return Question("name", _("Name"), text=text, required=True)

    def _members(self, present: Sequence[str] = ()) -> Question:
        choices = member_choices(self.session, present)
        return Question("members", _("For whom"), "person", chosen=tuple(present), choices=choices, many=True)
