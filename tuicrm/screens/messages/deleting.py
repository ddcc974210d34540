"""A message deleted on screen, or taken back where it is not out yet."""

from __future__ import annotations

from tuicrm.i18n import _
from tuicrm.screens.host import Host
from tuicrm.services.messages import outbox, records


def delete_message(host: Host, number: int) -> None:
    """Delete it from all its items; one's own that is not out yet is taken back. Raises NotFound, AccessDenied, Refused."""
    found = records.by_id(host.session, number)
    one = found.record
    queued = one.status == "queued" and one.by == host.session.person_key
    if queued:
        outbox.recall(host.session, number)
    else:
        records.delete(host.session, found)
    host.reload()
    told = _("Taken back: {what}") if queued else _("Deleted: {what}")
    host.say_done(told.format(what=one.subject or found.ref))
