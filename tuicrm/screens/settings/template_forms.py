"""The form of a document template: what is asked, and what the answers say."""

from __future__ import annotations

from collections.abc import Mapping

from tuicrm.domain.context import Choice
from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.numbering import RESETS, WORDS
from tuicrm.i18n import _
from tuicrm.screens.asking import NO, YES
from tuicrm.services.documents import templates
from tuicrm.services.documents.templates import TemplateDetails
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import member_choices
from tuicrm.widgets.question import Answer, Question


def place_name(session: Session, place: str) -> str:
    """`Deals`, `Deals: Wholesale`; the key of what is gone."""
    type_key, _slash, pipeline_key = place.partition("/")
    if type_key not in session.workspace.types:
        return place
    name = session.label(session.workspace.type(type_key).plural)
    if not pipeline_key:
        return name
    known = session.workspace.pipelines(type_key)
    return f"{name}: {next((session.label(one.label) for one in known if one.key == pipeline_key), pipeline_key)}"


def new_questions(session: Session) -> list[Question]:
    """What is asked of a new one, its file first."""
    hint = _("the path of a Word file (.docx); names in braces are filled in, as in {Title}")
    return [
        Question("path", _("File"), required=True, hint=hint),
        *_questions(session, None)[:2],
        *_questions(session, None)[3:5],
    ]


def edit_questions(session: Session, one: DocTemplate) -> list[Question]:
    """What is asked of one that there is."""
    return _questions(session, one)


def numbering_of(session: Session, one: DocTemplate | None = None) -> dict[str, str]:
    """How a template's documents are numbered, as a form shows it; of a new one, as is usual."""
    if one is None:
        return {"pattern": "{NUMBER}", "reset": "never"}
    told = {key: str(getattr(one, key)) for key in ("pattern", "reset", "start", "step")}
    return {**told, "next": str(templates.next_number_of(session, one))}


def _questions(session: Session, one: DocTemplate | None) -> list[Question]:
    places = [Choice(place, place_name(session, place)) for place in places_of_types(session)]
    kept = tuple(one.types) if one else ()
    places += [Choice(place, place_name(session, place)) for place in kept if place not in {c.key for c in places}]
    yes_no = (Choice(YES, _("yes")), Choice(NO, _("no")))
    members = tuple(one.users) if one else ()
    asked = [
        Question("label", _("Name"), text=one.label if one else "", required=one is not None),
        Question("types", _("For"), "list", chosen=kept, choices=places, many=True, required=True),
        Question(
            "users",
            _("Who may use it"),
            "person",
            chosen=members,
            choices=member_choices(session, members),
            many=True,
            hint=_("people and departments; empty for everyone"),
        ),
        Question(
            "language",
            _("Language"),
            text=one.language if one else "",
            hint=_("a code such as en or it; empty for the client's own"),
        ),
        Question("pattern", _("Numbers"), text=one.pattern if one else "{NUMBER}", required=True, hint=WORDS),
    ]
    if one is None:
        return asked
    others = [
        Choice(other.key, other.label) for other in templates.templates(session, retired=True) if other.key != one.key
    ]
    resets = [Choice(key, _(name)) for key, name in RESETS.items()]
    asked.append(Question("reset", _("Restarts"), "list", chosen=(one.reset,), choices=resets, required=True))
    if not one.numbers:
        asked += [
            Question("start", _("Start"), "integer", str(one.start), required=True),
            Question("step", _("Step"), "integer", str(one.step), required=True),
            Question("next", _("Next number"), "integer", numbering_of(session, one)["next"], required=True),
        ]
    if others:
        chosen = (one.numbers,) if one.numbers else ()
        asked.append(Question("numbers", _("Shares numbers with"), "list", chosen=chosen, choices=others))
    stamps = (YES if one.stamps else NO,)
    asked.append(Question("stamps", _("Stamps"), "boolean", chosen=stamps, choices=yes_no, required=True))
    return asked


def places_of_types(session: Session) -> list[str]:
    """What a template can be for: types, and their pipelines where a type has several."""
    found = []
    for key, one in session.workspace.types.items():
        known = session.workspace.pipelines(key) if one.has_pipelines else []
        found += [key, *(f"{key}/{each.key}" for each in known if len(known) > 1)]
    return found


def details_of(answers: Mapping[str, Answer], before: Mapping[str, str]) -> TemplateDetails:
    """What the answers say; of the numbering only what is other than `before`, as the form showed it."""
    said = {key: answer if isinstance(answer, str) else next(iter(answer), "") for key, answer in answers.items()}
    numbering = {key: said[key] for key in before if key in said and said[key].strip() != before[key]}
    return TemplateDetails(
        said["label"].strip() or None,
        tuple(answers["types"]),
        said.get("language"),
        numbering or None,
        said.get("numbers"),
        tuple(answers["users"]) if "users" in answers else None,
        (said["stamps"] == YES) if "stamps" in said else None,
    )
