"""Every bound on what is given to the program, in one table: what is limited, to how much. Generous, but finite.

Who checks reads `most` when checking, and refuses in the words of the limit (`told`), so that a number stands nowhere but here.
docs/limits.md is written from this table; tests/test_limits.py tries each entry below, at and above.
"""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import msgspec
from msgspec.structs import replace

from tuicrm.errors import FieldProblem, Refused
from tuicrm.i18n import N_, _

_SHOWN = 60


class Unit(msgspec.Struct, frozen=True):
    """What is counted: its name (English, for the page), and how more of it is refused."""

    name: str
    refusal: str


CHARACTERS = Unit("characters", N_("at most {n} characters are expected"))
BYTES = Unit("bytes", N_("at most {n} bytes are expected"))
DIGITS = Unit("digits", N_("a number with at most {n} digits is expected"))
DECIMALS = Unit("digits after the point", N_("at most {n} digits after the point are expected"))
DEEP = Unit("in each other", N_("this is nested too deeply: at most {n} in each other are expected"))
OBJECTS = Unit("objects in each other", N_("at most {n} objects in each other are expected"))
MANY = Unit("", N_("at most {n} are expected"))
VALUES = Unit("values", N_("at most {n} values are expected"))
WORDS = Unit("words", N_("at most {n} words are expected"))
TERMS = Unit("conditions", N_("at most {n} conditions are expected"))
ROWS = Unit("product rows", N_("at most {n} product rows are expected"))
OPTION_LIST = Unit("options", N_("at most {n} options are expected"))
FIELD_LIST = Unit("fields", N_("a type can have at most {n} custom fields; delete some first"))
STAGE_LIST = Unit("stages", N_("a pipeline has at most {n} stages"))
PIPELINE_LIST = Unit("pipelines", N_("a type has at most {n} pipelines"))
DICTIONARY_LIST = Unit("dictionaries", N_("at most {n} dictionaries are expected"))
SECTION_LIST = Unit("sections", N_("a card has at most {n} sections"))
VIEW_LIST = Unit("views", N_("a card has at most {n} views; delete some first"))
FILTER_LIST = Unit("filters", N_("at most {n} filters can be saved; delete some first"))
TYPE_LIST = Unit("item types", N_("at most {n} custom item types can be created; remove some first"))
PEOPLE_LIST = Unit("people", N_("a workspace has at most {n} people"))
DEPARTMENT_LIST = Unit("departments", N_("a workspace has at most {n} departments"))
CURRENCY_LIST = Unit("currencies", N_("a workspace has at most {n} currencies"))
CHANNEL_LIST = Unit("channels", N_("a workspace has at most {n} channels"))
ROOM_LIST = Unit("rooms", N_("a workspace has at most {n} rooms and resources"))
TEMPLATE_LIST = Unit("templates", N_("a workspace has at most {n} document templates"))
TEXT_LIST = Unit("templates", N_("a workspace has at most {n} templates of texts"))
VERSION_LIST = Unit("versions", N_("a document has at most {n} versions"))
PART_LIST = Unit("parts", N_("an SMS goes in at most {n} parts"))
BOUND_LIST = Unit("items", N_("a message is on at most {n} items"))
KIND_LIST = Unit("kinds", N_("a workspace has at most {n} kinds of activities of its own"))
LINK_LIST = Unit("links", N_("an item has at most {n} links; remove some first"))
PIN_LIST = Unit("pinned entries", N_("At most {n} entries can be pinned; unpin one first."))
EVENT_LIST = Unit("events", N_("at most {n} events are expected in one file; export them by year, say"))
ITEM_BINDINGS = Unit("items", N_("an activity is shown on at most {n} other items"))
TAGS = Unit("tags and attributes", N_("at most {n} tags and attributes of XML are expected"))
TAGS_OF_ROWS = Unit("tags", N_("at most {n} tags of XML are expected"))
PLACEHOLDER_LIST = Unit("placeholders", N_("at most {n} placeholders are expected"))
CALL_LENGTH = Unit("minutes", N_("a call takes at most {n} minutes"))
SECONDS = Unit("seconds", N_("whole seconds are expected, at most {n}"))
MINUTES = Unit("minutes", N_("at most {n} minutes before are expected"))
TIMES = Unit("times", N_("an activity repeats at most {n} times; without an end it goes on"))
PERIODS = Unit("periods", N_("a repetition comes after at most {n} days, weeks, months or years"))
ITEM_LIST = Unit("items", N_("at most {n} items are named at once; a filter (--where) means more"))


