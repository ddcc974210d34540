"""What an item type of one's own may be called and made of; a prefix and a symbol for one that was given none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol

from tuicrm.domain import smart
from tuicrm.domain.conditions import Empty, Not, Test
from tuicrm.domain.reserved import TABLES, WORDS
from tuicrm.domain.schema import ItemType, Label, Switch, all_labels
from tuicrm.domain.slugs import slug, unused
from tuicrm.domain.smart import PARENT, PREFIX, SYMBOLS, Relation, SmartType
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import FieldProblem
from tuicrm.i18n import _, ngettext
from tuicrm.limits import TYPE_NAME
from tuicrm.services.kernel.session import Session


class DefinitionSource(Protocol):
    """What knows the definitions: a session, or an import that adds to them."""

    @property
    def workspace(self) -> Workspace:
        """The definitions as they are now."""


def switches(session: Session) -> list[Switch]:
    """What a type of one's own may have."""
    template = session.workspace.template
    return list(template.switches) if template else []


# -- what is proposed --------------------------------------------------------------------------------------------------
def new_key(defined: DefinitionSource, label: str) -> str:
    """A key for a new type, that no type has or had and that is no word of the program's."""
    workspace = defined.workspace
    return unused(slug(label, "type"), {*workspace.types, *workspace.former_types, *WORDS, *TABLES})


