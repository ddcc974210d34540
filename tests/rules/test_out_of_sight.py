"""An item that one may not see and an item that never was are one answer, in every command and by every service: the same words, exit
code and JSON."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.command import Ran
from tests.doors import card_of
from tests.rules.world import World, open_world
from tests.services.documents import files as documents
from tests.services.messages.mails import mail
from tuicrm.cli.grammar.typed import CommandContext
from tuicrm.cli.grammar.verbs import VERBS
from tuicrm.cli.root import Root
from tuicrm.cli.root import root as command_line
from tuicrm.domain.items import Ref
from tuicrm.errors import CrmError, NotFound
from tuicrm.services.definitions import pipelines
from tuicrm.services.duplicates import duplicates, merging
from tuicrm.services.history import history
from tuicrm.services.history.undo import undo
from tuicrm.services.items import activities, items, products, relations, stages, timeline
from tuicrm.services.kernel.reader import ACTIVITIES, ENTRIES
from tuicrm.services.kernel.session import Session
from tuicrm.services.messages import records
from tuicrm.services.messages.taking_in import MailTaking, TakingIn

NEVER = 77
"""The number of an item, entry and activity that never was."""

COMMANDS = (
    "deal show {ref}",
    "deal show {mine} {ref}",
    "deal edit {ref} title=X",
    "deal edit {ref} title=X --expect 1",
    "deal edit {mine} {ref} title=X --dry-run",
    "deal edit {mine} company={company}",
    "deal move {ref} preparation",
    "deal move {ref} preparation --dry-run",
    "deal move {ref} preparation --expect 1",
    "deal move {mine} {ref} preparation",
    "deal delete {ref}",
    "deal delete {mine} {ref}",
    "deal create {ref} quote",
    "deal create {ref} quote --dry-run",
    "deal create {mine} {ref} quote --dry-run",
    "deal create {mine} quote --take {company}",
    "lead create {lead} contact --take {company}",
    "deal history {ref}",
    "deal history {ref} --at today",
    "deal restore {ref}",
    "deal restore {ref} title --dry-run",
    "deal products show {ref}",
    "deal products {ref}",
    "deal products add {ref} Hours",
    "deal products add {mine} {product}",
    "deal products edit {ref} 1 quantity=2",
    "deal products remove {ref} 1",
    "deal products move {ref} 1 1",
    "deal products sum {ref}",
    "deal add title=X company={company}",
    "deal add title=X parent={ref}",
    "find {ref}",
    "dupes {company}",
    "dupes {ref}",
    "dupes --not {company} {own_company}",
    "merge {mine} {ref}",
    "merge {ref} {mine} --dry-run",
    "show {ref}",
    "{ref}",
    "comment {ref} X",
    "comment add {ref} X",
    "comment list {ref}",
    "timeline {ref}",
    "call qr {ref}",
    "call dial {ref}",
    "call log {ref} --in",
    "call log {ref} --out --next X",
    "call list {ref}",
    "sms send {ref} --text X",
    "whatsapp send {ref} --text X",
    "whatsapp send {ref} --template X --value Y",
    "whatsapp window {ref}",
    "whatsapp invite {ref} --text X",
    "telegram invite {ref}",
    "telegram invite {ref} --by-hand --text X",
    "telegram send {ref} --text X",
    "calendar import nothing.ics --on {ref}",
    "calendar sync --url http://127.0.0.1:9/ --on {ref}",
    "activity list {ref}",
    "activity add {ref} X",
    "activity log {ref} X",
    "activity log {mine} X --finishing {activity}",
    "activity edit {activity} X",
    "activity move {activity} +1d",
    "activity note {activity} X",
    "activity delete {activity}",
    "activity done {activity}",
    "activity done {activity} --open",
    "relations {ref}",
    "link {mine} {ref}",
    "link {ref} {mine}",
    "unlink {mine} {ref}",
    "unlink {ref} {mine}",
    "unlink {mine} {company}",
    "log {ref}",
    "document make {ref} Offer",
    "document make {ref} Offer --dry-run",
    "document make {ref} Offer --also {mine}",
    "document list {ref}",
    "document show {document}",
    "document get {document} -o out.docx",
    "document get {document} --version 1 -o out.docx",
    "document edit {document} --title X",
    "document edit {document} --set Title=X",
    "document again {document}",
    "document delete {document}",
    "document restore {document}",
    "mail add {ref}",
    "text-template list {ref}",
    "text-template fill Offer {ref}",
    "mail send {ref} --to a@x.it --text X",
    "mail list {ref}",
    "mail show {message}",
    "mail show {message} --raw",
    "mail link {message} {mine}",
    "mail unlink {message} {mine}",
    "mail share {message}",
    "mail leave {message}",
    "mail delete {message}",
    "template fields deal --on {ref}",
    "repeats exclude {company}",
    "repeats include {company}",
)


class Names(NamedTuple):
    """What the commands name: one's own items, and some that one may not see, that are gone, or that never were."""

    ref: str
    company: str
    product: str
    activity: str
    document: str
    message: str


