"""The options of a list field: added, renamed, put in order, retired; deleted only where nobody uses them (reference §2.1)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tuicrm.domain.conditions import Aggregate, Empty, Not
from tuicrm.domain.schema import Field, Option
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.definitions.field_changes import change_field, living, put_field, require_define
from tuicrm.services.definitions.fields import refuse
from tuicrm.services.definitions.option_lists import (
    OptionStep,
    added,
    dropped,
    find_option,
    moved,
    place,
    refused,
    renamed,
    require_offered,
    retired,
)
from tuicrm.services.kernel.session import Session


def in_use(session: Session, type_key: str, field: Field) -> dict[str, int]:
    """How many items hold each option, by its key, whoever may see them."""
    groups = session.whole.fold(type_key, Not(Empty(field.key)), field.key, [Aggregate("count")])
    return {str(group.key): group.results[0] for group in groups}


def held(session: Session, type_key: str, field: Field) -> dict[str, int]:
    """The same of the items that this person may see; of all for those who may change options."""
    if session.access.has("settings"):
        return in_use(session, type_key, field)
    found = session.count_by(type_key, field.key, Not(Empty(field.key)))
    return {str(value): count for value, count in found.items()}


def options_of(session: Session, field: Field) -> Sequence[Option]:
    """The options of a list, the entries of a dictionary. Raises Refused for a field that has none."""
    if field.traits.has_own_options:
        return field.options
    words = session.workspace.dictionaries.get(field.dictionary) if field.traits.has_dictionary else None
    if words is None:
        raise refused(_("{label} has no options.").format(label=session.label(field.label)), field.key)
    return words.entries


# -- one step a change -------------------------------------------------------------------------------------------------
def add_option(session: Session, type_key: str, key: str, label: str) -> Option:
    """At the end. Raises Refused, NotFound, AccessDenied, as all that follow."""
    field = _listed(session, type_key, key)
    options = added(field.options, label)
    made = options[-1]
    _put(session, type_key, field, options, _("add the option {option}").format(option=made.label))
    return made


def rename_option(session: Session, type_key: str, key: str, option: str, label: str) -> None:
    """Give an option (a key) another label, as one change. Raises Refused, NotFound, AccessDenied, Conflict."""
    field = _listed(session, type_key, key)
    options = renamed(field.options, option, label)
    _put(session, type_key, field, options, _told(session, field, option, _("rename the option {option}")))


def move_option(session: Session, type_key: str, key: str, option: str, step: int) -> bool:
    """One place down (1) or up (-1); whether it moved."""
    field = _listed(session, type_key, key)
    options = moved(field.options, option, step)
    _put(session, type_key, field, options, _told(session, field, option, _("move the option {option}")))
    return options != field.options


def retire_option(session: Session, type_key: str, key: str, option: str, *, back: bool = False) -> None:
    """Offer an option (a key) no more, or again (`back`); items keep it. Raises Refused, NotFound, AccessDenied, Conflict."""
    field = _listed(session, type_key, key)
    what = _("offer the option {option} again") if back else _("retire the option {option}")
    _put(session, type_key, field, retired(field.options, option, back=back), _told(session, field, option, what))


def delete_option(session: Session, type_key: str, key: str, option: str) -> bool:
    """Take an option away. One in use is retired instead, and still shown where it stands. Whether it is gone."""
    field = _listed(session, type_key, key)
    options = dropped(field.options, option, in_use(session, type_key, field))
    gone = len(options) < len(field.options)
    what = _("delete the option {option}") if gone else _("retire the option {option}")
    _put(session, type_key, field, options, _told(session, field, option, what))
    return gone


def set_default(session: Session, type_key: str, key: str, options: Sequence[str]) -> None:
    """The options that a new item begins with (none: it begins empty); several only where the field holds several."""
    field = _listed(session, type_key, key)
    change_field(session, type_key, key, default=_default(field, options))


# -- several steps, one change -----------------------------------------------------------------------------------------
def change_options(
    session: Session, type_key: str, key: str, steps: Sequence[OptionStep], default: Sequence[str] | None = None
) -> Field:
    """Take steps one after the other, and set the default to these options (by key or label); all of it or, where something is wrong,
    nothing. Raises Refused listing all that is wrong, NotFound, AccessDenied."""
    require_define(session)
    before = field = _listed(session, type_key, key)
    found: list[FieldProblem] = []
    for step in steps:
        try:
            field = replace(field, options=step(field.options))
        except Refused as refused:
            found += refused.fields
    if default is not None:
        try:
            keys = [find_option(field.options, text).key for text in default]
            field = replace(field, default=_default(field, keys))
        except Refused as refused:
            found += refused.fields
    refuse(found)
    what = _("change the options of {label}").format(label=session.label(field.label))
    _put(session, type_key, before, field.options, what, field.default)
    return living(session, type_key, key)


def _listed(session: Session, type_key: str, key: str) -> Field:
    field = living(session, type_key, key)
    if not field.traits.has_own_options or not field.custom:
        raise refused(_("{label} is not a custom list.").format(label=session.label(field.label)), key)
    return field


def _default(field: Field, options: Sequence[str]) -> str | list[str] | None:
    """The default of these options, by key, in JSON form."""
    for option in options:
        if field.options[place(field.options, option)].retired:
            raise refused(_("this option is retired and cannot be chosen"), option)
    if len(options) > 1 and not field.many:
        raise refused(_("one value is expected, not several"), ", ".join(options))
    return (list(options) if field.many else next(iter(options), None)) or None


def _told(session: Session, field: Field, option: str, what: str) -> str:
    return what.format(option=session.label(field.options[place(field.options, option)].label))


def _put(
    session: Session, type_key: str, field: Field, options: list[Option], what: str, default: object = ...
) -> None:
    """Keep the options; what cannot be chosen any more is no default either."""
    require_offered(options)
    offered = {option.key for option in options if not option.retired}
    kept = field.default if default is ... else default
    if isinstance(kept, list):
        kept = [one for one in kept if one in offered] or None
    elif kept not in offered:
        kept = None
    put_field(session, type_key, field, replace(field, options=options, default=kept), what)
