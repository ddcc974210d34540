"""The keys of a document under the cursor, in the tab of documents and on the timeline's entries that tell of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from tuicrm.i18n import _
from tuicrm.screens.card.item import CardController, CardHost
from tuicrm.screens.items.actions import copy

if TYPE_CHECKING:
    from pathlib import Path

    from tuicrm.services.documents.reading import Document


class ShowsDocument(Protocol):
    """Where a document is under the cursor."""

    @property
    def document(self) -> Document | None:
        """That one; None where the cursor is on no document."""


class DocumentKeys(CardController):
    """What is done with the document under the cursor of a pane."""

    def __init__(self, host: CardHost, pane: ShowsDocument) -> None:
        super().__init__(host)
        self._pane = pane
        self._paths: dict[str, tuple[int, Path]] = {}
        """Where documents were laid down that were opened from here: of which version, and the path."""

    def why_not(self, action_id: str) -> str | None:
        """Why nothing can be done with what the cursor is on, as a sentence; None when it can."""
        if not action_id.startswith("documents."):
            return None
        found = self._pane.document
        if found is None:
            return _("There is no document under the cursor.")
        from tuicrm.screens.documents import made

        return made.why_not(self._session, found, action_id)

    # -- actions -------------------------------------------------------------------------------------------------------
    async def do_documents_view(self) -> None:
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            await made.view_document(self._host, found)

    async def do_documents_open(self) -> None:
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            self._note(found, await made.open_document(self._host, found))

    async def do_documents_pdf(self) -> None:
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            self._note(found, await made.open_document(self._host, found, pdf=True))

    def _note(self, found: Document, path: Path | None) -> None:
        """Where its file lies now, for who asks for the path."""
        if path is not None:
            self._paths[found.ref] = found.record.newest.n, path

    async def do_documents_save(self) -> None:
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            await made.save_document(self._host, found)

    async def do_documents_again(self) -> None:
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            await made.make_again(self._host, found)

    async def do_documents_change(self) -> None:
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            await made.change_document(self._host, found)

    async def do_documents_upload(self) -> None:
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            await made.upload_version(self._host, found)

    async def do_documents_versions(self) -> None:
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            await made.choose_version(self._host, found)

    def do_documents_delete(self) -> None:
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            made.delete_document(self._host, found)

    def do_copy_value(self) -> None:
        """The path at which the file lies; where the cursor is on no document, as everywhere on the card."""
        from tuicrm.screens.documents import made

        if found := self._pane.document:
            version, path = self._paths.get(found.ref, (0, None))
            is_newest = path is not None and version == found.record.newest.n and path.is_file()
            copy(self._host, str(path if is_newest else made.path_of(self._session, found)))
        elif item := self._host.shown.current:
            copy(self._host, self._session.title_of(item))
