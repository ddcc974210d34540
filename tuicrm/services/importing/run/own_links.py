"""Free links of an export of ours: between items that the run makes, or that are here. What leads nowhere is told."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.importing import FileReport
from tuicrm.domain.items import Ref
from tuicrm.domain.relations import LINKS
from tuicrm.domain.stamps import stamp
from tuicrm.exchange.own_json import Bundle, OwnLink
from tuicrm.i18n import _, ngettext
from tuicrm.limits import LINK_WORD
from tuicrm.services.importing.entries import WantedLink
from tuicrm.services.importing.run.linking import Links
from tuicrm.services.importing.tables.csv_tables import OWN
from tuicrm.services.importing.writing import Writer
from tuicrm.services.items.relations import links_of, sides
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Doc

_NAMED = 5


class LinksToCome:
    """Writes links once their items are made."""

    def __init__(self, session: Session, writer: Writer, links: Links) -> None:
        self._session, self._writer, self._links = session, writer, links
        self._between: set[frozenset[Ref]] = set()

    def take(self, bundle: Bundle, file: FileReport) -> None:
        """The links of a file; what came of them stands in its notes."""
        made = known = 0
        lost: list[OwnLink] = []
        for one in bundle.links:
            owner, other = (self._end(text, bundle.workspace) for text in (one.owner, one.other))
            if owner is None or other is None or owner == other or not self._may(owner, other):
                lost.append(one)
            elif self._is_here(owner, other):
                known += 1
            else:
                self._between.add(frozenset((owner, other)))
                self._writer.put(LINKS, self._doc(one, owner, other))
                made += 1
        if made:
            file.notes.append(ngettext("{n} link imported", "{n} links imported", made))
        if known:
            file.notes.append(ngettext("{n} link is already here", "{n} links are already here", known))
        if lost:
            file.notes.append(_lost(lost))

    def _end(self, text: str, workspace: str) -> Ref | None:
        ref = Ref.read(text)
        if ref is None:
            return None
        source = f"{OWN}:{workspace}" if workspace else OWN
        ours = bool(workspace) and workspace == self._session.workspace.settings.get("id")
        return self._links.resolve(WantedLink("", (ref.type,), text, "any"), source, refs=ours)

    def _may(self, owner: Ref, other: Ref) -> bool:
        """Whether the person may link them: edit one of those that were here before the run."""
        here = [self._session.peek(ref) for ref in (owner, other) if ref.type in self._session.workspace.types]
        before = [item for item in here if item is not None]
        may = self._session.access.may
        return len(before) < 2 or any(may("edit", item.type, item.fields) for item in before)

    def _is_here(self, owner: Ref, other: Ref) -> bool:
        if frozenset((owner, other)) in self._between:
            return True
        return any(other in sides(record) for record in links_of(self._session, owner))

    def _doc(self, link: OwnLink, owner: Ref, other: Ref) -> Doc:
        known = link.by in self._session.workspace.people
        doc: Doc = {
            "owner": str(owner),
            "other": str(other),
            "by": link.by if known else self._session.person_key,
            "at": link.at or stamp(self._session.moment()),
        }
        word = " ".join(link.word.split())[: LINK_WORD.most]
        return {**doc, "word": word} if word else doc


def _lost(links: Sequence[OwnLink]) -> str:
    """How many links came to nothing, and the first of them by what they name in the file."""
    told = ngettext(
        "{n} link skipped, because one of its items is neither in the files nor here",
        "{n} links skipped, because one of the items of each is neither in the files nor here",
        len(links),
    )
    which = [f"{link.owner} – {link.other}" for link in links[:_NAMED]]
    if len(links) > _NAMED:
        which.append(_("and {n} more").format(n=len(links) - _NAMED))
    return f"{told}: {', '.join(which)}"
