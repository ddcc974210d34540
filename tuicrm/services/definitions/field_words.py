"""Fields by words: what is typed of a field (`min=0 required="Proposal, Won" visible_to=Sales`) becomes data, all of it checked before
anything is made or changed; and where a field is required, in words again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple, Unpack

from msgspec.structs import replace

from tuicrm.domain import typed
from tuicrm.domain.field_settings import SETTINGS, parse_default, parse_setting
from tuicrm.domain.kinds import kind_of, several, traits_of
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field, Pipeline
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import N_, _
from tuicrm.services.definitions import fields
from tuicrm.services.definitions.field_changes import Required, changed_field, living, put_field, require_define
from tuicrm.services.kernel.lookup import find_stage
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import find_member

_ALWAYS = ("label", "help", "required", "visible_to")
_FIXED = {
    "key": N_("a field's key never changes"),
    "kind": N_("a field's type never changes; `tuicrm field convert` creates a new field with the values converted"),
    "many": N_("this never changes; `tuicrm field convert` creates a new field with the values converted"),
    "options": N_("use `tuicrm field options` to change them"),
}


class FieldWords(NamedTuple):
    """What was typed, as `changed_field` takes it; what was not typed stays as it is."""

    label: str | None
    help: str | None
    settings: dict[str, Any]
    default: Any
    required: Required | None
    visible_to: list[str] | None


def add(
    session: Session,
    type_key: str,
    label: str,
    kind: str,
    texts: Mapping[str, str],
    *,
    pipeline: str = "",
    **said: Unpack[fields.FieldShape],
) -> Field:
    """Make a field. Raises Refused listing all that is wrong, AccessDenied."""
    require_define(session)
    trial = Field(
        "",
        kind,
        label,
        custom=True,
        options=fields.made_options(said.get("options", ())),
        many=said.get("many", False),
        targets=list(said.get("targets", ())),
        dictionary=said.get("dictionary", ""),
    )
    words, found = _read(session, type_key, trial, texts, pipeline)
    if words.label is not None:
        found.append(FieldProblem("label", _("is given twice"), words.label))
    made = trial
    try:
        default = None if words.default is ... else _by_label(trial, words.default)
        made = fields.new_field(
            session, type_key, label, kind, settings=_set(words), default=default, help=words.help or "", **said
        )
    except Refused as refused:
        found += refused.fields
    ruled, wrong = changed_field(session, type_key, made, required=words.required, visible_to=words.visible_to)
    fields.refuse(_each_once([*found, *wrong]))
    fields.keep_new(session, type_key, ruled)
    return living(session, type_key, ruled.key)


def edit(session: Session, type_key: str, key: str, texts: Mapping[str, str], *, pipeline: str = "") -> Field:
    """Change a field, as one change. An empty text takes away what it speaks of. Raises Refused listing all that is wrong, NotFound,
    AccessDenied."""
    require_define(session)
    field = living(session, type_key, key)
    words, found = _read(session, type_key, field, texts, pipeline)
    changed, wrong = changed_field(session, type_key, field, **words._asdict())
    fields.refuse(_each_once([*found, *wrong]))
    put_field(session, type_key, field, changed, _("change the field {label}").format(label=session.label(field.label)))
    return living(session, type_key, key)


def settings(session: Session, type_key: str, kind: str, texts: Mapping[str, str]) -> dict[str, Any]:
    """The settings of a field that is not made yet. Raises Refused listing all that is wrong."""
    if not traits_of(kind).custom:
        return {}
    known = {name: text for name, text in texts.items() if name not in ("default", *_ALWAYS)}
    words, found = _read(session, type_key, Field("", kind, "", custom=True), known, "")
    message = _("only settings can be given here; use `tuicrm field edit` for the rest")
    fields.refuse([*found, *(FieldProblem(name, message, text) for name, text in texts.items() if name not in known)])
    return _set(words)


def _set(words: FieldWords) -> dict[str, Any]:
    """The settings that have a value."""
    return {key: value for key, value in words.settings.items() if value is not None}


def _each_once(found: list[FieldProblem]) -> list[FieldProblem]:
    return list({(problem.field, problem.message): problem for problem in found}.values())


def _by_label(trial: Field, default: object) -> object:
    """A list's default by labels: the keys of a new field's options are its own."""
    labels = {option.key: option.label for option in trial.options}
    if not trial.traits.has_own_options:
        return default
    if isinstance(default, list):
        return [labels[key] for key in default]
    return labels.get(default) if isinstance(default, str) else None


# -- reading -----------------------------------------------------------------------------------------------------------
def _read(
    session: Session, type_key: str, field: Field, texts: Mapping[str, str], pipeline: str
) -> tuple[FieldWords, list[FieldProblem]]:
    """What was typed of a field, and what of it cannot be."""
    found: list[FieldProblem] = []
    said: dict[str, Any] = {}
    settings: dict[str, Any] = {}
    seen: set[str] = set()
    context = session.context(canonical=True)
    for name, text in texts.items():
        try:
            setting = _setting(field, name)
            if setting in seen:
                raise BadValue(_("is given twice"), text)
            seen.add(setting)
            if setting in SETTINGS:
                settings[setting] = typed.either(text, partial(parse_setting, setting, text), context)[0]
            elif setting == "required":
                said[setting] = _required(session, type_key, field, text, pipeline)
            elif setting == "visible_to":
                said[setting] = _members(session, text)
            else:
                said[setting] = text
        except BadValue as bad:
            found.append(FieldProblem(name, bad.message, text))
    if "default" in said:
        kept = {key: value for key, value in {**field.settings, **settings}.items() if value is not None}
        try:
            kept_field, text = replace(field, settings=kept), said["default"]
            said["default"], _canonical = typed.either(
                text, partial(parse_default, kept_field, text), context, is_time=field.traits.is_time
            )
        except BadValue as bad:
            found.append(FieldProblem("default", bad.message, said.pop("default")))
    words = FieldWords(
        said.get("label"),
        said.get("help"),
        settings,
        said.get("default", ...),
        said.get("required"),
        said.get("visible_to"),
    )
    return words, found


def _setting(field: Field, name: str) -> str:
    """What a word stands for: a setting of the field by key or label, or one of the words that every field takes. Raises BadValue
    naming those that the field's kind has."""
    keys = field.traits.settings if field.custom else ()
    default = ("default",) if field.custom and field.traits.has_default else ()
    if name in (*keys, *default, *_ALWAYS):
        return name
    wanted = name.strip().casefold()
    for key in keys:
        if wanted in (SETTINGS[key].label.casefold(), _(SETTINGS[key].label).casefold()):
            return key
    if name in _FIXED and field.key:
        raise BadValue(_(_FIXED[name]), name)
    if not field.custom and (name == "default" or name in SETTINGS):
        raise BadValue(_("this cannot be changed for a system field"), name)
    known = ", ".join((*_ALWAYS, *default, *keys))
    raise BadValue(_("a field of this type has no such setting; it has: {known}").format(known=known), name)


