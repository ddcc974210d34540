"""Comments of a run: into the timelines of items that it makes or that are here. Each comes in once."""

from __future__ import annotations

from tuicrm.domain.importing import FileReport
from tuicrm.domain.items import Ref
from tuicrm.exchange.bitrix.payloads import Comments, SourceComment
from tuicrm.exchange.bitrix.taking import our_type
from tuicrm.i18n import ngettext
from tuicrm.services.importing.entries import WantedLink
from tuicrm.services.importing.keys import id_key, key_record, known_comments
from tuicrm.services.importing.options import Decisions
from tuicrm.services.importing.remarks import Remarks
from tuicrm.services.importing.run.linking import Links
from tuicrm.services.importing.run.values import Values
from tuicrm.services.importing.tables.bitrix_tables import SOURCE
from tuicrm.services.importing.writing import Writer
from tuicrm.services.kernel.reader import ENTRIES
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc

_ANY_COMMENT = "comment"


class CommentsToCome:
    """Writes comments once their items are made."""

    def __init__(self, session: Session, writer: Writer, links: Links, decisions: Decisions, remarks: Remarks) -> None:
        self._session, self._writer, self._links = session, writer, links
        self._decisions, self._remarks = decisions, remarks
        self._seen: set[str] = set()

    def take(self, payload: Comments, file: FileReport) -> None:
        """The comments of an answer; what came of them stands in the notes of the file."""
        made = known = lost = 0
        me = self._session.person_key
        keys = {one.id: id_key(SOURCE, _ANY_COMMENT, one.id) for one in payload.comments}
        here = known_comments(self._session, keys.values())
        for one in payload.comments:
            owner = self._owner(one)
            if keys[one.id] in here or one.id in self._seen:
                known += 1
            elif owner is None:
                lost += 1
            else:
                self._seen.add(one.id)
                entry_id = self._writer.put(ENTRIES, self._comment(one, owner, file))
                self._writer.keep(key_record(keys[one.id], Ref(ENTRIES, entry_id), "", SOURCE, me, one.id))
                made += 1
        if made:
            file.notes.append(ngettext("{n} comment imported", "{n} comments imported", made))
        if known:
            file.notes.append(ngettext("{n} comment is already here", "{n} comments are already here", known))
        if lost:
            told = ngettext(
                "{n} comment skipped: its item is not here",
                "{n} comments skipped: their items are not here",
                lost,
            )
            file.notes.append(told)

    def _owner(self, comment: SourceComment) -> Ref | None:
        item_type = our_type(self._writer.workspace.types, comment.type)
        if item_type is None:
            return None
        return self._links.resolve(WantedLink("", (item_type.key,), comment.item, "id"), SOURCE)

    def _comment(self, comment: SourceComment, owner: Ref, file: FileReport) -> Doc:
        """An entry as its author wrote it then, if the author is known here."""
        workspace = self._writer.workspace
        people = Values(workspace, workspace.type(owner.type), self._decisions, self._remarks, self._session.person_key)
        text = comment.text
        if comment.files:
            text = f"{text}\n[{', '.join(comment.files)}]".strip()
        by = people.author(comment.author)
        doc: Doc = {"owner": str(owner), "kind": "comment", "at": comment.created, "by": by, "text": text}
        return {**doc, "data": {"source": file.name}}