class Limit:
    """One bound: its key, how much there may be at most, in which unit, and of what (English, for the page)."""

    __slots__ = ("key", "most", "unit", "what")

    def __init__(self, key: str, most: int, unit: Unit, what: str) -> None:
        self.key, self.most, self.unit, self.what = key, most, unit, what

    @property
    def told(self) -> str:
        """How more is refused: `at most 60 characters are expected`."""
        return _(self.unit.refusal).format(n=self.most)

    def problems(self, field: str, given: Sized) -> list[FieldProblem]:
        """What is wrong with a text or list of a field: that it is too much, or nothing."""
        return [FieldProblem(field, self.told, shortened(given))] if len(given) > self.most else []

    def check(self, field: str, given: Sized) -> None:
        """Raise Refused where a text or list of a field is too much."""
        if len(given) > self.most:
            raise self.refused(field, given)

    def check_room(self, field: str, there: int, given: object) -> None:
        """Raise Refused where one more would be too many: so many are there already."""
        if there >= self.most:
            raise self.refused(field, given)

    def refused(self, field: str, given: object) -> Refused:
        """The refusal, with field, what is expected, and the value in short."""
        return Refused(f"{field}: {self.told}", [FieldProblem(field, self.told, shortened(given))])


def shortened(given: object) -> object:
    """What was given, as it is told of: a long text by its beginning, a long list by its first few."""
    if isinstance(given, str):
        return given if len(given) <= _SHOWN else f"{given[: _SHOWN - 1]}…"
    if isinstance(given, (list, tuple)):
        few = [shortened(one) for one in given[:3]]
        return few if len(given) <= 3 else [*few, f"… ({len(given)})"]
    if isinstance(given, dict):
        return shortened(str(given)) if len(given) <= 3 else f"{{…}} ({len(given)})"
    return given


# -- values of items ---------------------------------------------------------------------------------------------------
TEXT = Limit("value.text", 100_000, CHARACTERS, "a text of a field, of one line or several; what an item is called")
PATTERNED = Limit("value.patterned", 1_000, CHARACTERS, "a text that is tried against the simplest of patterns")
VALUES_OF_FIELD = Limit("value.several", 1_000, VALUES, "values or files of one field that holds several")
TYPED_NUMBER = Limit("value.typed_number", 60, CHARACTERS, "a number or amount as it is typed")
NUMBER_DIGITS = Limit("value.digits", 18, DIGITS, "a number before its point")
NUMBER_DECIMALS = Limit("value.decimals", 12, DECIMALS, "a number")
AMOUNT_DECIMALS = Limit("value.amount_decimals", 6, DECIMALS, "an amount of money, the quantity of a product row")
TYPED_DATE = Limit("value.typed_date", 100, CHARACTERS, "a day or time as it is typed")
CONTACT = Limit("value.contact", 500, CHARACTERS, "a phone number, e-mail address, web address or messenger name")
ADDRESS_PART = Limit("value.address_part", 500, CHARACTERS, "one part of a postal address")
PRODUCT_ROWS = Limit("value.product_rows", 1_000, ROWS, "an item")
PRODUCT_NAME = Limit("value.product_name", 250, CHARACTERS, "the name in a product row")
PRODUCT_UNIT = Limit("value.product_unit", 40, CHARACTERS, "the unit of a product row")
FILE_NAME = Limit("value.file_name", 255, CHARACTERS, "the name of an attached file")
FILE_SIZE = Limit("value.file_size", 512 << 20, BYTES, "an attached file")

