"""The stages of a pipeline: names, colours, order, probabilities, what is asked in each; one that goes gives its items away first."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from tuicrm.domain import pipeline_steps as steps
from tuicrm.domain.context import Choice
from tuicrm.domain.schema import Pipeline, Semantics, Stage
from tuicrm.domain.stage_colours import COLOURS, colour_name
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import N_, _, ngettext
from tuicrm.render.colours import normal
from tuicrm.render.symbols import DOT, PERSON
from tuicrm.screens import opening
from tuicrm.screens.arranging import Arranging, arrange, ask_name
from tuicrm.screens.host import Asks
from tuicrm.screens.items.moving import ask_stage, move_them
from tuicrm.services.definitions import pipelines, stage_changes
from tuicrm.services.items import item_moves, stages
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface

_KINDS: Mapping[Semantics, str] = {"process": N_("in progress"), "success": N_("success"), "failure": N_("failure")}


class Stages(Arranging):
    """The stages of a pipeline, in their order."""

    scope = "stages"
    steps = ("stages.", "customise.")

    def __init__(
        self,
        session: Session,
        surface: Surface,
        type_key: str,
        pipeline: str,
        stage: str = "",
    ) -> None:
        """`stage` is where the cursor begins (a key)."""
        found = stage_changes.living(session, type_key, pipeline)
        super().__init__(session, surface)
        self.title = _("Stages of {pipeline}").format(pipeline=session.label(found.label))
        self.about = self._type = type_key
        self._key = pipeline
        self.first = stage

    @property
    def _pipeline(self) -> Pipeline:
        return stage_changes.living(self.session, self._type, self._key)

    @property
    def _stage(self) -> Stage:
        """The one under the cursor. Raises NotFound."""
        return steps.stage_at(self._pipeline, self.current)

    # -- what is shown -------------------------------------------------------------------------------------------------
    def why_gone(self) -> str:
        gone = self.session.workspace.pipeline(self._type, self._key) is None
        return super().why_gone() or (_("This pipeline was deleted by someone. Choose another.") if gone else "")

    def rows(self) -> Sequence[ArrangerRow]:
        pipeline = self._pipeline
        counts = item_moves.held_by_stage(self.session, self._type, self._key)
        return [
            ArrangerRow(
                stage.key,
                self.session.label(stage.label),
                PERSON,
                self._detail(stage, counts.get(stage.key, 0)),
                ink=f"fg:{stage.colour}" if normal(stage.colour) else "faint",
            )
            for stage in pipeline.stages
        ]

    def _detail(self, stage: Stage, count: int) -> str:
        """`success · 100 % · green · 7 items`."""
        parts = [
            ngettext("{n} item", "{n} items", count) if count else "",
            "" if stage.semantics == "process" else _(_KINDS[stage.semantics]),
            f"{stage.probability} %",
            colour_name(stage.colour),
        ]
        return f" {DOT} ".join(filter(None, parts))

    def told(self) -> str:
        """What is asked in the stage under the cursor, or what keeps it where it is."""
        pipeline = self.session.workspace.pipeline(self._type, self._key)
        stage = pipeline.stage(self.current) if pipeline else None
        if pipeline is None or stage is None:
            return ""
        asked = [self.session.label(field.label) for field in stages.asked(self.session, self._type, stage)]
        if asked:
            return _("asks for {fields}").format(fields=", ".join(asked))
        return steps.why_fixed(pipeline, stage.key) or ""

    def why_no_step(self, action_id: str) -> str | None:
        if action_id == "stages.pipelines":
            return pipelines.why_one(self.session, self._type)
        pipeline = self.session.workspace.pipeline(self._type, self._key)
        if pipeline is None or pipeline.stage(self.current) is None:
            return _("This stage was deleted by someone. Choose another.")
        step = {"customise.up": -1, "customise.down": 1}.get(action_id)
        reason = stage_changes.why_not_shape(self.session)
        if reason is None and step is not None:
            reason = steps.why_not_moved(pipeline, self.current, step)
        if reason is None and action_id == "stages.delete":
            reason = steps.why_fixed(pipeline, self.current)
        return reason

    # -- one thing of it -----------------------------------------------------------------------------------------------
    async def do_stages_rename(self) -> None:
        stage = self._stage
        name = await ask_name(self.host, _("Rename the stage"), self.session.label(stage.label))
        if name is not None:
            self.step(lambda: stage_changes.rename_stage(self.session, self._type, self._key, stage.key, name))

    async def do_stages_colour(self) -> None:
        from tuicrm.widgets.picker import Picker

        stage = self._stage
        choices = _colours(stage)
        chosen = await self.host.ask(Picker(self.surface, _("Colour"), choices, chosen=(stage.colour.upper(),)))
        if chosen:
            self.step(
                lambda: stage_changes.change_stage(self.session, self._type, self._key, stage.key, colour=chosen[0])
            )

    async def do_stages_asks(self) -> None:
        from tuicrm.widgets.picker import picker_for

        stage = self._stage
        chosen = await self.host.ask(picker_for(self.surface, self._ask_asks(stage)))
        if chosen is not None:
            self.step(lambda: stage_changes.change_stage(self.session, self._type, self._key, stage.key, asks=chosen))

    def do_customise_down(self) -> None:
        self.step(lambda: stage_changes.move_stage(self.session, self._type, self._key, self.current, 1))

    def do_customise_up(self) -> None:
        self.step(lambda: stage_changes.move_stage(self.session, self._type, self._key, self.current, -1))

    async def do_stages_pipelines(self) -> None:
        await opening.arrange_pipelines(self.host, self.session, self._type, self.again, self._key)
        self.again()

    # -- all of it -----------------------------------------------------------------------------------------------------
    async def do_stages_new(self) -> None:
        from tuicrm.widgets.form import Form

        before, made = self._stage, list[str]()
        kind: Semantics = "failure" if before.semantics == "failure" else "process"
        kinds = [Choice(key, _(name)) for key, name in _KINDS.items() if key != "success"]

        def save(answers: Mapping[str, Answer]) -> None:
            stage = stage_changes.add_stage(
                self.session,
                self._type,
                self._key,
                str(answers["label"]),
                semantics="failure" if answers["semantics"] == ("failure",) else "process",
                colour=next(iter(answers["colour"]), ""),
                probability=_per_cent(answers["probability"]),
                after=before.key,
            )
            made.append(stage.key)

        questions = [
            Question("label", _("Name"), required=True),
            Question("semantics", _("Kind"), "list", chosen=(kind,), choices=kinds, required=True),
            Question("colour", _("Colour"), "list", choices=_colours(), hint=_("different from the other stages")),
            Question(
                "probability",
                _("Probability"),
                "integer",
                hint=_("in per cent; leave empty to use the previous stage's"),
            ),
        ]
        await self.host.ask(Form(self.surface, _("New stage"), questions, save))
        if made:
            self.again(made[0])

    async def do_stages_change(self) -> None:
        from tuicrm.widgets.form import Form

        stage = self._stage

        def save(answers: Mapping[str, Answer]) -> None:
            stage_changes.change_stage(
                self.session,
                self._type,
                self._key,
                stage.key,
                name=str(answers["label"]),
                colour=next(iter(answers["colour"]), stage.colour),
                probability=_per_cent(answers["probability"]) or 0,
                asks=tuple(answers["asks"]),
            )

        questions = [
            Question("label", _("Name"), text=self.session.label(stage.label), required=True),
            Question(
                "colour", _("Colour"), "list", chosen=(stage.colour.upper(),), choices=_colours(stage), required=True
            ),
            Question(
                "probability", _("Probability"), "integer", str(stage.probability), hint=_("in per cent"), required=True
            ),
            self._ask_asks(stage),
        ]
        title = _("Change {stage}").format(stage=self.session.label(stage.label))
        if await self.host.ask(Form(self.surface, title, questions, save)) is not None:
            self.again()

    def _ask_asks(self, stage: Stage) -> Question:
        """Which fields are asked for."""
        fields = stage_changes.askable(self.session, self._type)
        choices = [Choice(field.key, self.session.label(field.label)) for field in fields]
        asked = tuple(field.key for field in stages.asked(self.session, self._type, stage))
        hint = _("asked for when an item enters this stage; may be left empty")
        return Question("asks", _("Asks for"), "list", chosen=asked, choices=choices, many=True, hint=hint)

    async def do_stages_delete(self) -> None:
        pipeline, stage = self._pipeline, self._stage
        count = item_moves.held(self.session, self._type, self._key, stage.key)
        to = await ask_stage(self.host, self.session, pipeline, stage.key, count) if count else ""
        if to is None:
            return
        name, target = self.session.label(stage.label), to
        done = await move_them(
            self.host,
            self.session,
            _("Deleting {name}").format(name=name),
            lambda tell: pipelines.delete_stage(self.session, self._type, self._key, stage.key, target, tell),
        )
        self.again()
        if done is not None:
            self.host.say(_("{name} was deleted").format(name=name), "done")


async def arrange_stages(
    host: Asks, session: Session, type_key: str, pipeline: str, changed: Callable[[], None], stage: str = ""
) -> None:
    """Show them in a dialog; the cursor begins on `stage`."""
    await arrange(host, Stages(session, host.surface, type_key, pipeline, stage), changed)


def _colours(stage: Stage | None = None) -> list[Choice]:
    """Colours by name; one that a stage has and that has no name of its own stands last."""
    found = [Choice(code, _(name)) for name, code in COLOURS.items()]
    if stage is not None and stage.colour.upper() not in COLOURS.values():
        found.append(Choice(stage.colour.upper(), stage.colour or "—"))
    return found


def _per_cent(answer: Answer) -> int | None:
    """What was typed; None for nothing. Raises Refused."""
    text = str(answer).strip().removesuffix("%").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 5):
        message = _("a number from 0 to 100 is expected")
        raise Refused(message, [FieldProblem("probability", message, text)])
    return int(text)
