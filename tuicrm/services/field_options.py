"""The options of a list field: added, renamed, put in order, retired; deleted only where nobody uses them (reference §2.1)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from tuicrm.domain.conditions import Empty, Not
from tuicrm.domain.schema import Field, Option, all_labels
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.services.field_changes import change_field, living, put_field
from tuicrm.services.fields import MOST_OPTIONS, made_options
from tuicrm.services.session import Session

LONGEST_OPTION = 200


def in_use(session: Session, type_key: str, field: Field) -> dict[str, int]:
    """How many items hold each option, by its key, whoever may see them."""
    found = session.store.ids_by(type_key, field.key, Not(Empty(field.key)))
    return {str(value): len(ids) for value, ids in found.items()}


def find_option(session: Session, field: Field, text: str) -> Option:
    """An option by key or label, in any language. Raises Refused listing those there are."""
    wanted = text.strip().casefold()
    exact = [option for option in field.options if option.key == text]
    found = exact or [o for o in field.options if wanted in (label.casefold() for label in all_labels(o.label))]
    if len(found) == 1:
        return found[0]
    known = ", ".join(session.label(option.label) for option in field.options)
    raise _refused(_("one of these is expected: {choices}").format(choices=known), text)


def add_option(session: Session, type_key: str, key: str, label: str) -> Option:
    """At the end. Raises Refused, NotFound, AccessDenied, as all that follow."""
    field = _listed(session, type_key, key)
    _check(field, label)
    if len(field.options) >= MOST_OPTIONS:
        raise _refused(_("at most {n} options are expected").format(n=MOST_OPTIONS), label)
    (made,) = made_options([label], field.options)
    what = _("add the option {option}").format(option=made.label)
    _put(session, type_key, field, [*field.options, made], what)
    return made


def rename_option(session: Session, type_key: str, key: str, option: str, label: str) -> None:
    field = _listed(session, type_key, key)
    _check(field, label, but=option)
    at = _place(field, option)
    old = session.label(field.options[at].label)
    changed = _with(field, at, replace(field.options[at], label=label.strip()))
    _put(session, type_key, field, changed, _("rename the option {option}").format(option=old))


def move_option(session: Session, type_key: str, key: str, option: str, step: int) -> bool:
    """One place down (1) or up (-1); whether it moved."""
    field = _listed(session, type_key, key)
    at = _place(field, option)
    if not 0 <= at + step < len(field.options):
        return False
    options = list(field.options)
    options[at], options[at + step] = options[at + step], options[at]
    what = _("move the option {option}").format(option=session.label(field.options[at].label))
    _put(session, type_key, field, options, what)
    return True


def retire_option(session: Session, type_key: str, key: str, option: str, *, back: bool = False) -> None:
    """A retired option still shows where it stands, and cannot be chosen any more; `back` offers it again."""
    field = _listed(session, type_key, key)
    at = _place(field, option)
    options = _with(field, at, replace(field.options[at], retired=not back))
    what = _("offer the option {option} again") if back else _("retire the option {option}")
    _put(session, type_key, field, options, what.format(option=session.label(field.options[at].label)))


def delete_option(session: Session, type_key: str, key: str, option: str) -> bool:
    """Take an option away. One in use is retired instead, and still shown where it stands. Whether it is gone."""
    field = _listed(session, type_key, key)
    at = _place(field, option)
    if in_use(session, type_key, field).get(option):
        retire_option(session, type_key, key, option)
        return False
    options = [one for place, one in enumerate(field.options) if place != at]
    what = _("delete the option {option}").format(option=session.label(field.options[at].label))
    _put(session, type_key, field, options, what)
    return True


def set_default(session: Session, type_key: str, key: str, options: Sequence[str]) -> None:
    """The options that a new item begins with (none: it begins empty); several only where the field holds several."""
    field = _listed(session, type_key, key)
    for option in options:
        _place(field, option)
    if len(options) > 1 and not field.many:
        raise _refused(_("one value is expected, not several"), ", ".join(options))
    value = list(options) if field.many else next(iter(options), None)
    change_field(session, type_key, key, default=value or None)


def _listed(session: Session, type_key: str, key: str) -> Field:
    field = living(session, type_key, key)
    if field.kind != "list" or not field.custom:
        raise _refused(_("{label} is no list of your own.").format(label=session.label(field.label)), key)
    return field


def _place(field: Field, option: str) -> int:
    for at, one in enumerate(field.options):
        if one.key == option:
            return at
    raise _refused(_("this option is gone: someone deleted it"), option)


def _with(field: Field, at: int, option: Option) -> list[Option]:
    return [option if place == at else one for place, one in enumerate(field.options)]


def _check(field: Field, label: str, but: str = "") -> None:
    wanted = label.strip().casefold()
    if not wanted:
        raise _refused(_("each option needs a name of its own"), label)
    if len(label) > LONGEST_OPTION or "\n" in label:
        raise _refused(_("one line of at most {n} characters is expected").format(n=LONGEST_OPTION), label)
    others = (option for option in field.options if option.key != but)
    if any(wanted in (one.casefold() for one in all_labels(option.label)) for option in others):
        raise _refused(_("each option needs a name of its own"), label)


def _put(session: Session, type_key: str, field: Field, options: list[Option], what: str) -> None:
    """Keep the options; what cannot be chosen any more is no default either."""
    offered = {option.key for option in options if not option.retired}
    if not offered:
        raise _refused(_("a list needs an option that can be chosen"), field.key)
    default = field.default
    if isinstance(default, list):
        default = [one for one in default if one in offered] or None
    elif default not in offered:
        default = None
    put_field(session, type_key, field, replace(field, options=options, default=default), what)


def _refused(message: str, value: str) -> Refused:
    return Refused(message, [FieldProblem("options", message, value)])