# -- what is written and planned on items ------------------------------------------------------------------------------
COMMENT = Limit("timeline.comment", 100_000, CHARACTERS, "a comment, a note, the text of an activity")
PINNED = Limit("timeline.pinned", 7, PIN_LIST, "an item")
ACTIVITY = Limit("timeline.activity", 20_000, CHARACTERS, "what an activity is about, in its line")
ALSO = Limit("activity.also", 20, ITEM_BINDINGS, "an activity, beside the one that it hangs on")
ATTENDEES = Limit("activity.attendees", 200, MANY, "people of the workspace in an activity, and as many contacts")
PLACE = Limit("activity.place", 500, CHARACTERS, "the place of an activity")
ROOMS_OF_ACTIVITY = Limit("activity.rooms", 20, MANY, "rooms and resources of an activity")
REMINDERS = Limit("activity.reminders", 10, MANY, "reminders of an activity")
REMINDER_AHEAD = Limit(
    "activity.reminder_ahead", 40_320, MINUTES, "how long before an activity a reminder comes (four weeks)"
)
RULE = Limit("activity.rule", 1_000, CHARACTERS, "the rule by which an activity repeats itself")
REPEAT_COUNT = Limit("repeat.count", 5_000, TIMES, "how often an activity repeats, where its rule says so (COUNT)")
REPEAT_EVERY = Limit(
    "repeat.every", 1_000, PERIODS, "days, weeks, months or years from one time to the next (INTERVAL)"
)
SKIPPED = Limit(
    "activity.skipped", 2_000, MANY, "single times at which a repeated activity falls out, and as many that are added"
)
UID = Limit("activity.uid", 1_000, CHARACTERS, "the identity of an activity in calendars")
LINK_WORD = Limit("link.word", 200, CHARACTERS, "the word for what a link is")
LINKS_OF_ITEM = Limit("link.count", 1_000, LINK_LIST, "an item")

# -- looking and naming ------------------------------------------------------------------------------------------------
SEARCH_TEXT = Limit("find.text", 10_000, CHARACTERS, "what is looked for")
SEARCH_WORDS = Limit("find.words", 50, WORDS, "what is looked for")
FILTER_TEXT = Limit("filter.text", 10_000, CHARACTERS, "a filter")
FILTER_DEPTH = Limit("filter.depth", 50, DEEP, "brackets and nots of a filter")
FILTER_TERMS = Limit("filter.terms", 250, TERMS, "comparisons and words of a filter")
FILTER_VALUES = Limit("filter.values", 1_000, VALUES, "values in the lists of a filter (`in (…)`)")
SORT_KEYS = Limit(
    "sort.keys", 10, replace(FIELD_LIST, refusal=N_("at most {n} fields to sort by are expected")), "an order"
)
REFS = Limit("command.refs", 5_000, ITEM_LIST, "refs on one command line")
STDIN = Limit("command.stdin", 4 << 20, BYTES, "a text or layout that a command reads from stdin")

