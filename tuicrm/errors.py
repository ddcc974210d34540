"""What can go wrong, said once: every error owns its code (JSON) and its exit code (shell).

Messages are plain text for people and already translated. Users' text inside them is cleaned where it is shown, not here.

Whose failure it is shows in the class. A `Refusal` is about the one value, item or wish that was asked for: who goes through many
tells it and goes on with the next. Everything else is about more than that one (the disk is full, somebody else was quicker, the
person stopped it): who goes through many ends there. `tests/test_catches.py` lists who may catch every `CrmError`, and why.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from tuicrm.i18n import N_


class FieldProblem(msgspec.Struct, frozen=True):
    """One field that was refused: its key, what is wrong, and the value as given (None when it is missing)."""

    field: str
    message: str
    value: Any = None


class Clash(msgspec.Struct, frozen=True):
    """A field that two people changed: its value now, by whom (a person's key) and when (UTC ISO time), and the one that was to be."""

    field: str
    theirs: Any
    mine: Any
    by: str
    at: str


class CrmError(Exception):
    """Base of all errors that people see. `code` and `exit_code` are documented interfaces (UI.md)."""

    code = "failed"
    exit_code = 1
    advice = ""
    """What to do about it, in English, where something always helps: shown after the message."""

    def __init__(self, message: str, fields: Sequence[FieldProblem] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.fields = tuple(fields)

    def more(self, told: str) -> None:
        """Say something besides, in the same sentence."""
        self.message = f"{self.message}; {told}"
        self.args = (self.message,)


class Refusal(CrmError):
    """What was asked for cannot be, for what it is: nothing is wrong with anything else. Raised as one of the classes beneath it."""


class UsageError(Refusal):
    """The command or expression itself is wrong. `position` is the 0-based place in the text, where there is one."""

    code = "usage"
    exit_code = 2

    def __init__(self, message: str, position: int | None = None) -> None:
        super().__init__(message)
        self.position = position


class NotFound(Refusal):
    """No such item, field, stage, person, file."""

    code = "not_found"
    exit_code = 3


class Refused(Refusal):
    """A value or a rule forbids it; nothing was written."""

    code = "refused"
    exit_code = 4


class RequiredFields(Refused):
    """Fields that must be filled first. `fields` lists them."""

    code = "required"


class AccessDenied(Refusal):
    """The person may not do this."""

    code = "access"
    exit_code = 5


class Conflict(CrmError):
    """Somebody else changed the record meanwhile. `current` is the record's document now (None when deleted); `clashes` are the
    fields that both wanted otherwise."""

    code = "conflict"
    exit_code = 6

    def __init__(
        self,
        message: str,
        table: str = "",
        record_id: int = 0,
        expected: int = 0,
        actual: int = 0,
        current: Mapping[str, Any] | None = None,
        fields: Sequence[FieldProblem] = (),
        clashes: Sequence[Clash] = (),
    ) -> None:
        super().__init__(message, fields)
        self.clashes = tuple(clashes)
        self.table = table
        self.record_id = record_id
        self.expected = expected
        self.actual = actual
        self.current = current


class Interrupted(CrmError):
    """The person stopped it."""

    code = "interrupted"
    exit_code = 130


class Unreachable(CrmError):
    """Something outside (a calendar server) does not answer, or not as it should. What was done before it broke off is kept whole."""

    code = "unreachable"


class StorageError(CrmError):
    """The workspace cannot be read or written. The message names the file."""

    code = "storage"
    exit_code = 7


class StorageFull(StorageError):
    """No space left: nothing was written, memory is unchanged, the session goes on."""

    code = "storage_full"
    advice = N_("Free some disk space and try again; nothing that was saved is lost.")


class IndexTrouble(StorageError):
    """What search or likeness stand on cannot be read or written now; everything else can. `full`: because the disk is."""

    def __init__(self, message: str, full: StorageFull | None = None) -> None:
        super().__init__(message)
        self.full = full


class Damaged(StorageError):
    """A file fails its checksum or a line is missing: file, byte and transaction or record are named. `faults` has all of them where
    all were looked for, each with `file`, `byte` (-1: the whole file) and `what`."""

    code = "damaged"
    advice = N_(
        "`tuicrm fsck` lists every fault; `tuicrm fsck --salvage DIR` saves what can be read. "
        "Copying files while people work can also cause this: use `tuicrm backup` instead."
    )

    def __init__(self, message: str, faults: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.faults = tuple(faults)


class ForeignFile(StorageError):
    """A link, a pipe, a folder or somebody else's file stands where one of the workspace's own is to be. Nothing was read from it,
    written to it or taken away."""

    code = "foreign_file"
    advice = N_(
        "Check it: somebody may have put it there, and what it points to is left alone. Remove it, "
        "or give it to the workspace's group (`chgrp`), then open the workspace again."
    )


class Replaced(StorageError):
    """The folder is no longer the one that was opened (it was restored, synchronised, moved, or its lock removed): nothing is written
    any more."""

    code = "replaced"
    advice = N_("Nothing saved before is lost; what could not be saved now is still in its editor: copy it.")


class NotAWorkspace(StorageError):
    """The folder exists but holds no workspace (or holds something else)."""

    code = "not_a_workspace"


class NewerFormat(StorageError):
    """Written by a newer tuicrm; nothing was touched."""

    code = "newer_format"


class ReadOnlyStore(StorageError):
    """The system lets this user not write here, or not read."""

    code = "read_only"
    advice = N_(
        "The folder's owner can open it to a group: `chgrp -R GROUP DIR`, `chmod -R g+rwX DIR`. A "
        "disk mounted read-only must be mounted again."
    )
