"""The pipelines of an item type: names, order, which is the default; one that goes gives its items away first."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tuicrm.domain.schema import Pipeline
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOT, MARKED
from tuicrm.screens import opening
from tuicrm.screens.arranging import Arranging, arrange, ask_name
from tuicrm.screens.host import Asks
from tuicrm.screens.items.moving import ask_mapping, ask_pipeline, move_them
from tuicrm.services.definitions import pipelines, stage_changes
from tuicrm.services.items import item_moves
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.surface import Surface


class Pipelines(Arranging):
    """The pipelines of a type, the default one first."""

    scope = "pipelines"
    steps = ("pipelines.", "customise.")

    def __init__(self, session: Session, surface: Surface, type_key: str, pipeline: str = "") -> None:
        """`pipeline` is where the cursor begins (a key)."""
        super().__init__(session, surface)
        self.title = _("Pipelines: {types}").format(types=session.label(session.workspace.type(type_key).plural))
        self.about = self._type = type_key
        self.first = pipeline

    @property
    def _pipeline(self) -> Pipeline:
        """The one under the cursor. Raises NotFound."""
        return stage_changes.living(self.session, self._type, self.current)

    def rows(self) -> Sequence[ArrangerRow]:
        return [
            ArrangerRow(one.key, self.session.label(one.label), MARKED if one.default else "", self._detail(one))
            for one in self.session.workspace.pipelines(self._type)
        ]

    def _detail(self, pipeline: Pipeline) -> str:
        count = item_moves.held(self.session, self._type, pipeline.key)
        told = [ngettext("{n} stage", "{n} stages", len(pipeline.stages))]
        told += [ngettext("{n} item", "{n} items", count)] if count else []
        return f" {DOT} ".join(told)

    def told(self) -> str:
        return _("{sign} is the default").format(sign=MARKED)

    def why_no_step(self, action_id: str) -> str | None:
        if action_id == "pipelines.stages":
            return None
        reason = stage_changes.why_not_shape(self.session)
        if reason is not None:
            return reason
        if action_id == "pipelines.new":
            return pipelines.why_one(self.session, self._type)
        step = {"customise.up": -1, "customise.down": 1}.get(action_id)
        if step is not None:
            return pipelines.why_not_moved(self.session, self._type, self.current, step)
        if action_id == "pipelines.delete":
            return pipelines.why_not_delete_pipeline(self.session, self._type, self.current)
        if action_id == "pipelines.move" and len(self.session.workspace.pipelines(self._type)) < 2:
            return _("There is only one pipeline.")
        return None

    # -- actions -------------------------------------------------------------------------------------------------------
    async def do_pipelines_new(self) -> None:
        name = await ask_name(self.host, _("New pipeline"))
        if name is not None:
            made: list[str] = []
            self.step(lambda: made.append(pipelines.add_pipeline(self.session, self._type, name).key))
            self.again(next(iter(made), ""))

    async def do_pipelines_stages(self) -> None:
        await opening.arrange_stages(self.host, self.session, self._type, self._pipeline.key, self.again)

    async def do_pipelines_rename(self) -> None:
        found = self._pipeline
        name = await ask_name(self.host, _("Rename the pipeline"), self.session.label(found.label))
        if name is not None:
            self.step(lambda: pipelines.rename_pipeline(self.session, self._type, found.key, name))

    def do_pipelines_default(self) -> None:
        self.step(lambda: pipelines.set_default(self.session, self._type, self.current))

    def do_customise_down(self) -> None:
        self.step(lambda: pipelines.move_pipeline(self.session, self._type, self.current, 1))

    def do_customise_up(self) -> None:
        self.step(lambda: pipelines.move_pipeline(self.session, self._type, self.current, -1))

    async def do_pipelines_move(self) -> None:
        source = self._pipeline
        target = await ask_pipeline(self.host, self.session, source, _("To which pipeline?"))
        mapping = await ask_mapping(self.host, self.session, source, target) if target is not None else None
        if target is None or mapping is None:
            return
        if not item_moves.held(self.session, self._type, source.key):
            self.host.say(_("It has no items."))
            return
        goal = target.key
        done = await move_them(
            self.host,
            self.session,
            _("Moving the items of {name}").format(name=self.session.label(source.label)),
            lambda tell: pipelines.move_items(self.session, self._type, source.key, goal, mapping, tell),
        )
        self.again()
        if done is not None and not done.stayed:
            self.host.say(ngettext("{n} moved", "{n} moved", done.moved), "done")

    async def do_pipelines_delete(self) -> None:
        source, goal = self._pipeline, ""
        mapping: dict[str, str] | None = {}
        if item_moves.held(self.session, self._type, source.key):
            target = await ask_pipeline(self.host, self.session, source, _("Where do its items go?"))
            mapping = await ask_mapping(self.host, self.session, source, target) if target is not None else None
            if target is None or mapping is None:
                return
            goal = target.key
        name, stages = self.session.label(source.label), mapping
        done = await move_them(
            self.host,
            self.session,
            _("Deleting {name}").format(name=name),
            lambda tell: pipelines.delete_pipeline(self.session, self._type, source.key, goal, stages, tell),
        )
        self.again()
        if done is not None:
            self.host.say(_("{name} was deleted").format(name=name), "done")


async def arrange_pipelines(
    host: Asks, session: Session, type_key: str, changed: Callable[[], None], pipeline: str = ""
) -> None:
    """Show them in a dialog; the cursor begins on `pipeline`."""
    await arrange(host, Pipelines(session, host.surface, type_key, pipeline), changed)
