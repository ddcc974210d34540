"""What a person names: types, items, fields, pipelines and stages, found as `domain/named.py` finds them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from tuicrm.domain import named
from tuicrm.domain.conditions import Test
from tuicrm.domain.items import Ref
from tuicrm.domain.matching import fold
from tuicrm.domain.schema import Field, ItemType, Pipeline, Stage, all_labels
from tuicrm.errors import FieldProblem, NotFound, Refused, UsageError
from tuicrm.i18n import _
from tuicrm.limits import REFS
from tuicrm.services.kernel.session import Session


def item_of_number(session: Session, type_key: str, number: str) -> int:
    """The id of the item of that number that this person may read; 0 for none. Raises Refused for several (imports of old)."""
    from tuicrm.services.kernel.numbers import numerator_of  # 3 ms that showing an item need not pay

    numerator = numerator_of(session.workspace, type_key)
    wanted = number.strip()
    found = session.ids(type_key, Test(numerator.field, "string", "=", fold(wanted))) if numerator and wanted else []
    if len(found) > 1:
        raise Refused(_("Several items have the number {number}: use the ref instead.").format(number=wanted))
    return found[0] if found else 0


_Named = TypeVar("_Named", Pipeline, Stage)


def find_type(session: Session, text: str) -> ItemType:
    """The item type people mean, by key, label or plural. Raises NotFound with those there are, Refused for several."""
    nothing = _("There is no item type {name}").format(name=text)
    try:
        return named.the(text, session.workspace.named_types(), nothing)
    except named.NotNamed as missing:
        raise (Refused if missing.several else NotFound)(missing.message) from missing


def read_ref(session: Session, text: str, type_key: str = "") -> Ref:
    """`D-42`, or `42` where the type is clear, or the number that an item of it has. Raises NotFound."""
    if type_key and text.isascii() and text.isdigit() and len(text) < 19:
        return Ref(type_key, int(text))
    ref = session.workspace.read_ref(text)
    if ref is None and type_key:
        found = item_of_number(session, type_key, text)
        ref = Ref(type_key, found) if found else None
    if ref is None:
        raise NotFound(_("{text} is not a ref; a ref looks like D-42.").format(text=text))
    if type_key and ref.type != type_key:
        wanted = session.label(session.workspace.type(type_key).label).lower()
        raise NotFound(_("{text} is not of type {type}.").format(text=text, type=wanted))
    return ref


def read_refs(session: Session, texts: Sequence[str], type_key: str = "") -> list[Ref]:
    """Several refs as `read_ref` reads one. Raises NotFound, UsageError for more than are named at once."""
    if len(texts) > REFS.most:
        raise UsageError(REFS.told)
    return [read_ref(session, text, type_key) for text in texts]


def find_field(session: Session, type_key: str, text: str) -> Field:
    """A field by key or by any shown label. Raises Refused when unknown (with the nearest) or ambiguous."""
    try:
        return named_field(session, type_key, text)
    except NotFound as missing:
        raise _unknown(text, missing.message) from missing


def named_field(session: Session, type_key: str, text: str) -> Field:
    """The field that is spoken of, by key or by any shown label. Raises NotFound (with the nearest), Refused for several."""
    fields = [field for field in session.workspace.fields(type_key).values() if session.access.sees(field)]
    for field in fields:
        if field.key == text:
            return field
    known = [named.Named(field, field.key, tuple(all_labels(field.label)), field.key) for field in fields]
    try:
        return named.the(text, known, _("there is no field {name}").format(name=text))
    except named.NotNamed as missing:
        if missing.several:
            raise _unknown(text, missing.message) from missing
        raise NotFound(missing.message) from missing


def _unknown(text: str, message: str) -> Refused:
    return Refused(message, [FieldProblem(text, message)])


def find_pipeline(session: Session, type_key: str, text: str, *, begins: bool = False) -> Pipeline:
    """A pipeline by key or label; where it is only looked at (`begins`), by a beginning. Raises Refused listing those there are."""
    return _one_of(session, session.workspace.pipelines(type_key), "pipeline", text, begins=begins)


def find_stage(session: Session, pipeline: Pipeline, text: str) -> Stage:
    """A stage by key or label. Raises Refused listing those there are."""
    return _one_of(session, pipeline.stages, "stage", text)


def _one_of(session: Session, things: Sequence[_Named], what: str, text: str, *, begins: bool = False) -> _Named:
    known = [named.labelled(thing, thing.key, thing.label, session.language) for thing in things]
    nothing = _("there is no {what} “{text}”").format(what=_(what), text=text)
    try:
        return named.the(text, known, nothing, begins=begins)
    except named.NotNamed as missing:
        raise Refused(missing.message, [FieldProblem(what, missing.message, text)]) from missing