# -- definitions -------------------------------------------------------------------------------------------------------
NAME = Limit("name", 255, CHARACTERS, "the name of a stage, pipeline, dictionary or workspace")
TYPE_NAME = Limit("type.name", 60, CHARACTERS, "the name of an item type")
TYPES = Limit("type.count", 100, TYPE_LIST, "a workspace, beside those that ship")
FIELD_NAME = Limit("field.name", 100, CHARACTERS, "the name of a field")
FIELD_HELP = Limit("field.help", 1_000, CHARACTERS, "what is said of a field for help")
FIELDS = Limit("field.count", 1_016, FIELD_LIST, "an item type (as many as in the model product)")
UNIT = Limit("field.unit", 12, CHARACTERS, "the unit of a number field")
PATTERN = Limit("field.pattern", 1_000, CHARACTERS, "the pattern of a text field")
EXTENSIONS = Limit("field.extensions", 50, MANY, "file extensions that a field takes")
OPTION_NAME = Limit("option.name", 200, CHARACTERS, "the name of an option or entry")
OPTIONS = Limit("option.count", 2_000, OPTION_LIST, "a list field or dictionary")
DICTIONARIES = Limit("dictionary.count", 500, DICTIONARY_LIST, "a workspace")
PIPELINES = Limit("pipeline.count", 100, PIPELINE_LIST, "an item type")
STAGES = Limit("stage.count", 100, STAGE_LIST, "a pipeline")
NUMBER_PATTERN = Limit("numbering.pattern", 60, CHARACTERS, "the pattern of numbers, such as {YEAR}-{NUMBER}")
SECTION_NAME = Limit(
    "section.name", 20_000, CHARACTERS, "the title of a section (files of others come back as they were)"
)
SECTIONS = Limit("section.count", 200, SECTION_LIST, "a card layout")
VIEW_NAME = Limit("view.name", 80, CHARACTERS, "the name of a view")
VIEWS = Limit("view.count", 100, VIEW_LIST, "a card of a pipeline or variant")
MEMBERS = Limit(
    "view.members", 1_000, MANY, "people and departments that a view is for, that see a field, or that may book a room"
)
FILTER_NAME = Limit("saved_filter.name", 60, CHARACTERS, "the name of a kept filter")
SAVED_FILTERS = Limit("saved_filter.count", 200, FILTER_LIST, "a person and item type, and as many for everyone")
PERSON_NAME = Limit("person.name", 200, CHARACTERS, "the name of a person")
LOGIN = Limit("person.login", 256, CHARACTERS, "a login of a person")
LOGINS = Limit("person.logins", 20, MANY, "logins of a person")
PEOPLE = Limit("person.count", 5_000, PEOPLE_LIST, "a workspace, retired ones too")
SSH_KEYS = Limit("person.keys", 50, MANY, "keys by which a person comes in")
ROLE_NAME = Limit("role.name", 100, CHARACTERS, "the name of a role")
DEPARTMENT_NAME = Limit("department.name", 200, CHARACTERS, "the name of a department")
DEPARTMENTS = Limit("department.count", 1_000, DEPARTMENT_LIST, "a workspace, retired ones too")
DEPARTMENT_DEPTH = Limit("department.depth", 20, DEEP, "departments")
CURRENCIES = Limit("currency.count", 300, CURRENCY_LIST, "a workspace")
CHANNEL_NAME = Limit("channel.name", 100, CHARACTERS, "the name of a channel")
SEND_AT_LATEST = Limit("setting.send_delay", 3_600, SECONDS, "seconds in which a message can be recalled")
CHANNELS = Limit("channel.count", 1_000, CHANNEL_LIST, "a workspace, retired ones too")
ROOM_NAME = Limit("room.name", 100, CHARACTERS, "the name of a room or resource")
ROOM_PLACE = Limit("room.place", 200, CHARACTERS, "where a room is")
ROOMS = Limit("room.count", 1_000, ROOM_LIST, "a workspace, retired ones too")
TEMPLATE_NAME = Limit("template.name", 100, CHARACTERS, "the name of a document template")
CALL_MINUTES = Limit("call.minutes", 1_440, CALL_LENGTH, "a call")
CALL_REGISTER = Limit("call.register", 64 << 20, BYTES, "a call register that is imported")
TEMPLATES = Limit("template.count", 500, TEMPLATE_LIST, "a workspace, retired and deleted ones too")
TEMPLATE_TYPES = Limit("template.types", 200, MANY, "types and pipelines that a document template is for")
TEXT_TEMPLATE_NAME = Limit("text_template.name", 100, CHARACTERS, "the name of a template of texts")
TEXT_TEMPLATES = Limit("text_template.count", 500, TEXT_LIST, "a workspace, retired ones too")
DOCUMENT_TITLE = Limit("document.title", 255, CHARACTERS, "the title of a document")
DOCUMENT_VERSIONS = Limit("document.versions", 200, VERSION_LIST, "a document")
MAIL_SIZE = Limit("mail.size", 64 << 20, BYTES, "a mail that is taken in, with its files")
MAIL_SENT = Limit("mail.sent", 25 << 20, BYTES, "the files of a mail that is sent")
MAIL_FILES = Limit("mail.files", 200, MANY, "files of a mail that are kept beside the original")
MESSAGE_SUBJECT = Limit("message.subject", 1_000, CHARACTERS, "the subject of a message")
SMS_PARTS = Limit("sms.parts", 10, PART_LIST, "an SMS")
MESSAGE_ITEMS = Limit("message.items", 50, BOUND_LIST, "items that a message is on")
HOLIDAYS = Limit("setting.holidays", 200, MANY, "holidays of one's own")
ACTIVITY_KINDS = Limit("activity_kind.count", 50, KIND_LIST, "a workspace, beside those that ship, retired ones too")
KIND_NAME = Limit("activity_kind.name", 60, CHARACTERS, "the name of a kind of activities")
NOT_REPEATED = Limit("repeats.excluded", 1_000, MANY, "clients that are never marked as repeated")

