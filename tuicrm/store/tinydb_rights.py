"""Who may open a workspace past the door: administrators, as they may work as someone else (`--as`)."""

from __future__ import annotations

from tuicrm.domain.config_records import ConfigRecord, Person
from tuicrm.domain.entering import administers, enter, refuse_retired
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied, NotFound
from tuicrm.i18n import _
from tuicrm.store.journal_store import JournalStore
from tuicrm.store.protocol import Find


def writer(store: JournalStore, login: str, user: str | None) -> str:
    """The key under which a script of the system's user `login` writes: that person's own, or that of `user` (a key or a login).

    A store without people is a script's own, and takes any name. Raises AccessDenied for strangers, the retired and all who are no
    administrators; NotFound where nobody is called `user`."""
    if not store.ids("person"):
        return user or login
    workspace = _people(store)
    asking = enter(workspace, login)
    if not administers(workspace, asking):
        raise AccessDenied(_("Only administrators may open a workspace directly, as a TinyDB."))
    return asking.key if user in (None, "", login, asking.key) else _named(workspace, str(user)).key


def _people(store: JournalStore) -> Workspace:
    tables = ("person", "department", "role")
    records = {
        table: [ConfigRecord(one.id, one.rev, one.doc) for one in store.find(Find(table)).records] for table in tables
    }
    return Workspace({}, records)


def _named(workspace: Workspace, user: str) -> Person:
    found = workspace.people.get(user) or workspace.person_of_login(user)
    if found is None:
        raise NotFound(_("There is no person “{name}” in this workspace.").format(name=user))
    refuse_retired(found)
    return found
