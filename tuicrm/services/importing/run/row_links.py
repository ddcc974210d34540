"""What the links of rows lead to: items that are here, rows of this run, or nothing yet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tuicrm.domain.importing import RemarkKind
from tuicrm.domain.items import Ref
from tuicrm.i18n import _, ngettext
from tuicrm.services.importing.entries import EntryTable, ImportEntry, WantedLink
from tuicrm.services.importing.remarks import Remarks
from tuicrm.services.importing.run.files import FileToRead, OpenedFiles
from tuicrm.services.importing.run.linking import Links
from tuicrm.services.importing.run.product_rows import with_product
from tuicrm.services.kernel.session import Session


class RowLinks:
    """The links of a run's rows."""

    def __init__(self, session: Session, remarks: Remarks, opened: OpenedFiles) -> None:
        self.known = Links(session, addresses=opened.names_addresses())
        """What can be named so far."""
        self._remarks = remarks
        self._reports = opened.reports
        self._to_come: Counter[str] = Counter(work.table.item_type.key for work in opened.work)
        self._by_domain: Counter[str] = Counter()

    def was_read(self, type_key: str) -> None:
        """One more table of a type was read to its end."""
        self._to_come[type_key] -= 1

    def all_read(self) -> None:
        """No rows are to come any more."""
        self._to_come.clear()

    def may_come(self, link: WantedLink, table: EntryTable) -> bool:
        """Whether a link leads nowhere yet, and rows of its types are still to be read; what is known by its domain is known when all
        are read that may have it too."""
        still = any(self._to_come[key] > 0 for key in link.types)
        return still and (link.by == "own domain" or self._resolve(link, table) is None)

    def _resolve(self, link: WantedLink, table: EntryTable) -> Ref | None:
        return self.known.resolve(link, table.source, refs=table.refs_are_ours)

    def linked(self, work: FileToRead, entry: ImportEntry, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values with what the links name; a link that names nothing is left out and remarked."""
        table, linked = work.table, dict(values)
        fields = {field.key: field for field in table.item_type.fields}
        missing: dict[str, WantedLink] = {}
        for link in entry.links:
            field, ref = fields[link.field], self._resolve(link, table)
            if field.traits.holds_rows:
                linked[link.field] = with_product(linked[link.field], link.text, ref)
                if ref is None:
                    self._remarks.add("link", table.item_type.key, link.field, link.text, _("imported as free text"))
            elif ref is None:
                missing.setdefault(f"{link.field}\0{link.text}" if field.many else link.field, link)
            elif field.many:
                found = linked.setdefault(link.field, [])
                if str(ref) not in found:
                    linked[link.field] = [*found, str(ref)]
            elif link.field not in linked:
                linked[link.field] = str(ref)
                if link.by == "own domain":
                    self._by_domain[work.file.name] += 1
            elif linked[link.field] != str(ref):
                self._remarks.add("further", table.item_type.key, link.field, link.text, _("not imported"))
        for link in missing.values():
            # Of several ways to name the one item of a field, one is enough.
            if fields[link.field].many or link.field not in linked:
                self._missing(link, table)
        return linked

    def _missing(self, link: WantedLink, table: EntryTable) -> None:
        """Tell of a link that leads nowhere; a domain that no company has is nothing to tell of."""
        several = self.known.names_several(link)
        if several or link.by != "own domain":
            kind: RemarkKind = "several" if several else "link"
            self._remarks.add(kind, table.item_type.key, link.field, link.text, _("left empty"))

    def lost(self, table: EntryTable, entry: ImportEntry, values: Mapping[str, Any]) -> list[WantedLink]:
        """The links of a row that led nowhere, and whose fields still have room."""
        fields = {field.key: field for field in table.item_type.fields}
        roomy = [one for one in entry.links if fields[one.field].traits.names_items]
        wanting = [one for one in roomy if fields[one.field].many or one.field not in values]
        return [one for one in wanting if self._resolve(one, table) is None and not self.known.names_several(one)]

    def tell_domains(self) -> None:
        """Nobody said what was found by a domain: it is told."""
        for file in self._reports:
            if count := self._by_domain[file.name]:
                told = ngettext(
                    "{n} row is linked to the company that has the domain of its e-mail address",
                    "{n} rows are linked to the companies that have the domains of their e-mail addresses",
                    count,
                )
                file.notes.append(told)
