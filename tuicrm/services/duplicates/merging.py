"""Making one of several items that are the same: field by field, with everything that belongs to the others.

The first is the main one. Values that are equal, or stand on one side only, go by themselves; several values are united; of others
one is chosen. Product rows are united too, unless those of one item are chosen, and the amount follows them
(`merge_products.py`). What belongs to the others comes along: their timelines, what points at them, what files they came from. They
are then deleted. It is one change, taken back by undo like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple, TypeAlias

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.products import FIELD, rows_of
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field
from tuicrm.domain.words import digits
from tuicrm.errors import AccessDenied, FieldProblem, Refusal, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.services.duplicates import merge_products
from tuicrm.services.duplicates.merge_moves import Belongings, belongings, carry
from tuicrm.services.kernel.changes import Change
from tuicrm.services.kernel.computed_fields import KEPT_BY_RULES
from tuicrm.services.kernel.field_texts import show_value
from tuicrm.services.kernel.permissions import require, why_not_merge
from tuicrm.services.kernel.session import Session

FieldOutcome: TypeAlias = Literal["same", "one", "united", "follows", "chosen"]

_ALONE = ("pipeline", "created")
"""Fields that follow others or stay the main one's."""


class MergeRow(NamedTuple):
    """One field: its value of each item, in their order, and what becomes of it. `result` for "chosen" is the main one's, or the
    first there is, unless another is chosen; for "follows" (the amount of product rows) it is None until it is done."""

    field: Field
    values: tuple[Any, ...]
    outcome: FieldOutcome
    result: Any

    @property
    def is_open(self) -> bool:
        """Whether somebody has to choose."""
        return self.outcome == "chosen"

    @property
    def may_choose(self) -> bool:
        """Whether one item's value can be chosen: product rows come together unless that is done."""
        return self.is_open or (self.outcome == "united" and self.field.traits.holds_rows)


class MergePlan(NamedTuple):
    """What a merge would do: the items (the main one first) as they were read, the fields, and what comes along."""

    items: tuple[Item, ...]
    rows: tuple[MergeRow, ...]
    belongings: Belongings

    @property
    def main(self) -> Item:
        """The item that stays."""
        return self.items[0]

    @property
    def others(self) -> tuple[Item, ...]:
        """The items that go, in the order in which they were named."""
        return self.items[1:]

    def row(self, key: str) -> MergeRow | None:
        """The row of a field; None where no item has a value in it."""
        return next((row for row in self.rows if row.field.key == key), None)


Choices: TypeAlias = Mapping[str, Ref]
"""By field: the item whose value it is to be."""


def plan(session: Session, refs: Sequence[Ref]) -> MergePlan:
    """What merging these would do. Raises Refused, NotFound, AccessDenied where they cannot be merged by this person."""
    refs = list(dict.fromkeys(refs))
    if len(refs) < 2:
        raise Refused(_("Name at least two items: C-7 C-9."))
    if len({ref.type for ref in refs}) > 1:
        raise Refused(_("Only items of one type can be merged."))
    items = tuple(session.get(ref) for ref in refs)
    require_mergeable(session, items)
    has_rows = any(rows_of(item.get(FIELD)) for item in items)
    rows = [row for field in _fields(session, refs[0].type, has_rows) if (row := _row(field, items)) is not None]
    return MergePlan(items, tuple(_following(session, items, rows)), belongings(session, refs[1:]))


def require_mergeable(session: Session, items: Sequence[Item]) -> None:
    """Raise AccessDenied unless the person may merge, change the first and delete the others, and sees all of their fields."""
    type_key = items[0].type
    if reason := why_not_merge(session.access):
        raise AccessDenied(reason)
    require(session, "edit", type_key, items[0].fields)
    for other in items[1:]:
        require(session, "delete", type_key, other.fields)
    # Not even which: and not only where there is a value, which would tell that there is one.
    if not all(map(session.access.sees, session.workspace.fields(type_key).values())):
        raise AccessDenied(_("Only people who can see every field of an item can merge it with others."))