# -- files -------------------------------------------------------------------------------------------------------------
CALENDAR_SIZE = Limit("calendar.size", 32 << 20, BYTES, "a calendar file (.ics) to import")
CALENDAR_EVENTS = Limit("calendar.events", 20_000, EVENT_LIST, "a calendar file to import")
CALENDAR_EXTRA = Limit(
    "calendar.extra", 65_536, CHARACTERS, "what other programs keep with an event, and is only written again"
)
CSV_SIZE = Limit("import.csv_size", 128 << 20, BYTES, "a CSV file, or an export of tuicrm, to import")
JSON_SIZE = Limit("import.json_size", 32 << 20, BYTES, "a JSON file of another program to import")
IMPORT_ROWS = Limit("import.rows", 250_000, Unit("rows", ""), "one import")
COLUMNS = Limit("import.columns", 1_000, Unit("columns", ""), "a CSV file")
CELL = Limit("import.cell", 131_072, CHARACTERS, "a cell of a CSV file")
RECORD = Limit("import.record", 4 << 20, CHARACTERS, "a record of a CSV file")
TEMPLATE_SIZE = Limit("template.size", 16 << 20, BYTES, "a template of documents (.docx)")
TEMPLATE_UNPACKED = Limit("template.unpacked", 40 << 20, BYTES, "a template, unpacked")
TEMPLATE_PARTS = Limit("template.parts", 2_000, MANY, "files in a template")
TEMPLATE_XML = Limit("template.xml", 12 << 20, BYTES, "one XML part of a template")
TEMPLATE_TAGS = Limit("template.tags", 400_000, TAGS, "one XML part of a template")
TEMPLATE_PLACEHOLDERS = Limit("template.placeholders", 10_000, PLACEHOLDER_LIST, "one XML part of a template")
TEMPLATE_SECTIONS = Limit("template.sections", 100, DEEP, "sections of a template")
DOCUMENT_TAGS = Limit("document.tags", 500_000, TAGS_OF_ROWS, "what repeats in a document made from a template")
LAYOUT_SIZE = Limit("layout.size", 4 << 20, BYTES, "a file with a card layout")
LAYOUT_DEPTH = Limit("layout.depth", 20, OBJECTS, "the options of a layout's element")
CONFIG_SIZE = Limit("config.size", 256 << 10, BYTES, "config.toml")
KEYS = Limit("config.keys", 16, Unit("keys", N_("at most {n} keys are expected")), "an action in [keys]")

# -- one record --------------------------------------------------------------------------------------------------------
DOCUMENT = Limit("record.size", 4 << 20, BYTES, "one record with all its values, as JSON in UTF-8")
DEPTH = Limit("record.depth", 64, DEEP, "lists and objects in a record")

# -- on screen ---------------------------------------------------------------------------------------------------------
IN_LINE = Limit("screen.line", 10_000, CHARACTERS, "what is typed or pasted into one line")
IN_LINES = Limit("screen.lines", 100_000, CHARACTERS, "what is typed or pasted into an editor of several lines")

LIMITS: tuple[Limit, ...] = tuple(one for one in list(globals().values()) if isinstance(one, Limit))
"""The table, in the order above."""


# -- the size of a record ----------------------------------------------------------------------------------------------
def check_size(table: str, doc: dict[str, Any], size: int) -> None:
    """Raise Refused for a record of so many bytes of JSON where that is too much, naming its largest field."""
    if size <= DOCUMENT.most:
        return
    largest = max(doc, key=lambda name: len(str(doc[name])), default="")
    told = _("this {table} is too large to save: {size} bytes, most of them in {field}; {expected}")
    message = told.format(table=table, size=size, field=largest, expected=DOCUMENT.told)
    raise Refused(message, [FieldProblem(largest, DOCUMENT.told, shortened(doc.get(largest)))])
