"""Customise mode of the card: sections and fields moved, added, renamed, hidden; each step is kept and can be undone.

First half (issue 2): the common layout of (type, pipeline).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from textual.geometry import Region

from tuicrm.domain import layouts as edits
from tuicrm.domain.card import CardView
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.schema import Layout
from tuicrm.errors import Refused
from tuicrm.i18n import N_, _
from tuicrm.render.fields import Hints, Target
from tuicrm.render.symbols import DOT
from tuicrm.screens.working import Working
from tuicrm.services import layouts
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.question import Question


class CustomiseActions(Working):
    """The part of the card screen that shapes its layout."""

    ref: Ref
    item: Item
    card: CardView
    fields: FieldPane
    customising = False

    def show_card(self, cursor: Target | None = None) -> None:
        raise NotImplementedError

    @property
    def _pipeline(self) -> str:
        pipeline = self.session.workspace.pipeline_of(self.ref.type, self.item.fields)
        return pipeline.key if pipeline else ""

    @property
    def _layout(self) -> Layout:
        return layouts.current(self.session, self.ref.type, self._pipeline)

    # -- in and out ----------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        if action_id == "card.customise" and not layouts.may_edit(self.session):
            return _("You may not change the common layout: an administrator may.")
        if action_id.startswith("customise."):
            return self._why_not_customise(action_id)
        return super().why_not(action_id)

    def _why_not_customise(self, action_id: str) -> str | None:
        on_field = self.fields.field is not None
        if action_id in ("customise.move", "customise.hide") and not on_field:
            return _("The cursor is on a section; put it on a field.")
        if action_id in ("customise.rename", "customise.delete") and not self.fields.section_key:
            return _("There is no section here.")
        if action_id in ("customise.down", "customise.up"):
            return self._why_not_shift(1 if action_id == "customise.down" else -1)
        if action_id == "customise.fields" and not self.card.sections:
            return _("Add a section first: fields stand in sections.")
        return None

    def _why_not_shift(self, step: int) -> str | None:
        sections, at = self.card.sections, self.fields.cursor
        if at is None or not sections:
            return _("There is no section here.")
        if at.section != (len(sections) - 1 if step > 0 else 0):
            return None
        if at.field < 0:
            return _("This is the last section.") if step > 0 else _("This is the first section.")
        if at.field == (len(sections[at.section].fields) - 1 if step > 0 else 0):
            return _("This is the last field.") if step > 0 else _("This is the first field.")
        return None

    def do_card_customise(self) -> None:
        self.customising = True
        self.fields.focus()
        self.show_card()
        self.refresh_hints()
        shown = self.card.place or self.card.noun
        self.say(_("What you see is what everyone gets: the common layout of {place}.").format(place=shown))

    def do_back(self) -> None:
        if self.customising:
            self.customising = False
            self.show_card()
            self.refresh_hints()
        else:
            super().do_back()

    def field_hints(self) -> Hints:
        """What can be done with the field or section under the cursor, with the keys as they are bound."""
        keys = self.surface.keys
        move = f"{keys.key('customise.down')} {keys.key('customise.up')} {_('move')}"
        hide = f"{keys.key('customise.hide')} {_('hide')}"
        rename, delete = (f"{keys.key(f'customise.{what}')} {_(what)}" for what in (N_("rename"), N_("delete")))
        return Hints(
            keys.key("card.show_empty"), f" {DOT} ".join((move, rename, delete)), f" {DOT} ".join((move, hide))
        )

    def footer_hints(self) -> Iterable[Hint]:
        """`esc` ends this mode, and says so."""
        found = list(super().footer_hints())
        if self.scope_here == self.fields.scope == "customise":
            found.insert(1, Hint(self.surface.keys.key("back"), _("finish"), True))
        return found

    # -- steps ---------------------------------------------------------------------------------------------------------
    def _keep(self, label: str, step: Callable[[Layout], Layout], field: str = "", section: str = "") -> None:
        """Keep one step; the cursor goes to what it moved."""
        layouts.edit(self.session, self.ref.type, self._pipeline, label, step)
        self.reload()
        place = self.fields.place_of(self.card, field, section)
        if place is not None:
            self.show_card(place)

    def do_customise_down(self) -> None:
        self._shift(1)

    def do_customise_up(self) -> None:
        self._shift(-1)

    def _shift(self, step: int) -> None:
        field, section = self.fields.field, self.fields.section_key
        if field is not None:
            key = field.key
            label = _("move the field {field}").format(field=field.label)
            self._keep(label, lambda layout: edits.move_field(layout, key, step), field=key)
        elif section:
            label = _("move the section {section}").format(section=self._title(section))
            self._keep(label, lambda layout: edits.move_section(layout, section, step), section=section)

    def do_customise_hide(self) -> None:
        field = self.fields.field
        if field is not None:
            key, section = field.key, self.fields.section_key
            shown = next((each.fields for each in self.card.sections if each.key == section), ())
            beside = _beside([each.key for each in shown], key)
            label = _("hide the field {field}").format(field=field.label)
            self._keep(label, lambda layout: edits.hide_field(layout, key), beside, section)
            self.say_done(_("{field} is hidden; its value stays").format(field=field.label))

    async def do_customise_move(self) -> None:
        from tuicrm.widgets.picker import Picker

        field = self.fields.field
        if field is None:
            return
        choices = [Choice(str(at), section.title) for at, section in enumerate(self.card.sections)]
        chosen = await self.ask(Picker(self.surface, _("Move {field} to").format(field=field.label), choices))
        if chosen:
            key, target = field.key, self.card.sections[int(chosen[0])].key
            label = _("move the field {field}").format(field=field.label)
            self._keep(label, lambda layout: edits.place_field(layout, key, _index(layout, target)), field=key)

    # -- sections ------------------------------------------------------------------------------------------------------
    async def do_customise_add(self) -> None:
        key = layouts.new_section_key()

        def save(title: str) -> None:
            name = _named(title)
            self._keep(
                _("add the section {section}").format(section=name),
                lambda layout: edits.add_section(layout, key, name),
                section=key,
            )

        await self._ask_title(_("name of the new section"), "", save)

    async def do_customise_rename(self) -> None:
        key = self.fields.section_key
        old = self._title(key)

        def save(title: str) -> None:
            name = _named(title)
            self._keep(
                _("rename the section {section}").format(section=old),
                lambda layout: edits.rename_section(layout, key, name),
                section=key,
            )

        await self._ask_title(_("name of the section"), old, save)

    def do_customise_delete(self) -> None:
        key = self.fields.section_key
        title = self._title(key)
        beside = _beside([section.key for section in self.card.sections], key)
        label = _("delete the section {section}").format(section=title)
        self._keep(label, lambda layout: edits.delete_section(layout, key), section=beside)
        self.say_done(_("{section} is deleted; its fields are hidden").format(section=title))

    def _title(self, key: str) -> str:
        return next((section.title for section in self.card.sections if section.key == key), "")

    async def _ask_title(self, label: str, text: str, save: Callable[[str], None]) -> None:
        from tuicrm.widgets.editors import editor_for

        pane = self.fields
        row = pane.region_of(pane.cursor) if pane.cursor is not None else Region(0, 0, pane.size.width, 1)
        place = Region(pane.region.x, pane.region.y + row.y, pane.region.width, 1)
        await self.edit(editor_for(self.surface, Question("title", label, text=text, hint=label)), place, save)

    # -- which fields --------------------------------------------------------------------------------------------------
    async def do_customise_fields(self) -> None:
        """Tick from the complete list, searchable; those that come back stand at the end of the cursor's section."""
        from tuicrm.widgets.picker import Picker

        layout, label = self._layout, self.session.label
        shown = tuple(placed.field for section in layout.sections for placed in section.fields)
        titles = {p.field: label(section.title) for section in layout.sections for p in section.fields}
        fields = self.session.workspace.fields(self.ref.type).values()
        choices = [
            Choice(field.key, label(field.label), titles.get(field.key, _("hidden")))
            for field in fields
            if self.session.access.sees(field)
        ]
        picker = Picker(self.surface, _("Fields on the card"), choices, chosen=shown, many=True, optional=True)
        chosen = await self.ask(picker)
        if chosen is None:
            return
        section = self.fields.section_key or layout.sections[0].key
        # What others may see and this person may not stays as it is.
        unseen = [field.key for field in fields if not self.session.access.sees(field)]

        def choose(before: Layout) -> Layout:
            kept = [key for key in unseen if edits.where(before, key) is not None]
            return edits.choose_fields(before, _index(before, section), [*chosen, *kept])

        self._keep(_("select fields"), choose, field=self.fields.field_key, section=section)


def _index(layout: Layout, key: str) -> int:
    """Where a section stands. Raises NoSuchPlace when someone took it away."""
    for at, section in enumerate(layout.sections):
        if section.key == key:
            return at
    raise edits.NoSuchPlace(key)


def _beside(keys: Sequence[str], key: str) -> str:
    """The key after it, or at the end the one before: where the cursor goes when it is taken away; "" for none."""
    at = keys.index(key)
    return next(iter((*keys[at + 1 : at + 2], *keys[max(at - 1, 0) : at])), "")


def _named(title: str) -> str:
    name = " ".join(title.split())
    if not name:
        raise Refused(_("A section needs a name."))
    return name
