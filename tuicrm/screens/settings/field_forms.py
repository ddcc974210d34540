"""Forms about fields: what is asked of a new one, of one that is changed or configured, and what the answers mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuicrm.domain.context import Choice
from tuicrm.domain.field_settings import edit_default, edit_setting, parse_default, parse_setting, settings_of
from tuicrm.domain.kinds import CUSTOM_KINDS, KINDS, Traits, traits_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field, Pipeline
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.screens.asking import NO, YES
from tuicrm.services.definitions.field_changes import why_not_restricted
from tuicrm.services.items.stages import why_not_required
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import member_choices
from tuicrm.widgets.question import NOTE, Answer, Question


def kind_name(kind: str) -> str:
    """What a kind is called; its key where this program does not know it (a damaged record, a newer program's)."""
    return _(KINDS[kind].label) if kind in KINDS else kind


NEVER, ALWAYS, AT_STAGES = "no", "always", "stages"


def kind_choices(but: Sequence[str] = ()) -> list[Choice]:
    """The kinds that a field of one's own may have."""
    return [Choice(kind, kind_name(kind), kind) for kind in CUSTOM_KINDS if kind not in but]


# -- what is asked -----------------------------------------------------------------------------------------------------
def new_questions(session: Session, kind: str, label: str = "") -> list[Question]:
    """What a new field of a kind is asked for."""
    questions = [Question("label", _("Name"), text=label, required=True)]
    traits = traits_of(kind)
    if traits.can_be_several:
        questions.append(_yes_no("many", _("Several values"), value=False))
    if traits.has_own_options:
        hint = _("one per line, in order")
        questions.append(Question("options", _("Options"), "text", required=True, hint=hint))
    if traits.names_items:
        types = [Choice(one.key, session.label(one.plural)) for one in session.workspace.types.values()]
        questions.append(Question("targets", _("Of which types"), "item", choices=types, many=True, required=True))
    if traits.has_dictionary:
        words = [Choice(one.key, session.label(one.label)) for one in session.workspace.dictionaries.values()]
        questions.append(Question("dictionary", _("Dictionary"), "dictionary", choices=words, required=True))
    return [*questions, *_settings(kind, {}), *_default(session, Field("new", kind, "new")), _help("")]


def change_questions(session: Session, field: Field) -> list[Question]:
    """What can be changed of a field: of a system field, its name and help."""
    label = Question("label", _("Name"), text=session.label(field.label), required=True)
    help_text = _help(session.label(field.help))
    if not field.custom:
        return [label, help_text]
    kind = Question("kind", _("Kind"), "list", chosen=(field.kind,), choices=kind_choices(), required=True)
    if field.traits.holds_file:
        kind = Question("kind", _("Kind"), NOTE, text=kind_name(field.kind))
    default = _default(session, field)
    return [label, kind, *_settings(field.kind, field.settings), *default, help_text]


def configure_questions(
    session: Session, field: Field, pipeline: Pipeline | None, *, always: bool | None
) -> list[Question]:
    """Where it is required, who may see it, whether it always shows (None: it stands nowhere on the card)."""
    questions = [*_required(session, field, pipeline), _visible(session, field)]
    if always is not None:
        shown = _yes_no("always", _("Always shown"), value=always)
        questions.append(shown._replace(hint=_("even when it is empty")))
    return questions


def _required(session: Session, field: Field, pipeline: Pipeline | None) -> list[Question]:
    reason = why_not_required(field)
    if reason is not None:
        return [Question("required", _("Required"), NOTE, text=_("no"), hint=reason)]
    choices = [Choice(NEVER, _("no")), Choice(ALWAYS, _("always"))]
    chosen = ALWAYS if field.required else NEVER
    if pipeline is None:
        return [Question("required", _("Required"), "list", chosen=(chosen,), choices=choices, required=True)]
    place = session.label(pipeline.label)
    choices[1] = Choice(ALWAYS, _("at all stages of all pipelines"))
    choices.append(Choice(AT_STAGES, _("at chosen stages of {pipeline}").format(pipeline=place)))
    narrowed = field.required_at.get(pipeline.key)
    if narrowed is not None:
        chosen = AT_STAGES
    stages = [Choice(stage.key, session.label(stage.label)) for stage in pipeline.stages]
    return [
        Question("required", _("Required"), "list", chosen=(chosen,), choices=choices, required=True),
        Question(
            "stages",
            _("At these stages"),
            "list",
            chosen=tuple(narrowed or ()),
            choices=stages,
            many=True,
            hint=_("only in {pipeline}; other pipelines are not affected").format(pipeline=place),
        ),
    ]


def _visible(session: Session, field: Field) -> Question:
    reason = why_not_restricted(field)
    if reason is not None:
        return Question("visible_to", _("Visible to"), NOTE, text=_("everyone"), hint=reason)
    chosen = tuple(field.visible_to)
    choices = member_choices(session, chosen)
    hint = _("nobody chosen: everyone; administrators can always see it")
    return Question("visible_to", _("Visible to"), "person", chosen=chosen, choices=choices, many=True, hint=hint)


def _settings(kind: str, settings: Mapping[str, Any]) -> list[Question]:
    return [
        Question(one.key, _(one.label), text=edit_setting(settings.get(one.key)), hint=_(one.help))
        for one in settings_of(kind)
    ]


def _default(session: Session, field: Field) -> list[Question]:
    """The default as the kind is typed; a list's is marked among its options."""
    if not field.traits.has_default or (field.traits.has_own_options and field.options):
        return []
    context = session.context()
    text = edit_default(field, context)
    return [Question("default", _("Default"), "string", text, hint=_default_hint(field.traits))]


def _default_hint(traits: Traits) -> str:
    if traits.is_time:
        return _("now, +7d, or a fixed day") if traits.is_day else _("now, +7d, or a fixed day and time")
    if traits.has_own_options:
        return _("one of the options above")
    return _("yes, no, or nothing") if traits.is_yes_no else _("the value a new item starts with")


def _help(text: str) -> Question:
    return Question("help", _("Help"), text=text, hint=_("shown below the editor"))


def _yes_no(key: str, label: str, *, value: bool) -> Question:
    choices = (Choice(YES, _("yes")), Choice(NO, _("no")))
    return Question(key, label, "boolean", chosen=(YES if value else NO,), choices=choices, required=True)


def _by_labels(typed: str, field: Field) -> Any:  # noqa: ANN401 - in JSON form
    """A new list's default: labels of its options, with commas between where it holds several."""
    if field.many:
        return [label.strip() for label in typed.split(",") if label.strip()] or None
    return typed.strip() or None


# -- what the answers mean ---------------------------------------------------------------------------------------------
def said(session: Session, kind: str, answers: Mapping[str, Answer], field: Field | None = None) -> dict[str, Any]:
    """The answers as `services.fields.new_field` and `field_changes.change_field` take them. Raises Refused listing all that cannot be
    read."""
    context = session.context()
    found: dict[str, Any] = {"help": str(answers.get("help", ""))}
    problems: list[FieldProblem] = []
    if "many" in answers:
        found["many"] = answers["many"] == (YES,)
    if "options" in answers:
        found["options"] = [line.strip() for line in str(answers["options"]).splitlines() if line.strip()]
    if "targets" in answers:
        found["targets"] = list(answers["targets"])
    if "dictionary" in answers:
        found["dictionary"] = next(iter(answers["dictionary"]), "")
    settings: dict[str, Any] = {}
    for one in settings_of(kind):
        try:
            value = parse_setting(one.key, str(answers.get(one.key, "")), context)
        except BadValue as bad:
            problems.append(FieldProblem(one.key, bad.message, answers[one.key]))
            continue
        if value is not None or field is not None:
            settings[one.key] = value
    if traits_of(kind).has_default and "default" in answers:
        typed = str(answers["default"])
        like = field or Field("new", kind, "new", many=bool(found.get("many")), dictionary=found.get("dictionary", ""))
        try:
            found["default"] = (
                _by_labels(typed, like) if like.traits.has_own_options else parse_default(like, typed, context)
            )
        except BadValue as bad:
            problems.append(FieldProblem("default", bad.message, typed))
    if problems:
        raise Refused("; ".join(problem.message for problem in problems), problems)
    return {**found, "settings": settings}
