"""One step of shaping a layout on the command line: taken, and told with the layout that it was taken on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tuicrm.cli.arguments.places import place_at
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.layout_use import LayoutPlace, LayoutUse
    from tuicrm.domain.schema import Field, Layout
    from tuicrm.services.kernel.session import Session


class LayoutShaping:
    """The layout that a command's options name, and what is done to it."""

    def __init__(self, context: typer.CommandContext, type: str, pipeline: str, variant: str, layout: str) -> None:
        from tuicrm.services.layouts.layout_names import layout_to_shape

        self.work: CommandRun
        self.place: LayoutPlace
        self.work, self.place = place_at(context, type, pipeline, variant)
        self.use: LayoutUse = layout_to_shape(self.session, self.place, layout)

    @property
    def session(self) -> Session:
        """The session in the workspace, opened when it is first asked for."""
        return self.work.session

    @property
    def layout(self) -> Layout:
        """As this person sees it."""
        from tuicrm.services.layouts import layouts

        return layouts.current(self.session, self.place, self.use)

    def field(self, text: str) -> Field:
        """A field of the type. Raises NotFound."""
        from tuicrm.services.kernel.lookup import named_field

        return named_field(self.session, self.place.type, text)

    def shown(self, text: str) -> Field:
        """A field that stands in a section. Raises NotFound, Refused for one that is hidden."""
        from tuicrm.domain.layouts import where

        field = self.field(text)
        if where(self.layout, field.key) is None:
            label = self.session.label(field.label)
            message = _("{field} is hidden here; `tuicrm layout place` puts it into a section.").format(field=label)
            raise Refused(message, [FieldProblem(field.key, message)])
        return field

    def take(self, label: str, step: Callable[[Layout], Layout], keys: Sequence[str]) -> None:
        """Take one step and tell of it; `keys` are what it speaks of."""
        from tuicrm.services.layouts import layouts

        self.do(lambda: layouts.edit(self.session, self.place, label, step, self.use), keys)

    def do(self, act: Callable[[], object], keys: Sequence[str]) -> None:
        """The same for any act on the layout."""
        from tuicrm.cli.layouts.layout_output import plain, which
        from tuicrm.services.layouts import layouts

        before, begins = self.layout, self.use.kind == "personal" and self.use.kept is None
        act()
        self.use = layouts.as_kept(self.session, self.place, self.use)
        changed, out = self.layout != before, self.work.out
        if out.json:
            out.envelope(**plain(self.session, self.place, self.use), changed=changed)
            return
        for key in keys:
            out.text(key)
        told = which(self.session, self.place, self.use)
        if not changed:
            out.say(_("Nothing to change."))
        elif begins:
            out.say(_("Based on the card as it was. {layout}").format(layout=told))
        else:
            out.say(_("Changed. {layout}").format(layout=told))