class Scene(NamedTuple):
    """Luca sees what is his. Beside the hidden ones stand his own, which have to do with them."""

    world: World
    mine: Ref
    lead: Ref
    own_company: Ref
    hidden: Names
    gone: Names
    never: Names

    def show(self, ref: Ref) -> str:
        return self.world.anna.workspace.show_ref(ref)

    def run(self, command: str, names: Names, *more: str) -> Ran:
        given = {**names._asdict(), "mine": self.show(self.mine), "lead": self.show(self.lead)}
        given["own_company"] = self.show(self.own_company)
        return self.world.command(*command.format(**given).split(), *more)


def own_items_only(anna: Session) -> None:
    entry = anna.workspace.entry("role", "manager")
    assert entry is not None
    rules = {"*": {"read": "own", "add": "all", "edit": "all", "delete": "all", "export": "own", "import": "all"}}
    with anna.change("own items only") as change:
        change.patch("role", entry.id, {"rules": rules, "specials": ["settings", "personal_layout", "make_documents"]})


@pytest.fixture(scope="module")
def scene(written_world: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        folder = tmp_path_factory.mktemp("out of sight") / "rules"
        shutil.copytree(written_world, folder)
        yield set_up(open_world(folder, patch, lambda session: stack.callback(session.close)))


def set_up(world: World) -> Scene:
    anna, show = world.anna, world.anna.workspace.show_ref
    mine, lead = world.deal(title="Mine"), world.lead()
    own_company = items.add(anna, "company", {"title": "Own company", "responsible": "luca"}).ref

    def theirs() -> tuple[Names, list[Ref]]:
        company = items.add(anna, "company", {"title": "Hidden works"}).ref
        product = items.add(anna, "product", {"title": "Hidden part"}).ref
        deal = items.add(anna, "deal", {"title": "Hidden deal", "company": str(company)}).ref
        items.edit(anna, mine, {"company": str(company)})
        activity = activities.add(anna, deal, "Call them", "2026-12-01T09:00:00Z")
        timeline.comment(anna, deal, "Between us")
        relations.link(anna, mine, deal, "see also")
        document = documents.make(anna, deal).ref
        taken = TakingIn(anna, MailTaking(on=(deal,), private=False)).one(mail(number=show(deal))).id
        message = records.by_id(anna, taken).ref
        return Names(show(deal), show(company), show(product), str(activity), document, message), [
            deal,
            company,
            product,
        ]

    documents.add(anna)

    gone, refs = theirs()
    own_items_only(anna)
    items.delete(anna, [refs[0]])
    items.delete(anna, [refs[1]])
    items.delete(anna, [refs[2]])
    hidden, _refs = theirs()
    never = Names(f"D-{NEVER}", f"CO-{NEVER}", f"P-{NEVER}", str(NEVER), f"DOC-{NEVER}", f"MSG-{NEVER}")
    never = never._replace(product=show(Ref("product", NEVER)))
    world.look()
    return Scene(world, mine, lead, own_company, hidden, gone, never)


def told(ran: Ran, names: Names) -> tuple[int, str, str]:
    """What came of a command, whichever item it named."""
    texts = [ran.out, ran.err]
    for name, text in names._asdict().items():
        before = "activity " if name == "activity" else ""
        texts = [re.sub(rf"(?<![\w-]){before}{re.escape(text)}(?![\w-])", name, one) for one in texts]
    return ran.code, texts[0], texts[1]


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_gives_one_answer(scene: Scene, command: str) -> None:
    for form in ((), ("--json",)):
        hidden, gone, never = (
            told(scene.run(command, names, *form), names) for names in (scene.hidden, scene.gone, scene.never)
        )
        assert hidden == never
        assert gone == never


def refs_taken() -> Iterator[str]:
    """The commands that take a ref, as they are typed."""
    tree = command_line()
    assert isinstance(tree, Root)
    here = CommandContext(tree, "tuicrm")
    waiting: list[tuple[tuple[str, ...], Any]] = [((word,), tree.get_command(here, word)) for word in ("deal", *VERBS)]
    while waiting:
        words, command = waiting.pop()
        for name in command.list_commands(here) if hasattr(command, "list_commands") else ():
            waiting.append(((*words, name), command.get_command(here, name)))
        if any("REF" in parameter.metavar for parameter in command.get_params(here)):
            yield " ".join(words)


def test_every_command_that_takes_a_ref_is_tried() -> None:
    taken = set(refs_taken())
    assert {"deal show", "merge", "activity add"} <= taken
    # `--as` names there whom the question is about, and the asker is an administrator: tests/cli/workspace/test_why.py asks as luca.
    assert [words for words in sorted(taken - {"why"}) if not any(one.startswith(words) for one in COMMANDS)] == []


# -- services ----------------------------------------------------------------------------------------------------------
SERVICES: dict[str, Callable[[Session, Ref, Ref], Any]] = {
    "get": lambda luca, ref, _mine: luca.get(ref),
    "peek": lambda luca, ref, _mine: luca.peek(ref),
    "history": lambda luca, ref, _mine: luca.past.history(ref),
    "steps": lambda luca, ref, _mine: history.steps(luca, ref),
    "reading": lambda luca, ref, _mine: history.HistoryReading(luca, ref).steps(),
    "restore": lambda luca, ref, _mine: history.restore(luca, ref),
    "card": lambda luca, ref, _mine: card_of(luca, ref),
    "timeline": lambda luca, ref, _mine: timeline.view(luca, ref),
    "records": lambda luca, ref, _mine: timeline.records(luca, ref),
    "comment": lambda luca, ref, _mine: timeline.comment(luca, ref, "X"),
    "plan": lambda luca, ref, _mine: activities.add(luca, ref, "X", "2026-12-01T09:00:00Z"),
    "open activities": lambda luca, ref, _mine: activities.open_of(luca, ref),
    "edit": lambda luca, ref, _mine: items.edit(luca, ref, {"title": "X"}),
    "edit as expected": lambda luca, ref, _mine: items.edit(luca, ref, {"title": "X"}, expect=1),
    "delete": lambda luca, ref, _mine: items.delete(luca, [ref]),
    "move": lambda luca, ref, _mine: stages.move(luca, ref, "preparation"),
    "move many": lambda luca, ref, _mine: stages.move_many(luca, [ref], "preparation"),
    "link": lambda luca, ref, mine: relations.link(luca, mine, ref),
    "between": lambda luca, ref, mine: relations.between(luca, mine, ref),
    "merge": lambda luca, ref, mine: merging.plan(luca, [mine, ref]),
    "not the same": lambda luca, ref, mine: duplicates.tell_apart(luca, [mine, ref]),
    "product rows": lambda luca, ref, _mine: products.apply(luca, ref, products.adding([{"name": "X"}])),
    "name": lambda luca, ref, _mine: luca.names.item(ref),
    "relating name": lambda luca, ref, _mine: luca.names.related(ref),
    "last known": lambda luca, ref, _mine: luca.past.last_known(ref),
    "many": lambda luca, ref, _mine: luca.many(ref.type, [ref.id]),
    "rest on": lambda luca, ref, _mine: change_of(luca, lambda change: change.expect(ref, 1)),
    "rework": lambda luca, ref, _mine: change_of(luca, lambda change: change.rework(ref, "title", lambda _old: "X")),
    "entry": lambda luca, ref, _mine: change_of(luca, lambda change: change.entry(ref, "comment", text="X")),
}
"""What is done with an item, by a person's session: given the item, and one of their own."""

ENTRY_SERVICES: dict[str, Callable[[Session, int], Any]] = {
    "record": lambda luca, entry: luca.record(ENTRIES, entry),
    "change": lambda luca, entry: timeline.edit_comment(luca, entry, "X"),
    "delete": timeline.delete_entry,
    "pin": timeline.pin,
    "note": lambda luca, entry: timeline.note(luca, ENTRIES, entry, "X"),
    "patch": lambda luca, entry: change_of(luca, lambda change: change.patch(ENTRIES, entry, {"text": "X"})),
    "patch an activity": lambda luca, entry: change_of(luca, lambda it: it.patch(ACTIVITIES, entry, {"what": "X"})),
    "remove": lambda luca, entry: change_of(luca, lambda change: change.remove(ENTRIES, entry)),
    "put": lambda luca, entry: change_of(luca, lambda change: change.put(ENTRIES, {"owner": "deal:1"}, entry)),
    "activity": lambda luca, entry: activities.edit(luca, entry, {"what": "X"}),
    "done": activities.done,
    "delete an activity": activities.delete,
}


def change_of(session: Session, step: Callable[[Any], None]) -> None:
    with session.change("try") as change:
        step(change)


def came(session: Session, ref: Ref, call: Callable[[], Any]) -> str:
    """What a call came to, whichever item it was given."""
    try:
        text = repr(call())
    except CrmError as error:
        text = repr((type(error).__name__, error.code, error.exit_code, error.message, error.fields))
    shown = session.workspace.show_ref(ref)
    return text.replace(repr(ref), "REF").replace(shown, "REF").replace(str(ref), "REF")


def deals(scene: Scene) -> list[Ref]:
    found = [scene.world.anna.workspace.read_ref(one.ref) for one in (scene.hidden, scene.gone, scene.never)]
    return [ref for ref in found if ref is not None]


@pytest.mark.parametrize("name", SERVICES)
def test_a_service_gives_one_answer(scene: Scene, name: str) -> None:
    luca = scene.world.luca
    hidden, gone, never = (
        came(luca, ref, lambda ref=ref: SERVICES[name](luca, ref, scene.mine))  # type: ignore[misc]
        for ref in deals(scene)
    )
    assert hidden == never
    assert gone == never


@pytest.mark.parametrize("name", ENTRY_SERVICES)
def test_an_entry_of_what_one_may_not_see_never_was(scene: Scene, name: str) -> None:
    luca, call = scene.world.luca, ENTRY_SERVICES[name]
    table = ACTIVITIES if "activity" in name or name == "done" else ENTRIES
    refs = deals(scene)
    theirs = [one.id for one in scene.world.anna.owned(table, refs[0])]
    assert theirs
    for entry in theirs:
        told = [came(luca, refs[0], lambda one=one: call(luca, one)) for one in (entry, 9_000)]  # type: ignore[misc]
        assert told[0].replace(str(entry), "N") == told[1].replace("9000", "N")


# -- what one has done oneself -----------------------------------------------------------------------------------------
def test_undo_tells_nothing_of_what_went_out_of_sight(world: World) -> None:
    own_items_only(world.anna)
    told: list[tuple[str, str, int]] = []
    for what in ("hidden", "changed", "deleted"):
        mine = world.deal(title="Mine")
        items.edit(world.luca, mine, {"title": "Luca's"})
        items.edit(world.anna, mine, {"responsible": world.anna.person_key})
        if what == "changed":
            items.edit(world.anna, mine, {"title": "Anna's"})
        if what == "deleted":
            items.delete(world.anna, [mine])
        world.look()
        with pytest.raises(CrmError) as refused:
            undo(world.luca)
        shown = world.anna.workspace.show_ref(mine)
        told.append((refused.value.code, refused.value.message.replace(shown, "REF"), len(refused.value.fields)))
    assert told[0] == told[1] == told[2]
    assert told[0][1].endswith("There is no REF.")


def test_undo_of_a_comment_tells_nothing_either(world: World) -> None:
    own_items_only(world.anna)
    told = []
    for deleted in (False, True):
        mine = world.deal(title="Mine")
        timeline.comment(world.luca, mine, "Luca's")
        items.edit(world.anna, mine, {"responsible": world.anna.person_key})
        if deleted:
            items.delete(world.anna, [mine])
        world.look()
        with pytest.raises(CrmError) as refused:
            undo(world.luca)
        told.append(refused.value.message.replace(world.anna.workspace.show_ref(mine), "REF"))
    assert told[0] == told[1]


def test_what_one_gives_away_is_answered_once_more(world: World) -> None:
    own_items_only(world.anna)
    mine = world.anna.workspace.show_ref(world.deal(title="Mine"))
    ran = world.command("deal", "edit", mine, f"responsible={world.anna.person_key}", "--json")
    assert (ran.code, ran.fields["title"]) == (0, "Mine")
    ran = world.command("deal", "show", mine)
    assert (ran.code, ran.err.strip()) == (3, f"Error: There is no {mine}.")
    assert world.command("deal", "add", "title=New", f"responsible={world.anna.person_key}").code == 0


def test_those_who_may_see_it_are_told_what_it_is(world: World) -> None:
    """One answer for those who may not see; the others still hear who deleted it, and that they may not change it."""
    deal = world.deal(title="Mine")
    shown = world.anna.workspace.show_ref(deal)
    items.delete(world.anna, [deal])
    ran = world.command("deal", "show", shown)
    assert ran.code == 3
    assert "was deleted by Anna Bianchi" in ran.err
    world.look()
    with pytest.raises(NotFound, match="was deleted by"):
        world.luca.get(deal)


def test_history_does_not_name_what_one_may_not_see(world: World) -> None:
    """A change's label may name another item: what it was merged with, or what was taken out of a field."""
    company = items.add(world.anna, "company", {"title": "Hidden works"}).ref
    mine = world.deal(title="Mine", company=str(company))
    own_items_only(world.anna)
    relations.remove(world.anna, relations.between(world.anna, mine, company))
    world.look()
    shown = world.anna.workspace.show_ref(company)
    assert any(shown in version.note for version in world.anna.past.history(mine))
    assert not any(shown in version.note for version in world.luca.past.history(mine))
    assert shown not in world.command("log", "--json").out.replace(f'"new":"{shown}"', "").replace(
        f'"old":"{shown}"', ""
    )


def test_a_stage_that_cannot_go_does_not_name_what_keeps_it(world: World) -> None:
    """Who may change settings hears how many items there are, and of their own which."""
    mine = world.deal(title="Mine")
    hidden = items.add(world.anna, "deal", {"title": "Hidden deal"}).ref
    own_items_only(world.anna)
    with world.anna.change("required") as change:
        change.put("field", {"type": "deal", "key": "source", "required_at": {"general": ["executing"]}})
    items.edit(world.anna, mine, {"stage": "preparation"})
    items.edit(world.anna, hidden, {"stage": "preparation"})
    world.look()
    show = world.anna.workspace.show_ref
    for form in ((), ("--json",)):
        ran = world.command("stage", "delete", "deal", "preparation", "--to", "executing", *form)
        assert ran.code != 0
        assert show(mine) in ran.out + ran.err
        assert show(hidden) not in ran.out + ran.err
        assert "1 that you may not see" in ran.out + ran.err
    outcome = pipelines.move_items(world.luca, "deal", "general", export(world), {"preparation": "new"}, dry_run=True)
    assert (outcome.moved, outcome.stayed, outcome.first) == (1, 1, ())


def export(world: World) -> str:
    made = pipelines.add_pipeline(world.anna, "deal", "Export")
    world.look()
    return made.key


def test_a_timeline_does_not_name_what_was_merged_into_it(world: World) -> None:
    mine = world.deal(title="Mine")
    theirs = items.add(world.anna, "deal", {"title": "Hidden deal"}).ref
    merging.merge(world.anna, merging.plan(world.anna, [mine, theirs]), {"title": mine, "responsible": mine})
    own_items_only(world.anna)
    world.look()
    shown = world.anna.workspace.show_ref(mine)
    for words in (
        ["timeline", shown],
        ["timeline", shown, "--json"],
        ["deal", "show", shown],
        ["deal", "history", shown],
    ):
        assert "Hidden deal" not in world.command(*words).out
    assert "Merged into this item: ?" in world.command("timeline", shown).out
    assert "Hidden deal" in world.command("timeline", shown, by=world.anna.person_key).out
