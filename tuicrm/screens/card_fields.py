"""The fields of a card: editing each in its place with an editor that fits its kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.geometry import Region

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.products import FIELD as PRODUCTS
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.render.line import Run
from tuicrm.render.text import wrap
from tuicrm.screens.alike import AlikeWatch
from tuicrm.screens.asking import question, value_of
from tuicrm.screens.working import Working
from tuicrm.services import attachments, clients, layouts, preferences
from tuicrm.services.field_texts import field_value
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.question import Answer, Question


class FieldActions(Working):
    """The part of the card screen that edits fields."""

    ref: Ref
    item: Item
    fields: FieldPane
    show_empty = False

    def show_card(self) -> None:
        raise NotImplementedError

    def reload(self, field: str = "", section: str = "") -> None:
        raise NotImplementedError

    def open_card(self, ref: Ref) -> None:
        raise NotImplementedError

    async def open_products(self) -> None:
        """Show the item's product rows, where they are edited."""
        raise NotImplementedError

    def why_not(self, action_id: str) -> str | None:
        if action_id == "field.edit":
            return self._why_not_edit()
        if action_id == "client.main":
            return self._why_not_main() or self.why_not_allowed("edit")
        if action_id == "field.read" and (self.fields.field is None or self.fields.field.empty):
            return _("There is no value under the cursor.")
        if action_id == "card.fold" and not self.fields.section_key:
            return _("There is no section here.")
        return super().why_not(action_id)

    def _why_not_edit(self) -> str | None:
        shown = self.fields.field
        if shown is None and self.fields.section_key:
            return None  # a folded section: it opens
        if shown is None:
            return _("There is no field under the cursor.")
        if shown.read_only and not shown.link:
            return _("{field} cannot be changed by hand.").format(field=shown.label)
        if not self.session.access.may("edit", self.ref.type, self.item.fields):
            return _("You may not change this item.")
        return None

    def do_card_show_empty(self) -> None:
        self.show_empty = not self.show_empty
        self.show_card()

    def do_card_fold(self) -> None:
        """Fold the section under the cursor, or open it; the cursor stays with it."""
        place, key = layouts.place_of(self.session, self.item), self.fields.section_key
        folded = preferences.folded(self.session, place)
        preferences.fold(self.session, place, folded ^ {key})
        opens = key in folded
        first = self.fields.first_of(key) if opens else ""
        self.reload(first, key)

    async def do_field_read(self) -> None:
        """The whole of a long value."""
        from tuicrm.widgets.pages import Pages

        shown = self.fields.field
        if shown is not None:
            text = shown.value
            await self.ask(Pages(self.surface, shown.label, lambda cells: [(Run(line),) for line in wrap(text, cells)]))

    def do_copy_value(self) -> None:
        shown = self.fields.field
        if shown is not None and self.fields.has_focus:
            self.copy(shown.value)
        else:
            super().do_copy_value()

    def _why_not_main(self) -> str | None:
        fields = clients.client_fields(self.session, self.ref.type)
        shown = self.fields.field
        if fields is None or shown is None or shown.key != fields.people.key:
            return _("The main one is of a client's contacts: put the cursor on them.")
        return None if len(self.item.get(shown.key) or ()) > 1 else _("There are no others to choose from.")

    async def do_client_main(self) -> None:
        shown = self.fields.field
        if shown is None:
            return
        item = self.item
        people = await self.choose_main(item, item.get(shown.key))
        if people is not None and await self.save_fields(item, {shown.key: people}):
            self.reload()
            self.say_done(_("Saved: {field}").format(field=shown.label))

    # -- editing -------------------------------------------------------------------------------------------------------
    async def do_field_edit(self) -> None:
        """`enter` on a link opens it, on a file it writes it out; F2 changes these, and `enter` changes everything else."""
        shown = self.fields.field
        if shown is None:
            self.do_card_fold()
            return
        if shown.link and self.dispatcher.pressed == self.surface.keys.key("field.edit"):
            ref = self.session.workspace.read_ref(shown.link)
            if ref is not None:
                self.open_card(ref)
            return
        field = self.session.workspace.fields(self.ref.type)[shown.key]
        if (
            field.kind == "file"
            and self.dispatcher.pressed == self.surface.keys.key("field.edit")
            and self.item.get(field.key)
        ):
            await self._write_out(field)
        elif field.kind == "stage" or field.kind == "pipeline":
            await self._edit_stage()
        elif field.kind == PRODUCTS:
            await self.open_products()
        else:
            await self._edit(field)

    async def _edit_stage(self) -> None:
        found = await self.choose_stage(self.ref.type, self.item.get("pipeline") or "", self.item.get("stage") or "")
        if found is not None and await self.move_item(self.ref, found[1], found[0].key):
            self.reload()

    async def _write_out(self, field: Field) -> None:
        """Ask where a file goes, and write it there; several go into a folder."""
        from tuicrm.widgets.editors import editor_for

        value = self.item.get(field.key)
        files = value if isinstance(value, list) else [value]
        only = Path(str(files[0]["name"])).name if len(files) == 1 else ""
        change = self.surface.keys.keys("field.edit")[-1]
        asked = Question(
            "path",
            field.key,
            text=str(Path.home() / only),
            hint=_("where to save it; {key} attaches another file").format(key=change),
        )

        def save(text: str) -> None:
            target = Path(text.strip())
            if len(files) > 1 and not target.expanduser().is_dir():
                raise Refused(_("{path} is no folder; several files need one.").format(path=target))
            paths = [attachments.write_out(self.session, one, target) for one in files]
            self.say(_("Saved as {path}").format(path=", ".join(map(str, paths))), "done")

        await self.asker.edit(editor_for(self.surface, asked), lambda: self._value_region(field.key), save)

    async def _edit(self, field: Field) -> None:
        item = self.item
        asked = question(self.session, field, field_value(item, field), required=self._is_required(field))
        if self.session.workspace.type(item.type).alike:
            asked = AlikeWatch(self, item.type, item).over(asked, field)

        async def save(answer: Answer) -> None:
            await self._save(item, field, value_of(self.session, field, answer, item.get(field.key)))

        self.session.here(self.ref, field.key)
        try:
            await self.asker.ask_value(asked, lambda: self._value_region(field.key), save)
        finally:
            self.session.here(self.ref)

    def _is_required(self, field: Field) -> bool:
        shown = self.fields.field
        return shown is not None and shown.key == field.key and shown.required

    def _value_region(self, field: str) -> Region | None:
        """Where a field's value stands on the screen; None when it is not on the card, or not in sight."""
        pane = self.fields
        place = pane.place_of(pane.view, field) if pane.view is not None else None
        row = pane.region_of(place) if place is not None and pane.has(place) else None
        if not row:
            return None
        x = pane.region.x + pane.value_x
        return Region(x, pane.region.y + row.y, max(pane.region.right - x, 1), max(row.height, 1))

    async def _save(self, item: Item, field: Field, value: Any) -> None:
        """Save one value, asking for what the stage needs besides."""
        label = self.session.label(field.label)
        before = field_value(item, field)
        if value == before or (is_empty(value) and is_empty(before)):
            # Not "saved": `u` would take back something else.
            self.say(_("{field} is as it was").format(field=label))
            return
        values = {field.key: value}
        fields = clients.client_fields(self.session, item.type)
        if fields is not None and field.key == fields.company.key:
            values |= await self.people_for(item.type, values, item.get(fields.people.key) or ())
        if await self.save_fields(item, values):
            self.reload()
            self.say_done(_("Saved: {field}").format(field=label))
