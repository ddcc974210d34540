"""What an item has to do with others: the family it was made from and led to, what names it, free links. What may not be read is not
told, not even counted; what was deleted is named as such to those who could read it."""

from __future__ import annotations

from collections.abc import Iterator

from tuicrm.domain.conditions import Or, Test
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.relations import LINKS, Edge, Relations, Relative, is_family, named_in
from tuicrm.domain.schema import Field, ItemType
from tuicrm.errors import NotFound, Refused
from tuicrm.i18n import _
from tuicrm.limits import LINK_WORD, LINKS_OF_ITEM
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Find, Record

LIMIT = 100
"""Items of a family, and of each other group, that are looked for at first."""
_UP = 50


def relations(session: Session, item: Item, limit: int = LIMIT) -> Relations:
    """All relations of an item that this person may know of, at most `limit` of each group."""
    reader = _Reader(session, item, limit)
    family = reader.family()
    names, named, links = tuple(reader.names()), tuple(reader.named()), tuple(reader.links())
    return Relations(family, names, named, links, reader.more)


class _Reader:
    """Reads the relations of one item."""

    def __init__(self, session: Session, item: Item, limit: int) -> None:
        self._session = session
        self._item = item
        self._limit = limit
        self.more = False

    # -- the family ----------------------------------------------------------------------------------------------------
    def family(self) -> tuple[Relative, ...]:
        """What it was made from, what that led to, and so on: each once. Nothing where there is the item alone."""
        seen: set[Ref] = set()
        found: list[Relative] = []
        for top in self._tops():
            self._descend(top, Relative(top.ref, self._title(top), itself=top.ref == self._item.ref), seen, found)
        return tuple(found) if len(found) > 1 else ()

    def _tops(self) -> list[Item]:
        """The ancestors that come from nothing; the item itself where it comes from nothing, or all go round in a ring."""
        seen = {self._item.ref: self._item}
        tops, waiting = [], [self._item]
        while waiting:
            item = waiting.pop(0)
            parents = [parent for _field, parent in self._parents(item)]
            new = [parent for parent in parents if parent.ref not in seen]
            if not parents:
                tops.append(item)
            for parent in new[: max(_UP - len(seen), 0)]:
                seen[parent.ref] = parent
                waiting.append(parent)
        return tops or [self._item]

    def _parents(self, item: Item) -> Iterator[tuple[Field, Item]]:
        item_type = self._session.workspace.type(item.type)
        for field in self._item_fields(item_type):
            if not is_family(item_type, field):
                continue
            for ref in named_in(item.get(field.key)):
                parent = self._session.peek(ref)
                if parent is not None and ref != item.ref:
                    yield field, parent

    def _descend(self, item: Item, shown: Relative, seen: set[Ref], found: list[Relative]) -> None:
        """The item and all that came of it. By hand, not by recursion: a script may have made a chain of any length."""
        waiting = [(item, shown)]
        while waiting:
            here, relative = waiting.pop()
            if here.ref in seen:
                continue
            if len(found) >= self._limit:
                self.more = True
                return
            seen.add(here.ref)
            found.append(relative)
            children = [
                (child, self._child(child, field, here, relative.depth + 1)) for field, child in self._children(here)
            ]
            waiting += reversed([one for one in children if one[0].ref not in seen])

    def _child(self, child: Item, field: Field, parent: Item, depth: int) -> Relative:
        edge = Edge(child.ref, parent.ref, field.key)
        how = self._session.label(field.label)
        return Relative(child.ref, self._title(child), depth, how, edge, child.ref == self._item.ref)

    def _children(self, parent: Item) -> Iterator[tuple[Field, Item]]:
        for item_type in self._session.workspace.types.values():
            for field in self._pointing(item_type, parent.type):
                if is_family(item_type, field):
                    yield from ((field, child) for child in self._holders(item_type, field, parent.ref))

    # -- others --------------------------------------------------------------------------------------------------------
    def names(self) -> Iterator[Relative]:
        """What it names besides: its client, items of fields of one's own; and what it was made from, where that is deleted."""
        item_type = self._session.workspace.type(self._item.type)
        for field in self._item_fields(item_type):
            for ref in named_in(self._item.get(field.key))[: self._limit]:
                if is_family(item_type, field) and self._session.peek(ref) is not None:
                    continue
                edge = Edge(self._item.ref, ref, field.key)
                yield from self._relative(ref, self._session.label(field.label), edge)

    def named(self) -> Iterator[Relative]:
        """What names it as its client, or in a field of one's own."""
        for item_type in self._session.workspace.types.values():
            for field in self._pointing(item_type, self._item.type):
                if is_family(item_type, field):
                    continue
                how = self._session.label(field.label)
                for holder in self._holders(item_type, field, self._item.ref):
                    edge = Edge(holder.ref, self._item.ref, field.key)
                    yield Relative(holder.ref, self._title(holder), 0, how, edge)

    def links(self) -> Iterator[Relative]:
        """Free links, whichever side they were made from."""
        found = links_of(self._session, self._item.ref)
        self.more |= len(found) > self._limit
        for record in found[: self._limit]:
            owner, other = sides(record)
            there = other if owner == self._item.ref else owner
            word = record.doc.get("word")
            edge = Edge(owner, other, link=record.id)
            yield from self._relative(there, word if isinstance(word, str) else "", edge)

    def _relative(self, ref: Ref, how: str, edge: Edge) -> Iterator[Relative]:
        item = self._session.peek(ref)
        if item is not None:
            yield Relative(ref, self._title(item), 0, how, edge)
            return
        doc = self._session.past.last_known(ref)
        if doc is not None:
            title = self._session.title(self._session.workspace.type(ref.type), ref.id, doc)
            yield Relative(ref, title, 0, how, edge, gone=True)

    # -- looking -------------------------------------------------------------------------------------------------------
    def _item_fields(self, item_type: ItemType) -> list[Field]:
        fields = self._session.workspace.fields(item_type.key).values()
        return [field for field in fields if field.traits.names_items and self._session.access.sees(field)]

    def _pointing(self, item_type: ItemType, target: str) -> list[Field]:
        return [field for field in self._item_fields(item_type) if target in field.targets]

    def _holders(self, item_type: ItemType, field: Field, ref: Ref) -> list[Item]:
        """The items that name a ref in a field, oldest first, as many as are asked for."""
        ids = self._session.ids(item_type.key, Test(field.key, "item", "=", str(ref)))
        self.more |= len(ids) > self._limit
        return self._session.many(item_type.key, sorted(ids)[: self._limit])

    def _title(self, item: Item) -> str:
        return self._session.title_of(item)


