"""The fields of a card: editing each in its place with an editor that fits its kind."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.geometry import Region

from tuicrm.domain.items import Item, Ref
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.screens.asking import question, value_of
from tuicrm.screens.working import Working
from tuicrm.services import attachments
from tuicrm.services.cards import field_value
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

    def open_card(self, ref: Ref) -> None:
        raise NotImplementedError

    def why_not(self, action_id: str) -> str | None:
        if action_id == "field.edit":
            return self._why_not_edit()
        return super().why_not(action_id)

    def _why_not_edit(self) -> str | None:
        shown = self.fields.field
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

    def do_copy_value(self) -> None:
        shown = self.fields.field
        if shown is not None and self.fields.has_focus:
            self.copy(shown.value)
        else:
            super().do_copy_value()

    # -- editing -------------------------------------------------------------------------------------------------------
    async def do_field_edit(self) -> None:
        """`enter` on a link opens it, on a file it writes it out; F2 changes these, and `enter` changes everything else."""
        shown = self.fields.field
        if shown is None:
            return
        if shown.link and self.pressed == self.surface.keys.key("field.edit"):
            ref = self.session.workspace.read_ref(shown.link)
            if ref is not None:
                self.open_card(ref)
            return
        field = self.session.workspace.fields(self.ref.type)[shown.key]
        if field.kind == "file" and self.pressed == self.surface.keys.key("field.edit") and self.item.get(field.key):
            await self._write_out(field)
        elif field.kind == "stage" or field.kind == "pipeline":
            await self._edit_stage()
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

        await self.edit(editor_for(self.surface, asked), self._value_region(), save)

    async def _edit(self, field: Field) -> None:
        item = self.item
        asked = question(self.session, field, field_value(item, field), required=self._is_required(field))

        async def save(answer: Answer) -> None:
            await self._save(item, field, value_of(self.session, field, answer, item.get(field.key)))

        self.session.here(self.ref, field.key)
        try:
            await self.ask_value(asked, self._value_region(), save)
        finally:
            self.session.here(self.ref)

    def _is_required(self, field: Field) -> bool:
        shown = self.fields.field
        return shown is not None and shown.key == field.key and shown.required

    def _value_region(self) -> Region:
        """Where the value under the cursor stands on the screen."""
        pane = self.fields
        if pane.cursor is None:
            return pane.region
        row = pane.region_of(pane.cursor)
        x = pane.region.x + pane.value_x
        return Region(x, pane.region.y + row.y, max(pane.region.right - x, 1), max(row.height, 1))

    async def _save(self, item: Item, field: Field, value: Any) -> None:
        """Save one value, asking for what the stage needs besides."""
        label = self.session.label(field.label)
        before = field_value(item, field)
        if value == before or (is_empty(value) and is_empty(before)):
            # Not "saved": `u` would take back something else.
            self.say(_("{field} is as it was").format(field=label))
        elif await self.save_fields(item, {field.key: value}):
            self.reload()
            self.say_done(_("Saved: {field}").format(field=label))
