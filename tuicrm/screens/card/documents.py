"""The documents tab of a card: which there are, newest first."""

from __future__ import annotations

from tuicrm.domain.items import Item
from tuicrm.domain.kinds.dates import short_when
from tuicrm.i18n import _
from tuicrm.screens.card.document_keys import DocumentKeys
from tuicrm.screens.card.item import CardHost
from tuicrm.screens.card.tab import CardTab
from tuicrm.services.documents import reading
from tuicrm.services.documents.reading import Document
from tuicrm.services.workspace.column_widths import ColumnWidths
from tuicrm.widgets.surface import TerminalLook
from tuicrm.widgets.table_pane import PaneColumn, PaneGroup, TablePane, TableRow


class DocumentsPane(TablePane):
    """The lines; keys are refs of documents."""

    scope = "documents"

    def __init__(self, look: TerminalLook, widths: ColumnWidths) -> None:
        super().__init__(look, widths=widths)
        self.found: dict[str, Document] = {}


class DocumentsTab(CardTab):
    """The documents of the card's item, newest first."""

    pane: DocumentsPane

    def __init__(self, card: CardHost) -> None:
        super().__init__(card, DocumentsPane(card.surface.look, ColumnWidths(card.session, "documents")))
        self.add_class("-broad")
        self.keys = DocumentKeys(card, self)
        self.controllers = (self.keys,)

    def show_item(self, item: Item) -> None:
        session = self.card.session
        self.pane.found = {one.ref: one for one in reading.documents(session, item.ref)}
        empty = _("No documents yet: {key} creates one from a template.").format(
            key=self.card.surface.keys.key("document")
        )
        columns = [
            PaneColumn(_("Number"), 10, key="number"),
            PaneColumn(_("Title"), 22, key="title", least=14),
            PaneColumn(_("Template"), 11, key="template"),
            PaneColumn(_("Created"), 9, key="at"),
            PaneColumn(_("By"), 12, key="by"),
            PaneColumn(_("Version"), 7, number=True, key="version"),
        ]
        rows = [TableRow(ref, self._texts(one)) for ref, one in self.pane.found.items()]
        cursor = self.pane.cursor if self.pane.cursor in self.pane.found else None
        self.pane.show_table(columns if rows else [], [PaneGroup("", rows)] if rows else [], cursor, empty)

    def _texts(self, one: Document) -> tuple[str, ...]:
        session, record = self.card.session, one.record
        template = reading.template_of(session, one)
        newest = record.newest
        who = session.names.person(newest.by) or newest.by
        when = short_when(newest.at, session.context()) if newest.at else ""
        title = record.title if not one.closed else f"{record.title} ({_('not for you')})"
        return record.number, title, template.label if template is not None else "", when, who, str(newest.n)

    @property
    def document(self) -> Document | None:
        """The document under the cursor."""
        return self.pane.found.get(self.pane.cursor or "")

    def do_open(self) -> None:
        """What a click does."""
        if self.document is not None:
            self.card.start(self.keys.do_documents_view())
