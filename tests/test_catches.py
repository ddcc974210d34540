"""Who catches every error of ours, and why: one that is the store's must never be taken for the fault of one item, row or field.

Whoever goes through many catches a `Refusal`, which is about the one. What catches more stands in this list.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source import tree_of
from tuicrm import errors

PACKAGE = Path(__file__).resolve().parents[1] / "tuicrm"

TOO_WIDE = {"CrmError", "Exception", "BaseException"}

ENDS = "the last resort: it is told, and nothing goes on"
SAID = "said where it stands, whatever it is; what is typed or chosen stays, and nothing goes on by itself"
RAISED = "raised again once everything is let go or taken back"

COMPLETES = "a shell that completes a word is told nothing of what went wrong: it would stand in what somebody types"

ALLOWED = {
    "app.py:open_workspace": RAISED,
    "channels/mail/smtp.py:_opened": RAISED,
    "channels/secrets.py:_heard": RAISED,
    "channels/guarded.py:run": "raised where it was asked for, in another thread",
    "screens/settings/channel_trial.py:work": "the last step of a trial says what went wrong",
    "cli/completing/__init__.py:answer": COMPLETES,
    "cli/completing/known.py:opened": COMPLETES,
    "cli/workspace/doctor.py:_workspace": "a doctor tells why the workspace does not open",
    "cli/workspace/doctor.py:_zone": "a doctor tells what is wrong with the settings, and goes on without them",
    "cli/run.py:_only_ascii": "the command that reads the settings tells what is wrong with them",
    "cli/run.py:_told": ENDS,
    "channels/mail/winmail.py:unwrapped": "a reader of hostile bytes: whatever it stumbles over, the file stays as it came",
    "documents/jinja_child.py:_answer": "a template of somebody's may raise anything: the parent is told, and the process ends",
    "documents/jinja_child.py:_opened": "python-docx raises of many kinds for what is no document",
    "handing_kitty.py:run": RAISED,
    "services/workspace/front_checks.py:_of_file": SAID,
    "screens/documents/making.py:_why_no_pdf": SAID,
    "screens/documents/preview.py:_again": SAID,
    "screens/items/merge.py:plan_anew": SAID,
    "screens/items/readying.py:_read": SAID,
    "screens/settings/template_names.py:_value": "the value beside a name: nothing where there is no such value",
    "screens/messages/mail_sending.py:do_mail_leave": SAID,
    "screens/messages/texting_sending.py:do_texting_leave": SAID,
    "screens/messages/texting_sending.py:do_texting_send": SAID,
    "screens/messages/mail_sending.py:do_mail_send": SAID,
    "screens/left_typed.py:keep_typed": "the terminal is gone: there is nobody to be told, and the session ends all the same",
    "screens/session_receiver.py:_has_channel": "a look that only asks whether there is anything to do: the next one asks again",
    "screens/session_receiver.py:_run": "the end of a session closes what is read here, in the middle of anything",
    "screens/session_worker.py:_has_channel": "a look that only asks whether there is anything to do: the next one asks again",
    "screens/session_worker.py:look": "what does not work is told, and tried again at the next look",
    "screens/session_worker.py:work": "raised where it is awaited",
    "screens/welcome.py:_import": SAID,
    "services/workspace/backups.py:fresh_file": RAISED,
    "channels/programs.py:_waited": RAISED,
    "services/checks/checking.py:_attachments": "what cannot be read of a damaged folder is listed; a target that is full ends it",
    "services/kernel/session.py:bulk": RAISED,
    "services/workspace/start.py:open_session": RAISED,
    "services/workspace/start.py:type_keys": COMPLETES,
    "store/archive.py:_moved": RAISED,
    "store/places.py:made_whole": RAISED,
    "store/backup.py:restore": RAISED,
    "store/backup.py:to_folder": RAISED,
    "store/care.py:_compact_quietly": "kept in `upkeep`, which is told; nobody's work waits for a folding",
    "store/compaction.py:_fold": RAISED,
    "store/derived.py:_open": RAISED,
    "store/derived.py:writing": RAISED,
    "store/feed.py:_run": "told to all who look on: the thread has ended",
    "store/folder.py:nameless": RAISED,
    "store/folder.py:open": RAISED,
    "store/journal_store.py:__init__": RAISED,
    "store/tinydb_face.py:__init__": RAISED,
    "widgets/arranger.py:step": SAID,
    "widgets/asker.py:edit": SAID,
    "widgets/dispatcher.py:perform": SAID,
    "widgets/form.py:_choose": SAID,
    "widgets/form.py:_finish": SAID,
    "widgets/form_field.py:look_again": "what a preview cannot be made for stands beside the field; nothing is written",
    "widgets/work.py:_watched": SAID,
}


def names(node: ast.expr | None) -> set[str]:
    """The classes that an `except` or a `suppress` names; a bare `except` catches everything."""
    if node is None:
        return {"BaseException"}
    return {word for each in ast.walk(node) if (word := getattr(each, "id", getattr(each, "attr", "")))}


def catches(tree: ast.AST, inside: str = "") -> Iterator[tuple[str, set[str]]]:
    """The functions that catch something, with what."""
    left = [(node, inside) for node in ast.iter_child_nodes(tree)]
    while left:
        node, inside = left.pop()
        if isinstance(node, ast.ExceptHandler):
            yield inside, names(node.type)
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) == "suppress":
            for each in node.args:
                yield inside, names(each)
        within = node.name if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else inside
        left += [(each, within) for each in ast.iter_child_nodes(node)]


def found_in(source: ast.Module, name: str) -> set[str]:
    return {f"{name}:{function}" for function, caught in catches(source) if caught & TOO_WIDE}


def test_nobody_else_catches_every_error() -> None:
    found: set[str] = set()
    for path in sorted(PACKAGE.rglob("*.py")):
        found |= found_in(tree_of(path), path.relative_to(PACKAGE).as_posix())
    assert sorted(found - ALLOWED.keys()) == [], "catch a Refusal, or say here why not"
    assert sorted(ALLOWED.keys() - found) == [], "these catch no such thing any more"


@pytest.mark.parametrize(
    "caught", ["except CrmError:", "except (BadValue, errors.CrmError) as error:", "except:", "except Exception:"]
)
def test_a_catch_that_is_too_wide_is_found(caught: str) -> None:
    def found(source: str) -> set[str]:
        return found_in(ast.parse(source), "x.py")

    assert found(f"def rows():\n for row in some:\n  try:\n   a()\n  {caught}\n   b()") == {"x.py:rows"}
    assert found("async def rows():\n with contextlib.suppress(CrmError):\n  a()") == {"x.py:rows"}
    assert not found("def rows():\n try:\n  a()\n except Refusal:\n  b()")


def test_what_is_about_one_thing_is_a_refusal_and_what_the_store_says_is_not() -> None:
    about_one = {errors.Refused, errors.RequiredFields, errors.AccessDenied, errors.NotFound, errors.UsageError}
    every = {each for each in vars(errors).values() if isinstance(each, type) and issubclass(each, errors.CrmError)}
    assert {each for each in every if issubclass(each, errors.Refusal)} == {errors.Refusal, *about_one}
