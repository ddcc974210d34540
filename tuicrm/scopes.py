"""The places where the cursor can be, as the action table names them: what people call them, what stands first in their footers."""

from __future__ import annotations

from tuicrm.i18n import N_

BOARD, AGENDA, LIST, FIELDS, TIMELINE = "board", "agenda", "list", "fields", "timeline"
PRODUCTS, RELATIONS, HISTORY, CUSTOMISE, WELCOME = "products", "relations", "history", "customise", "welcome"
SETTINGS, FIELD_LIST = "settings", "field_list"
PICKER, EDITOR, TEXT, FORM, FORM_TEXT = "picker", "editor", "text", "form", "form text"
FILTER, READER, MENU, CONFIRM, CLASH = "filter", "reader", "menu", "confirm", "clash"
STAGES, PIPELINES, DICTIONARIES = "stages", "pipelines", "dictionaries"
VIEWS, TABS, OPTIONS, TYPES, ROOMS = "views", "tabs", "options", "types", "rooms"
PEOPLE, PARTS, ROLES, RULES = "people", "departments", "roles", "role rules"
FIND, MERGE, DUPES = "find", "merge", "dupes"
COLUMNS, ORDER, PREVIEW = "columns", "order", "preview"
SAVED = "saved filters"
TRIAGE = "triage"
DOCUMENTS, DOCUMENT_PREVIEW, TEMPLATES, NAMES = "documents", "document preview", "templates", "names"
CALENDAR, CALENDAR_MOVING = "calendar", "calendar moving"
MAIL, MAIL_TEXT, MESSAGE = "mail", "mail text", "message"
CALL, CODE, CHANNELS = "call", "code", "channels"
TEXTING, TEXTING_TEXT, INVITE = "texting", "texting text", "invite"
INBOX = "inbox"
TEXT_TEMPLATES, TEXT_FORM, TEXT_FORM_TEXT = "text templates", "text form", "text form text"
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
    DOCUMENTS,
    CUSTOMISE,
    WELCOME,
    SETTINGS,
    FIELD_LIST,
    MERGE,
    DUPES,
    CALENDAR,
    INBOX,
)
"""Wherever no text is being typed and nothing is being chosen."""
WORK = tuple(scope for scope in EVERYWHERE if scope != WELCOME)
"""Wherever a workspace is open."""
ORDERED = (VIEWS, TABS, OPTIONS, TYPES, STAGES, PIPELINES, DICTIONARIES, ROOMS, TEMPLATES, ROLES)
ARRANGED = (*ORDERED, SAVED, CHANNELS, TEXT_TEMPLATES, PEOPLE, PARTS, RULES)
"""Dialogs in which a list is put in order, each step kept at once."""
KEPT = (COLUMNS, ORDER)
"""The same for what is a person's own, and no part of what undo goes back through."""
DEFINED = (CUSTOMISE, FIELD_LIST)
MANY = (BOARD, AGENDA, LIST)
CARDS = (BOARD, AGENDA)
GRIDS = (*CARDS, CALENDAR)
ITEMS = (BOARD, AGENDA, LIST, *CARD, PRODUCTS, RELATIONS, HISTORY, DOCUMENTS)
STAGED = (BOARD, *CARD, PRODUCTS, RELATIONS, HISTORY, DOCUMENTS)
SIDES = (*CARD, LIST, RELATIONS, HISTORY, DOCUMENTS)
ON_CARD = (*SIDES, PRODUCTS)
FORMS = (FORM, MAIL, TEXT_FORM, TEXTING)
FORM_TEXTS = (FORM_TEXT, MAIL_TEXT, TEXT_FORM_TEXT, TEXTING_TEXT)
TEXT_FORMS = (TEXT_FORM, TEXT_FORM_TEXT)
MAILS = (MAIL, MAIL_TEXT)
TEXTINGS = (TEXTING, TEXTING_TEXT)
CODES = (CODE, INVITE)
MOVES = (*EVERYWHERE, READER, MESSAGE, PREVIEW, DOCUMENT_PREVIEW, *ARRANGED, *KEPT)
NOT_IN_TEXT = (
    *EVERYWHERE,
    CALENDAR_MOVING,
    *ARRANGED,
    *KEPT,
    READER,
    MESSAGE,
    CALL,
    *CODES,
    PREVIEW,
    DOCUMENT_PREVIEW,
    PICKER,
    NAMES,
    EDITOR,
    FORM,
    MAIL,
    TEXTING,
    TEXT_FORM,
    FILTER,
    MENU,
    CONFIRM,
    CLASH,
    FIND,
)
"""All but long texts, where ctrl+z takes back what was typed."""
ASKING = (
    CALL,
    CODE,
    PICKER,
    NAMES,
    FORM,
    FORM_TEXT,
    *TEXT_FORMS,
    FILTER,
    EDITOR,
    TEXT,
    MENU,
    CONFIRM,
    CLASH,
    PREVIEW,
    DOCUMENT_PREVIEW,
    CALENDAR_MOVING,
)
SCOPES = (
    *EVERYWHERE,
    CALENDAR_MOVING,
    *ARRANGED,
    *KEPT,
    PREVIEW,
    DOCUMENT_PREVIEW,
    FIND,
    PICKER,
    NAMES,
    EDITOR,
    TEXT,
    FORM,
    FORM_TEXT,
    *TEXT_FORMS,
    MAIL,
    MAIL_TEXT,
    *TEXTINGS,
    MESSAGE,
    CALL,
    *CODES,
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
    "documents": N_("Documents"),
    "messages": N_("Messages"),
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
    DOCUMENTS: GROUPS["documents"],
    TRIAGE: GROUPS["triage"],
    CUSTOMISE: GROUPS["customise"],
    WELCOME: GROUPS["welcome"],
    MERGE: N_("Merge"),
    DUPES: N_("Duplicates"),
    INBOX: N_("Inbox"),
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
        FIELDS: "field.edit comment activity.new create card.customise stage.previous stage.next message",
        TIMELINE: "timeline.read comment activity.new message create card.customise timeline.done timeline.edit",
        TRIAGE: "triage.skip triage.done triage.tomorrow triage.week triage.plan",
        PRODUCTS: "products.add products.edit products.repeat products.remove products.sum",
        RELATIONS: "relations.link relations.open relations.remove comment activity.new create",
        HISTORY: "history.view history.value history.whole history.field history.by",
        DOCUMENTS: "documents.view documents.open document documents.pdf documents.save documents.again documents.change",
        MESSAGE: "message.settle message.reply message.reply_all message.forward message.files message.link message.share close",
        INBOX: "open inbox.link inbox.make inbox.leave mark inbox.which inbox.share inbox.done",
        CALL: "call.reached call.no_answer call.busy call.voicemail call.wrong cancel",
        CODE: "code.copy cancel",
        INVITE: "invite.sent invite.open code.copy invite.leave",
        TEXTING: "form.next texting.send form.choose texting.template texting.editor texting.leave",
        TEXTING_TEXT: "texting.send texting.template texting.editor form.on texting.leave",
        MAIL: "form.next mail.send form.choose mail.attach mail.document mail.template mail.editor mail.leave",
        MAIL_TEXT: "form.on mail.send mail.attach mail.document mail.template mail.editor mail.leave",
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
        PEOPLE: "people.new people.change people.hand_over people.see_as people.retire arrange.finish",
        PARTS: "parts.new parts.change parts.retire arrange.finish",
        ROLES: "roles.new roles.rules roles.give roles.specials roles.rename roles.clone roles.delete arrange.finish",
        RULES: "rules.change rules.unfold arrange.finish",
        CHANNELS: "channels.new channels.change channels.test channels.secret channels.trust channels.retire arrange.finish",
        TEMPLATES: "templates.new templates.change templates.names templates.replace templates.check arrange.finish",
        TEXT_TEMPLATES: "texts.new texts.change texts.try texts.names texts.check texts.retire arrange.finish",
        SAVED: "saved.use saved.new saved.rename saved.share saved.delete arrange.finish",
        TABS: "tabs.toggle customise.down customise.up tabs.reset arrange.finish",
        COLUMNS: "columns.toggle customise.down customise.up columns.wider columns.narrower arrange.finish",
        ORDER: "columns.toggle customise.down customise.up columns.reset arrange.finish",
    }.items()
}
"""What stands first in the footer of a scope, in this order: the verbs that matter most there show at 80 columns."""