def _required(session: Session, type_key: str, field: Field, text: str, pipeline: str) -> Required:
    """`yes`, `no`, or stages: everywhere, or in one pipeline alone; nothing makes that one like the others. Raises BadValue."""
    place = session.workspace.pipeline(type_key, pipeline) if pipeline else None
    others = {key: kept for key, kept in field.required_at.items() if place and key != place.key}
    if not text.strip():
        return Required(field.required and place is not None, others)
    try:
        everywhere = kind_of("boolean").parse(text, field, session.context(canonical=True))
    except BadValue:
        place = place or _only_pipeline(session, type_key)
        others = {key: kept for key, kept in field.required_at.items() if key != place.key}
        return Required(field.required, {**others, place.key: _stages(session, place, text)})
    if place is None:
        return Required(everywhere)
    return Required(field.required, {**others, place.key: [stage.key for stage in place.stages] if everywhere else []})


def _only_pipeline(session: Session, type_key: str) -> Pipeline:
    """The pipeline whose stages are meant where there is but one. Raises BadValue."""
    found = session.workspace.pipelines(type_key)
    if len(found) == 1:
        return found[0]
    if not found:
        raise BadValue(_("yes or no is expected: this type has no stages"))
    known = ", ".join(session.label(pipeline.label) for pipeline in found)
    raise BadValue(_("say which pipeline these stages belong to: {known}").format(known=known))


def _stages(session: Session, pipeline: Pipeline, text: str) -> list[str]:
    try:
        wanted = {find_stage(session, pipeline, name).key for name in several.split(text, "list")}
    except Refused as refused:
        raise BadValue(refused.message, text) from refused
    return [stage.key for stage in pipeline.stages if stage.key in wanted]


def _members(session: Session, text: str) -> list[str]:
    """People and departments with commas between; names that hold one stand in quotes. Raises BadValue listing all that are none."""
    members, wrong = list[str](), list[str]()
    for name in several.split(text, "list"):
        try:
            members.append(find_member(session, name))
        except (NotFound, Refused) as problem:
            wrong.append(problem.message)
    if wrong:
        raise BadValue(" ".join(wrong), text)
    return members


# -- in words ----------------------------------------------------------------------------------------------------------
def where_required(session: Session, type_key: str, field: Field, pipeline: str = "") -> str:
    """`always`, `Proposal, Won`, `always; Wholesale: Won`; "" for nowhere. With a pipeline, there alone."""
    pipelines = session.workspace.pipelines(type_key)
    if pipeline or len(pipelines) == 1:
        alone = next((one for one in pipelines if one.key == pipeline or not pipeline), None)
        chosen = field.required_at.get(alone.key) if alone else None
        if alone is not None and chosen is not None:
            return _stage_names(session, alone, chosen) or (_("never") if field.required else "")
        return _("always") if field.required else ""
    told = [_("always")] if field.required else []
    for one in pipelines:
        chosen = field.required_at.get(one.key)
        if chosen or (chosen is not None and field.required):
            told.append(f"{session.label(one.label)}: {_stage_names(session, one, chosen) or _('never')}")
    return "; ".join(told)


def _stage_names(session: Session, pipeline: Pipeline, keys: Sequence[str]) -> str:
    return ", ".join(session.label(stage.label) for stage in pipeline.stages if stage.key in keys)
