"""Customise mode of the card: sections and fields moved, added, renamed, hidden; each step is kept and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from textual.geometry import Region

from tuicrm.domain import layouts as edits
from tuicrm.domain.context import Choice
from tuicrm.domain.schema import Field, Layout, Pipeline
from tuicrm.errors import Refused
from tuicrm.i18n import N_, _
from tuicrm.render.fields import Hints
from tuicrm.render.symbols import DOT, INTO
from tuicrm.screens.card.item import CardController, CardHost
from tuicrm.screens.card.shaping import CardShaping
from tuicrm.screens.places import places
from tuicrm.services.definitions import field_changes
from tuicrm.services.definitions.field_placing import Spot
from tuicrm.services.layouts import layouts
from tuicrm.widgets.field_drag import FieldDropped
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.footer import Hint
from tuicrm.widgets.question import Question


class Customising(CardController):
    """Shapes the layout with the cursor of the fields."""

    def __init__(self, host: CardHost, shaping: CardShaping, pane: FieldPane) -> None:
        super().__init__(host)
        self._shaping = shaping
        self._pane = pane

    # -- in and out ----------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        if action_id == "card.customise":
            session = self._session
            return layouts.why_not_edit(session, layouts.target(session, self._shaping.place))
        return self._why_not_step(action_id) if action_id.startswith("customise.") else None

    def _why_not_step(self, action_id: str) -> str | None:
        on_field = self._pane.field is not None
        if action_id in ("customise.move", "customise.hide") and not on_field:
            return _("Move the cursor to a field: it is on a section now.")
        if action_id == "customise.delete" and on_field:
            return self._why_not_delete()
        if action_id in ("customise.rename", "customise.delete") and not self._pane.section_key:
            return _("There is no section here.")
        if action_id == "customise.rename" and on_field:
            return field_changes.why_not_define(self._session)
        if action_id in ("customise.down", "customise.up"):
            return self._why_not_shift(1 if action_id == "customise.down" else -1)
        if action_id == "customise.fields" and not self._host.shown.view.sections:
            return _("Add a section first: fields belong in sections.")
        return None

    def _why_not_delete(self) -> str:
        """`D` on a field: it would take its values along, so it is done elsewhere."""
        keys, field = self._surface.keys, self._field
        hide = keys.key("customise.hide")
        if field is not None and not field.custom:
            return _("System fields cannot be deleted, only hidden: {key}.").format(key=hide)
        *_others, settings = places(self._host)
        noun = self._session.label(self._session.workspace.type(self._ref.type).plural)
        return _("{hide} hides a field; it is deleted, with its values, in {place}: {keys}.").format(
            hide=hide,
            place=f" {INTO} ".join((settings.label, noun, _("Fields"))),
            keys=f"{keys.key('goto')} {settings.key}",
        )

    @property
    def _field(self) -> Field | None:
        """The field under the cursor, as it is defined."""
        shown = self._pane.field
        return self._session.workspace.field(self._ref.type, shown.key) if shown is not None else None

    def _why_not_shift(self, step: int) -> str | None:
        sections, at = self._host.shown.view.sections, self._pane.cursor
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
        self._shaping.begin()
        self._pane.focus()
        self._host.reload()
        self._host.say(self._shaping.told())

    def field_hints(self) -> Hints:
        """What can be done with the field or section under the cursor, with the keys as they are bound."""
        keys = self._surface.keys
        move = f"{keys.key('customise.down')} {keys.key('customise.up')} {_('move')}"
        hide = f"{keys.key('customise.hide')} {_('hide')}"
        rename, delete = (f"{keys.key(f'customise.{what}')} {_(what)}" for what in (N_("rename"), N_("delete")))
        configure = f"{keys.key('field.configure')} {_('configure')}"
        return Hints(
            keys.key("card.show_empty"),
            keys.key("card.fold"),
            keys.key("field.edit"),
            _wordings(move, rename, delete),
            _wordings(move, hide, configure),
        )

    def shape_hints(self, found: list[Hint]) -> list[Hint]:
        """`esc` ends this mode, and says so."""
        if self._host.dispatcher.scope == self._pane.scope == "customise":
            found.insert(1, Hint(self._surface.keys.key("back"), _("finish"), True))
        return found

    # -- steps ---------------------------------------------------------------------------------------------------------
    def _keep(self, label: str, step: Callable[[Layout], Layout], field: str = "", section: str = "") -> None:
        """Keep one step; the cursor goes to what it moved."""
        layouts.edit(self._session, self._shaping.place, label, step, self._shaping.chosen)
        self._host.reload(field, section)

    def do_customise_down(self) -> None:
        self._shift(1)

    def do_customise_up(self) -> None:
        self._shift(-1)

    def _shift(self, step: int) -> None:
        field, section = self._pane.field, self._pane.section_key
        if field is not None:
            key = field.key
            label = _("move the field {field}").format(field=field.label)
            self._keep(label, lambda layout: edits.move_field(layout, key, step), field=key)
        elif section:
            label = _("move the section {section}").format(section=self._title(section))
            self._keep(label, lambda layout: edits.move_section(layout, section, step), section=section)

    def drop(self, dropped: FieldDropped) -> None:
        """Keep what the mouse let go: a field beside another one, or at an end of a section; a section where another one stood."""
        to, beside, key = dropped.to, dropped.beside, dropped.field
        if not self._shaping.on:
            return
        if not key:
            section = dropped.section
            label = _("move the section {section}").format(section=self._title(section))
            self._keep(label, lambda layout: edits.place_section(layout, section, to), section=section)
            return
        field = self._session.workspace.field(self._ref.type, key)
        label = _("move the field {field}").format(field=self._session.label(field.label) if field else key)
        end = None if dropped.after else 0

        def step(layout: Layout) -> Layout:
            if beside:
                return edits.place_beside(layout, key, beside, after=dropped.after)
            return edits.place_field(layout, key, _index(layout, to), end)

        self._keep(label, step, field=key)

    def do_customise_hide(self) -> None:
        field = self._pane.field
        if field is not None:
            key, section = field.key, self._pane.section_key
            shown = next((each.fields for each in self._host.shown.view.sections if each.key == section), ())
            beside = _beside([each.key for each in shown], key)
            label = _("hide the field {field}").format(field=field.label)
            self._keep(label, lambda layout: edits.hide_field(layout, key), beside, section)
            self._host.say_done(_("{field} is hidden; its value is kept").format(field=field.label))

    async def do_customise_move(self) -> None:
        from tuicrm.widgets.picker import Picker

        field = self._pane.field
        if field is None:
            return
        choices = [Choice(section.key, section.title) for section in self._host.shown.view.sections]
        chosen = await self._host.ask(Picker(self._surface, _("Move {field} to").format(field=field.label), choices))
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
        if self._pane.field is not None:
            await self._rename_field(self._pane.field.key)
            return
        key = self._pane.section_key
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
        old = self._session.label(self._session.workspace.fields(self._ref.type)[key].label)

        def save(label: str) -> None:
            field_changes.change_field(self._session, self._ref.type, key, label=label)
            self._host.reload(key)

        await self._ask_title(_("Field"), old, save)

    def do_customise_delete(self) -> None:
        key = self._pane.section_key
        title = self._title(key)
        beside = _beside([section.key for section in self._host.shown.view.sections], key)
        label = _("delete the section {section}").format(section=title)
        self._keep(label, lambda layout: edits.delete_section(layout, key), section=beside)
        self._host.say_done(_("{section} was deleted; its fields are hidden").format(section=title))

    def _title(self, key: str) -> str:
        return next((section.title for section in self._host.shown.view.sections if section.key == key), "")

    async def _ask_title(self, label: str, text: str, save: Callable[[str], None]) -> None:
        from tuicrm.widgets.editors import editor_for

        pane = self._pane

        def where() -> Region:
            row = pane.region_of(pane.cursor) if pane.cursor is not None and pane.has(pane.cursor) else Region()
            return Region(pane.region.x, pane.region.y + row.y, pane.region.width, 1)

        await self._host.asker.edit(
            editor_for(self._surface, Question("title", label, text=text, hint=label)), where, save
        )

    # -- which fields --------------------------------------------------------------------------------------------------
    async def do_customise_fields(self) -> None:
        """Tick from the complete list, searchable; those that come back stand at the end of the cursor's section."""
        from tuicrm.screens.card.field_picker import pick_fields

        layout = self._shaping.layout
        shown = [placed.field for section in layout.sections for placed in section.fields]
        chosen = await pick_fields(self._host, self._ref.type, layout)
        if chosen is None:
            return
        section = self._pane.section_key or layout.sections[0].key
        added, dropped = [key for key in chosen if key not in shown], {key for key in shown if key not in chosen}

        def choose(before: Layout) -> Layout:
            # Only what was ticked and unticked: what others did meanwhile stays, and what this person may not see.
            now = [placed.field for each in before.sections for placed in each.fields if placed.field not in dropped]
            return edits.choose_fields(before, _index(before, section), [*now, *added])

        self._keep(_("select fields"), choose, field=self._pane.field_key, section=section)


class CardFields:
    """The fields of the card, for defining them (`screens/settings/defining.py`)."""

    def __init__(self, host: CardHost, shaping: CardShaping, pane: FieldPane) -> None:
        self._host = host
        self._shaping = shaping
        self._pane = pane

    @property
    def type(self) -> str:
        return self._host.shown.ref.type

    @property
    def field(self) -> Field | None:
        shown = self._pane.field
        return self._host.session.workspace.field(self.type, shown.key) if shown is not None else None

    @property
    def pipeline(self) -> Pipeline | None:
        return self._host.session.workspace.pipeline_of(self.type, self._host.shown.item.fields)

    @property
    def spot(self) -> Spot | None:
        return Spot(self._shaping.place, self._shaping.use, self._pane.section_key, self._pane.field_key)

    def changed(self, key: str) -> None:
        self._host.reload(key)


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
    """The key after it, or at the end the one before: where the cursor goes when it is taken away; "" when nothing is left."""
    at = keys.index(key)
    return next(iter((*keys[at + 1 : at + 2], *keys[max(at - 1, 0) : at])), "")


def _named(title: str) -> str:
    name = " ".join(title.split())
    if not name:
        raise Refused(_("A section needs a name."))
    return name
