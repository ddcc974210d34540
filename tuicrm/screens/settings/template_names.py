"""The names that can stand in a template's file, with the value they have on an item; copied with a key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.errors import CrmError
from tuicrm.i18n import _
from tuicrm.render.compose import spread
from tuicrm.render.line import Line, Run
from tuicrm.render.text import clean, cut
from tuicrm.services.documents.item_values import ItemValues
from tuicrm.services.documents.nameable import Nameable
from tuicrm.services.documents.names import catalogue
from tuicrm.services.kernel.session import Session
from tuicrm.services.search.name_lookup import find_items
from tuicrm.widgets.chooser import Chooser
from tuicrm.widgets.fuzzy import find
from tuicrm.widgets.keyed import Keyed
from tuicrm.widgets.pane_moves import ListMoves
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.surface import Surface


class NamesChooser(Chooser[Nameable, str]):
    """Ends with the placeholder that was chosen. The key that copies copies it once one walked down the list: before, it is typed."""

    scope = "names"
    cells = 100

    def __init__(self, surface: Surface, title: str, known: Sequence[Nameable], values: ItemValues | None) -> None:
        super().__init__(surface, title, passing=surface.keys.keys("names.copy"))
        self._known, self._values = known, values
        self._texts = [f"{one.name} {one.group} {one.label}".casefold() for one in known]
        self._seen: dict[str, str] = {}

        def walked() -> None:
            self.input.passes = True

        self.input.passes = False
        self.controllers = (ListMoves(self.list.moves, walked),)

    def lines_wanted(self) -> int:
        return len(self._known)

    def look_for(self, typed: str) -> None:
        self.offer([self._known[at] for at in find(typed, self._texts)] if typed.strip() else self._known)

    def on_input_changed(self) -> None:
        self.input.passes = False
        super().on_input_changed()

    def draw(self, thing: Nameable, cells: int) -> Line:
        name = Run(cut(placeholder(thing), cells // 2), "value")
        label = Run(f"  {cut(f'{thing.group}: {thing.label}', cells // 3)}", "faint")
        value = Run(cut(self._value(thing), max(cells // 4, 8)), "dim")
        return spread((Run("  "), name, label), (value,), cells - 1)

    def _value(self, thing: Nameable) -> str:
        """Its value on the item, read when its line is drawn."""
        if self._values is None:
            return ""
        if thing.name not in self._seen:
            row = 0 if thing.list_name and self._values.count(thing.list_name) else None
            try:
                self._seen[thing.name] = clean(" ".join(self._values.text(thing.name, "", row).split()))
            except CrmError:
                self._seen[thing.name] = ""
        return self._seen[thing.name]

    def choose(self, thing: Nameable | None) -> None:
        if thing is not None:
            self.leave(placeholder(thing))

    def do_names_copy(self) -> None:
        if self.current is not None:
            copy_to(self.host, placeholder(self.current))


def placeholder(one: Nameable) -> str:
    """`{Title}`."""
    return f"{{{one.name}}}"


async def choose_names(host: Keyed[Any], session: Session, types: Sequence[str], language: str) -> None:
    """Ask on which item of some types the values are to be shown, and list the names; what is chosen is copied. `language` is that of
    the values."""
    if not types:
        host.say(_("This item type was removed by someone. Choose another."))
        return
    chosen = await host.ask(_item_picker(host, session, types, _("Values of which item"), optional=True))
    if chosen is None:
        return
    ref = Ref.read(chosen[0]) if chosen else None
    type_key = ref.type if ref is not None else types[0]
    values = ItemValues(session, ref, language=language) if ref is not None else None
    noun = session.label(session.workspace.type(type_key).plural).lower()
    shown = session.workspace.show_ref(ref) if ref is not None else noun
    title = _("Names for placeholders: {item}").format(item=shown)
    named = await host.ask(NamesChooser(host.surface, title, catalogue(session, type_key), values))
    if named:
        copy_to(host, named)


async def ask_item(host: Keyed[Any], session: Session, types: Sequence[str], title: str) -> Ref | None:
    """An item of some types; None when left."""
    chosen = await host.ask(_item_picker(host, session, types, title))
    return Ref.read(chosen[0]) if chosen else None


def _item_picker(
    host: Keyed[Any], session: Session, types: Sequence[str], title: str, *, optional: bool = False
) -> Picker:
    def search(text: str) -> Sequence[Choice]:
        return find_items(session, text, types)

    return Picker(host.surface, title, search=search, optional=optional)


def copy_to(host: Keyed[Any], text: str) -> None:
    """Copy a placeholder and say which."""
    host.app.copy_to_clipboard(text)
    host.say(_("Copied: {text}").format(text=text), "done")
