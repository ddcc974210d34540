"""Words that no item type can be called: the command line's own, and tables of the store (UI.md, "The command line")."""

from __future__ import annotations

_COMMANDS = """
init demo board comment timeline activity undo redo log import export field type stage pipeline dictionary numbering layout view tab
currency user department role client fsck paths keys doctor completion find search dupes merge relations link unlink filter history
restore show triage repeats template document mail call message sms task calendar report backup sync serve config help version settings
all room due remind channel text-template whatsapp telegram why
"""
"""The command line's, today's and what is meant for it."""

_TABS = "general products activities"

_TABLES = """
setting currency type field dictionary pipeline layout department role person entry activity import_key preference link numerator
counter filter template document activity_kind room booking booked reminded message_known received_to
invited channel text_template
"""

WORDS = frozenset((*_COMMANDS.split(), *_TABS.split()))
"""Neither a key nor a name of a type of one's own."""

TABLES = frozenset(_TABLES.split())
"""No type's key, which names its table."""
