"""The fields of a card: editing each in its place with an editor that fits its kind."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

from textual.geometry import Region

from tuicrm.domain.card import FieldView
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item
from tuicrm.domain.required import is_empty
from tuicrm.domain.schema import Field
from tuicrm.errors import Refused
from tuicrm.i18n import _
from tuicrm.login import at_home
from tuicrm.render.line import Run
from tuicrm.render.text import wrap
from tuicrm.screens import opening
from tuicrm.screens.asking import question, value_of
from tuicrm.screens.card.item import CardController, CardHost, open_card
from tuicrm.screens.items.actions import copy
from tuicrm.screens.items.alike import AlikeWatch
from tuicrm.screens.items.allowed import why_not_allowed
from tuicrm.screens.items.client import choose_main, people_for
from tuicrm.screens.items.saving import save_fields
from tuicrm.screens.items.stage_moving import choose_stage, move_item
from tuicrm.services.items import attachments, cards, clients, known_clients, timeline
from tuicrm.services.kernel.field_texts import field_value
from tuicrm.services.layouts import layouts
from tuicrm.services.messages.dialling import field_code, has_code
from tuicrm.services.workspace import preferences
from tuicrm.widgets.editors import editor_for
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.question import Answer, Question


class FieldActions(CardController):
    """Reads and edits the field under the cursor."""

    def __init__(self, host: CardHost, pane: FieldPane, open_products: Callable[[], Awaitable[None]]) -> None:
        """`open_products` shows the item's product rows, where they are edited."""
        super().__init__(host)
        self._pane = pane
        self._open_products = open_products
        self.show_empty = False

    def why_not(self, action_id: str) -> str | None:
        if action_id == "field.edit":
            return self._why_not_edit()
        if action_id == "client.main":
            return self._why_not_main() or why_not_allowed(self._session, "edit", self._host.shown.current)
        if action_id == "field.code":
            return self._why_no_code()
        if action_id == "field.read" and (self._pane.field is None or self._pane.field.empty):
            return _("There is no value under the cursor.")
        if action_id == "card.fold" and not self._pane.section_key:
            return _("There is no section here.")
        return None

    async def do_why(self) -> None:
        """Which role decides what may be done with the field under the cursor, and the item; what hides it."""
        from tuicrm.screens.items.why import show_why

        item, shown = self._host.shown.current, self._pane.field
        if item is not None:
            field = shown.key if shown is not None and shown.key in self._session.workspace.fields(item.type) else ""
            await show_why(self._host, item, field if self._pane.has_focus else "")

    def _why_not_edit(self) -> str | None:
        shown = self._pane.field
        if shown is None and self._pane.section_key:
            return None  # a folded section: it opens
        if shown is None:
            return _("There is no field under the cursor.")
        if shown.of:
            return None  # its client's card opens, or it becomes the client
        if shown.read_only and not shown.link:
            return _("{field} cannot be changed by hand.").format(field=shown.label)
        if not self._session.access.may("edit", self._ref.type, self._item.fields):
            return _("You may not change this item.")
        return None

    # -- codes ---------------------------------------------------------------------------------------------------------
    def _why_no_code(self) -> str | None:
        """Why the value under the cursor leads nowhere, as a sentence."""
        item, field = self._led
        if field is None or not has_code(field.traits):
            return _("Only a phone number, an e-mail or web address has a code.")
        return None if _values(item, field) else _("There is no value under the cursor.")

    @property
    def _led(self) -> tuple[Item, Field | None]:
        """The item whose value is under the cursor, this one or its client, and the field that it is of."""
        shown, session = self._pane.field, self._session
        if shown is None:
            return self._item, None
        ref = session.workspace.read_ref(shown.of) if shown.of else None
        client = session.peek(ref) if ref is not None else None
        item = self._item if client is None else client
        return item, session.workspace.fields(item.type).get(shown.key.rpartition("/")[2])

    async def do_field_code(self) -> None:
        """A code for the phone in the hand; of several values, which one is asked."""
        item, field = self._led
        if field is None:
            return
        values = list(dict.fromkeys(_values(item, field)))
        label = self._session.label(field.label)
        if len(values) > 1:
            from tuicrm.widgets.picker import Picker

            values = list(
                await self._host.ask(Picker(self._surface, label, [Choice(one, one) for one in values])) or ()
            )
        if values:
            link, code = field_code(field.traits, values[0])
            await opening.show_code(self._host, f"{label}: {values[0]}", link, code)

    def do_card_show_empty(self) -> None:
        self.show_empty = not self.show_empty
        self._host.draw()

    def do_card_fold(self) -> None:
        """Fold the section under the cursor, or open it; the cursor stays with it."""
        place, key = layouts.place_of(self._session, self._item), self._pane.section_key
        folded = preferences.folded(self._session, place)
        preferences.fold(self._session, place, folded ^ {key})
        opens = key in folded
        first = self._pane.first_of(key) if opens else ""
        self._host.reload(first, key)

    async def do_field_read(self) -> None:
        """The whole of a long value; of what is a client's, all that is known of the client."""
        from tuicrm.widgets.pages import Pages

        shown = self._pane.field
        if shown is not None and shown.of:
            await self._read_client(shown)
        elif shown is not None:
            text = shown.value
            await self._host.ask(
                Pages(self._surface, shown.label, lambda cells: [(Run(line),) for line in wrap(text, cells)])
            )

    def _take_client(self, shown: FieldView) -> None:
        """The one who is recognised becomes the client."""
        session = self._session
        ref = session.workspace.read_ref(shown.of)
        client = session.get(ref) if ref is not None else None
        if client is not None:
            known_clients.take(session, self._item, client)
            self._host.reload(session.workspace.type(self._ref.type).client[0])
            self._host.say_done(_("{client} is the client now").format(client=session.title_of(client)))

    async def _read_client(self, shown: FieldView) -> None:
        """The client's card, to be read over this one."""
        from tuicrm.render.card_text import card_text
        from tuicrm.widgets.pages import Pages

        session = self._session
        ref = session.workspace.read_ref(shown.of)
        if ref is not None:
            client = session.get(ref)
            view, entries = cards.view(session, client), timeline.view(session, ref)
            await self._host.ask(Pages(self._surface, shown.of, lambda cells: card_text(view, entries, cells)))

    def do_copy_value(self) -> None:
        shown, item = self._pane.field, self._host.shown.current
        if shown is not None and self._pane.has_focus:
            copy(self._host, shown.value)
        elif item is not None:
            copy(self._host, self._session.title_of(item))

    def _why_not_main(self) -> str | None:
        fields = clients.client_fields(self._session, self._ref.type)
        shown = self._pane.field
        if fields is None or shown is None or shown.key != fields.people.key:
            return _("Put the cursor on a client's contacts to choose the main one.")
        return None if len(self._item.get(shown.key) or ()) > 1 else _("There are no others to choose from.")

    async def do_client_main(self) -> None:
        shown = self._pane.field
        if shown is None:
            return
        item = self._item
        people = await choose_main(self._host, item.get(shown.key))
        if people is not None and await save_fields(self._host, item, {shown.key: people}):
            self._host.reload()
            self._host.say_done(_("Saved: {field}").format(field=shown.label))

    # -- editing -------------------------------------------------------------------------------------------------------
    async def do_field_edit(self) -> None:
        """`enter` on a link opens it, on a file it writes it out, on a phone it calls; F2 changes these, `enter` the rest."""
        shown = self._pane.field
        if shown is None:
            self.do_card_fold()
            return
        if shown.offered:
            self._take_client(shown)
            return
        if shown.of or (shown.link and self._host.dispatcher.pressed == self._surface.keys.key("field.edit")):
            ref = self._session.workspace.read_ref(shown.of or shown.link)
            if ref is not None:
                open_card(self._host, ref)
            return
        field = self._session.workspace.fields(self._ref.type)[shown.key]
        if (
            field.traits.holds_file
            and self._host.dispatcher.pressed == self._surface.keys.key("field.edit")
            and self._item.get(field.key)
        ):
            await self._write_out(field)
        elif (
            field.traits.is_phone
            and self._host.dispatcher.pressed == self._surface.keys.key("field.edit")
            and (numbers := _values(self._item, field))
        ):
            await opening.call_number(self._host, self._ref, numbers)
        elif field.traits.is_place:
            await self._edit_stage()
        elif field.traits.holds_rows:
            await self._open_products()
        else:
            await self._edit(field)

    async def _edit_stage(self) -> None:
        found = await choose_stage(
            self._host,
            self._ref.type,
            self._item.get("pipeline") or "",
            self._item.get("stage") or "",
        )
        if found is not None and await move_item(self._host, self._ref, found[1], found[0].key):
            self._host.reload()

    async def _write_out(self, field: Field) -> None:
        """Ask where a file goes, and write it there; several go into a folder."""
        value = self._item.get(field.key)
        files = value if isinstance(value, list) else [value]
        only = Path(str(files[0]["name"])).name if len(files) == 1 else ""
        change = self._surface.keys.keys("field.edit")[-1]
        asked = Question(
            "path",
            field.key,
            text=str(Path.home() / only),
            hint=_("where to save it; {key} attaches another file").format(key=change),
        )

        def save(text: str) -> None:
            target = Path(text.strip())
            if len(files) > 1 and not at_home(target).is_dir():
                raise Refused(_("{path} is not a folder; choose one for several files.").format(path=target))
            paths = [attachments.write_out(self._session, one, target) for one in files]
            self._host.say(_("Saved as {path}").format(path=", ".join(map(str, paths))), "done")

        await self._host.asker.edit(editor_for(self._surface, asked), lambda: self._value_region(field.key), save)

    async def _edit(self, field: Field) -> None:
        item = self._item
        asked = question(self._session, field, field_value(item, field), required=self._is_required(field))
        if self._session.workspace.type(item.type).alike:
            asked = AlikeWatch(self._host, item.type, item).over(asked, field)

        async def save(answer: Answer) -> None:
            await self._save(item, field, value_of(self._session, field, answer, item.get(field.key)))

        self._session.here(self._ref, field.key)
        try:
            await self._host.asker.ask_value(asked, lambda: self._value_region(field.key), save)
        finally:
            self._session.here(self._ref)

    def _is_required(self, field: Field) -> bool:
        shown = self._pane.field
        return shown is not None and shown.key == field.key and shown.required

    def _value_region(self, field: str) -> Region | None:
        """Where a field's value stands on the screen; None when it is not on the card, or not in sight."""
        pane = self._pane
        place = pane.place_of(pane.view, field) if pane.view is not None else None
        row = pane.region_of(place) if place is not None and pane.has(place) else None
        if not row:
            return None
        x = pane.region.x + pane.value_x
        return Region(x, pane.region.y + row.y, max(pane.region.right - x, 1), max(row.height, 1))

    async def _save(self, item: Item, field: Field, value: object) -> None:
        """Save one value, asking for what the stage needs besides."""
        label = self._session.label(field.label)
        before = field_value(item, field)
        if value == before or (is_empty(value) and is_empty(before)):
            # Not "saved": `u` would take back something else.
            self._host.say(_("{field} is unchanged").format(field=label))
            return
        values = {field.key: value}
        fields = clients.client_fields(self._session, item.type)
        if fields is not None and field.key == fields.company.key:
            values |= await people_for(self._host, item.type, values, item.get(fields.people.key) or ())
        if await save_fields(self._host, item, values):
            self._host.reload()
            self._host.say_done(_("Saved: {field}").format(field=label))


def _values(item: Item, field: Field) -> list[str]:
    """What a field's values are, as they are kept: numbers, addresses."""
    value = item.get(field.key)
    found = value if isinstance(value, list) else [value]
    return [str(one.get("value") or "") if isinstance(one, dict) else str(one) for one in found if one]
