"""The one table of what keys do. It feeds the dispatcher, the footer, the palette, the help and `tuicrm keys`.

An action acts in *scopes*: the places where the cursor can be. A key means one thing in a scope, so no scope hides another.
Keys are written as people write them: a character (`j`, `G`, `<`), or a name (`enter`, `esc`, `pgup`, `F1`, `ctrl+p`).
"""

from __future__ import annotations

from typing import NamedTuple

from tuicrm.i18n import N_

BOARD, AGENDA, LIST, FIELDS, TIMELINE = "board", "agenda", "list", "fields", "timeline"
PRODUCTS, RELATIONS, HISTORY, CUSTOMISE, WELCOME = "products", "relations", "history", "customise", "welcome"
SETTINGS, FIELD_LIST = "settings", "field_list"
PICKER, EDITOR, TEXT, FORM, FORM_TEXT = "picker", "editor", "text", "form", "form text"
FILTER, READER, MENU, CONFIRM, CLASH = "filter", "reader", "menu", "confirm", "clash"
STAGES, PIPELINES, DICTIONARIES = "stages", "pipelines", "dictionaries"
VIEWS, TABS, OPTIONS, TYPES, ROOMS = "views", "tabs", "options", "types", "rooms"
FIND, MERGE, DUPES = "find", "merge", "dupes"
COLUMNS, ORDER, PREVIEW = "columns", "order", "preview"
SAVED = "saved filters"
TRIAGE = "triage"
CALENDAR, CALENDAR_MOVING = "calendar", "calendar moving"
CARD = (FIELDS, TIMELINE)
EVERYWHERE = (
    BOARD,
    AGENDA,
    LIST,
    *CARD,
    TRIAGE,
    PRODUCTS,
    RELATIONS,
    HISTORY,
    CUSTOMISE,
    WELCOME,
    SETTINGS,
    FIELD_LIST,
    MERGE,
    DUPES,
    CALENDAR,
)
"""Wherever no text is being typed and nothing is being chosen."""
_WORK = (
    BOARD,
    AGENDA,
    CALENDAR,
    LIST,
    *CARD,
    TRIAGE,
    PRODUCTS,
    RELATIONS,
    HISTORY,
    CUSTOMISE,
    SETTINGS,
    FIELD_LIST,
    MERGE,
    DUPES,
)
_ORDERED = (VIEWS, TABS, OPTIONS, TYPES, STAGES, PIPELINES, DICTIONARIES, ROOMS)
_ARRANGED = (*_ORDERED, SAVED)
"""Dialogs in which a list is put in order, each step kept at once."""
_KEPT = (COLUMNS, ORDER)
"""The same for what is a person's own, and no part of what undo goes back through."""
_DEFINED = (CUSTOMISE, FIELD_LIST)
_MANY = (BOARD, AGENDA, LIST)
_CARDS = (BOARD, AGENDA)
_GRIDS = (*_CARDS, CALENDAR)
_ITEMS = (BOARD, AGENDA, LIST, *CARD, PRODUCTS, RELATIONS, HISTORY)
_STAGED = (BOARD, *CARD, PRODUCTS, RELATIONS, HISTORY)
_SIDES = (*CARD, LIST, RELATIONS, HISTORY)
_ON_CARD = (*_SIDES, PRODUCTS)
_MOVES = (*EVERYWHERE, READER, PREVIEW, *_ARRANGED, *_KEPT)
_NOT_IN_TEXT = (
    *EVERYWHERE,
    CALENDAR_MOVING,
    *_ARRANGED,
    *_KEPT,
    READER,
    PREVIEW,
    PICKER,
    EDITOR,
    FORM,
    FILTER,
    MENU,
    CONFIRM,
    CLASH,
    FIND,
)
"""All but long texts, where ctrl+z takes back what was typed."""
_ASKING = (PICKER, FORM, FORM_TEXT, FILTER, EDITOR, TEXT, MENU, CONFIRM, CLASH, PREVIEW, CALENDAR_MOVING)
SCOPES = (
    *EVERYWHERE,
    CALENDAR_MOVING,
    *_ARRANGED,
    *_KEPT,
    PREVIEW,
    FIND,
    PICKER,
    EDITOR,
    TEXT,
    FORM,
    FORM_TEXT,
    FILTER,
    READER,
    MENU,
    CONFIRM,
    CLASH,
)

GROUPS = {
    "everywhere": N_("Everywhere"),
    "welcome": N_("Welcome"),
    "board": N_("Board"),
    "agenda": N_("Deadlines and activities"),
    "calendar": N_("Calendar"),
    "list": N_("Lists"),
    "card": N_("Card"),
    "triage": N_("Triage"),
    "timeline": N_("Timeline"),
    "products": N_("Products"),
    "relations": N_("Relations"),
    "history": N_("History"),
    "customise": N_("Customise mode"),
    "settings": N_("Settings"),
    "merging": N_("Duplicates and merge"),
    "arranging": N_("Sortable lists"),
    "choosing": N_("Pickers"),
    "typing": N_("Text entry"),
}

PLACES = {
    BOARD: GROUPS["board"],
    AGENDA: GROUPS["agenda"],
    CALENDAR: GROUPS["calendar"],
    LIST: GROUPS["list"],
    FIELDS: GROUPS["card"],
    TIMELINE: GROUPS["timeline"],
    PRODUCTS: GROUPS["products"],
    RELATIONS: GROUPS["relations"],
    HISTORY: GROUPS["history"],
    TRIAGE: GROUPS["triage"],
    CUSTOMISE: GROUPS["customise"],
    WELCOME: GROUPS["welcome"],
    MERGE: N_("Merge"),
    DUPES: N_("Duplicates"),
}
"""What people call the scopes of EVERYWHERE."""


