"""Between fields and questions: what an editor or form asks for a field, and what its answer means."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.kinds.preview import preview
from tuicrm.domain.kinds.values import edit_field, parse_field
from tuicrm.domain.schema import Field, ItemType
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.items import attachments, clients
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.name_lookup import find_items
from tuicrm.widgets.question import MAKE, Answer, Question

YES, NO = "yes", "no"


def question(session: Session, field: Field, value: object = None, *, required: bool = False) -> Question:
    """The question for one field, beginning with its present value."""
    context = session.context()
    label = session.label(field.label)
    makeable = clients.makeable(session, field.targets) if field.traits.names_items else []

    def check(text: str) -> str:
        return preview(parse_field(text, field, context), field, context)

    def search(text: str) -> Sequence[Choice]:
        found = find_items(session, text, field.targets)
        return [*found, *_offers(session, text, makeable)] if text.strip() else found

    if field.traits.holds_file:
        return Question(
            field.key,
            label,
            "file",
            attachments.shown(value),
            check=lambda text: attachments.check(field, text, value),
            many=field.many,
            required=required,
            hint=_("the path of a file"),
        )
    base = Question(
        key=field.key,
        label=label,
        kind=field.kind,
        many=field.many,
        required=required,
        hint=session.label(field.help),
    )
    if field.traits.names_items:
        chosen = _keys(value)
        known = [_item_choice(session, key) for key in chosen]
        return base._replace(
            chosen=chosen, choices=known, search=search, make=(lambda text: _make(session, text)) if makeable else None
        )
    choices = _choices(session, field, value)
    if choices is not None:
        truth = (YES if value else NO) if isinstance(value, bool) else None
        keys = _keys(truth) if field.traits.is_yes_no else _keys(value)
        return base._replace(chosen=keys, choices=choices)
    return base._replace(text=edit_field(value, field, context), check=check)


def _offers(session: Session, text: str, types: Sequence[ItemType]) -> list[Choice]:
    """To make what was typed: `new contact “Ada Byron”`."""
    name = text.strip()
    told = [_("new {type} “{name}”").format(type=session.label(one.label).lower(), name=name) for one in types]
    return [Choice(f"{MAKE}{one.key}:{name}", label) for one, label in zip(types, told, strict=True)]


def _make(session: Session, text: str) -> Choice:
    type_key, _colon, name = text.partition(":")
    made = clients.make_client(session, type_key, name)
    return _item_choice(session, str(made.ref))


def _item_choice(session: Session, stored: str) -> Choice:
    """What people read for a stored ref; the ref itself where there is no such item."""
    try:
        ref = Ref.parse(stored)
        name = session.names.item(ref)
    except ValueError:
        return Choice(stored, stored)
    return Choice(stored, name or stored, session.workspace.show_ref(ref) if name else "")


def _keys(value: object) -> tuple[str, ...]:
    if value is None or value == "":
        return ()
    return tuple(map(str, value)) if isinstance(value, list) else (str(value),)


def _choices(session: Session, field: Field, value: object) -> Sequence[Choice] | None:
    """What can be chosen; None for what is typed. A retired option stays choosable where it is the value."""
    if field.traits.is_yes_no:
        return (Choice(YES, _("yes")), Choice(NO, _("no")))
    if field.traits.names_people:
        return session.names.people()
    words = session.workspace.dictionaries.get(field.dictionary) if field.traits.has_dictionary else None
    options = words.entries if words else field.options if field.traits.has_own_options else None
    if options is None:
        return None
    kept = set(_keys(value))
    return [Choice(o.key, session.label(o.label)) for o in options if not o.retired or o.key in kept]


def value_of(session: Session, field: Field, answer: Answer, present: object = None) -> Any:  # noqa: ANN401 - in JSON form
    """The JSON-form value an answer stands for; `present` is the value now. Raises BadValue."""
    if isinstance(answer, str) and field.traits.holds_file:
        return attachments.take(session, field, answer, present)
    if isinstance(answer, str):
        return parse_field(answer, field, session.context())
    if field.traits.is_yes_no:
        return {YES: True, NO: False}.get(answer[0]) if answer else None
    if field.many:
        return list(answer) or None
    return answer[0] if answer else None


def values_of(session: Session, type_key: str, answers: Mapping[str, Answer]) -> dict[str, Any]:
    """The values of a form, by field; the empty ones left out. Raises Refused listing all problems."""
    values: dict[str, Any] = {}
    problems: list[FieldProblem] = []
    for key, answer in answers.items():
        field = session.workspace.fields(type_key)[key]
        try:
            value = value_of(session, field, answer)
        except BadValue as bad:
            problems.append(FieldProblem(key, bad.message, answer))
        else:
            if value is not None:
                values[key] = value
    if problems:
        raise Refused("; ".join(problem.message for problem in problems), problems)
    return values
