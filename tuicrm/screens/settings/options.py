"""The options of a list field: names, order, which are offered, which a new item begins with."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.domain.schema import Field
from tuicrm.errors import Refused
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import MARKED
from tuicrm.screens.arranging import Arranging, ask_name
from tuicrm.services.definitions import field_options
from tuicrm.services.definitions.field_changes import why_not_define
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.surface import Surface


class Options(Arranging):
    """The options of a list field."""

    scope = "options"
    steps = ("options.", "customise.")

    def __init__(self, session: Session, surface: Surface, type_key: str, key: str) -> None:
        field = session.workspace.fields(type_key)[key]
        super().__init__(session, surface)
        self.title = _("Options of {field}").format(field=session.label(field.label))
        self.about = self._type = type_key
        self._key = key
        self._counts = field_options.in_use(session, type_key, field)

    def why_gone(self) -> str:
        gone = (
            self.about in self.session.workspace.types and self.session.workspace.field(self._type, self._key) is None
        )
        return super().why_gone() or (_("This field was deleted by someone. Choose another.") if gone else "")

    def follow(self) -> None:
        if not self.why_gone():
            self._counts = field_options.in_use(self.session, self._type, self._field)
        super().follow()

    @property
    def _field(self) -> Field:
        field = self.session.workspace.field(self._type, self._key)
        if field is None:
            raise Refused(_("This field was deleted by someone. Choose another."))
        return field

    def rows(self) -> Sequence[ArrangerRow]:
        field = self._field
        default = field.default if isinstance(field.default, list) else [field.default]
        return [
            ArrangerRow(
                option.key,
                self.session.label(option.label),
                MARKED if option.key in default else "",
                self._told_of(option.key, retired=option.retired),
                faint=option.retired,
            )
            for option in field.options
        ]

    def _told_of(self, key: str, *, retired: bool) -> str:
        count = self._counts.get(key, 0)
        used = ngettext("{n} item", "{n} items", count) if count else ""
        return " · ".join(filter(None, (_("retired") if retired else "", used)))

    def told(self) -> str:
        return _("{sign} is the default").format(sign=MARKED)

    def why_no_step(self, action_id: str) -> str | None:
        return why_not_define(self.session)

    async def do_options_new(self) -> None:
        label = await ask_name(self.host, _("New option"))
        if label is not None:
            self.step(lambda: field_options.add_option(self.session, self._type, self._key, label))
            self.dialog.pane.moves.do_move_last()

    async def do_options_rename(self) -> None:
        option, before = self.current, next(o for o in self._field.options if o.key == self.current)
        label = await ask_name(self.host, _("Rename the option"), self.session.label(before.label))
        if label is not None:
            self.step(lambda: field_options.rename_option(self.session, self._type, self._key, option, label))

    def do_options_retire(self) -> None:
        option = next(o for o in self._field.options if o.key == self.current)
        self.step(
            lambda: field_options.retire_option(self.session, self._type, self._key, option.key, back=option.retired)
        )

    def do_options_default(self) -> None:
        field, option = self._field, self.current
        present = field.default if isinstance(field.default, list) else [field.default] if field.default else []
        chosen = [*present, option] if field.many else [option]
        wanted = [one for one in present if one != option] if option in present else chosen
        self.step(lambda: field_options.set_default(self.session, self._type, self._key, wanted))

    def do_options_delete(self) -> None:
        option = next(o for o in self._field.options if o.key == self.current)
        name = self.session.label(option.label)

        def delete() -> None:
            if not field_options.delete_option(self.session, self._type, self._key, option.key):
                self.host.say(
                    _("{option} is in use, so it was retired: it is still shown where used.").format(option=name)
                )

        self.step(delete)

    def do_customise_down(self) -> None:
        self.step(lambda: field_options.move_option(self.session, self._type, self._key, self.current, 1))

    def do_customise_up(self) -> None:
        self.step(lambda: field_options.move_option(self.session, self._type, self._key, self.current, -1))
