"""Calls: how one ends, and what of it is kept. A call is a message of the channel `call`."""

from __future__ import annotations

from tuicrm.i18n import N_

REACHED, NO_ANSWER, BUSY, VOICEMAIL, WRONG_NUMBER = OUTCOMES = (
    "reached",
    "no_answer",
    "busy",
    "voicemail",
    "wrong_number",
)
"""How a call ends, the usual first."""

OUTCOME_LABELS = {
    REACHED: N_("reached"),
    NO_ANSWER: N_("no answer"),
    BUSY: N_("busy"),
    VOICEMAIL: N_("voicemail"),
    WRONG_NUMBER: N_("wrong number"),
}

TITLES = {
    ("in", True): N_("Incoming call"),
    ("out", True): N_("Outgoing call"),
    ("in", False): N_("Missed call"),
    ("out", False): N_("Outgoing call"),
}
"""What a call is called on a timeline, by its way and whether somebody was reached."""
