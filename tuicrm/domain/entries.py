"""Timeline entries and activities as they can be read: a script past the door may have written anything where a text belongs."""

from __future__ import annotations

from typing import Any

_TEXTS = ("at", "kind", "what", "by", "responsible", "text", "note", "done_at")
_ALWAYS = {
    "entry": ("at", "kind"),
    "activity": ("at", "what"),
    "document": ("at", "title", "number"),
    "message": ("at",),
}
_VALUES = ("from", "to")
"""Of an entry's data: values of fields, which may be of any kind."""


def sound(table: str, doc: dict[str, Any]) -> dict[str, Any]:
    """The document, with what is no text shown as one. The very same where all is as it should be."""
    mended: dict[str, Any] = {name: "" for name in _ALWAYS[table] if doc.get(name) is None}
    for name in _TEXTS:
        value = doc.get(name)
        if value is not None and not isinstance(value, str):
            mended[name] = str(value)
    if table == "activity":
        # Read and checked where there is one: a comment need not load it.
        from tuicrm.domain.activities.checks import mended as unsound

        mended |= {name: None for name in unsound(doc) if doc[name] is not None}
        # Also where a script wrote 1 or "yes": what somebody wanted hidden stays hidden.
        mended |= {"private": True} if mended.get("private", "") is None and doc["private"] else {}
    data = doc.get("data")
    if data is not None and not (isinstance(data, dict) and all(map(_is_sound, data, data.values()))):
        mended["data"] = (
            {k: v if _is_sound(k, v) else str(v) for k, v in data.items()} if isinstance(data, dict) else {}
        )
    return {**doc, **mended} if mended else doc


def _is_sound(name: str, value: object) -> bool:
    """A label may be one text a language."""
    if isinstance(value, dict) and name.endswith("_label"):
        return bool(value) and all(isinstance(text, str) for text in value.values())
    return name in _VALUES or value is None or isinstance(value, str)