FIRST: dict[str, tuple[str, ...]] = {
    scope: tuple(ids.split())
    for scope, ids in {
        BOARD: "stage.previous stage.next open new activity.new filter view undo",
        AGENDA: "when.earlier when.later open new activity.new filter view",
        CALENDAR: "activity.new open calendar.move calendar.done calendar.day calendar.week calendar.month calendar.agenda "
        "calendar.whose calendar.free calendar.today",
        CALENDAR_MOVING: "shift.keep shift.left shift.right shift.up shift.down shift.longer shift.shorter",
        LIST: "open new filter list.columns list.order activity.new view",
        FIELDS: "field.edit comment activity.new create card.customise stage.previous stage.next",
        TIMELINE: "timeline.read comment activity.new timeline.done create card.customise timeline.edit",
        TRIAGE: "triage.skip triage.done triage.tomorrow triage.week triage.plan",
        PRODUCTS: "products.add products.edit products.repeat products.remove products.sum",
        RELATIONS: "relations.link relations.open relations.remove comment activity.new create",
        HISTORY: "history.view history.value history.whole history.field history.by",
        CUSTOMISE: "customise.down customise.up customise.hide customise.fields customise.add",
        SETTINGS: "open customise.tabs customise.views goto undo",
        FIELD_LIST: "field.new field.change field.configure field.delete field.find",
        MERGE: "merge.do merge.left merge.right merge.all merge.main",
        DUPES: "dupes.apart merge open dupes.type",
        VIEWS: "views.new views.shape views.members views.rename views.delete arrange.finish",
        OPTIONS: "options.new options.rename options.retire options.delete arrange.finish",
        TYPES: "types.new types.change types.delete types.items arrange.finish",
        STAGES: "stages.new stages.change stages.rename stages.delete arrange.finish customise.down customise.up",
        PIPELINES: "pipelines.new pipelines.stages pipelines.rename pipelines.delete arrange.finish",
        DICTIONARIES: "dictionaries.new dictionaries.open dictionaries.rename dictionaries.delete arrange.finish",
        ROOMS: "rooms.new rooms.change rooms.retire arrange.finish customise.down customise.up",
        SAVED: "saved.use saved.new saved.rename saved.share saved.delete arrange.finish",
        TABS: "tabs.toggle customise.down customise.up tabs.reset arrange.finish",
        COLUMNS: "columns.toggle customise.down customise.up columns.wider columns.narrower arrange.finish",
        ORDER: "columns.toggle customise.down customise.up columns.reset arrange.finish",
    }.items()
}
"""What stands first in the footer of a scope, in this order: the verbs that matter most there show at 80 columns."""


class Action(NamedTuple):
    """One thing that can be done. `label`, `help` and `hint` are English sources: `_()` them where they are shown.

    `footer` orders the footer's hints behind those of FIRST, lowest first; 0 is not in the footer. Neighbours with the same `hint`
    share one: `< > stage`. `words` are others by which people look for it.
    """

    id: str
    keys: tuple[str, ...]
    label: str
    help: str
    scopes: tuple[str, ...]
    group: str
    footer: int = 0
    hint: str = ""
    words: str = ""

    @property
    def method(self) -> str:
        """The method of a widget or screen that does it: `do_stage_next` for `stage.next`."""
        return f"do_{self.id.replace('.', '_')}"

    @property
    def in_palette(self) -> bool:
        """Whether it can be called by name: what moves the cursor or means its key (a tab's number) cannot."""
        return (
            self.group not in ("arranging", "choosing", "typing")
            and self.scopes != (CALENDAR_MOVING,)
            and self.id not in _BY_KEY_ONLY
            and self.id[:5] != "move."
        )


_BY_KEY_ONLY = (
    "back",
    "commands",
    "card.tab",
    "merge.number",
    "card.left",
    "card.right",
    "products.left",
    "products.right",
)


def _do(id: str, keys: str, scopes: tuple[str, ...], label: str, help: str, footer: int = 0, hint: str = "") -> Action:
    return Action(id, tuple(keys.split()), label, help, scopes, "", footer, hint)


