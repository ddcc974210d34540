"""Commands of the command line that read, for every type and in every form: what a hostile workspace is tried with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

TYPES = {"lead": "L", "deal": "D", "contact": "C"}
MADE = {"lead": "deal,contact,company", "deal": "quote", "contact": "deal"}


def commands(ids: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """Each command once or with several arguments."""
    for key, prefix in TYPES.items():
        yield key, "list"
        yield key, "list", "--sort", "title"
        yield key, "list", "--limit", "3"
        yield key, "list", "--where", "title ~ pwned"
        yield "field", "list", key
        yield "field", "list", key, "--custom"
        yield "field", "show", key, "responsible"
        yield "field", "options", key, "source"
        yield "tab", "list", key
        yield "view", "list", key
        yield "stage", "list", key
        yield "pipeline", "list", key
        yield "layout", "show", key
        yield "layout", "export", key
        yield "export", key
        yield "export", key, "--format", "json"
        yield "export", key, "--spreadsheet"
        yield "type", "show", key
        for item_id in ids:
            ref = f"{prefix}-{item_id}"
            yield key, "show", ref
            yield key, "products", ref
            yield key, "show", ref, "--all"
            yield key, "create", ref, MADE[key], "--dry-run"
            yield "relations", ref
            yield key, "history", ref
            yield key, "history", ref, "--at", "today"
            yield "timeline", ref
            yield "activity", "list", ref
    for more in ((), ("--layout", "common"), ("--layout", "evil1")):
        yield "layout", "show", "deal", "--pipeline", "evil", *more
        yield "field", "list", "deal", "--pipeline", "evil", *more
        yield "tab", "list", "deal", "--pipeline", "evil", *more
    yield "layout", "everyone", "deal", "--pipeline", "evil", "--dry-run"
    yield "view", "list", "deal", "--pipeline", "evil"
    yield "view", "show", "deal", "evil1", "--pipeline", "evil"
    yield "view", "members", "deal", "evil1", "--pipeline", "evil"
    for number in (0, 8, 13, 17, 25, 30, 31, 32):
        yield "field", "show", "deal", f"wrong{number}"
    for field in ("own1", "choice", "ruled", "wrong7"):
        yield "field", "show", "deal", field
        yield "field", "options", "deal", field
        yield "field", "delete", "deal", field, "--dry-run"
        yield "field", "convert", "deal", field, "--kind", "integer", "--dry-run"
    for kind in ("string", "number", "date", "list"):
        yield "field", "convert", "deal", "comment", "--kind", kind, "--dry-run"
        yield "field", "convert", "deal", "amount", "--kind", kind, "--dry-run"
        yield "field", "convert", "contact", "phone", "--kind", kind, "--dry-run"
    yield "board", "deal", "--limit", "0"
    yield "board", "deal", "--pipeline", "evil", "--limit", "0"
    yield "board", "lead"
    yield "board", "deal", "--view", "deadlines", "--limit", "0"
    yield "board", "deal", "--view", "activities"
    yield "board", "deal", "--where", "amount > 5"
    for field in (
        "amount",
        "close_date",
        "created",
        "responsible",
        "company",
        "contacts",
        "probability",
        "stage",
        "id",
    ):
        yield "deal", "list", "--sort", field
        yield "deal", "list", "--sort", f"-{field}", "--limit", "5"
        yield "deal", "list", "--columns", field
        yield "deal", "list", "--where", f"{field} = x"
        yield "deal", "list", "--where", f"empty({field})"
    for where in (
        "amount > 1000 EUR",
        "close_date < today",
        "created > -7d",
        "responsible = me",
        "probability > 50",
        "pwned",
    ):
        yield "deal", "list", "--where", where
        yield "export", "deal", "--where", where
    yield "type", "list"
    for words in ("pwned", "evil", "D-1", "1234", "a"):
        yield "find", words, "--limit", "50"
    yield ("dupes",)
    for item_id in ids:
        yield "dupes", f"C-{item_id}"
    yield ("log",)
    yield "log", "--limit", "0"
    yield "due", "--all"
    yield "remind", "--once"
    yield "activity", "list"
    yield "activity", "list", "--done"
    yield "room", "list", "--all"
    yield "room", "free", "wrong"
    yield "room", "show", "wrong"
    for number in (1001, 2007, 7003, 7107, 7210, 7311):
        yield "activity", "show", str(number)
    yield "calendar", "export"
    yield "calendar", "export", "--room", "wrong"
    yield "dictionary", "list"
    yield "dictionary", "entries", "source"
    yield "numbering", "list"
    yield "numbering", "show", "quote"
    yield "filter", "list", "deal"
    yield "user", "list"
    yield "department", "list"
    yield "currency", "list"
    yield ("fsck",)
    yield ("doctor",)
    yield ("paths",)
    yield ("keys",)