def new_prefix(defined: DefinitionSource, label: str) -> str:
    """A prefix for refs, after a name: of several words their first letters, of one the first three."""
    words = [word.upper() for word in slug(label, "type").split("_") if word.isalpha()]
    whole = "".join(words)
    first = ["".join(word[0] for word in words)[:5]] if len(words) > 1 else []
    tries = [*first, *(whole[:length] for length in (3, 4, 5, 2, 1))]
    tries += [whole[:2] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"]
    return next((one for one in tries if _may_begin_refs(defined.workspace, one)), "")


def new_symbol(defined: DefinitionSource) -> str:
    """The first symbol that no type has; the first of all when they are all taken."""
    used = {item_type.symbol for item_type in defined.workspace.types.values()}
    return next((symbol for symbol in SYMBOLS if symbol not in used), SYMBOLS[0])


# -- what is wrong -----------------------------------------------------------------------------------------------------
def problems(session: Session, record: SmartType, before: SmartType | None = None) -> list[FieldProblem]:
    """All that is wrong with a type as it is to be; `before` is as it is now."""
    return [
        *_name_problems(session, record, "label", record.label),
        *(_name_problems(session, record, "plural", record.plural) if record.plural != record.label else ()),
        *([] if before else _key_problems(session, record.key)),
        *_prefix_problems(session, record.prefix, record.key),
        *_symbol_problems(record),
        *_switch_problems(session, record, before),
        *_relation_problems(session, record, before),
    ]


def _name_problems(session: Session, record: SmartType, which: str, label: Label) -> Iterator[FieldProblem]:
    others = [one for one in session.workspace.types.values() if one.key != record.key]
    taken = {name for one in others for name in smart.names(one)}
    for text in all_labels(label):
        if not text.strip():
            yield FieldProblem(which, _("is required"), text)
        elif len(text) > TYPE_NAME.most:
            yield from TYPE_NAME.problems(which, text)
        elif "\n" in text or "\r" in text:
            yield FieldProblem(which, _("one line is expected"), text)
        elif text.casefold() in WORDS:
            yield FieldProblem(which, _("“{word}” is a command; choose another name").format(word=text), text)
        elif text.casefold() in taken:
            yield FieldProblem(which, _("an item type with this name already exists"), text)


def _key_problems(session: Session, key: str) -> Iterator[FieldProblem]:
    workspace = session.workspace
    if not smart.KEY.fullmatch(key):
        yield FieldProblem("key", _("use lower-case letters, digits and _ only"), key)
    elif key in WORDS or key in TABLES:
        yield FieldProblem("key", _("“{word}” is used by the program; choose another name").format(word=key), key)
    elif key in workspace.types or key in workspace.former_types:
        yield FieldProblem("key", _("an item type with this key exists or existed"), key)


def _prefix_problems(session: Session, prefix: str, key: str = "") -> Iterator[FieldProblem]:
    holder = _holder(session.workspace, prefix, key)
    if not PREFIX.fullmatch(prefix):
        yield FieldProblem("prefix", _("one to five letters are expected, such as DEL in DEL-7"), prefix)
    elif _is_word(session.workspace, prefix, key):
        yield FieldProblem("prefix", _("“{word}” is a command; choose another name").format(word=prefix), prefix)
    elif holder is not None:
        message = _("{type} already use it: refs must be different for each type").format(
            type=session.label(holder.plural)
        )
        yield FieldProblem("prefix", message, prefix)


def _may_begin_refs(workspace: Workspace, prefix: str) -> bool:
    return bool(PREFIX.fullmatch(prefix)) and not _is_word(workspace, prefix) and not _holder(workspace, prefix)


def _is_word(workspace: Workspace, prefix: str, but: str = "") -> bool:
    """Whether it is a word of the program's, or the key of a type beside one."""
    return prefix.casefold() in WORDS or prefix.casefold() in workspace.types.keys() - {but}


def _holder(workspace: Workspace, prefix: str, but: str = "") -> ItemType | None:
    """The type that has a prefix, beside one."""
    return next((one for one in workspace.types.values() if one.key != but and one.prefix.upper() == prefix), None)


def _symbol_problems(record: SmartType) -> Iterator[FieldProblem]:
    if record.symbol not in SYMBOLS:
        yield FieldProblem(
            "symbol", _("one of these is expected: {known}").format(known=" ".join(SYMBOLS)), record.symbol
        )


def _switch_problems(session: Session, record: SmartType, before: SmartType | None) -> Iterator[FieldProblem]:
    known = {switch.key: switch for switch in switches(session)}
    unknown = [key for key in record.has if key not in known]
    if unknown:
        yield FieldProblem("has", _("one of these is expected: {known}").format(known=", ".join(known)), unknown)
    for key in record.has:
        needs = known[key].needs if key in known else ""
        if needs and needs not in record.has:
            label = session.label
            message = _("{what} needs {other}").format(what=label(known[key].label), other=label(known[needs].label))
            yield FieldProblem("has", message, key)
    if before is not None and "pipelines" in before.has and "pipelines" not in record.has and "stages" in record.has:
        yield from _other_pipelines(session, record.key)


def _other_pipelines(session: Session, key: str) -> Iterator[FieldProblem]:
    """Items in other pipelines than the default one would be on no board."""
    found = session.workspace.pipelines(key)
    inside = [Test("pipeline", "pipeline", "=", pipeline.key) for pipeline in found[1:]]
    count = sum(session.whole.count(key, where) for where in inside)
    if count:
        told = ngettext("{n} item is in another pipeline", "{n} items are in other pipelines", count)
        default = _("move them to {pipeline} first").format(pipeline=session.label(found[0].label))
        yield FieldProblem("has", f"{told}: {default}", count)


def _relation_problems(session: Session, record: SmartType, before: SmartType | None) -> Iterator[FieldProblem]:
    types = {*session.workspace.types, record.key}
    for which, relations in (("parents", record.parents), ("children", record.children)):
        names = [relation.type for relation in relations]
        unknown = [name for name in names if name not in types]
        if unknown:
            known = ", ".join(session.workspace.types)
            yield FieldProblem(which, _("item types are expected: {known}").format(known=known), unknown)
        elif len(set(names)) < len(names):
            yield FieldProblem(which, _("give each type only once"), names)
        for relation in relations:
            parent, child = (relation.type, record.key) if which == "parents" else (record.key, relation.type)
            yield from _field_problems(session, which, parent, child)
    if before is not None:
        yield from _several_problems(session, record, before)


def _field_problems(session: Session, which: str, parent: str, child: str) -> Iterator[FieldProblem]:
    """A field of one's own may have taken the key."""
    key = PARENT + parent
    field = session.workspace.field(child, key) if child in session.workspace.types else None
    if field is not None and field.custom:
        label = session.label(session.workspace.type(child).plural)
        message = _("{type}: a custom field {field} already exists").format(type=label, field=key)
        yield FieldProblem(which, message, parent)


def _several_problems(session: Session, record: SmartType, before: SmartType) -> Iterator[FieldProblem]:
    """Whether a field holds one or several is fixed once it holds any (reference §2.2)."""
    for which, now, then in (
        ("parents", record.parents, before.parents),
        ("children", record.children, before.children),
    ):
        former = {relation.type: relation.many for relation in then}
        for relation in now:
            if former.get(relation.type, relation.many) == relation.many:
                continue
            parent, child = (relation.type, record.key) if which == "parents" else (record.key, relation.type)
            count = session.whole.count(child, Not(Empty(PARENT + parent)))
            if count:
                told = ngettext("{n} item names its parent already", "{n} items name their parents already", count)
                yield FieldProblem(
                    which, _("{told}: whether it can have several cannot be changed").format(told=told), relation.type
                )


def read_relations(types: Iterable[str], *, several: Sequence[str] = (), hidden: Sequence[str] = ()) -> list[Relation]:
    """Relations to these types, in their order: `several` may be named more than once, `hidden` do not list them."""
    return [Relation(key, key in several, key not in hidden) for key in dict.fromkeys(types)]