# fmt: off
_TABLE: tuple[tuple[str, tuple[Action, ...]], ...] = (
    ("everywhere", (
        _do("move.left", "h left", _GRIDS, N_("Left"), N_("To the column on the left"), 71, N_("move")),
        _do("move.down", "j down", _MOVES, N_("Down"), N_("One down"), 72, N_("move")),
        _do("move.up", "k up", _MOVES, N_("Up"), N_("One up"), 73, N_("move")),
        _do("move.right", "l right", _GRIDS, N_("Right"), N_("To the column on the right"), 74, N_("move")),
        _do("move.page_down", "pgdn", _MOVES, N_("Page down"), N_("A page down")),
        _do("move.page_up", "pgup", _MOVES, N_("Page up"), N_("A page up")),
        _do("move.first", "home", _MOVES, N_("First"), N_("To the first")),
        _do("move.last", "G end", _MOVES, N_("Last"), N_("To the last")),
        _do("open", "enter", (*_GRIDS, LIST, WELCOME, SETTINGS, DUPES), N_("Open"), N_("Open what the cursor is on"), 30, N_("open")),
        _do("back", "esc q", EVERYWHERE, N_("Back"), N_("Go back to where you came from")),
        _do("trail.back", "backspace ctrl+o", _WORK, N_("Back to where I was"),
            N_("Through the places you were at, one by one, also after going elsewhere")),
        _do("goto", "g", _WORK, N_("Go to…"), N_("A short menu of places"), 75, N_("go to")),
        _do("new", "n", (*_MANY, CALENDAR), N_("New"), N_("Create something new here"), 40, N_("new")),
        _do("delete", "D del", (*_GRIDS, LIST, FIELDS), N_("Delete"), N_("Delete the item (can be undone)")),
        _do("filter", "/", _MANY, N_("Filter"),
            N_("Filter what is here, with a query language and a history"), 50, N_("filter")),
        _do("find", "ctrl+f F7", _WORK, N_("Find anywhere"),
            N_("Search every item, timelines included, as you type")),
        _do("reminders", "!", _WORK, N_("Reminders"),
            N_("What you were reminded of: open it, done, again later")),
        _do("mark", "space", _MANY, N_("Mark"), N_("Mark or unmark the item"), 60, N_("mark")),
        _do("mark_all", "*", _MANY, N_("Mark all"), N_("Mark everything that matches, or clear all marks")),
        _do("undo", "u", (*_WORK, *_ARRANGED), N_("Undo"), N_("Undo the last thing you did"), 80, N_("undo")),
        _do("redo", "U ctrl+r", (*_WORK, *_ARRANGED), N_("Redo"), N_("Redo what you undid")),
        _do("copy.value", "y", (*_ITEMS, TRIAGE), N_("Copy the value"), N_("Copy the value to the clipboard")),
        _do("copy.card", "Y", (*_ITEMS, TRIAGE), N_("Copy the card"),
            N_("Copy the whole card to the clipboard as text")),
        _do("commands", ": ctrl+p", EVERYWHERE, N_("Commands"),
            N_("Everything you can do here, by name"), 90, N_("commands")),
        _do("help", "? F1", EVERYWHERE, N_("Keys"), N_("All keys for this place")),
        _do("quit", "Q", EVERYWHERE, N_("Quit"), N_("Quit tuicrm")),
        _do("suspend", "ctrl+z", _NOT_IN_TEXT, N_("Suspend"),
            N_("Return to the shell for a while; `fg` brings you back")),
    )),
    ("welcome", (
        _do("welcome.demo", "d", (WELCOME,), N_("See the demo"),
            N_("A sample company to try everything on; nothing is saved")),
        _do("welcome.new", "n", (WELCOME,), N_("New workspace"),
            N_("An empty one for your company; you become its administrator")),
        _do("welcome.import", "i", (WELCOME,), N_("Import…"),
            N_("A new workspace filled from another program's files")),
    )),
    ("board", (
        _do("stage.previous", "<", (*_STAGED, TRIAGE), N_("Previous stage"), N_("To the previous stage"), 20, N_("stage")),
        _do("stage.next", ">", (*_STAGED, TRIAGE), N_("Next stage"), N_("To the next stage"), 21, N_("stage")),
        _do("stage.move", "M", (*_STAGED, LIST, TRIAGE), N_("Move to…"), N_("Move to another stage or pipeline"), 55, N_("move to")),
        _do("view", "v", (*_MANY, CALENDAR), N_("View…"),
            N_("Board, list, deadlines, activities or calendar, with the same filter"), 76, N_("view")),
        _do("board.order", "o", (BOARD,), N_("Sort the columns…"),
            N_("How the cards in each column are sorted: newest, last changed, amount, due date")),
        _do("board.fold", "z", _CARDS, N_("Fold the column"),
            N_("Fold the column to a narrow strip, or open it again"), 70, N_("fold")),
        _do("board.pipeline", "p", (*_CARDS, FIELD_LIST), N_("Pipeline…"), N_("Switch to another pipeline"), 65, N_("pipeline")),
        _do("board.stages", "s", (BOARD,), N_("Stages…"),
            N_("The stages of this pipeline: add, rename, recolour, reorder, delete"), 66, N_("stages")),
        _do("activity.new", "a", (*_ITEMS, CALENDAR), N_("Plan an activity"),
            N_("What to do next, and when"), 45, N_("activity")),
        _do("activity.log", "A", (*_ITEMS, TRIAGE), N_("Log a call…"),
            N_("What was done, its result and the next step, in one form and one undo"), 46, N_("log")),
        _do("create", "+", _ITEMS, N_("Create from this…"),
            N_("Create another item from this one, or from all marked ones; matching fields are "
                "copied"), 64, N_("create")),
    )),
    ("agenda", (
        _do("when.earlier", "<", (AGENDA,), N_("Earlier"),
            N_("To an earlier column: its date is set on the item"), 20, N_("earlier, later")),
        _do("when.later", ">", (AGENDA,), N_("Later"),
            N_("To a later column: its date is set on the item"), 21, N_("earlier, later")),
        _do("when.move", "M", (AGENDA,), N_("Move to…"), N_("Move to another column"), 55, N_("move to")),
    )),
    ("calendar", (
        _do("calendar.day", "d 1", (CALENDAR,), N_("Day"), N_("One day with its hours"), 20, N_("views")),
        _do("calendar.week", "w 2", (CALENDAR,), N_("Week"), N_("Seven days with their hours"), 21, N_("views")),
        _do("calendar.month", "m 3", (CALENDAR,), N_("Month"), N_("The weeks of a month"), 22, N_("views")),
        _do("calendar.agenda", "A 4", (CALENDAR,), N_("Agenda"), N_("What is planned as a list, day by day"), 23, N_("views")),
        _do("calendar.side", "s 5", (CALENDAR,), N_("Side by side"),
            N_("One day with a column for each of the calendars chosen, to find a time for all"), 24, N_("side by side")),
        _do("calendar.today", "t", (CALENDAR,), N_("Today"), N_("To today, now"), 27, N_("today")),
        _do("calendar.next", "tab", (CALENDAR,), N_("Next activity"), N_("To the next activity"), 28, N_("next")),
        _do("calendar.before", "shift+tab", (CALENDAR,), N_("Previous activity"), N_("To the previous activity")),
        _do("calendar.whose", "c", (CALENDAR,), N_("Whose calendars…"),
            N_("Your own, those of people, of a department, of rooms; several at once"), 25, N_("whose")),
        _do("calendar.free", "f", (CALENDAR,), N_("Next free time"),
            N_("The next time at which all of those chosen are free, as long as what the cursor is on; again: the one "
                "after"), 26, N_("free")),
        _do("calendar.move", "M", (CALENDAR,), N_("Move"),
            N_("Move the activity with the arrows, to another day or time"), 31, N_("move it")),
        _do("calendar.stretch", "S", (CALENDAR,), N_("Stretch"), N_("Make the activity longer or shorter"), 32, N_("stretch")),
        _do("calendar.done", "x", (CALENDAR,), N_("Done"), N_("Mark the activity as done, or as not done"), 33, N_("done")),
        _do("calendar.edit", "e F2", (CALENDAR,), N_("Change the activity"), N_("Change the activity in its form"), 34, N_("change")),
        _do("shift.left", "h left", (CALENDAR_MOVING,), N_("A day earlier"), N_("A day earlier"), 11, N_("day")),
        _do("shift.right", "l right", (CALENDAR_MOVING,), N_("A day later"), N_("A day later"), 12, N_("day")),
        _do("shift.up", "k up", (CALENDAR_MOVING,), N_("Half an hour earlier"),
            N_("Half an hour earlier; when stretching, shorter"), 13, N_("half an hour")),
        _do("shift.down", "j down", (CALENDAR_MOVING,), N_("Half an hour later"),
            N_("Half an hour later; when stretching, longer"), 14, N_("half an hour")),
        _do("shift.week_earlier", "pgup", (CALENDAR_MOVING,), N_("A week earlier"), N_("A week earlier"), 17, N_("week")),
        _do("shift.week_later", "pgdn", (CALENDAR_MOVING,), N_("A week later"), N_("A week later"), 18, N_("week")),
        _do("shift.longer", "J shift+down +", (CALENDAR_MOVING,), N_("Longer"),
            N_("Half an hour longer; of whole days, a day"), 15, N_("length")),
        _do("shift.shorter", "K shift+up -", (CALENDAR_MOVING,), N_("Shorter"),
            N_("Half an hour shorter; of whole days, a day"), 16, N_("length")),
        _do("shift.keep", "enter F2", (CALENDAR_MOVING,), N_("Keep it there"), N_("Keep it there (can be undone)"), 10, N_("keep")),
    )),
    ("list", (
        _do("list.columns", "C", (LIST,), N_("Columns…"), N_("Which columns to show, in which order, how wide"), 56, N_("columns")),
        _do("list.order", "o", (LIST,), N_("Sort by…"), N_("Which columns to sort by, in which order, up or down"), 57, N_("sort")),
        _do("list.export", "X", _MANY, N_("Export…"), N_("Export what is shown, or what is marked, to a CSV or JSON file")),
        _do("list.left", "<", (LIST,), N_("Columns to the left"), N_("Scroll to the columns on the left")),
        _do("list.right", ">", (LIST,), N_("Columns to the right"), N_("Scroll to the columns that do not fit")),
        _do("edit_many", "E", _MANY, N_("Edit all marked…"),
            N_("Edit fields of all marked items at once, with a preview; one undo restores them")),
    )),
    ("card", (
        _do("field.edit", "enter F2", (FIELDS, TRIAGE), N_("Edit the field"),
            N_("Edit the value in place"), 18, N_("edit")),
        _do("card.other_pane", "tab", (*_ON_CARD, TRIAGE), N_("Fields or timeline"),
            N_("Switch between the fields and the timeline"), 19, N_("timeline")),
        _do("card.left", "h left", (*_SIDES, TRIAGE), N_("Left side"), N_("To the fields")),
        _do("card.right", "l right", (*_SIDES, TRIAGE), N_("Right side"), N_("To the timeline")),
        _do("card.tab", "1 2 3 4 5 6 7 8 9", (*_ON_CARD, TRIAGE), N_("Tabs"), N_("The card's tabs, by number")),
        _do("card.previous", "[", (*_ON_CARD, TRIAGE), N_("Previous item"),
            N_("The previous item in the same filter"), 62, N_("other items")),
        _do("card.next", "]", (*_ON_CARD, TRIAGE), N_("Next item"), N_("The next item in the same filter"), 63, N_("other items")),
        _do("comment", "c", (*_ON_CARD, TRIAGE), N_("Comment"), N_("Write a comment"), 42, N_("comment")),
        _do("card.show_empty", ".", (FIELDS, TRIAGE), N_("Show or hide empty fields"),
            N_("Show or hide fields that have no value"), 68, N_("empty")),
        _do("card.fold", "z", (FIELDS, TRIAGE), N_("Fold the section"),
            N_("Fold the section or open it; remembered for you"), 69, N_("fold")),
        _do("client.main", "P", (FIELDS,), N_("Main contact"), N_("Make another of the client's contacts the main one")),
        _do("field.read", "o", (FIELDS, TRIAGE), N_("Read the full value"), N_("Show a long value in full")),
        _do("card.customise", "C", CARD, N_("Customise the card"),
            N_("Arrange the card's sections and fields"), 70, N_("customise")),
        _do("card.layout", "L", (*CARD, CUSTOMISE), N_("Layout…"),
            N_("Which layout this card has and why; switch to another one you may use")),
    )),
    ("triage", (
        _do("triage.start", "T", _MANY, N_("Triage…"),
            N_("Go through what is shown, or marked, one by one, choosing an outcome for each")),
        _do("triage.skip", "space s", (TRIAGE,), N_("Skip"), N_("Leave it for now and go to the next item"), 4, N_("skip")),
        _do("triage.done", "x", (TRIAGE,), N_("Done, plan next"),
            N_("Mark the next activity as done, plan the one after it and go to the next item"), 5, N_("done")),
        _do("triage.tomorrow", "t", (TRIAGE,), N_("Tomorrow"),
            N_("Postpone what is planned to tomorrow and go to the next item"), 6, N_("tomorrow")),
        _do("triage.week", "w", (TRIAGE,), N_("In a week"),
            N_("Postpone what is planned by a week from today and go to the next item"), 7, N_("in a week")),
        _do("triage.plan", "a", (TRIAGE,), N_("Plan an activity"),
            N_("Plan an activity and go to the next item"), 8, N_("activity")),
        _do("triage.won", "W", (TRIAGE,), N_("Won"), N_("Move to the success stage and go to the next item"), 9, N_("won, lost")),
        _do("triage.lost", "L", (TRIAGE,), N_("Lost"), N_("Move to a failure stage and go to the next item"), 10, N_("won, lost")),
        _do("triage.delete", "D del", (TRIAGE,), N_("Delete"), N_("Delete it (can be undone) and go to the next item")),
    )),
    ("timeline", (
        _do("timeline.read", "enter", (TIMELINE,), N_("Read in full"), N_("Show the whole entry"), 18, N_("read")),
        _do("timeline.kinds", "f", (TIMELINE,), N_("Which kinds…"),
            N_("Choose which kinds of entries to show"), 50, N_("kinds")),
        _do("timeline.edit", "e", (TIMELINE,), N_("Change the entry"),
            N_("Change a comment, a note or an activity"), 30, N_("change")),
        _do("timeline.delete", "D del", (TIMELINE,), N_("Delete the entry"),
            N_("Delete the entry (can be undone)"), 31, N_("delete")),
        _do("timeline.pin", "p", (TIMELINE,), N_("Pin"),
            N_("Pin the entry to the top, or unpin it (up to 7)"), 35, N_("pin")),
        _do("timeline.note", "N", (TIMELINE,), N_("Add a note"), N_("Add a note to the entry"), 36, N_("note")),
        _do("timeline.answer", "i", (TIMELINE,), N_("Whether you take part"),
            N_("Say whether you take part in it: yes, no, maybe")),
        _do("timeline.done", "x", (TIMELINE,), N_("Done"),
            N_("Mark the activity as done, or as not done"), 28, N_("done")),
    )),
    ("products", (
        _do("products.left", "h left", (PRODUCTS,), N_("Left"), N_("To the cell on the left"), 14, N_("cell")),
        _do("products.right", "l right", (PRODUCTS,), N_("Right"),
            N_("To the cell on the right; from the last one, to the timeline"), 15, N_("cell")),
        _do("products.edit", "enter F2 e", (PRODUCTS,), N_("Edit the cell"), N_("Edit the value in place"), 18, N_("edit")),
        _do("products.add", "n", (PRODUCTS,), N_("Add a product…"),
            N_("From the catalogue, or as free text"), 17, N_("add")),
        _do("products.repeat", "r", (PRODUCTS,), N_("Duplicate the row"), N_("Add a copy of the row below it"), 24, N_("duplicate")),
        _do("products.remove", "D del x", (PRODUCTS,), N_("Remove the row"), N_("Remove the row (can be undone)"), 25, N_("remove")),
        _do("products.down", "J shift+down", (PRODUCTS,), N_("Move down"), N_("Move the row down"), 22, N_("reorder")),
        _do("products.up", "K shift+up", (PRODUCTS,), N_("Move up"), N_("Move the row up"), 23, N_("reorder")),
        _do("products.open", "o", (PRODUCTS,), N_("Open the product"), N_("The product's card in the catalogue"), 61, N_("product")),
        _do("products.sum", "=", (PRODUCTS,), N_("Amount = sum"),
            N_("Calculate the amount from the products again, after it was set by hand"), 26, N_("amount = sum")),
    )),
    ("relations", (
        _do("relations.open", "enter", (RELATIONS,), N_("Open"), N_("Open the item's card, or show more"), 18, N_("open")),
        _do("relations.link", "n", (RELATIONS,), N_("Link an item…"),
            N_("Link another item and say how they are related"), 17, N_("link")),
        _do("relations.remove", "D del x", (RELATIONS,), N_("Remove the link"),
            N_("Remove the link, or clear the field that refers to the item (can be undone)"), 25, N_("remove")),
    )),
    ("history", (
        _do("history.view", "enter", (HISTORY,), N_("Card at that time"),
            N_("Show the card as it was after this change, read-only"), 18, N_("as it was")),
        _do("history.value", "b", (HISTORY,), N_("Restore the value"),
            N_("Restore the value from before this change"), 28, N_("restore value")),
        _do("history.whole", "B", (HISTORY,), N_("Restore everything"),
            N_("Restore the whole item to what it was after this change"), 29, N_("restore all")),
        _do("history.field", "f", (HISTORY,), N_("Which field…"), N_("Show changes to one field only"), 31, N_("field")),
        _do("history.by", "w", (HISTORY,), N_("By whom…"), N_("Show one person's changes only"), 32, N_("by whom")),
    )),
    ("customise", (
        _do("customise.down", "J shift+down", (CUSTOMISE, *_ORDERED, *_KEPT), N_("Move down"),
            N_("Move down; at the end of a section, a field moves into the next one"), 5, N_("reorder")),
        _do("customise.up", "K shift+up", (CUSTOMISE, *_ORDERED, *_KEPT), N_("Move up"),
            N_("Move up; at the start of a section, a field moves into the previous one"), 6, N_("reorder")),
        _do("customise.move", "M", (CUSTOMISE,), N_("Move to a section…"),
            N_("Move the field to another section"), 20, N_("to section")),
        _do("customise.hide", "x", (CUSTOMISE,), N_("Hide the field"),
            N_("Hide the field; its value is kept"), 22, N_("hide")),
        _do("customise.fields", "f", (CUSTOMISE,), N_("Select fields…"),
            N_("Choose which of all the fields are shown"), 25, N_("select fields")),
        _do("customise.add", "a", (CUSTOMISE,), N_("Add a section"), N_("Add a section"), 30, N_("add section")),
        _do("customise.rename", "r", (CUSTOMISE,), N_("Rename"), N_("Rename the section or field"), 31, N_("rename")),
        _do("customise.delete", "D del", (CUSTOMISE,), N_("Delete the section"),
            N_("Delete the section; its fields are hidden, not lost"), 32, N_("delete section")),
        _do("field.new", "n", _DEFINED, N_("New field…"),
            N_("Add a custom field at the cursor"), 26, N_("new field")),
        _do("field.configure", "c", _DEFINED, N_("Configure…"),
            N_("Where the field is required, who can see it, whether it is always shown"), 27, N_("configure")),
        _do("field.change", "enter e F2", _DEFINED, N_("Change the field…"),
            N_("Its name, help text and settings; changing the type creates a new field"), 28, N_("change")),
        _do("field.options", "o", _DEFINED, N_("Options…"), N_("The options of a list: names, order, which ones are offered")),
        _do("customise.tabs", "t", (CUSTOMISE, SETTINGS), N_("Tabs…"), N_("Their order, and which are in the bar"), 40, N_("tabs")),
        _do("customise.views", "v", (CUSTOMISE, SETTINGS), N_("Views…"),
            N_("Layouts for chosen people and departments"), 41, N_("views")),
        _do("customise.everyone", "S", (CUSTOMISE,), N_("Set for everyone"),
            N_("Make this the common layout; personal layouts are removed"), 42, N_("for everyone")),
        _do("customise.personal", "P", (CUSTOMISE,), N_("Use a personal layout"),
            N_("Start a personal layout from the card as it is now"), 43, N_("personal")),
        _do("customise.reset", "R", (CUSTOMISE,), N_("Reset"),
            N_("Go back to the layout this one is based on"), 44, N_("reset")),
    )),
    ("settings", (
        _do("field.delete", "D del", (FIELD_LIST,), N_("Delete the field"),
            N_("Delete a custom field and its values (can be undone)"), 30, N_("delete")),
        _do("field.find", "/", (FIELD_LIST,), N_("Find a field"), N_("Jump to a field by name"), 31, N_("find")),
    )),
    ("merging", (
        _do("merge", "&", (*_MANY, DUPES), N_("Merge…"),
            N_("Combine the marked items into one, comparing them field by field"), 64, N_("merge")),
        _do("merge.left", "h left", (MERGE,), N_("Value on the left"), N_("Use the value of the left item"), 20, N_("which value")),
        _do("merge.right", "l right space enter", (MERGE,), N_("Value on the right"),
            N_("Use the value of the right item"), 21, N_("which value")),
        _do("merge.number", "1 2 3 4 5 6 7 8 9", (MERGE,), N_("Value by number"),
            N_("Use the value of the item with this number and go to the next field")),
        _do("merge.all", "a", (MERGE,), N_("Fill from the first"),
            N_("Use the first item's values wherever nothing is chosen yet"), 22, N_("fill from first")),
        _do("merge.equal", ".", (MERGE,), N_("Equal fields"),
            N_("Show or fold the fields whose values are equal"), 24, N_("equal fields")),
        _do("merge.main", "m", (MERGE,), N_("Keep another"), N_("Make the next item the one that is kept"), 23, N_("keep another")),
        _do("merge.do", "& F2", (MERGE,), N_("Merge"), N_("Merge them into one item (can be undone)"), 18, N_("merge")),
        _do("dupes.apart", "x", (DUPES,), N_("Not a duplicate"),
            N_("Mark as not a duplicate (can be undone)"), 20, N_("not a duplicate")),
        _do("dupes.type", "tab", (DUPES,), N_("Next type"), N_("Show duplicates of the next type"), 22, N_("type")),
    )),
    ("arranging", (
        _do("arrange.finish", "esc q", (*_ARRANGED, *_KEPT), N_("Finish"), N_("Go back to the previous screen"), 8, N_("finish")),
        _do("saved.use", "enter", (SAVED,), N_("Use it"), N_("Put it into the filter bar"), 20, N_("use")),
        _do("saved.new", "n", (SAVED,), N_("Save this filter"),
            N_("Save the current filter under a name"), 21, N_("save this")),
        _do("saved.rename", "r", (SAVED,), N_("Rename"), N_("Give it another name"), 22, N_("rename")),
        _do("saved.share", "S", (SAVED,), N_("Share"), N_("Share it with everyone, or keep it to yourself"), 23, N_("share")),
        _do("saved.delete", "D del", (SAVED,), N_("Delete"), N_("Delete the filter (can be undone)"), 24, N_("delete")),
        _do("columns.toggle", "space enter", (COLUMNS, ORDER), N_("Include or exclude"),
            N_("Column: shown or not. Sort key: ascending, descending, off"), 20, N_("include, exclude")),
        _do("columns.wider", "+ l", (COLUMNS,), N_("Wider"), N_("Make it wider by two characters"), 21, N_("size")),
        _do("columns.narrower", "- h", (COLUMNS,), N_("Narrower"), N_("Make it narrower by two characters"), 22, N_("size")),
        _do("columns.reset", "R", (COLUMNS, ORDER), N_("Reset"), N_("Back to the defaults"), 23, N_("reset")),
        _do("views.new", "n", (VIEWS,), N_("New view"), N_("Create a view from the card as it is now"), 20, N_("new")),
        _do("views.shape", "enter", (VIEWS,), N_("Customise it"), N_("Show a card with this view; customise it"), 21, N_("customise")),
        _do("views.members", "w", (VIEWS,), N_("For whom…"), N_("The people and departments who use it"), 22, N_("for whom")),
        _do("views.rename", "r", (VIEWS,), N_("Rename"), N_("Give it another name"), 23, N_("rename")),
        _do("views.delete", "D del", (VIEWS,), N_("Delete"),
            N_("The people who had it go back to their other layout"), 24, N_("delete")),
        _do("tabs.toggle", "space enter", (TABS,), N_("Show or hide"), N_("Show it in the bar or hide it"), 20, N_("show, hide")),
        _do("tabs.reset", "R", (TABS,), N_("Reset"), N_("All tabs, in their original order"), 21, N_("reset")),
        _do("options.new", "n", (OPTIONS,), N_("New option"), N_("At the end of the list"), 20, N_("new")),
        _do("options.rename", "enter r", (OPTIONS,), N_("Rename"), N_("Rename it; values are kept"), 21, N_("rename")),
        _do("options.retire", "x", (OPTIONS,), N_("Retire or offer"),
            N_("Stop offering it (still shown where used), or offer it again"), 22, N_("retire")),
        _do("options.default", "space", (OPTIONS,), N_("Default"), N_("The value a new item starts with"), 23, N_("default")),
        _do("options.delete", "D del", (OPTIONS,), N_("Delete"),
            N_("Delete it; if it is in use, it is retired instead"), 24, N_("delete")),
        _do("stages.new", "n", (STAGES,), N_("New stage"), N_("Add one after the stage under the cursor"), 20, N_("new")),
        _do("stages.change", "enter", (STAGES,), N_("Edit the stage…"),
            N_("Its name, colour, probability and the fields asked for there"), 21, N_("change")),
        _do("stages.rename", "r", (STAGES,), N_("Rename"), N_("Rename it; items stay where they are"), 22, N_("rename")),
        _do("stages.colour", "c", (STAGES,), N_("Colour…"), N_("Choose another colour by name"), 23, N_("colour")),
        _do("stages.asks", "f", (STAGES,), N_("Fields to ask for…"),
            N_("Fields to ask for when an item enters this stage; they may be left empty"), 24, N_("asks for")),
        _do("stages.pipelines", "p", (STAGES,), N_("Pipelines…"), N_("All pipelines of this type"), 26, N_("pipelines")),
        _do("stages.delete", "D del", (STAGES,), N_("Delete"), N_("Delete it; you choose first where its items go"), 25, N_("delete")),
        _do("pipelines.new", "n", (PIPELINES,), N_("New pipeline"), N_("Add a pipeline with its own stages"), 20, N_("new")),
        _do("pipelines.stages", "enter", (PIPELINES,), N_("Stages…"), N_("Its stages"), 21, N_("stages")),
        _do("pipelines.rename", "r", (PIPELINES,), N_("Rename"), N_("Rename it; items stay where they are"), 22, N_("rename")),
        _do("pipelines.default", "space", (PIPELINES,), N_("Default"),
            N_("The pipeline used when you do not choose one"), 23, N_("default")),
        _do("pipelines.move", "M", (PIPELINES,), N_("Move its items…"),
            N_("Move all its items to another pipeline, stage by stage"), 24, N_("move items")),
        _do("pipelines.delete", "D del", (PIPELINES,), N_("Delete"),
            N_("Delete it; you choose first which pipeline its items go to"), 25, N_("delete")),
        _do("dictionaries.new", "n", (DICTIONARIES,), N_("New dictionary"), N_("Values for fields to choose from"), 20, N_("new")),
        _do("dictionaries.open", "enter", (DICTIONARIES,), N_("Entries…"),
            N_("Its entries: names, order, which ones are offered"), 21, N_("entries")),
        _do("dictionaries.rename", "r", (DICTIONARIES,), N_("Rename"), N_("Rename it; values are kept"), 22, N_("rename")),
        _do("dictionaries.delete", "D del", (DICTIONARIES,), N_("Delete"),
            N_("Delete it if no field uses it"), 23, N_("delete")),
        _do("rooms.new", "n", (ROOMS,), N_("New room or resource"), N_("Add one at the end of the list"), 20, N_("new")),
        _do("rooms.change", "enter e F2", (ROOMS,), N_("Change"), N_("Name, place, seats, who may book it"), 21, N_("change")),
        _do("rooms.retire", "x", (ROOMS,), N_("Retire or offer"),
            N_("Stop or start letting people book it; what is booked stays"), 22, N_("retire")),
        _do("types.new", "n", (TYPES,), N_("New item type"), N_("Add a custom item type"), 20, N_("new")),
        _do("types.change", "enter e F2", (TYPES,), N_("Change"),
            N_("Names, refs, features, parents and children"), 21, N_("change")),
        _do("types.delete", "D del", (TYPES,), N_("Remove"), N_("Remove it, if it has no items"), 22, N_("remove")),
        _do("types.items", "L", (TYPES,), N_("Its items"), N_("Go to the items of this type"), 23, N_("items")),
    )),
    ("choosing", (
        _do("list.down", "down", (PICKER, MENU), N_("Down"), N_("One down")),
        _do("list.up", "up", (PICKER, MENU), N_("Up"), N_("One up")),
        _do("list.page_down", "pgdn", (PICKER, MENU), N_("Page down"), N_("A page down")),
        _do("list.page_up", "pgup", (PICKER, MENU), N_("Page up"), N_("A page up")),
        _do("list.choose", "enter", (PICKER, MENU), N_("Choose"),
            N_("Choose what is under the cursor, or everything that is marked"), 1, N_("choose")),
        _do("list.mark", "tab space", (PICKER,), N_("Mark"),
            N_("Mark several; space also starts the next word after typed text"), 2, N_("mark")),
        _do("find.open", "enter", (FIND,), N_("Open"), N_("Open what the cursor is on"), 1, N_("open")),
        _do("find.type", "tab", (FIND,), N_("Next type"), N_("Show only the next type with results"), 2, N_("type")),
        _do("find.type_before", "shift+tab", (FIND,), N_("Previous type"),
            N_("Show only the previous type, or all again")),
        _do("find.down", "down", (FIND,), N_("Down"), N_("One down"), 3, N_("move")),
        _do("find.up", "up", (FIND,), N_("Up"), N_("One up"), 4, N_("move")),
        _do("find.page_down", "pgdn", (FIND,), N_("Page down"), N_("A page down")),
        _do("find.page_up", "pgup", (FIND,), N_("Page up"), N_("A page up")),
        _do("find.leave", "esc", (FIND,), N_("Back"), N_("Go back to where you came from"), 9, N_("back")),
        _do("form.next", "enter tab", (FORM,), N_("Next"),
            N_("To the next field; Enter in the last one finishes"), 1, N_("next")),
        _do("form.on", "tab", (FORM_TEXT,), N_("Next"), N_("To the next field; Enter starts a new line"), 1, N_("next")),
        _do("form.back", "shift+tab", (FORM_TEXT,), N_("Previous"), N_("To the previous field"), 3, N_("previous")),
        _do("form.previous", "shift+tab up", (FORM,), N_("Previous"), N_("To the previous field"), 3, N_("previous")),
        _do("form.down", "down", (FORM,), N_("Down"), N_("To the next field")),
        _do("form.choose", "F4", (FORM,), N_("List…"), N_("Choose the value from a list"), 4, N_("list")),
        _do("form.other", "F6", (FORM, FORM_TEXT), N_("Open the match"),
            N_("Leave the form and open the similar item")),
        _do("form.save", "F2", (FORM, FORM_TEXT), N_("Finish"), N_("Finish with the values entered"), 2, N_("finish")),
        _do("close", "esc q enter", (READER,), N_("Close"), N_("Go back to the previous screen"), 20, N_("close")),
        _do("preview.do", "enter y", (PREVIEW,), N_("Confirm"), N_("Make the changes shown (can be undone)"), 1, N_("confirm")),
        _do("cancel", "esc", _ASKING, N_("Cancel"), N_("Leave everything unchanged"), 9, N_("cancel")),
    )),
    ("typing", (
        _do("editor.save", "enter F2", (EDITOR,), N_("Save"), N_("Save the value"), 1, N_("save")),
        _do("text.save", "F2 ctrl+s", (TEXT,), N_("Save"), N_("Save the text; Enter starts a new line"), 1, N_("save")),
        _do("filter.apply", "enter", (FILTER,), N_("Filter"), N_("Show the matching items"), 1, N_("apply")),
        _do("filter.complete", "tab", (FILTER,), N_("Complete"), N_("Complete the word"), 2, N_("complete")),
        _do("filter.older", "up", (FILTER,), N_("Older"), N_("The previous filter"), 3, N_("history")),
        _do("filter.newer", "down", (FILTER,), N_("Newer"), N_("The next filter"), 4, N_("history")),
        _do("filter.saved", "F4", (FILTER,), N_("Saved filters…"),
            N_("Filters saved under a name: use one, or save this one"), 5, N_("saved")),
        _do("clash.mine", "r", (CLASH,), N_("Replace it"), N_("Replace the current value with yours"), 1, N_("replace")),
        _do("clash.theirs", "k", (CLASH,), N_("Keep the other"), N_("Keep the current value; yours is discarded"), 2, N_("keep")),
        _do("confirm.yes", "y", (CONFIRM,), N_("Yes"), N_("Confirm"), 1, N_("yes")),
        _do("confirm.no", "n", (CONFIRM,), N_("No"), N_("Keep the other"), 2, N_("no")),
    )),
)
# fmt: on