def _fields(session: Session, type_key: str, has_rows: bool) -> Iterator[Field]:
    alone = {*KEPT_BY_RULES, *_ALONE, *(merge_products.FOLLOWING if has_rows else ())}
    for field in session.workspace.fields(type_key).values():
        fixed = field.read_only or field.immutable or bool(field.derived)
        if not fixed and field.key not in alone:
            yield field


def _following(session: Session, items: Sequence[Item], rows: Sequence[MergeRow]) -> Iterator[MergeRow]:
    """The rows, with an amount that is nobody's to choose where all amounts are sums of product rows."""
    key = session.workspace.type(items[0].type).amount
    sums = sum(map(merge_products.follows, items))
    follows = sums > 1 and all(is_empty(item.get(key)) or merge_products.follows(item) for item in items)
    for row in rows:
        yield row._replace(outcome="follows", result=None) if follows and row.field.key == key else row


def _row(field: Field, items: Sequence[Item]) -> MergeRow | None:
    values = tuple(item.get(field.key) for item in items)
    filled = [value for value in values if not is_empty(value)]
    if not filled:
        return None
    if field.many and not field.traits.holds_rows:
        return _united(field, values, items)
    everywhere = len(filled) == len(values)
    if all(value == filled[0] for value in filled):
        return MergeRow(field, values, "same" if everywhere else "one", filled[0])
    if field.traits.holds_rows:
        return _rows_together(field, values)
    return MergeRow(field, values, "chosen", values[0] if not is_empty(values[0]) else filled[0])


def _rows_together(field: Field, values: tuple[Any, ...]) -> MergeRow:
    """Product rows that are not the same: all of them."""
    told = [merge_products.without_ids(value) for value in values]
    if all(rows == told[0] for rows in told):
        return MergeRow(field, values, "same", values[0])
    several = sum(map(bool, told)) > 1
    return MergeRow(field, values, "united" if several else "one", merge_products.united(values))


def _united(field: Field, values: tuple[Any, ...], items: Sequence[Item]) -> MergeRow | None:
    """All values once, the main one's first; an item does not name itself, nor what becomes it."""
    known: set[Any] = set()
    united: list[Any] = []
    gone = {str(item.ref) for item in items}
    for value in values:
        for one in value if isinstance(value, list) else () if value is None else (value,):
            told = identity(field, one)
            if told not in known and one not in gone if isinstance(one, str) else told not in known:
                known.add(told)
                united.append(one)
    first = values[0] if isinstance(values[0], list) else []
    outcome: FieldOutcome = "same" if united == first and all(v == first for v in values) else "united"
    if outcome == "united" and sum(not is_empty(value) for value in values) == 1:
        outcome = "one"
    return MergeRow(field, values, outcome, united)


def identity(field: Field, value: object) -> str:
    """What makes two of several values one."""
    told = value.get("value") if isinstance(value, dict) else value
    if field.traits.is_phone and isinstance(told, str):
        return digits(told) or told
    if field.traits.is_email and isinstance(told, str):
        return told.strip().casefold()
    return repr(sorted(value.items()) if isinstance(value, dict) else value)


def chosen_value(plan: MergePlan, row: MergeRow, choices: Choices) -> object:
    """What a field will be, in JSON form; None for empty."""
    ref = choices.get(row.field.key)
    if ref is None or not row.may_choose:
        return row.result
    value = next((value for item, value in zip(plan.items, row.values, strict=True) if item.ref == ref), row.result)
    if row.field.traits.holds_rows and ref != plan.main.ref:
        return merge_products.without_ids(value)
    return value


def undecided(plan: MergePlan, choices: Choices) -> list[MergeRow]:
    """The fields of which one value is still to be chosen."""
    return [row for row in plan.rows if row.is_open and row.field.key not in choices]


