"""Fields as data and as lines: type, several, where they stand in a layout, filled, required, visible to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.i18n import _

if TYPE_CHECKING:
    from tuicrm.domain.layout_use import LayoutPlace
    from tuicrm.domain.schema import Field
    from tuicrm.services.definitions.fields import FieldInfo
    from tuicrm.services.kernel.session import Session


class FieldsReport:
    """What is said of the fields of a type, as a layout has them (the one in use where it is not named)."""

    def __init__(self, session: Session, place: LayoutPlace, layout: str) -> None:
        from tuicrm.services.layouts import layouts
        from tuicrm.services.layouts.layout_names import layout_to_show

        self._session, self._place = session, place
        use = layout_to_show(session, place, layout)
        shown = layouts.current(session, place, use).sections
        self._layout = layouts.describe(use)
        self._section = {placed.field: section for section in shown for placed in section.fields}
        self._always = {placed.field for section in shown for placed in section.fields if placed.always}

    def plain(self, field: Field) -> dict[str, Any]:
        """For programs."""
        session = self._session
        section = self._section.get(field.key)
        return {
            "key": field.key,
            "label": session.label(field.label),
            "kind": field.kind,
            "many": field.many,
            "custom": field.custom,
            "read_only": field.read_only or bool(field.derived),
            "section": section.key if section else None,
            "always": field.key in self._always,
            "required": field.required,
            "required_at": field.required_at,
            "visible_to": field.visible_to,
            "settings": field.settings,
            "default": field.default,
            "help": session.label(field.help),
            "options": [{"key": o.key, "label": session.label(o.label), "retired": o.retired} for o in field.options],
            "targets": field.targets,
            "dictionary": field.dictionary,
        }

    def row(self, info: FieldInfo) -> list[str]:
        """A line of the list."""
        field = info.field
        return [
            field.key,
            self._session.label(field.label),
            self._kind(field),
            self._stands(field),
            str(info.filled),
            self._required(field),
            self._seen_by(field),
            _("custom") if field.custom else "",
        ]

    def pairs(self, info: FieldInfo) -> list[tuple[str, str]]:
        """Everything, for people: what is said and its value."""
        from tuicrm.domain.field_settings import edit_default, edit_setting, settings_of

        session, field = self._session, info.field
        found = [
            (_("Key"), field.key),
            (_("Label"), session.label(field.label)),
            (_("Kind"), self._kind(field) + ("" if field.custom else f" ({_('system field')})")),
        ]
        if field.options:
            found.append((_("Options"), ", ".join(session.label(o.label) for o in field.options if not o.retired)))
        if retired := [session.label(option.label) for option in field.options if option.retired]:
            found.append((_("Retired options"), ", ".join(retired)))
        types = session.workspace.types
        if field.targets:
            names = (session.label(types[key].plural) if key in types else key for key in field.targets)
            found.append((_("Can refer to"), ", ".join(names)))
        if field.dictionary:
            found.append((_("Dictionary"), field.dictionary))
        found.append((_("Shown in"), f"{self._stands(field)} ({self._layout})"))
        found.append((_("Filled"), str(info.filled)))
        words = [("help", _("Help"), session.label(field.help))]
        if field.custom:
            words += [(s.key, _(s.label), edit_setting(field.settings.get(s.key))) for s in settings_of(field.kind)]
        if field.default is not None or (field.custom and field.traits.has_default):
            words.append(("default", _("Default"), edit_default(field, session.context(canonical=True))))
        words.append(("required", _("Required"), self._required(field)))
        if field.custom:
            words.append(("visible_to", _("Seen by"), self._seen_by(field) or _("everyone")))
        return [*found, *((f"{label} ({word}=)", value or "–") for word, label, value in words)]

    def _kind(self, field: Field) -> str:
        return field.kind + (_(", several") if field.many else "")

    def _stands(self, field: Field) -> str:
        section = self._section.get(field.key)
        if section is None:
            return _("hidden")
        return self._session.label(section.title) + (", " + _("always shown") if field.key in self._always else "")

    def _required(self, field: Field) -> str:
        from tuicrm.services.definitions.field_words import where_required

        return where_required(self._session, self._place.type, field)

    def _seen_by(self, field: Field) -> str:
        from tuicrm.services.layouts.views import member_names

        return ", ".join(member_names(self._session, field.visible_to))
