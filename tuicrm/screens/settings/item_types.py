"""The item types of one's own: made, changed, put in order, removed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from textual.app import App

from tuicrm.domain.context import Choice
from tuicrm.domain.smart import SYMBOLS, SmartType
from tuicrm.errors import Refused
from tuicrm.i18n import _, ngettext
from tuicrm.render.symbols import DOT
from tuicrm.screens import opening
from tuicrm.screens.arranging import Arranging
from tuicrm.services.boards.item_views import ViewSpec, last_view
from tuicrm.services.definitions import item_types
from tuicrm.services.definitions.item_type_checks import new_symbol, read_relations, switches
from tuicrm.services.definitions.item_type_words import told_family, told_switches
from tuicrm.services.definitions.item_types import TypeChanges
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.question import Answer, Question
from tuicrm.widgets.surface import Surface


class Types(Arranging):
    """The types of one's own, in the order in which they stand everywhere."""

    scope = "types"
    steps = ("types.", "customise.")

    def __init__(self, session: Session, surface: Surface) -> None:
        super().__init__(session, surface)
        self.title = _("Custom item types")
        self.empty = _("Nothing here yet: {key} adds one.").format(key=surface.keys.key("types.new"))

    def rows(self) -> Sequence[ArrangerRow]:
        session = self.session
        rows = []
        for record in session.workspace.smart:
            count = item_types.count(session, record.key)
            detail = f"{record.prefix}- {DOT} {ngettext('{n} item', '{n} items', count)}"
            rows.append(ArrangerRow(record.key, session.label(record.plural), record.symbol, detail))
        return rows

    def told(self) -> str:
        """What the type under the cursor has, what it belongs to, and what belongs to it: that needs lines of its own."""
        record = next((one for one in self.session.workspace.smart if one.key == self.current), None)
        switched = told_switches(self.session, record) if record is not None else ""
        has = _("With {switches}").format(switches=switched) if switched else ""
        return f" {DOT} ".join(filter(None, (has, *told_family(self.session, self.current))))

    def why_no_step(self, action_id: str) -> str | None:
        if action_id != "types.new" and not self.current:
            return self.empty
        return None if action_id == "types.items" else item_types.why_not_define(self.session)

    # -- actions -------------------------------------------------------------------------------------------------------
    async def do_types_new(self) -> None:
        made: list[str] = []

        def save(answers: Mapping[str, Answer]) -> None:
            made.append(item_types.add(self.session, said(self.session, answers)).key)

        from tuicrm.widgets.form import Form

        await self.host.ask(Form(self.surface, _("New item type"), questions(self.session), save))
        if made:
            self.again(made[0])
            self.host.say(_("New item type: {types}").format(types=self._plural(made[0])), "done")

    async def do_types_change(self) -> None:
        record = item_types.find_own(self.session, self.current)

        def save(answers: Mapping[str, Answer]) -> None:
            item_types.change(self.session, record.key, said(self.session, answers, record))

        from tuicrm.widgets.form import Form

        title = _("Change {types}").format(types=self._plural(record.key))
        if await self.host.ask(Form(self.surface, title, questions(self.session, record), save)) is not None:
            self.again()

    def do_types_delete(self) -> None:
        reason = item_types.why_not_remove(self.session, self.current)
        if reason is not None:
            key = self.surface.keys.key("types.items")
            self.host.say(_("{reason}. {key} shows them.").format(reason=reason, key=key), "refused")
            return
        self.step(lambda: item_types.remove(self.session, self.current))

    def do_types_items(self) -> None:
        key = self.current
        self.dialog.leave()
        opening.open_view(self, ViewSpec(key), last_view(self.session, key))

    @property
    def app(self) -> App[object]:
        """The program, for opening another screen."""
        return self.dialog.app

    def do_customise_down(self) -> None:
        self.step(lambda: item_types.move(self.session, self.current, 1))

    def do_customise_up(self) -> None:
        self.step(lambda: item_types.move(self.session, self.current, -1))

    def _plural(self, key: str) -> str:
        return self.session.label(self.session.workspace.type(key).plural)


# -- the form ----------------------------------------------------------------------------------------------------------
def questions(session: Session, record: SmartType | None = None) -> list[Question]:
    """What is asked of a new type, or of one that is changed."""
    label = session.label
    symbol = record.symbol if record else new_symbol(session)
    has = tuple(record.has if record else item_types.FIRST_SWITCHES)
    parents, children = (record.parents, record.children) if record else ([], [])
    types = [Choice(one.key, label(one.plural), f"{one.prefix}-") for one in session.workspace.types.values()]
    parts = [Choice(one.key, label(one.label), label(one.help)) for one in switches(session)]
    several = tuple(one.type for one in parents if one.many)

    def of_types(key: str, name: str, chosen: tuple[str, ...], hint: str) -> Question:
        return Question(key, name, "item", chosen=chosen, choices=types, many=True, hint=hint)

    return [
        Question("label", _("Singular name"), text=label(record.label) if record else "", required=True),
        Question(
            "plural",
            _("Plural name"),
            text=label(record.plural) if record else "",
            hint=_("the plural name, used for lists"),
        ),
        Question("prefix", _("Refs"), text=record.prefix if record else "", hint=_("letters such as DEL in DEL-7")),
        Question(
            "symbol", _("Symbol"), "list", chosen=(symbol,), choices=[Choice(s, s) for s in SYMBOLS], required=True
        ),
        Question("has", _("Features"), "list", chosen=has, choices=parts, many=True),
        of_types("parents", _("Parents"), tuple(one.type for one in parents), _("items it belongs to, which list it")),
        of_types("several", _("Several parents"), several, _("those of which an item may have more than one")),
        of_types("children", _("Children"), tuple(one.type for one in children), _("items that belong to it")),
    ]


def said(session: Session, answers: Mapping[str, Answer], record: SmartType | None = None) -> TypeChanges:
    """What the answers mean. Raises Refused."""
    hidden = [one.type for one in (*record.parents, *record.children) if not one.tab] if record else []
    many = [one.type for one in record.children if one.many] if record else []
    parents, several = tuple(answers["parents"]), tuple(answers["several"])
    beyond = [key for key in several if key not in parents]
    if beyond:
        names = ", ".join(session.label(session.workspace.type(key).plural) for key in beyond)
        raise Refused(_("Several parents: choose {types} as parents, too.").format(types=names))
    chosen = tuple(answers["has"])
    return TypeChanges(
        str(answers["label"]),
        str(answers["plural"]),
        str(answers["prefix"]) or None,
        next(iter(answers["symbol"]), None),
        [one.key for one in switches(session) if one.key in chosen],
        read_relations(parents, several=several, hidden=hidden),
        read_relations(tuple(answers["children"]), several=many, hidden=hidden),
    )
