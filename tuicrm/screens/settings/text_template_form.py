"""The form of a text template: what is asked, what the answers say, and names put in where the cursor is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.messages.text_template import TEXT_CHANNELS, TextTemplate
from tuicrm.i18n import _
from tuicrm.screens.settings.template_forms import place_name, places_of_types
from tuicrm.services.documents.names import catalogue
from tuicrm.services.kernel.permissions import why_not_shape_texts
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages.text_templates import TextTemplateDetails
from tuicrm.services.messages.ways import LABELS
from tuicrm.services.workspace.members import member_choices
from tuicrm.widgets.form import Form, Save
from tuicrm.widgets.form_field import TypedField
from tuicrm.widgets.inputs import PlainText
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface

_WITH_NAMES = ("subject", "text")
_SCOPE, _LONG_SCOPE = "text form", "text form text"


class TextTemplateForm(Form):
    """A form in which one key puts a placeholder where the cursor is."""

    DEFAULT_CSS = "TextTemplateForm TypedField PlainText { min-height: 4; max-height: 12; }"
    scope = _SCOPE
    cells = 100

    def __init__(
        self, surface: Surface, title: str, questions: Sequence[Question], save: Save, session: Session
    ) -> None:
        super().__init__(surface, title, questions, save)
        self._session = session
        for field in self.fields:
            if isinstance(field, TypedField) and isinstance(field.input, PlainText):
                field.scope = _LONG_SCOPE

    def why_not(self, action_id: str) -> str | None:
        if action_id == "texts.insert" and self._here_typed is None:
            return _("Names stand in the subject and in the text.")
        return super().why_not(action_id)

    @property
    def _here_typed(self) -> TypedField | None:
        here = self.here
        return here if isinstance(here, TypedField) and here.question.key in _WITH_NAMES else None

    async def do_texts_insert(self) -> None:
        """Choose a name of what the template is for, and put its placeholder in."""
        from tuicrm.screens.settings.template_names import NamesChooser

        field = self._here_typed
        if field is None:
            return
        said = next(one.answer for one in self.fields if one.question.key == "types")
        type_key = types_of(self._session, said)[0]
        noun = self._session.label(self._session.workspace.type(type_key).plural).lower()
        title = _("Names for placeholders: {item}").format(item=noun)
        named = await self.host.ask(NamesChooser(self.surface, title, catalogue(self._session, type_key), None))
        if named:
            if isinstance(field.input, PlainText):
                field.input.insert(named)
            else:
                field.input.insert_text_at_cursor(named)


def types_of(session: Session, places: Sequence[str]) -> list[str]:
    """The types that a template is for and that are there; all of them where it names no such."""
    known = session.workspace.types
    found = list(dict.fromkeys(key for place in places if (key := place.partition("/")[0]) in known))
    return found or list(known)


def channel_label(channel: str) -> str:
    """How a way is called; "" for all ways."""
    return next((_(label) for key, label in LABELS.items() if key == channel), "")


def text_questions(session: Session, one: TextTemplate | None = None) -> list[Question]:
    """What is asked of a template, of a new one without `one`."""
    kept = tuple(one.types) if one else ()
    places = list(dict.fromkeys((*places_of_types(session), *kept)))
    members = tuple(one.users) if one else ()
    asked = [
        Question("label", _("Name"), text=one.label if one else "", required=True),
        Question(
            "channel",
            _("Sent by"),
            "list",
            chosen=(one.channel,) if one and one.channel else (),
            choices=[Choice(key, channel_label(key)) for key in TEXT_CHANNELS],
            hint=_("empty for all ways"),
        ),
        Question(
            "types",
            _("For"),
            "list",
            chosen=kept,
            choices=[Choice(place, place_name(session, place)) for place in places],
            many=True,
            hint=_("empty for everything"),
        ),
        Question("subject", _("Subject"), text=one.subject if one else "", hint=_("of a mail")),
        Question(
            "text",
            _("Text"),
            "text",
            one.text if one else "",
            required=True,
            hint=_("with names in braces, as in {Title}"),
        ),
        Question(
            "language",
            _("Language"),
            text=one.language if one else "",
            hint=_("a code such as en or it; empty for the client's own"),
        ),
    ]
    if why_not_shape_texts(session.access, ()) is None:
        asked.append(
            Question(
                "users",
                _("Who may use it"),
                "person",
                chosen=members,
                choices=member_choices(session, members),
                many=True,
                hint=_("people and departments; empty for everyone"),
            )
        )
    cloud = one.cloud_name if one else ""
    asked.append(Question("cloud_name", _("With WhatsApp"), text=cloud, hint=_("what WhatsApp calls this template")))
    return asked


def details_of(answers: Mapping[str, Answer]) -> TextTemplateDetails:
    """What the answers say."""
    channel = answers["channel"]
    return TextTemplateDetails(
        label=str(answers["label"]),
        text=str(answers["text"]),
        subject=str(answers["subject"]),
        channel=channel if isinstance(channel, str) else next(iter(channel), ""),
        types=tuple(answers["types"]),
        language=str(answers["language"]),
        users=tuple(answers["users"]) if "users" in answers else None,
        cloud_name=str(answers["cloud_name"]),
    )