def merge(session: Session, plan: MergePlan, choices: Choices) -> Item:
    """Do it, as one change; the main item afterwards.

    Raises Conflict where somebody changed one of them since the plan was made, Refused for what is not chosen yet, RequiredFields,
    AccessDenied; nothing is done then."""
    left = undecided(plan, choices)
    if left:
        names = ", ".join(session.label(row.field.label) for row in left)
        problems = [FieldProblem(row.field.key, _("which value should be kept?")) for row in left]
        raise Refused(_("Not chosen yet: {fields}").format(fields=names), problems)
    main, others = plan.main, plan.others
    show = session.workspace.show_ref
    told = ", ".join(show(item.ref) for item in others)
    label = _("merge {others} into {main}").format(others=told, main=show(main.ref))
    require_mergeable(session, plan.items)
    gone = [item.ref for item in others]
    with session.change(label, merged=str(main.ref)) as change:
        for item in plan.items:
            change.expect(item.ref, item.rev)
        change.edit(main.ref, _values(session, plan, choices), base=main)
        change.follow(lambda draft: carry(draft, main.ref, gone))
        names = ", ".join(f"{show(item.ref)} {session.title_of(item)}" for item in others)
        change.entry(main.ref, "merged", {"what": names})
        for item in others:
            change.delete(item.ref)
    return session.written(main.ref)


def amount_after(session: Session, plan: MergePlan, choices: Choices) -> object:
    """The amount of the main item when it is done, where product rows have a say in it; None without. Raises Refused where they cannot
    come together (a currency without a rate)."""
    row = plan.row(FIELD)
    if row is None:
        return None
    change = Change(session, "")
    change.edit(plan.main.ref, _values(session, plan, choices), enforce=False)
    return change.outcome(plan.main.ref).get(session.workspace.type(plan.main.type).amount)


def _values(session: Session, plan: MergePlan, choices: Choices) -> dict[str, Any]:
    """What the main item's fields become: those that change."""
    values: dict[str, Any] = {}
    for row in plan.rows:
        if row.outcome == "follows":
            continue
        value = chosen_value(plan, row, choices)
        key = row.field.key
        if value == plan.main.get(key) or (is_empty(value) and is_empty(plan.main.get(key))):
            continue
        values[key] = value
        if key == "stage":
            source = choices.get(key)
            values["pipeline"] = next(item.get("pipeline") for item in plan.items if item.ref == source)
    key = session.workspace.type(plan.main.type).amount
    return merge_products.amount_of(values, key, _source(plan, choices, key), plan.main) if key else values


def _source(plan: MergePlan, choices: Choices, key: str) -> Item:
    """The item whose value a field gets: the one that was chosen, else the first that has one."""
    chosen = choices.get(key)
    filled = [item for item in plan.items if not is_empty(item.get(key))]
    return next((item for item in plan.items if item.ref == chosen), filled[0] if filled else plan.main)


def told(plan: MergePlan) -> list[str]:
    """What comes along, as people read it."""
    found = plan.belongings
    row = plan.row(FIELD)
    products = sum(len(rows_of(value)) for value in row.values[1:]) if row and row.outcome in ("united", "one") else 0
    return [
        text
        for count, text in (
            (found.entries, ngettext("{n} timeline entry", "{n} timeline entries", found.entries)),
            (found.activities, ngettext("{n} activity", "{n} activities", found.activities)),
            (products, ngettext("{n} product row", "{n} product rows", products)),
            (found.items, ngettext("{n} item that refers to them", "{n} items that refer to them", found.items)),
        )
        if count
    ]


def amount_told(session: Session, plan: MergePlan, choices: Choices) -> str:
    """The amount that there will be where product rows have a say in it, `Amount: € 1,400.00`; why there can be none; "" without."""
    field = session.workspace.field(plan.main.type, session.workspace.type(plan.main.type).amount)
    try:
        amount = amount_after(session, plan, choices)
    except Refusal as error:
        return error.message
    if field is None or amount is None:
        return ""
    told = show_value(session, Item(plan.main.type, plan.main.id, 0, {field.key: amount}), field)
    return f"{session.label(field.label)}: {told}"
