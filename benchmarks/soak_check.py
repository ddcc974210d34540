"""Whether all that was acknowledged in a soak is in the store: in its place in the history, with nothing between it and today's state
but other changes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection
from pathlib import Path
from typing import Any

from tuicrm.services.kernel.reader import ENTRIES
from tuicrm.store import open_store
from tuicrm.store.protocol import Doc, Key, Store, Transaction


def missing(workspace: Path, acks: Path, at_terminals: Collection[str]) -> tuple[list[str], int]:
    """What is lost, in words, and how many transactions the log has."""
    store = open_store(workspace)
    try:
        log = {transaction.seq: transaction for transaction in store.past.log()}
        lost = [f"lost: {line}" for line in acks.read_text().splitlines() if not _there(store, log, json.loads(line))]
        changes = Counter(transaction.by for transaction in log.values())
        lost += [f"{name} changed nothing" for name in at_terminals if not changes[name]]
        return [*lost, *_replayed(store, log)], len(log)
    finally:
        store.close()


def _there(store: Store, log: dict[int, Transaction], ack: dict[str, Any]) -> bool:
    if ack["what"] == "transaction":
        transaction = log.get(ack["seq"])
        if transaction is None or transaction.by != ack["by"]:
            return False
        titles = {(step.doc or {}).get("title") for step in store.past.steps(transaction.seq)}
        return titles.issuperset(ack["titles"])
    versions = store.past.history(Key(ack.get("table", ENTRIES), ack["id"]))
    if ack["what"] == "comment":
        return any(one.by == ack["by"] and (one.doc or {}).get("text") == ack["text"] for one in versions)
    if ack["what"] == "delete":
        return any(one.by == ack["by"] and one.doc is None and one.seq > ack["after"] for one in versions)
    return any(
        one.seq == ack["seq"] and all((one.doc or {}).get(key) == value for key, value in ack["fields"].items())
        for one in versions
    )


def _replayed(store: Store, log: dict[int, Transaction]) -> list[str]:
    """Every record as the log leaves it is the record that is read."""
    last: dict[Key, Doc | None] = {}
    for seq in sorted(log):
        for step in store.past.steps(seq):
            last[Key(step.table, step.id)] = step.doc
    wrong = []
    for key, doc in last.items():
        found = store.get(key.table, [key.id])
        if (found[0].doc if found else None) != doc:
            wrong.append(f"{key.table} {key.id} is not as its last change left it")
    return wrong