# -- free links --------------------------------------------------------------------------------------------------------
def sides(record: Record) -> tuple[Ref, Ref]:
    """The two items of a link."""
    return Ref.parse(record.doc["owner"]), Ref.parse(record.doc["other"])


def links_of(session: Session, ref: Ref) -> list[Record]:
    """The free links of an item, by id; those that a script wrote and that are none are left out."""
    text = str(ref)
    where = Or((Test("owner", "string", "=", text), Test("other", "string", "=", text)))
    found = session.whole.find(Find(LINKS, where)).records
    return sorted(
        (one for one in found if Ref.read(one.doc.get("owner")) and Ref.read(one.doc.get("other"))),
        key=lambda one: one.id,
    )


def link(session: Session, ref: Ref, other: Ref, word: str = "") -> int:
    """Link two items; needs edit on one of them and read on the other. Raises Refused, NotFound, AccessDenied."""
    from tuicrm.domain.stamps import stamp

    session.get(ref)
    session.get(other)
    word = " ".join(word.split())
    if ref == other:
        raise Refused(_("An item cannot be linked to itself."))
    LINK_WORD.check("word", word)
    for one in (ref, other):
        LINKS_OF_ITEM.check_room("link", len(links_of(session, one)), _show(session, one))
    if _between(session, ref, other):
        raise Refused(_("{a} and {b} are already linked.").format(a=_show(session, ref), b=_show(session, other)))
    label = _("link {a} and {b}").format(a=_show(session, ref), b=_show(session, other))
    doc = {"owner": str(ref), "other": str(other), "by": session.person_key, "at": stamp(session.moment())}
    with session.change(label) as change:
        made = change.put(LINKS, {**doc, "word": word} if word else doc)
        change.entry(ref, "linked", {"to": str(other)}, word)
        change.entry(other, "linked", {"to": str(ref)}, word)
    return made


def remove(session: Session, edge: Edge) -> str:
    """Take a relation away: a free link, or a ref out of the field that names it; what was done, for people.

    Raises AccessDenied, Refused for what an item was made from, RequiredFields, Conflict, NotFound."""
    if edge.link:
        return _unlink(session, edge)
    holder = session.get(edge.holder)
    field = session.workspace.fields(edge.holder.type)[edge.field]
    label = session.label(field.label)
    if field.read_only:
        message = _("{field} of {ref} shows what it was created from and cannot be removed.")
        raise Refused(message.format(field=label, ref=_show(session, edge.holder)))
    left = [str(ref) for ref in named_in(holder.get(field.key)) if ref != edge.named]
    value = (left or None) if field.many else None
    with session.change(
        _("remove {named} from {field} of {ref}").format(
            named=_show(session, edge.named), field=label, ref=_show(session, edge.holder)
        )
    ) as change:
        change.edit(edge.holder, {field.key: value}, base=holder)
    return _("{field} of {ref} no longer refers to {named}").format(
        field=label, ref=_show(session, edge.holder), named=_show(session, edge.named)
    )


def _unlink(session: Session, edge: Edge) -> str:
    a, b = _show(session, edge.holder), _show(session, edge.named)
    with session.change(_("unlink {a} and {b}").format(a=a, b=b)) as change:
        change.remove(LINKS, edge.link)
        for ref, other in ((edge.holder, edge.named), (edge.named, edge.holder)):
            if session.peek(ref) is not None:
                change.entry(ref, "unlinked", {"to": str(other)})
    return _("{a} and {b} are no longer linked").format(a=a, b=b)


def between(session: Session, ref: Ref, other: Ref) -> Edge:
    """What relates two items: a free link before a field of either. Raises NotFound."""
    item = session.get(ref)
    found = _between(session, ref, other) if session.names.related(other) is not None else []
    if found:
        owner, second = sides(found[0])
        return Edge(owner, second, link=found[0].id)
    for holder, named in ((item, other), (session.peek(other), ref)):
        fields = session.workspace.fields(holder.type).values() if holder is not None else ()
        for field in fields:
            if holder is None or not field.traits.names_items or not session.access.sees(field):
                continue
            if named in named_in(holder.get(field.key)) and session.names.related(named) is not None:
                return Edge(holder.ref, named, field.key)
    raise NotFound(_("{a} and {b} are not related.").format(a=_show(session, ref), b=_show(session, other)))


def _between(session: Session, ref: Ref, other: Ref) -> list[Record]:
    return [one for one in links_of(session, ref) if other in sides(one)]


def _show(session: Session, ref: Ref) -> str:
    return session.workspace.show_ref(ref)
