"""What boards, lists and cards do alike with items: add, move with what a stage needs, plan, filter, copy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tuicrm.domain.access import Operation
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item, Ref, Walk
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.preview import preview
from tuicrm.domain.kinds.values import edit_field
from tuicrm.domain.required import missing_fields
from tuicrm.domain.schema import Field, Pipeline, Stage
from tuicrm.errors import AccessDenied, Clash, Conflict, FieldProblem, Refused, RequiredFields
from tuicrm.i18n import _
from tuicrm.screens import opening
from tuicrm.screens.alike import AlikeWatch
from tuicrm.screens.asking import question, values_of
from tuicrm.screens.client import ClientActions
from tuicrm.services import activities, conflicts, items, stage_changes, stages
from tuicrm.services.rights import require
from tuicrm.widgets.question import Answer, Question

_RIGHTS: dict[str, Operation] = {
    "stage.next": "edit",
    "stage.previous": "edit",
    "stage.move": "edit",
    "activity.new": "edit",
    "delete": "delete",
}
"""What an action on the item under the cursor needs."""

_ACTIVITY_FIELDS: tuple[Field, Field] = Field("at", "datetime", "When"), Field("responsible", "person", "Who")
"""What an activity's form reads with: no item has these fields."""


class Working(ClientActions):
    """Mixed into screens that show items. `current` is the item that the cursor means."""

    @property
    def current(self) -> Item | None:
        """The item under the cursor; None where there is none."""
        return None

    def meant(self) -> list[Ref]:
        """The items that are meant: those that are marked, else the one under the cursor."""
        item = self.current
        return [item.ref] if item is not None else []

    def unmark(self, refs: Sequence[Ref]) -> None:
        """Take the marks of these items away, where there are any."""

    # -- merging -------------------------------------------------------------------------------------------------------
    def do_merge(self) -> None:
        """Those that are meant, side by side."""
        refs = self.meant()

        def merged(item: Item) -> None:
            self.unmark(refs)
            self.reload()
            self.say_done(_("Merged into {ref}").format(ref=self.session.workspace.show_ref(item.ref)))

        opening.open_merge(self, refs, merged)

    # -- rights --------------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        """Said before anything is asked for that could not be saved."""
        if action_id == "merge" and len(self.meant()) < 2:
            return _("Mark two or more: they are merged into the first.")
        if action_id == "create" and (refs := self.meant()):
            from tuicrm.screens.creating import why_not_create

            return why_not_create(self.session, refs[0].type, self.current if len(refs) == 1 else None)
        operation = _RIGHTS.get(action_id)
        return self.why_not_allowed(operation) if operation else None

    def why_not_allowed(self, operation: Operation, item: Item | None = None) -> str | None:
        """Why the person may not do this to an item, the one under the cursor without; None when they may."""
        item = item or self.current
        if self.session.access.admin or item is None:
            return None
        try:
            require(self.session, operation, item.type, item.fields)
        except AccessDenied as denied:
            return denied.message
        return None

    def why_not_new(self, type_key: str, pipeline: str = "", stage: str = "") -> str | None:
        """Why the person may not add an item there; None when they may."""
        if self.session.access.scope("add", type_key, pipeline, stage) != "none":
            return None
        noun = self.session.label(self.session.workspace.type(type_key).plural).lower()
        return _("You may not add {type}.").format(type=noun)

    # -- adding --------------------------------------------------------------------------------------------------------
    async def add_item(self, type_key: str, given: Mapping[str, Any], card: Ref | None = None) -> Ref | None:
        """Ask for the type's quick fields and what its stage requires or asks for, and make the item; None when left. `card` is the
        item on whose card it is made: a company offers its people."""
        from tuicrm.widgets.form import Form

        session = self.session
        item_type = session.workspace.type(type_key)
        fields = session.workspace.fields(type_key)
        stage, pipeline = given.get("stage", ""), given.get("pipeline", "")
        needed = [f.key for f in missing_fields(fields.values(), given, pipeline, stage, session.access.sees)]
        where = session.workspace.stage_of(type_key, given)
        asked = (
            [field.key for field in stage_changes.asked(session, type_key, where)]
            if where is not None and stage
            else []
        )
        keys = dict.fromkeys(key for key in [*item_type.quick, *needed, *asked] if session.access.sees(fields[key]))
        questions = [question(session, fields[key], given.get(key), required=key in needed) for key in keys]
        made: list[Ref] = []

        client = item_type.client[0] if item_type.client else ""
        # Not asked of a company that came with another item, nor again where something else is refused.
        people: dict[Any, dict[str, Any]] = {} if str(card) == given.get(client) else {given.get(client): {}}

        async def save(answers: Mapping[str, Answer]) -> None:
            values = {**given, **values_of(session, type_key, answers)}
            company = values.get(client)
            if company not in people:
                people[company] = await self.people_for(type_key, values)
            made.append(items.add(session, type_key, {**values, **people[company]}).ref)

        title = _("New {type}").format(type=session.label(item_type.label).lower())
        if where is not None and stage:
            title = f"{title} · {session.label(where.label)}"
        notices = AlikeWatch(self, type_key).notice if item_type.alike else None
        form = Form(self.surface, title, questions, save, notices)
        await self.ask(form)
        if (other := Ref.read(form.gone_to)) is not None:
            self.open_other(other)
        if not made:
            return None
        self.say_done(_("{ref} is made").format(ref=session.workspace.show_ref(made[0])))
        return made[0]

    def open_other(self, ref: Ref) -> None:
        """The card of another item, over this screen."""
        opening.open_card(self, ref, Walk(), lambda _last: self.catch_up())

    # -- stages --------------------------------------------------------------------------------------------------------
    async def choose_stage(self, type_key: str, pipeline: str, stage: str = "") -> tuple[Pipeline, Stage] | None:
        """Pick a stage of any pipeline of the type; those of `pipeline` come first, its `stage` is the present one."""
        from tuicrm.widgets.picker import Picker

        workspace, label = self.session.workspace, self.session.label
        places = {
            f"{each.key}/{one.key}": (each, one)
            for each in sorted(workspace.pipelines(type_key), key=lambda p: p.key != pipeline)
            for one in each.stages
        }
        several = len(workspace.pipelines(type_key)) > 1
        choices = [
            Choice(key, label(one.label), label(each.label) if several else "") for key, (each, one) in places.items()
        ]
        here = (f"{pipeline}/{stage}",) if stage else ()
        chosen = await self.ask(Picker(self.surface, _("Move to"), choices, chosen=here))
        return places[chosen[0]] if chosen else None

    async def move_item(self, ref: Ref, stage: Stage, pipeline: str) -> bool:
        """Move an item; what the stage needs or asks for is asked, and the move then finishes. False when left."""
        item = base = self.session.get(ref)
        label = self.session.label(stage.label)
        if item.get("stage") == stage.key and pipeline in ("", item.get("pipeline")):
            self.say(_("It is in {stage} already.").format(stage=label))
            return False
        if stage.semantics == "success" and pipeline in ("", item.get("pipeline")):
            from tuicrm.screens.creating import finish_by_creating
            from tuicrm.services.conversion.proposing import finishing

            if finishing(self.session, ref.type):
                made = await finish_by_creating(self, ref, stage)
                if made is not None:
                    return made
        lacking = stages.needs(self.session, item, pipeline, stage.key)
        asked = stages.asks(self.session, item, pipeline or str(item.get("pipeline") or ""), stage.key)
        if lacking or asked:
            title = (_("{stage} needs") if lacking else _("{stage} asks for")).format(stage=label)

            def save(values: Mapping[str, Any]) -> None:
                nonlocal base
                try:
                    stages.move(self.session, ref, stage.key, pipeline, bring=values, base=base)
                except Conflict:
                    # Both values are told now; the same answer once more is the answer to them.
                    base = self.session.get(ref)
                    raise

            if not await self.ask_missing(item, lacking, title, save, asked):
                return False
        else:
            stages.move(self.session, ref, stage.key, pipeline, base=base)
        self.say_done(_("{ref} is in {stage}").format(ref=self.session.workspace.show_ref(ref), stage=label))
        return True

    async def ask_missing(
        self,
        item: Item,
        lacking: Sequence[Field],
        title: str,
        save: Callable[[Mapping[str, Any]], None],
        asked: Sequence[Field] = (),
    ) -> bool:
        """A small form of just these fields; those `asked` may be left empty. `save` finishes what waited for them. False when left:
        all is as it was."""
        from tuicrm.widgets.form import Form

        done: list[bool] = []

        def finish(answers: Mapping[str, Answer]) -> None:
            save(values_of(self.session, item.type, answers))
            done.append(True)

        questions = [question(self.session, field, item.get(field.key), required=True) for field in lacking]
        questions += [question(self.session, field, item.get(field.key)) for field in asked]
        await self.ask(Form(self.surface, title, questions, finish))
        if not done:
            self.say(_("Left as it was."))
        return bool(done)

    async def save_fields(self, item: Item, values: Mapping[str, Any]) -> bool:
        """Save edits; fields that the stage requires and finds empty are asked for first, and what another changed meanwhile is
        shown with both values. False when left."""
        try:
            items.edit(self.session, item.ref, values, base=item)
        except Conflict as conflict:
            if not conflict.clashes:
                raise
            return await self._choose_sides(item.ref, values, conflict)
        except RequiredFields as refused:
            fields = self.session.workspace.fields(item.type)
            lacking = [fields[problem.field] for problem in refused.fields]

            def save(more: Mapping[str, Any]) -> None:
                items.edit(self.session, item.ref, {**values, **more}, base=item)

            stays = Item(item.type, item.id, item.rev, {**item.fields, **values})
            return await self.ask_missing(stays, lacking, refused.message, save)
        return True

    async def _choose_sides(self, ref: Ref, values: Mapping[str, Any], conflict: Conflict) -> bool:
        """Ask, field by field, which of both values is to be; then save. Raises Refused when left, with the others' values."""
        now, wanted = self.session.get(ref), dict(values)
        for clash in conflict.clashes:
            field = self.session.workspace.field(ref.type, clash.field)
            if not await self.choose_side(ref, self.session.label(field.label) if field else clash.field, clash):
                del wanted[clash.field]
        if wanted:
            return await self.save_fields(now, wanted)
        self.say(_("Left as it is now."))
        return False

    async def choose_side(self, ref: Ref, label: str, clash: Clash) -> bool:
        """Show both values of one field, by whom and when; whether one's own is to be. Raises Refused when left."""
        from tuicrm.widgets.clash import ClashQuestion, Sides

        theirs, mine = (conflicts.shown(self.session, ref, clash.field, value) for value in (clash.theirs, clash.mine))
        who = conflicts.who_and_when(self.session, clash)
        answer = await self.ask(ClashQuestion(self.surface, Sides(label, theirs, who, mine)))
        if answer is None:
            raise Refused(_("Not saved: {what}").format(what=conflicts.told(self.session, ref, clash)))
        if not answer:
            self.say(_("Left as it is now."))
        return answer

    async def ask_of_several(self, moves: Sequence[tuple[Item, str, str]]) -> Mapping[str, Any] | None:
        """What the stages ask for to which several items go (pipeline and stage by key), once for all; {} where nothing is asked,
        None when left."""
        from tuicrm.widgets.form import Form

        asked = stages.asks_of_several(self.session, moves)
        if not asked:
            return {}
        type_key, found = moves[0][0].type, list[Mapping[str, Any]]()
        names = dict.fromkeys(self._stage_name(type_key, pipeline, stage) for _item, pipeline, stage in moves)
        title = _("{stage} asks for").format(stage=", ".join(names))
        questions = [question(self.session, field) for field in asked]
        await self.ask(
            Form(self.surface, title, questions, lambda a: found.append(values_of(self.session, type_key, a)))
        )
        if not found:
            self.say(_("Left as it was."))
            return None
        return found[0]

    def _stage_name(self, type_key: str, pipeline: str, stage: str) -> str:
        known = self.session.workspace.stage_known(type_key, {"pipeline": pipeline, "stage": stage})
        return self.session.label(known.label) if known else stage

    # -- activities ----------------------------------------------------------------------------------------------------
    async def do_activity_new(self) -> None:
        item = self.current
        if item is not None and await self.plan(item.ref):
            self.reload()

    async def plan(
        self, ref: Ref, activity: Mapping[str, Any] | None = None, activity_id: int = 0, *, finishing: int = 0
    ) -> bool:
        """Ask what, when and who; plan it (`finishing` another one), or change the one given. False when left."""
        from tuicrm.widgets.form import Form

        session, context = self.session, self.session.context()
        known = activity or {"at": activities.default_time(context), "responsible": session.person_key}
        at, who = _ACTIVITY_FIELDS

        def check(text: str) -> str:
            return preview(activities.read_time(text, context, known["at"]), at, context) if text.strip() else ""

        questions = [
            Question("what", _("What"), text=str(known.get("what", "")), required=True),
            Question("at", _("When"), "datetime", edit_field(known["at"], at, context), check=check, required=True),
            question(session, who, known.get("responsible"))._replace(label=_("Who")),
        ]
        done: list[bool] = []
        base = known

        def save(answers: Mapping[str, Answer]) -> None:
            if not str(answers["at"]).strip():
                raise Refused(_("When is it to be done?"), [FieldProblem("at", _("must be filled"))])
            try:
                moment = activities.read_time(str(answers["at"]), context, known["at"])
            except BadValue as bad:
                raise Refused(bad.message, [FieldProblem("at", bad.message, answers["at"])]) from bad
            text = str(answers["what"])
            responsible = answers["responsible"][0] if answers["responsible"] else session.person_key
            if activity_id:
                change({"what": text.strip(), "at": moment, "responsible": responsible})
            else:
                activities.add(session, ref, text, moment, responsible=responsible, finishing=finishing)
            done.append(True)

        def change(values: Mapping[str, Any]) -> None:
            """Only what was changed here: the rest may be another's by now. Twice the same answer is an answer to both values."""
            nonlocal base
            edited = {key: value for key, value in values.items() if value != known.get(key)}
            try:
                activities.edit(session, activity_id, edited, base=base)
            except Conflict as conflict:
                base = conflict.current or base
                key = self.surface.keys.key("form.save")
                told = [conflicts.told(session, ref, clash) for clash in conflict.clashes]
                raise Refused("; ".join((*told, _("{key} again replaces it").format(key=key)))) from conflict

        title = _("Change the activity") if activity_id else _("Plan an activity")
        await self.ask(Form(self.surface, title, questions, save))
        if done:
            self.say_done(_("Changed") if activity_id else _("Planned"))
        return bool(done)

    # -- one from another ----------------------------------------------------------------------------------------------
    async def do_create(self) -> None:
        from tuicrm.screens.creating import create_from

        if refs := self.meant():
            await create_from(self, refs)

    # -- copying -------------------------------------------------------------------------------------------------------
    def do_copy_value(self) -> None:
        item = self.current
        if item is not None:
            self.copy(self.session.title_of(item))

    def do_copy_card(self) -> None:
        from tuicrm.render.ansi import plain
        from tuicrm.render.card_text import card_text
        from tuicrm.services import cards, timeline

        item = self.current
        if item is not None:
            lines = card_text(cards.view(self.session, item), timeline.view(self.session, item.ref), 80)
            self.copy("\n".join(plain(line) for line in lines))

    def copy(self, text: str) -> None:
        """OSC 52: whether the terminal takes it cannot be known, so it is not called copied."""
        from tuicrm.render.text import clean_lines

        self.app.copy_to_clipboard("\n".join(clean_lines(text)))
        self.say(_("Sent to the terminal's clipboard"))
