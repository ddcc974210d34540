"""Making a workspace, and starting work in one: who is asking (DESIGN.md, decision 9)."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime, tzinfo
from functools import cache
from typing import Any

import msgspec

from tuicrm.domain import reach
from tuicrm.domain.conditions import Test
from tuicrm.domain.config_records import Person
from tuicrm.domain.countries import country_code
from tuicrm.domain.entering import enter, let_in, may_work_as
from tuicrm.domain.relations import LINKS
from tuicrm.domain.slugs import slug
from tuicrm.domain.stamps import stamp
from tuicrm.domain.workspace import Workspace
from tuicrm.errors import AccessDenied, CrmError, Damaged, FieldProblem, NotAWorkspace, ReadOnlyStore, Refused
from tuicrm.i18n import _, ngettext
from tuicrm.limits import NAME, PERSON_NAME
from tuicrm.login import comer
from tuicrm.services.kernel.builtin_definitions import load_currencies, load_dictionaries, load_roles, load_types
from tuicrm.services.kernel.reader import ACTIVITIES, BOOKINGS, DOCUMENTS, ENTRIES, IMPORT_KEYS, LAST, MESSAGES, NEXT
from tuicrm.services.kernel.session import Session, config_records, utc_now
from tuicrm.services.workspace.environment import cache_folder, locale_for, network_file_system, system_login
from tuicrm.services.workspace.preferences import SYSTEM, own_choice_of
from tuicrm.services.workspace.zones import own_zone
from tuicrm.store import create_store, open_store, places
from tuicrm.store.protocol import Doc, Indexes, Op, Soonest, Store, StorePlace

FORMAT = 3
"""Of the records, not of the files (those are the store's)."""


@cache
def indexes() -> Indexes:
    """What a workspace's store is asked for all the time."""
    # Who a client is, and what is theirs, is asked at every item that is made and on every client's card.
    by_type = {
        key: ((reach.PATH,) if one.reached else ()) + tuple(one.looked_up_by) for key, one in load_types().items()
    }
    return Indexes(
        {
            ENTRIES: ("owner",),
            DOCUMENTS: ("owner",),
            MESSAGES: ("on", "message_id", "owner"),
            ACTIVITIES: ("owner", "also", "contacts"),
            BOOKINGS: ("holder", "of"),
            IMPORT_KEYS: ("key",),
            LINKS: ("owner", "other"),
            **{key: paths for key, paths in by_type.items() if paths},
        },
        {
            NEXT: Soonest(ACTIVITIES, "owner", "at", "datetime", Test("done", "boolean", "=", False)),
            LAST: Soonest(ACTIVITIES, "owner", "done_at", "datetime", Test("done", "boolean", "=", True), latest=True),
        },
    )


class Maker(msgspec.Struct, frozen=True):
    """Who makes a workspace, and so becomes its administrator: the system's user and the name people read."""

    login: str
    name: str


class Settings(msgspec.Struct, frozen=True):
    """What a new workspace is told: its name and the company's currency (ISO 4217), country (ISO 3166; "" where nobody has said) and
    language."""

    name: str
    currency: str = "EUR"
    country: str = ""
    language: str = "en"


def settings_for(name: str, currency: str = "", country: str = "", locale: str = "") -> Settings:
    """The settings of a new workspace, from what was typed and, where nothing was, from the locale (`it_IT`). A country may be named
    in any way; one that nothing names is left empty, never guessed.

    Raises Refused for an unknown currency or country; the problem's field is `currency` or `country`."""
    NAME.check("name", name)
    spoken, _underscore, territory = locale.partition("_")
    code = country_code(country or territory)
    if country.strip() and not code:
        message = _("a country such as IT or Italy is expected")
        raise Refused(f"country: {message}", [FieldProblem("country", message, country)])
    return Settings(name, _currency(currency) or _currency_of(code), code, spoken or "en")


def _currency(text: str) -> str:
    code = text.strip().upper()
    if code and not (code.isascii() and code.isalpha() and len(code) == 3):
        message = ngettext("a code of {n} letter", "a code of {n} letters", 3)
        raise Refused(f"currency: {message}", [FieldProblem("currency", message, text)])
    return code


def _currency_of(country: str) -> str:
    """The currency that is tender in a country today; euros where no country is known."""
    if not country:
        return "EUR"
    # 60 ms, and only here.
    from babel.numbers import get_territory_currencies

    return next(iter(get_territory_currencies(country)), "EUR")


def place_warning(place: StorePlace) -> str:
    """What to know of the place where a workspace lies; "" when it is fine."""
    kind = network_file_system(place)
    if not kind:
        return ""
    return _(
        "{path} lies on a network file system ({kind}), where several machines can damage a workspace: keep it on one server and "
        "reach it over SSH."
    ).format(path=place, kind=kind)


def read_only_warning(session: Session) -> str:
    """That nothing can be saved here, and what to do; "" where it can."""
    if not session.store.read_only:
        return ""
    return " ".join((_("This workspace is read-only here: your changes cannot be saved."), _(ReadOnlyStore.advice)))


def place_said(text: str) -> StorePlace:
    """A place as somebody typed it, whole. Raises StorageError for one that no workspace can lie at."""
    return places.said(text)


def is_free(place: StorePlace) -> bool:
    """Whether a workspace can be made there: nothing is there yet. Raises StorageError."""
    return places.is_free(place)


def create_workspace(
    place: StorePlace, *, person: Maker, settings: Settings, clock: Callable[[], datetime] = utc_now
) -> None:
    """Make a workspace in a folder that is missing or empty, with its first person as administrator.

    Raises StorageError when the folder holds anything, or cannot be written; Refused for a name that is too long. Nothing is left of
    it then."""
    NAME.check("name", settings.name)
    PERSON_NAME.check("person", person.name)
    with places.made_whole(place), closing(create_store(place)) as store:
        records = [*definitions(settings, made=stamp(clock())), *first_people(person, settings)]
        write_records(store, records, by=person_key(person), note=_("create the workspace"))


def write_records(store: Store, records: list[tuple[str, Doc]], by: str, note: str) -> None:
    """Write new records as one transaction that is no step of anyone's undo (a workspace without roles opens for nobody)."""
    ids = {table: iter(store.new_ids(table, sum(1 for at, _doc in records if at == table))) for table, _d in records}
    store.commit([Op(table, next(ids[table]), doc) for table, doc in records], by=by, note=note, meta={"fixed": True})


def person_key(person: Maker) -> str:
    """The key that a workspace's maker gets."""
    return slug(person.login, "person")


def definitions(settings: Settings, *, made: str) -> Iterator[tuple[str, Doc]]:
    """The config records that every workspace begins with, as (table, document); people and departments apart."""
    values: dict[str, Any] = {
        "id": os.urandom(8).hex(),
        "name": settings.name,
        "base_currency": settings.currency,
        "country": settings.country,
        "language": settings.language,
        "made": made,
        "format": FORMAT,
    }
    yield from (("setting", {"key": key, "value": value}) for key, value in values.items())
    codes = dict.fromkeys([settings.currency, *load_currencies()])
    yield from (("currency", {"code": code, **({"rate": "1"} if code == settings.currency else {})}) for code in codes)
    yield from (("dictionary", msgspec.to_builtins(words)) for words in load_dictionaries().values())
    yield from (("role", msgspec.to_builtins(role)) for role in load_roles())
    for item_type in load_types().values():
        if not item_type.smart:
            yield from (("pipeline", msgspec.to_builtins(pipeline)) for pipeline in item_type.pipelines)


def first_people(person: Maker, settings: Settings) -> Iterator[tuple[str, Doc]]:
    """Whoever makes a workspace, as its administrator, and a department to be in."""
    key = person_key(person)
    yield "department", {"key": "company", "name": settings.name, "head": key}
    administrators = [role.key for role in load_roles() if role.admin]
    yield (
        "person",
        {"key": key, "name": person.name, "logins": [person.login], "department": "company", "roles": administrators},
    )


def open_session(
    place: StorePlace,
    *,
    login: str = "",
    as_user: str = "",
    clock: Callable[[], datetime] = utc_now,
    zone: tzinfo | None = None,
    language: str = "",
    locale: str = "",
    country: str = "",
) -> Session:
    """Open a workspace for the system's user, or (administrators only) for another person.

    `zone`, `language`, `locale` and `country` are what this user set for the program; without them come the person's own in the
    workspace or the workspace's, then the system's. Raises NotAWorkspace, AccessDenied, and the store's own errors."""
    store = _open(place)
    try:
        return _begin(store, login or system_login(), as_user, clock, zone, language, locale, country)
    except BaseException:
        store.close()
        raise


def type_keys(place: StorePlace) -> list[str]:
    """Keys of a workspace's item types; [] where this user cannot open it."""
    try:
        session = open_session(place)
    except CrmError:
        return []
    with closing(session):
        return list(session.workspace.types)


def _open(place: StorePlace) -> Store:
    try:
        return open_store(place, indexes(), own_cache=cache_folder)
    except NotAWorkspace as error:
        hint = _("`tuicrm init` creates a new workspace, `tuicrm demo` shows an example.")
        raise NotAWorkspace(f"{error.message}. {hint}") from error
    except Damaged as error:
        hint = _("`tuicrm fsck` lists every fault, `tuicrm fsck --salvage DIR` saves what can be read.")
        raise Damaged(f"{error.message}. {hint}") from error


def _begin(
    store: Store,
    login: str,
    as_user: str,
    clock: Callable[[], datetime],
    zone: tzinfo | None,
    language: str,
    locale: str,
    country: str,
) -> Session:
    # One look at the people, before there is a person whose session it could be.
    workspace = Workspace({}, config_records(store, ("person", "department", "role", "setting")))
    person = known = _who(workspace, login)
    if as_user:
        # 6 ms that only --as needs.
        from tuicrm.services.workspace.people import find_person

        person = find_person(workspace, as_user, me=known.key)
        if person.key != known.key and not may_work_as(workspace, known, person):
            raise AccessDenied(_("Only administrators may work as someone else (--as)."))
    spoken = _spoken(store, person, language, locale)
    return Session(
        store,
        person.key,
        clock=clock,
        zone=own_zone(zone, person.zone).zone,
        language=spoken.language,
        locale=spoken.locale,
        country=country,
    )


def _who(workspace: Workspace, login: str) -> Person:
    """The person who this process works for. Raises AccessDenied."""
    came = comer()
    return enter(workspace, login) if came is None else let_in(workspace, came.person, came.key)


class _Spoken(msgspec.Struct, frozen=True):
    """A language (`it`), and the locale of numbers and dates (`it_IT`)."""

    language: str
    locale: str


def _spoken(store: Store, person: Person, language: str, locale: str) -> _Spoken:
    """What is set for the program, else what the person chose, else what their entry says, else the system's."""
    own = "" if language else own_choice_of(store, person.key, "language")
    entry = "" if own == SYSTEM else own or person.language
    locale = locale or locale_for(language or entry)
    wanted = language or (own if own != SYSTEM else "")
    return _Spoken(wanted or locale.partition("_")[0] or "en", locale or "en_GB")


def speak(session: Session, language: str, locale: str) -> None:
    """Have a session speak as it is set now: `language` and `locale` are what is set for the program."""
    spoken = _spoken(session.store, session.person, language, locale)
    session.language, session.locale = spoken.language, spoken.locale
