"""Customise mode of the card: sections and fields moved, added, renamed, hidden; each step is kept and can be undone.

What is shaped is the layout in use; one's own, begun from it, for who may not change what all have; or a view chosen from the list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Region

from tuicrm.actions import CARD, CUSTOMISE
from tuicrm.domain import layouts as edits
from tuicrm.domain.card import CardView
from tuicrm.domain.context import Choice
from tuicrm.domain.items import Item, Ref
from tuicrm.domain.layout_use import Place, Use
from tuicrm.domain.schema import Field, Layout, Pipeline
from tuicrm.errors import NotFound, Refused
from tuicrm.i18n import N_, _
from tuicrm.render.fields import Hints, Target
from tuicrm.render.symbols import DOT
from tuicrm.screens.defining import Defining
from tuicrm.screens.working import Working
from tuicrm.services import field_changes, layouts
from tuicrm.services.field_placing import Spot
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.question import Question


class CustomiseActions(Defining, Working):
    """The part of the card screen that shapes its layout."""

    ref: Ref
    item: Item
    card: CardView
    fields: FieldPane
    customising = False
    chosen: Use | None = None
    """The view that was chosen for shaping; None for what this person shapes anyway."""

    def show_card(self, cursor: Target | None = None) -> None:
        raise NotImplementedError

    def reload(self, field: str = "", section: str = "") -> None:
        raise NotImplementedError

    # -- which layout --------------------------------------------------------------------------------------------------
    @property
    def place(self) -> Place:
        """Where the card's layout holds."""
        return layouts.place_of(self.session, self.item)

    @property
    def shaped(self) -> Use:
        """The layout that is shaped, as it is kept now."""
        try:
            return layouts.as_kept(self.session, self.place, self.chosen)
        except NotFound:
            self.chosen = None
            return layouts.as_kept(self.session, self.place)

    @property
    def layout_shown(self) -> Use | None:
        """The layout that the card shows where that is not the one in use."""
        shaped = self.shaped if self.customising else None
        # One's own that is not begun yet is still the one in use.
        return shaped if shaped is not None and shaped.kept is not None else None

    @property
    def _layout(self) -> Layout:
        return layouts.current(self.session, self.place, self.shaped)

    def footer_state(self) -> tuple[str, str]:
        """The layout that the card has, and the key that tells why."""
        if self.scope_here not in (*CARD, CUSTOMISE):
            return "", ""
        return self.surface.keys.key("card.layout"), self.card.layout

    # -- in and out ----------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        if action_id == "card.customise":
            return layouts.why_not_edit(self.session, layouts.target(self.session, self.place))
        if action_id.startswith("customise."):
            return self._why_not_customise(action_id)
        return self.why_not_define(action_id) or super().why_not(action_id)

    def _why_not_customise(self, action_id: str) -> str | None:
        on_field = self.fields.field is not None
        if action_id in ("customise.move", "customise.hide") and not on_field:
            return _("The cursor is on a section; put it on a field.")
        if action_id == "customise.delete" and on_field:
            return self._why_not_delete()
        if action_id in ("customise.rename", "customise.delete") and not self.fields.section_key:
            return _("There is no section here.")
        if action_id == "customise.rename" and on_field:
            return field_changes.why_not_define(self.session)
        if action_id in ("customise.down", "customise.up"):
            return self._why_not_shift(1 if action_id == "customise.down" else -1)
        if action_id == "customise.fields" and not self.card.sections:
            return _("Add a section first: fields stand in sections.")
        return self._why_not_whole(action_id)

    def _why_not_delete(self) -> str:
        """`D` on a field: it would take its values along, so it is done elsewhere."""
        keys, field = self.surface.keys, self.defined_field()
        hide = keys.key("customise.hide")
        if field is not None and not field.custom:
            return _("System fields can only be hidden: {key}.").format(key=hide)
        return _("{hide} hides a field; it is deleted, with its values, in the settings: {goto}.").format(
            hide=hide, goto=keys.key("goto")
        )

    def _why_not_whole(self, action_id: str) -> str | None:
        """What is about the layout as a whole."""
        use = self.shaped
        if action_id == "customise.everyone":
            return layouts.why_not_edit(self.session, Use("common", use.layout))
        if action_id == "customise.personal":
            if use.kind == "personal" and use.kept is not None:
                return _("This is your own layout already.")
            return layouts.why_not_edit(self.session, Use("personal", use.layout))
        if action_id == "customise.reset" and use.kept is None:
            return _("This is the built-in layout: there is nothing beneath it.")
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
        self.customising, self.chosen = True, None
        self.fields.focus()
        self.reload()
        self.say(self._what_is_shaped())

    def _what_is_shaped(self) -> str:
        """Whose cards the next steps change."""
        use, shown = self.shaped, self.card.place or self.card.noun
        if use.kind == "view":
            return _("What you see is what those get who have the view {name}.").format(name=use.name)
        if use.kind == "personal":
            return _("You arrange a layout of your own; others keep theirs.")
        return _("What you see is what everyone gets: the common layout of {place}.").format(place=shown)

    def do_back(self) -> None:
        if self.customising:
            self.customising, self.chosen = False, None
            self.reload()
        else:
            self.leave()

    def field_hints(self) -> Hints:
        """What can be done with the field or section under the cursor, with the keys as they are bound."""
        keys = self.surface.keys
        move = f"{keys.key('customise.down')} {keys.key('customise.up')} {_('move')}"
        hide = f"{keys.key('customise.hide')} {_('hide')}"
        rename, delete = (f"{keys.key(f'customise.{what}')} {_(what)}" for what in (N_("rename"), N_("delete")))
        configure = f"{keys.key('field.configure')} {_('configure')}"
        return Hints(
            keys.key("card.show_empty"),
            keys.key("card.fold"),
            _wordings(move, rename, delete),
            _wordings(move, hide, configure),
        )

    def with_finish(self, found: list[Hint]) -> list[Hint]:
        """`esc` ends this mode, and says so."""
        if self.scope_here == self.fields.scope == "customise":
            found.insert(1, Hint(self.surface.keys.key("back"), _("finish"), True))
        return found

    # -- steps ---------------------------------------------------------------------------------------------------------
    def _keep(self, label: str, step: Callable[[Layout], Layout], field: str = "", section: str = "") -> None:
        """Keep one step; the cursor goes to what it moved."""
        layouts.edit(self.session, self.place, label, step, self.chosen)
        self.reload(field, section)

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
        choices = [Choice(section.key, section.title) for section in self.card.sections]
        chosen = await self.ask(Picker(self.surface, _("Move {field} to").format(field=field.label), choices))
        if chosen:
            key, target = field.key, chosen[0]
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
        if self.fields.field is not None:
            await self._rename_field(self.fields.field.key)
            return
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

    async def _rename_field(self, key: str) -> None:
        """A field has one name wherever it stands."""
        old = self.session.label(self.session.workspace.fields(self.ref.type)[key].label)

        def save(label: str) -> None:
            field_changes.change_field(self.session, self.ref.type, key, label=label)
            self.reload(key)

        await self._ask_title(_("Field"), old, save)

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

        def where() -> Region:
            row = pane.region_of(pane.cursor) if pane.cursor is not None and pane.has(pane.cursor) else Region()
            return Region(pane.region.x, pane.region.y + row.y, pane.region.width, 1)

        await self.asker.edit(editor_for(self.surface, Question("title", label, text=text, hint=label)), where, save)

    # -- which fields --------------------------------------------------------------------------------------------------
    async def do_customise_fields(self) -> None:
        """Tick from the complete list, searchable; those that come back stand at the end of the cursor's section."""
        from tuicrm.screens.field_picker import FieldPicker

        layout = self._layout
        shown = [placed.field for section in layout.sections for placed in section.fields]
        picker = FieldPicker(self.session, self.surface, self.ref.type, layout)
        chosen = await self.ask(picker)
        if chosen is None:
            return
        section = self.fields.section_key or layout.sections[0].key
        added, dropped = [key for key in chosen if key not in shown], {key for key in shown if key not in chosen}

        def choose(before: Layout) -> Layout:
            # Only what was ticked and unticked: what others did meanwhile stays, and what this person may not see.
            now = [placed.field for each in before.sections for placed in each.fields if placed.field not in dropped]
            return edits.choose_fields(before, _index(before, section), [*now, *added])

        self._keep(_("select fields"), choose, field=self.fields.field_key, section=section)

    # -- fields themselves (`Defining`) --------------------------------------------------------------------------------
    def defined_type(self) -> str:
        return self.ref.type

    def defined_field(self) -> Field | None:
        shown = self.fields.field
        return self.session.workspace.field(self.ref.type, shown.key) if shown is not None else None

    def defined_pipeline(self) -> Pipeline | None:
        return self.session.workspace.pipeline_of(self.ref.type, self.item.fields)

    def spot(self) -> Spot:
        return Spot(self.place, self.shaped, self.fields.section_key, self.fields.field_key)

    def fields_changed(self, key: str) -> None:
        self.reload(key)

    # -- the layout as a whole -----------------------------------------------------------------------------------------
    async def do_card_layout(self) -> None:
        """Which layout the card has and why; another one of those this person may use."""
        from tuicrm.screens.layout_picker import LayoutPicker

        chosen = await self.ask(LayoutPicker(self.session, self.surface, self.place))
        if not chosen:
            return
        self.chosen = None
        if chosen[0] == LayoutPicker.NEW:
            layouts.begin_personal(self.session, self.place)
        else:
            layouts.switch(self.session, self.place, LayoutPicker.choice(chosen[0]))
        self.reload()
        self.say(_("Now this card has: {layout}").format(layout=self.card.layout), "done")

    def do_customise_everyone(self) -> None:
        whose = layouts.set_for_everyone(self.session, self.place, self.shaped)
        self.chosen = None
        self.reload()
        self.say_done(layouts.told_everyone(whose))

    def do_customise_personal(self) -> None:
        layouts.begin_personal(self.session, self.place, self.shaped)
        self.chosen = None
        self.reload()
        self.say_done(_("This is your own layout now; others keep theirs."))

    def do_customise_reset(self) -> None:
        layouts.reset(self.session, self.place, self.shaped)
        self.reload()
        self.say_done(_("Reset; now this card has: {layout}").format(layout=self.card.layout))

    async def do_customise_tabs(self) -> None:
        from tuicrm.screens.tab_list import Tabs

        await self.ask(Tabs(self.session, self.surface, self.place, self.reload, self.chosen))

    async def do_customise_views(self) -> None:
        from tuicrm.screens.view_list import Views

        views = Views(self.session, self.surface, self.place, self.reload, self._shape, self.shaped)
        await self.ask(views)

    def _shape(self, use: Use) -> None:
        """Go on with a view."""
        layouts.require_edit(self.session, use)
        self.customising, self.chosen = True, use
        self.reload()
        self.say(self._what_is_shaped())


def _wordings(*words: str) -> tuple[str, ...]:
    """All of it, then less and less."""
    return tuple(f" {DOT} ".join(words[:count]) for count in range(len(words), 0, -1))


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
