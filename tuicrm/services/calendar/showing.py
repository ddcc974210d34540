"""An activity with all its parts, each with its name, as `activity show` and the form tell them."""

from __future__ import annotations

from tuicrm.domain.activities.planned import read
from tuicrm.domain.activities.rule_told import told
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.dates import short_when
from tuicrm.i18n import _
from tuicrm.services.calendar.planning import deadline_of
from tuicrm.services.calendar.repeating import clock_changes, next_ones
from tuicrm.services.items.activity_kinds import kind_of
from tuicrm.services.items.activity_words import PRIORITIES, ahead_words, when_words, with_whom
from tuicrm.services.items.attachments import shown as files_shown
from tuicrm.services.items.room_names import room_name
from tuicrm.services.kernel.session import Session
from tuicrm.store.protocol import Record


def parts(session: Session, record: Record) -> list[tuple[str, str]]:
    """What it holds, as name and words; nothing of what it does not."""
    activity, context = read(record.id, record.rev, record.doc), session.context()
    refs = [name for ref in activity.also if (name := session.names.related(ref)) is not None]
    found = [
        (_("What"), activity.what),
        (_("Kind"), session.label(kind_of(session, activity.kind).label)),
        (_("When"), when_words(activity, context)),
        (_("Repeats"), told(activity.rule, context.language) if activity.rule else ""),
        (_("Next"), ", ".join(next_ones(record.id, record.doc, context))),
        (_("Left out"), ", ".join(activity.skipped)),
        (_("Clocks"), "\n".join(clock_changes(record.id, record.doc, context))),
        (_("Deadline"), short_when(deadline_of(activity), context) if deadline_of(activity) else ""),
        (_("Zone"), activity.zone),
        (_("Item"), _item(session, activity.owner)),
        (_("Also on"), ", ".join(refs)),
        (_("Who"), session.names.person(activity.responsible) or activity.responsible),
        (_("With"), ", ".join(with_whom(session, activity))),
        (_("Place"), activity.place),
        (_("Room"), ", ".join(room_name(session, key) for key in activity.rooms)),
        (_("Reminders"), ", ".join(map(ahead_words, activity.reminders))),
        (_("Priority"), _(PRIORITIES[activity.priority]) if activity.priority != 2 else ""),
        (_("Colour"), activity.colour),
        (_("Private"), _("yes") if activity.private else ""),
        (_("Files"), ", ".join(files_shown(list(activity.files)).splitlines())),
        (_("Text"), activity.text),
        (_("Result"), activity.result),
        (_("Done"), short_when(activity.done_at, context) if activity.done else ""),
        (_("Note"), activity.note),
    ]
    return [(name, words) for name, words in found if words]


def _item(session: Session, ref: Ref) -> str:
    return session.names.related(ref) or session.workspace.show_ref(ref)
