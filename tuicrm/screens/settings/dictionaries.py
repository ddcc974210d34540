"""The dictionaries of the workspace, and the entries of one: names, order, which are offered."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.schema import Option
from tuicrm.errors import NotFound
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOT
from tuicrm.screens.arranging import Arranging, arrange, ask_name
from tuicrm.services.definitions import dictionaries
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.surface import Surface


class Dictionaries(Arranging):
    """All dictionaries."""

    scope = "dictionaries"
    steps = ("dictionaries.", "customise.")

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.title = _("Dictionaries")
        self.empty = _("No dictionaries yet: {key} adds one.").format(key=surface.keys.key("dictionaries.new"))

    def rows(self) -> Sequence[ArrangerRow]:
        return [
            ArrangerRow(
                one.key, self.session.label(one.label), "", ngettext("{n} entry", "{n} entries", len(one.entries))
            )
            for one in dictionaries.dictionaries(self.session)
        ]

    def told(self) -> str:
        """Which fields choose from the one under the cursor."""
        label, types = self.session.label, self.session.workspace.types
        uses = dictionaries.seen_uses(self.session, self.current)
        names = [f"{label(types[use.type].plural)}: {label(use.field.label)}" for use in uses]
        return f" {DOT} ".join(names) or (_("not used by any field") if self.current else "")

    def why_no_step(self, action_id: str) -> str | None:
        if action_id.startswith("customise."):
            return _("Dictionaries cannot be reordered.")
        if action_id != "dictionaries.new" and not self.current:
            return self.empty
        if action_id == "dictionaries.open":
            return None
        reason = dictionaries.why_not_change(self.session)
        if reason is None and action_id == "dictionaries.delete":
            reason = dictionaries.why_not_delete(self.session, self.current)
        return reason

    async def do_dictionaries_new(self) -> None:
        name = await ask_name(self.host, _("New dictionary"))
        if name is not None:
            made: list[str] = []
            self.step(lambda: made.append(dictionaries.add_dictionary(self.session, name).key))
            self.again(next(iter(made), ""))

    async def do_dictionaries_open(self) -> None:
        await arrange(self.host, Entries(self.session, self.surface, self.current), self.again)

    async def do_dictionaries_rename(self) -> None:
        key = self.current
        found = dictionaries.find_dictionary(self.session, key)
        name = await ask_name(self.host, _("Rename the dictionary"), self.session.label(found.label))
        if name is not None:
            self.step(lambda: dictionaries.rename_dictionary(self.session, key, name))

    def do_dictionaries_delete(self) -> None:
        self.step(lambda: dictionaries.delete_dictionary(self.session, self.current))


class Entries(Arranging):
    """The entries of a dictionary, shaped with the keys of a list's options."""

    scope = "options"
    steps = ("options.", "customise.")

    def __init__(self, session: Session, surface: Surface, key: str) -> None:
        found = dictionaries.find_dictionary(session, key)
        super().__init__(session, surface)
        self.title = session.label(found.label)
        self._key = key
        self._counts = dictionaries.seen_counts(session, key)
        self.empty = _("No entries yet: {key} adds one.").format(key=surface.keys.key("options.new"))

    def why_gone(self) -> str:
        there = self._key in self.session.workspace.dictionaries
        return "" if there else _("This dictionary was deleted by someone. Choose another.")

    def follow(self) -> None:
        self._counts = dictionaries.seen_counts(self.session, self._key)
        super().follow()

    @property
    def _entries(self) -> Sequence[Option]:
        found = self.session.workspace.dictionaries.get(self._key)
        return found.entries if found else ()

    @property
    def _entry(self) -> Option:
        """The one under the cursor. Raises NotFound."""
        for entry in self._entries:
            if entry.key == self.current:
                return entry
        raise NotFound(_("This entry was deleted by someone."))

    def rows(self) -> Sequence[ArrangerRow]:
        return [
            ArrangerRow(entry.key, self.session.label(entry.label), "", self._detail(entry), faint=entry.retired)
            for entry in self._entries
        ]

    def _detail(self, entry: Option) -> str:
        count = self._counts[entry.key]
        used = ngettext("{n} item", "{n} items", count) if count else ""
        return f" {DOT} ".join(filter(None, (_("retired") if entry.retired else "", used)))

    def told(self) -> str:
        if self.current in dictionaries.system_entries(self._key):
            return _("built in: it can be renamed or retired, but not deleted")
        return ""

    def why_no_step(self, action_id: str) -> str | None:
        if action_id == "options.default":
            return _("A dictionary has no default; set one in the fields that use it.")
        if action_id != "options.new" and not self.current:
            return self.empty
        if action_id == "options.delete" and self.current in dictionaries.system_entries(self._key):
            return dictionaries.why_not_change(self.session) or self.told()
        return dictionaries.why_not_change(self.session)

    async def do_options_new(self) -> None:
        label = await ask_name(self.host, _("New entry"))
        if label is not None:
            made: list[str] = []
            self.step(lambda: made.append(dictionaries.add_entry(self.session, self._key, label).key))
            self.again(next(iter(made), ""))

    async def do_options_rename(self) -> None:
        entry = self._entry
        label = await ask_name(self.host, _("Rename the entry"), self.session.label(entry.label))
        if label is not None:
            self.step(lambda: dictionaries.rename_entry(self.session, self._key, entry.key, label))

    def do_options_retire(self) -> None:
        entry = self._entry
        self.step(lambda: dictionaries.retire_entry(self.session, self._key, entry.key, back=entry.retired))

    def do_options_default(self) -> None:
        """Never done: `why_not` says that there is nothing to do."""

    def do_options_delete(self) -> None:
        entry = self._entry
        name = self.session.label(entry.label)

        def delete() -> None:
            if not dictionaries.delete_entry(self.session, self._key, entry.key):
                self.host.say(
                    _("{option} is in use, so it was retired: it is still shown where used.").format(option=name)
                )

        self.step(delete)

    def do_customise_down(self) -> None:
        self.step(lambda: dictionaries.move_entry(self.session, self._key, self.current, 1))

    def do_customise_up(self) -> None:
        self.step(lambda: dictionaries.move_entry(self.session, self._key, self.current, -1))
