"""The words that stand right behind `tuicrm`, in the groups in which its help shows them. Nothing is loaded for it."""

from __future__ import annotations

from tuicrm.files import data_folder
from tuicrm.i18n import N_

USUAL = "deal"
"""The item type that is meant where a command names no type."""

TYPES = N_("Items of a type")

GROUPS: dict[str, dict[str, tuple[str, str]]] = {
    TYPES: {},
    N_("Items"): {
        "show": ("items.items:show_any", N_("Show items of any type; `tuicrm D-42` is enough.")),
        "find": ("items.find:find", N_("Search everything in items, their timelines included.")),
        "board": ("items.board:board", N_("Show a board as text.")),
        "timeline": ("items.timeline:timeline", N_("Show an item's timeline: planned, pinned, then by day.")),
        "comment": ("items.timeline:comment", N_("Write a comment on an item's timeline.")),
        "activity": ("items.activity:app", N_("Planned activities of items.")),
        "calendar": ("calendar.calendar:app", N_("Calendars as files (.ics) and on servers (CalDAV).")),
        "document": ("documents.document:app", N_("Documents of items, made from templates, numbered and kept.")),
        "mail": ("messages.mail:app", N_("Mails and other messages: taken in, bound to items, shared.")),
        "call": (
            "messages.call:app",
            N_("Calls: dial, show a number to your phone, log what came of it, import a register."),
        ),
        "sms": ("messages.sms:app", N_("SMS: written, and in how many parts a text goes.")),
        "whatsapp": ("messages.whatsapp:app", N_("WhatsApp: written by the Cloud API, or begun by a link.")),
        "telegram": ("messages.telegram:app", N_("Telegram: clients invited to a bot's chat, and written to in it.")),
        "due": ("calendar.due:due", N_("List what is late, due soon or due today.")),
        "remind": (
            "calendar.remind:remind",
            N_("Give the reminders that have come, as lines, by mail or by a command."),
        ),
        "relations": (
            "items.relations:relations",
            N_("Show what an item was created from, what was created from it, and what it is linked to."),
        ),
        "link": ("items.relations:link", N_("Link two items, optionally saying how they are related.")),
        "unlink": (
            "items.relations:unlink",
            N_("Unlink two items: removes their link, or clears the field that refers to the other."),
        ),
        "dupes": ("items.dupes:dupes", N_("List likely duplicates: of a type, of all types, or of one item.")),
        "merge": (
            "items.merge:merge",
            N_("Merge items into the first one, with everything that belongs to the others."),
        ),
    },
    N_("History and undo"): {
        "undo": ("history.history:undo", N_("Undo the last thing you did, or the last N.")),
        "redo": ("history.history:redo", N_("Redo what you undid last, or the last N.")),
        "log": ("history.history:log", N_("Who changed what, newest first.")),
    },
    N_("Files"): {
        "import": (
            "files.importing:import_",
            N_(
                "Import other programs' files: CSV (exports of HubSpot, Salesforce and Odoo are "
                "recognised), Bitrix24's JSON, and what `export` writes."
            ),
        ),
        "export": ("files.export:export", N_("Export items as CSV or JSON, which `import` reads back.")),
    },
    N_("Setting up the workspace"): {
        "type": ("definitions.item_type:app", N_("Item types: deals, contacts, … and custom ones.")),
        "field": ("definitions.field:app", N_("Fields of an item type.")),
        "dictionary": (
            "definitions.dictionary:app",
            N_("Dictionaries: values shared by fields of several types."),
        ),
        "pipeline": ("definitions.pipeline:app", N_("Pipelines of an item type.")),
        "stage": ("definitions.stage:app", N_("Stages of a pipeline.")),
        "layout": (
            "layouts.layout:app",
            N_("Card layouts: which sections and fields a card shows, and in which order."),
        ),
        "view": ("layouts.view:app", N_("Views: named card layouts for chosen people and departments.")),
        "tab": ("layouts.tab:app", N_("The tabs of a card.")),
        "filter": ("items.filter:app", N_("Saved filters: --where @name.")),
        "template": ("documents.template:app", N_("Document templates: Word files with placeholders.")),
        "text-template": (
            "messages.text_template:app",
            N_("Templates of texts: mails, SMS and first words by a messenger, with placeholders."),
        ),
        "numbering": ("definitions.numbering:app", N_("Numbering of quotes, invoices and other numbered types.")),
        "currency": ("definitions.currency:app", N_("Currencies and exchange rates.")),
        "repeats": ("definitions.repeats:app", N_("Whether repeat leads and deals are marked, and for which clients.")),
        "room": (
            "definitions.room:app",
            N_("Rooms and resources that can be booked, and when they are free."),
        ),
        "channel": ("messages.channel:app", N_("Channels: the accounts by which messages go out and come in.")),
        "serve": (
            "workspace.serve:app",
            N_("The front of a team's server: SSH keys as log-in, and a look at how sshd is set."),
        ),
        "why": ("workspace.why:app", N_("Tell why you, or somebody else (--as), may do something or may not.")),
        "role": ("workspace.role:app", N_("Roles: what people and departments may do.")),
        "user": ("workspace.user:app", N_("People of the workspace.")),
        "department": ("workspace.department:app", N_("Departments, as a tree.")),
    },
    N_("tuicrm itself"): {
        "init": ("workspace.workspace:init", N_("Create a workspace in a new or empty folder.")),
        "demo": ("workspace.demo:demo", N_("Try tuicrm on a demo company; nothing is saved.")),
        "backup": (
            "workspace.backup:backup",
            N_("Back up the workspace while people work in it, as of one moment, with checksums."),
        ),
        "restore": ("workspace.backup:restore", N_("Restore a backup into a new or empty folder.")),
        "history": ("history.past:history", N_("Show how much space the history takes, and archive the old part.")),
        "fsck": ("workspace.fsck:fsck", N_("Check every record of the workspace.")),
        "doctor": ("workspace.doctor:doctor", N_("Show what tuicrm finds on this system, and how to fix problems.")),
        "paths": ("workspace.about:paths", N_("Show where the workspace, settings and logs are.")),
        "settings": ("workspace.settings:settings", N_("Show or choose theme, contrast and language, for you alone.")),
        "keys": ("workspace.about:keys", N_("List what the keys do on screen.")),
        "completion": ("completing.completion:completion", N_("Print the completion script of a shell.")),
        "help": ("help.help_command:help_", N_("Show the help of a command, or of filters, dates, exit codes.")),
    },
}
"""Group → word → where its app is under `tuicrm.cli` (`module:app`), and what it does in a sentence."""

VERBS = {word: place for words in GROUPS.values() for word, (place, _summary) in words.items()}
"""Word → module:app. These words are reserved: no item type can take them."""

SUMMARIES = {word: summary for words in GROUPS.values() for word, (_place, summary) in words.items()}


def is_built_in(word: str) -> bool:
    """Whether a word is the key of an item type that ships; the template of types of one's own is none."""
    path = data_folder() / "types" / f"{word}.json"
    if not (word.isidentifier() and path.is_file()):
        return False
    import msgspec

    return not msgspec.json.decode(path.read_bytes()).get("smart")


def built_in() -> list[str]:
    """The keys of the item types that ship, in their order."""
    from tuicrm.services.kernel.builtin_definitions import load_types

    return [key for key, one in load_types().items() if not one.smart]