_WORDS = {
    "open": N_("show card details view look"),
    "back": N_("return leave previous"),
    "goto": N_("menu navigate jump deals leads contacts companies settings"),
    "trail.back": N_("return previous history places before"),
    "new": N_("add create insert"),
    "delete": N_("remove trash erase"),
    "filter": N_("search narrow query where find here"),
    "find": N_("search global lookup phone number customer client who"),
    "reminders": N_("due late notifications alarm bell snooze"),
    "mark": N_("select tick choose check"),
    "mark_all": N_("select all everything"),
    "undo": N_("revert restore back take"),
    "redo": N_("again repeat"),
    "copy.value": N_("clipboard yank duplicate"),
    "copy.card": N_("clipboard yank share send"),
    "help": N_("keyboard shortcuts manual"),
    "quit": N_("exit close leave end"),
    "suspend": N_("shell background pause"),
    "stage.previous": N_("move back status"),
    "stage.next": N_("move forward advance status promote"),
    "stage.move": N_("won lost win lose close stage pipeline status success failure finish junk drag"),
    "view": N_("kanban board list calendar deadlines activities switch"),
    "board.order": N_("sort arrange newest amount"),
    "board.fold": N_("collapse hide column"),
    "board.pipeline": N_("funnel category process"),
    "board.stages": N_("statuses columns configure pipeline settings"),
    "activity.log": N_("phoned spoke met done result outcome report note follow up next step"),
    "activity.new": N_("call log task to-do todo meeting mail e-mail remind reminder follow up schedule phone"),
    "create": N_("quote invoice offer estimate document doc convert deal generate"),
    "when.earlier": N_("sooner date"),
    "when.later": N_("postpone date delay"),
    "when.move": N_("reschedule postpone date"),
    "calendar.day": N_("hours schedule"),
    "calendar.week": N_("hours schedule"),
    "calendar.month": N_("weeks overview"),
    "calendar.agenda": N_("list schedule"),
    "calendar.side": N_("free busy compare people rooms meeting"),
    "calendar.today": N_("now"),
    "calendar.whose": N_("people department room mine colleague"),
    "calendar.free": N_("slot meeting time find free busy"),
    "calendar.move": N_("reschedule postpone time drag"),
    "calendar.stretch": N_("longer shorter length duration end"),
    "calendar.done": N_("complete finish close tick"),
    "calendar.edit": N_("modify reschedule"),
    "list.columns": N_("fields width table"),
    "list.order": N_("order arrange"),
    "list.export": N_("download save file excel spreadsheet"),
    "edit_many": N_("bulk mass update all"),
    "field.edit": N_("change rename modify value"),
    "card.other_pane": N_("history log switch pane"),
    "card.previous": N_("back before"),
    "card.next": N_("forward after"),
    "comment": N_("note log call write message remark"),
    "card.show_empty": N_("blank hidden fields"),
    "card.fold": N_("collapse section"),
    "client.main": N_("primary contact"),
    "field.read": N_("long text whole"),
    "card.customise": N_("arrange layout fields sections form rename edit"),
    "card.layout": N_("view form fields"),
    "triage.start": N_("review inbox clean up one by one"),
    "triage.won": N_("win close success"),
    "triage.lost": N_("lose close failure junk"),
    "triage.plan": N_("call task to-do meeting mail remind"),
    "triage.tomorrow": N_("postpone snooze delay"),
    "triage.week": N_("postpone snooze delay"),
    "timeline.kinds": N_("filter comments activities show only log"),
    "timeline.edit": N_("modify rename correct"),
    "timeline.delete": N_("remove erase comment"),
    "timeline.pin": N_("stick top important star"),
    "timeline.note": N_("remark annotate"),
    "timeline.answer": N_("invitation accept decline attend rsvp"),
    "timeline.done": N_("complete finish close tick"),
    "products.add": N_("item goods line catalogue"),
    "products.repeat": N_("copy duplicate row"),
    "products.sum": N_("total amount"),
    "relations.link": N_("connect attach relation"),
    "relations.remove": N_("unlink disconnect delete"),
    "history.whole": N_("restore revert"),
    "history.value": N_("restore revert"),
    "field.new": N_("custom property column add"),
    "field.configure": N_("required visible mandatory rights"),
    "field.delete": N_("remove property"),
    "customise.tabs": N_("hide show order"),
    "customise.views": N_("layouts departments"),
    "customise.everyone": N_("share common publish"),
    "customise.reset": N_("default restore"),
    "merge": N_("duplicates join combine same"),
    "dupes.apart": N_("different no duplicate"),
}
"""By which other words the palette finds an action."""

ACTIONS: tuple[Action, ...] = tuple(
    action._replace(group=group, words=_WORDS.get(action.id, "")) for group, actions in _TABLE for action in actions
)
