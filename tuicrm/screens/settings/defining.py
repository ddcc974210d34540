"""Fields made, changed, configured: from the card in customise mode, and from the settings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from tuicrm.domain import layouts as edits
from tuicrm.domain.schema import Field, Pipeline
from tuicrm.errors import Refused
from tuicrm.i18n import _, ngettext
from tuicrm.screens.asking import NO, YES
from tuicrm.screens.host import Host
from tuicrm.screens.settings import field_forms as forms
from tuicrm.services.definitions import field_changes, field_conversion, fields
from tuicrm.services.definitions.field_changes import Required
from tuicrm.services.definitions.field_placing import Spot, add_placed, configure
from tuicrm.widgets.controller import Controller
from tuicrm.widgets.question import Answer

_LISTED = 6


class DefinedFields(Protocol):
    """The fields of a type, with the cursor on one of them."""

    @property
    def type(self) -> str:
        """The type whose fields these are."""

    @property
    def field(self) -> Field | None:
        """The field under the cursor."""

    @property
    def pipeline(self) -> Pipeline | None:
        """The pipeline whose stages can be chosen; None where the type has no stages."""

    @property
    def spot(self) -> Spot | None:
        """Where a new field stands on the card; None where no card is shaped."""

    def changed(self, key: str) -> None:
        """Read again; the cursor goes to the field."""


class FieldDefining(Controller):
    """Makes, changes and configures them."""

    def __init__(self, host: Host, fields: DefinedFields) -> None:
        self._host = host
        self._fields = fields

    # -- why not -------------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        if action_id not in ("field.new", "field.change", "field.configure", "field.options"):
            return None
        field = self._fields.field
        if action_id != "field.new" and field is None:
            return _("Put the cursor on a field first.")
        reason = field_changes.why_not_define(self._host.session)
        if reason is not None and not (action_id == "field.configure" and self._fields.spot is not None):
            return reason
        if action_id == "field.options" and field is not None and not (field.custom and field.traits.has_own_options):
            return _("{field} is not a custom list.").format(field=self._host.session.label(field.label))
        return None

    # -- new -----------------------------------------------------------------------------------------------------------
    async def do_field_new(self) -> None:
        from tuicrm.widgets.form import Form
        from tuicrm.widgets.picker import Picker

        kinds = await self._host.ask(Picker(self._host.surface, _("Which type of field?"), forms.kind_choices()))
        if not kinds:
            return
        kind, session, type_key, made = kinds[0], self._host.session, self._fields.type, list[str]()

        def save(answers: Mapping[str, Answer]) -> None:
            said = forms.said(session, kind, answers)
            field = fields.new_field(session, type_key, str(answers["label"]), kind, **said)
            spot = self._fields.spot
            if spot is None:
                fields.keep_new(session, type_key, field)
            else:
                add_placed(session, type_key, field, spot)
            made.append(field.key)

        title = _("New field: {kind}").format(kind=forms.kind_name(kind))
        await self._host.ask(Form(self._host.surface, title, forms.new_questions(session, kind), save))
        if made:
            self._fields.changed(made[0])
            self._host.say_done(
                _("{field} was created").format(field=self._host.session.label(self._known(made[0]).label))
            )

    def _known(self, key: str) -> Field:
        return self._host.session.workspace.fields(self._fields.type)[key]

    # -- change --------------------------------------------------------------------------------------------------------
    async def do_field_change(self) -> None:
        from tuicrm.widgets.form import Form

        field = self._fields.field
        if field is None:
            return
        session, type_key = self._host.session, self._fields.type
        other: list[str] = []
        done: list[bool] = []

        def save(answers: Mapping[str, Answer]) -> None:
            kind = next(iter(answers.get("kind", (field.kind,))), field.kind)
            if kind != field.kind:
                other.append(kind)
                return
            said: dict[str, Any] = {"help": str(answers["help"])}
            if field.custom:
                said = forms.said(session, field.kind, answers, field)
            field_changes.change_field(session, type_key, field.key, label=str(answers["label"]), **said)
            done.append(True)

        title = _("Change {field}").format(field=session.label(field.label))
        await self._host.ask(Form(self._host.surface, title, forms.change_questions(session, field), save))
        if other:
            await self._convert(field, other[0])
        elif done:
            self._fields.changed(field.key)
            self._host.say_done(_("{field} was changed").format(field=session.label(self._known(field.key).label)))

    # -- another kind --------------------------------------------------------------------------------------------------
    async def _convert(self, field: Field, kind: str) -> None:
        """A field's kind never changes: offer a new one with the values converted, after showing what cannot be."""
        from tuicrm.widgets.confirm import Confirm
        from tuicrm.widgets.progress import with_progress

        session, type_key = self._host.session, self._fields.type
        made = await self._other_field(field, kind)
        if made is None:
            return
        title = _("Converting {field}").format(field=session.label(field.label))
        expected = await with_progress(
            self._host, title, lambda tell: field_conversion.preview(session, type_key, field.key, made, tell)
        )
        if expected is None:
            self._host.say(_("Stopped: nothing was changed."))
            return
        if not await self._host.ask(
            Confirm(self._host.surface, _("Create the field?"), self._expectation(made, expected))
        ):
            return
        outcome = await with_progress(
            self._host, title, lambda tell: field_conversion.convert(session, type_key, field.key, made, tell)
        )
        if outcome is None:
            self._host.say(_("Stopped: nothing was changed."))
            return
        self._fields.changed(made.key)
        count = ngettext("{n} value", "{n} values", outcome.taken)
        self._host.say_done(
            _("{field} was created, with {values}").format(field=session.label(made.label), values=count)
        )

    async def _other_field(self, field: Field, kind: str) -> Field | None:
        from tuicrm.widgets.form import Form

        session, type_key, found = self._host.session, self._fields.type, list[Field]()

        def take(answers: Mapping[str, Answer]) -> None:
            said = forms.said(session, kind, answers)
            label = str(answers["label"])
            found.append(field_conversion.other_field(session, type_key, field.key, label, kind, **said))

        kind_name = forms.kind_name(kind)
        label = _("{field} ({kind})").format(field=session.label(field.label), kind=kind_name.lower())
        questions = [
            question._replace(required=False, hint=_("one per line; leave empty for one per existing value"))
            if question.key == "options"
            else question
            for question in forms.new_questions(session, kind, label)
        ]
        title = _("A field's type cannot be changed: create a new one, {kind}").format(kind=kind_name.lower())
        await self._host.ask(Form(self._host.surface, title, questions, take))
        return found[0] if found else None

    def _expectation(self, made: Field, expected: field_conversion.Converted) -> str:
        """What converting would come to, for a question."""
        lines = [
            ngettext("{n} value can be converted.", "{n} values can be converted.", expected.taken),
            _("The old field is kept as it is."),
        ]
        if expected.failed:
            lines.append(ngettext("{n} value cannot:", "{n} values cannot:", expected.failed))
            lines += [
                f"{self._host.session.workspace.show_ref(one.ref)} “{one.text}”: {one.reason}"
                for one in expected.first[:_LISTED]
            ]
        return "\n".join(lines)

    # -- configure -----------------------------------------------------------------------------------------------------
    async def do_field_configure(self) -> None:
        from tuicrm.widgets.form import Form

        field, spot = self._fields.field, self._fields.spot
        if field is None:
            return
        session, pipeline = self._host.session, self._fields.pipeline
        at = edits.where(spot.use.layout, field.key) if spot else None
        always = spot.use.layout.sections[at[0]].fields[at[1]].always if spot and at else None
        may = field_changes.why_not_define(session) is None
        questions = forms.configure_questions(session, field, pipeline, always=always)
        if not may:
            questions = [question for question in questions if question.key == "always"]
        done: list[bool] = []

        def save(answers: Mapping[str, Answer]) -> None:
            configure(
                session,
                self._fields.type,
                field.key,
                required=self._required(answers, field, pipeline),
                members=tuple(answers["visible_to"]) if "visible_to" in answers else None,
                spot=self._fields.spot,
                always=answers["always"] == (YES,) if "always" in answers else None,
            )
            done.append(True)

        title = _("Configure {field}").format(field=session.label(field.label))
        await self._host.ask(Form(self._host.surface, title, questions, save))
        if done:
            self._fields.changed(field.key)
            self._host.say_done(_("{field} was configured").format(field=session.label(field.label)))

    def _required(self, answers: Mapping[str, Answer], field: Field, pipeline: Pipeline | None) -> Required | None:
        """What a form says of where a field is required; None where that was not asked. Raises Refused."""
        if "required" not in answers:
            return None
        chosen = next(iter(answers["required"]), NO)
        at_stages = chosen == forms.AT_STAGES and pipeline is not None
        stages = tuple(answers["stages"]) if at_stages else None
        if at_stages and not stages and not field.required:
            raise Refused(_("At which stages? Choose some, or “no”."))
        always = field.required if at_stages else chosen == forms.ALWAYS
        place = pipeline.key if pipeline is not None else ""
        return field_changes.narrowed(
            self._host.session, self._fields.type, field, always=always, pipeline=place, stages=stages
        )

    # -- options -------------------------------------------------------------------------------------------------------
    async def do_field_options(self) -> None:
        from tuicrm.screens.arranging import arrange
        from tuicrm.screens.settings.options import Options

        field = self._fields.field
        if field is not None:
            again = lambda: self._fields.changed(field.key)  # noqa: E731 - said once, at its only use
            options = Options(self._host.session, self._host.surface, self._fields.type, field.key)
            await arrange(self._host, options, again)
