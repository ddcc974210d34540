"""Rooms and resources: names, places, who may book them, order, which are still booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.rooms import ROOM_KINDS, BookableRoom
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOT
from tuicrm.screens.arranging import Arranging
from tuicrm.services.calendar.rooms import next_booking, rooms, span_words
from tuicrm.services.definitions import rooms as definitions
from tuicrm.services.definitions.rooms import RoomDetails
from tuicrm.services.items.room_names import find_room
from tuicrm.services.kernel.session import Session
from tuicrm.services.workspace.members import member_choices
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface


class Rooms(Arranging):
    """All rooms and resources."""

    scope = "rooms"
    steps = ("rooms.", "customise.")

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.title = _("Rooms and resources")
        self.empty = _("No rooms yet: {key} adds one.").format(key=surface.keys.key("rooms.new"))

    def rows(self) -> Sequence[ArrangerRow]:
        return [
            ArrangerRow(room.key, room.label, "", room_words(room), faint=room.retired)
            for room in rooms(self.session, retired=True)
        ]

    def told(self) -> str:
        """Who has the one under the cursor next."""
        if not self.current:
            return ""
        found = next_booking(self.session, self.current)
        if found is None:
            return _("nobody has booked it")
        who = f"{found.by.who} ({found.by.ref} {found.by.what})" if found.by.who else _("busy")
        return _("next: {when}, {who}").format(when=span_words(self.session, found.span), who=who)

    def why_no_step(self, action_id: str) -> str | None:
        if action_id != "rooms.new" and not self.current:
            return self.empty
        return definitions.why_not_change(self.session)

    # -- actions -------------------------------------------------------------------------------------------------------
    async def do_rooms_new(self) -> None:
        from tuicrm.widgets.form import Form

        made: list[str] = []

        def save(answers: Mapping[str, Answer]) -> None:
            made.append(definitions.add_room(self.session, _said(answers)).key)

        await self.host.ask(Form(self.surface, _("New room or resource"), self._questions(), save))
        if made:
            self.again(made[0])

    async def do_rooms_change(self) -> None:
        from tuicrm.widgets.form import Form

        room = find_room(self.session, self.current)

        def save(answers: Mapping[str, Answer]) -> None:
            definitions.edit_room(self.session, room.key, _said(answers))

        title = _("Change {field}").format(field=room.label)
        if await self.host.ask(Form(self.surface, title, self._questions(room), save)) is not None:
            self.again(room.key)

    def do_rooms_retire(self) -> None:
        room = find_room(self.session, self.current)
        self.step(lambda: definitions.retire_room(self.session, room.key, back=room.retired))

    def do_customise_down(self) -> None:
        self.step(lambda: definitions.move_room(self.session, self.current, 1))

    def do_customise_up(self) -> None:
        self.step(lambda: definitions.move_room(self.session, self.current, -1))

    def _questions(self, room: BookableRoom | None = None) -> list[Question]:
        bookers = tuple(room.bookers) if room else ()
        names = {"room": _("room"), "resource": _("resource")}
        kinds = [Choice(kind, names[kind]) for kind in ROOM_KINDS]
        return [
            Question("label", _("Name"), text=room.label if room else "", required=True),
            Question("kind", _("Kind"), "list", chosen=(room.kind if room else "room",), choices=kinds, required=True),
            Question("place", _("Place"), text=room.place if room else ""),
            Question("seats", _("Seats"), "integer", str(room.seats) if room and room.seats else ""),
            Question(
                "bookers",
                _("Who may book"),
                "person",
                chosen=bookers,
                choices=member_choices(self.session, bookers),
                many=True,
                hint=_("people and departments; empty for everyone"),
            ),
        ]


def room_words(room: BookableRoom) -> str:
    """What stands beside a room's name: `2nd floor · 8 seats`."""
    told = [_("retired") if room.retired else "", _("resource") if room.kind == "resource" else "", room.place]
    if room.seats:
        told.append(ngettext("{n} seat", "{n} seats", room.seats))
    return f" {DOT} ".join(filter(None, told))


def _said(answers: Mapping[str, Answer]) -> RoomDetails:
    """The answers of the form, as a room is told of."""
    kind = next(iter(answers["kind"]), "room")
    place, seats = str(answers["place"]), str(answers["seats"])
    return RoomDetails(str(answers["label"]), place, seats, tuple(answers["bookers"]), kind)
