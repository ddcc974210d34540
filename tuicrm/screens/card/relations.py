"""The relations tab of a card: the family as a tree, what names the item, its links; opened, linked and taken away by keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item, MixedWalk, Ref
from tuicrm.domain.relations import Relations, Relative
from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import _
from tuicrm.screens.card.item import CardHost, open_card
from tuicrm.screens.card.tab import CardTab
from tuicrm.services.items import relations
from tuicrm.services.items.relation_lines import texts
from tuicrm.services.search.name_lookup import find_items
from tuicrm.services.workspace.column_widths import ColumnWidths
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import TerminalLook
from tuicrm.widgets.table_pane import PaneColumn, PaneGroup, TablePane, TableRow

_MORE = "more"
"""The key of the line that shows more."""
_TIMES = 10


class RelationsPane(TablePane):
    """The lines; keys by what they stand for."""

    scope = "relations"

    def __init__(self, look: TerminalLook, widths: ColumnWidths) -> None:
        super().__init__(look, widths=widths)
        self.relatives: dict[str, Relative] = {}


class RelationsTab(CardTab):
    """All that the card's item has to do with."""

    pane: RelationsPane

    def __init__(self, card: CardHost) -> None:
        super().__init__(card, RelationsPane(card.surface.look, ColumnWidths(card.session, "relations")))
        self.add_class("-broad")
        self._limit = relations.LIMIT
        self._of: Ref | None = None

    def show_item(self, item: Item) -> None:
        if item.ref != self._of:
            self._of, self._limit = item.ref, relations.LIMIT
        found = relations.relations(self.card.session, item, self._limit)
        groups = self._groups(found)
        keys = self.card.surface.keys
        empty = _("Nothing here yet: {create} creates an item from this one, {link} links an item.").format(
            create=keys.key("create"), link=keys.key("relations.link")
        )
        columns = [
            PaneColumn("", 30, key="item"),
            PaneColumn(_("As"), 10, key="as"),
            PaneColumn(_("Stage"), 12, key="stage"),
            PaneColumn(_("Amount"), 13, number=True, key="amount"),
        ]
        cursor = self.pane.cursor if self.pane.cursor in self.pane.relatives else None
        self.pane.show_table(columns if self.pane.relatives else [], groups, cursor, empty)

    def _groups(self, found: Relations) -> list[PaneGroup]:
        titles = {
            _("Origin and results"): found.family,
            _("Refers to"): found.names,
            _("Referred to by"): found.named,
            _("Links"): found.links,
        }
        self.pane.relatives = {}
        groups = [PaneGroup(title, self._rows(title, group)) for title, group in titles.items() if group]
        if found.more:
            groups.append(PaneGroup("", [TableRow(_MORE, (_("more…"), "", "", ""))]))
        return groups

    def _rows(self, title: str, group: Sequence[Relative]) -> list[TableRow]:
        rows = []
        for relative in group:
            edge = relative.edge
            key = f"{title} {relative.ref} {edge.field or edge.link if edge else ''} {edge.holder if edge else ''}"
            self.pane.relatives[key] = relative
            rows.append(TableRow(key, texts(self.card.session, relative)))
        return rows

    @property
    def _current(self) -> Relative | None:
        return self.pane.relatives.get(self.pane.cursor or "")

    # -- what can be done ----------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        """Why the relative under the cursor cannot be opened, or its link removed, as a sentence; None otherwise."""
        if action_id not in ("relations.open", "relations.remove") or self.pane.cursor == _MORE:
            return _("There is nothing to remove here.") if action_id == "relations.remove" else None
        relative = self._current
        if relative is None:
            return _("There is no relation here.")
        if action_id == "relations.open":
            return self._why_not_open(relative)
        if relative.edge is None:
            return _("Nothing above it: there is no link to remove.")
        return None

    def _why_not_open(self, relative: Relative) -> str | None:
        if relative.gone:
            return _("{ref} was deleted.").format(ref=self.card.session.workspace.show_ref(relative.ref))
        return _("This card is already open.") if relative.itself else None

    # -- actions -------------------------------------------------------------------------------------------------------
    def do_open(self) -> None:
        reason = self.why_not("relations.open")
        if reason:
            self.card.say(reason)
        else:
            self.do_relations_open()

    def do_relations_open(self) -> None:
        relative = self._current
        if self.pane.cursor == _MORE:
            self._limit *= _TIMES
            self.show_item(self.card.shown.item)
        elif relative is not None:
            others = self.pane.relatives.values()
            walk = MixedWalk(one.ref for one in others if self._why_not_open(one) is None)
            open_card(self.card, relative.ref, walk)

    def do_relations_remove(self) -> None:
        relative = self._current
        if relative is not None and relative.edge is not None:
            told = relations.remove(self.card.session, relative.edge)
            self.card.reload()
            self.card.say_done(told)

    async def do_relations_link(self) -> None:
        """Ask for an item and what the link is; link it."""
        from tuicrm.widgets.form import Form

        session, ref = self.card.session, self.card.shown.ref
        done: list[Ref] = []

        def search(text: str) -> Sequence[Choice]:
            return [one for one in find_items(session, text, list(session.workspace.types)) if one.key != str(ref)]

        def save(answers: Mapping[str, Answer]) -> None:
            chosen = answers["item"]
            other = Ref.read(chosen[0]) if chosen else None
            if other is None:
                raise Refused(_("is required"), [FieldProblem("item", _("is required"))])
            relations.link(session, ref, other, str(answers["word"]))
            done.append(other)

        questions = [
            Question("item", _("Item"), "item", search=search, required=True),
            Question("word", _("Relation"), hint=_("how they are related, if it matters: “see also”, “instead of”")),
        ]
        show = session.workspace.show_ref
        await self.card.ask(Form(self.card.surface, _("Link {ref} to").format(ref=show(ref)), questions, save))
        if done:
            self.card.reload()
            self.card.say_done(_("{a} and {b} are now linked.").format(a=show(ref), b=show(done[0])))
