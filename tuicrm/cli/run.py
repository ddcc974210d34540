"""One run of the command line: arguments in, exit code out. The only place that catches what went wrong."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from itertools import takewhile

from tuicrm.capable import has_screen, says_utf_8
from tuicrm.cli.running.output import Enough, Output, drop
from tuicrm.cli.running.work import CommandRun
from tuicrm.errors import CrmError, Interrupted, StorageError
from tuicrm.i18n import _, only_ascii, set_ascii, set_language
from tuicrm.services.workspace.environment import locale_of, typed_place
from tuicrm.streams import guarded, write_all_letters


def run(arguments: Sequence[str]) -> int:
    """Run one command. Returns the exit code (UI.md, "Exit codes")."""
    set_language(locale_of())
    set_ascii(_only_ascii())
    if sys.stdout is None or sys.stderr is None:  # closed: `>&-`
        nowhere = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - for as long as the process lives
        sys.stdout, sys.stderr = sys.stdout or nowhere, sys.stderr or nowhere
    for stream in (sys.stdout, sys.stderr):
        write_all_letters(stream)  # type: ignore[arg-type]  # always a TextIOWrapper here
    try:
        with guarded(only_ascii=only_ascii()) as guard:
            output = Output(sys.stdout, sys.stderr)
            # Before the options are read: even a mistake in them is told in the form that was asked for.
            output.json = "--json" in takewhile(lambda word: word != "--", arguments)
            code = _told(arguments, output)
            if guard.cleaned:
                output.warn(
                    _(
                        "Characters that could steer this terminal or hide in it are shown by their numbers, such as {example}. "
                        "A pipe or a file gets them as they are: | less, or -o FILE."
                    ).format(example="\\u202e")
                )
    except Enough:
        return 0
    except StorageError as error:
        # stdout takes nothing more; stderr may still.
        output.fail(error)
        return error.exit_code
    return code


def _only_ascii() -> bool:
    """Whether the terminal, if there is one, shows ASCII letters alone: by the locale, unless the person's settings know better."""
    if says_utf_8() or not (sys.stdout and sys.stdout.isatty()):
        return False
    from tuicrm.config import read_config
    from tuicrm.terminal import letters_only_ascii

    try:
        return letters_only_ascii(read_config().ascii)
    except CrmError:  # told by the command that reads them
        return True


def _told(arguments: Sequence[str], output: Output) -> int:
    """Run it and tell what went wrong. Raises what keeps it from being told."""
    work = CommandRun(output)
    try:
        try:
            return _run(arguments, work)
        finally:
            work.close()
    except CrmError as error:
        output.fail(error)
        return error.exit_code
    except KeyboardInterrupt:
        if output.json:
            output.fail(Interrupted(_("Interrupted.")))
        drop(sys.stdout)
        return Interrupted.exit_code
    except Enough:
        return 0
    except OSError as error:
        failed = _of_a_file(error)
        output.fail(failed)
        return failed.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort: even what we did not foresee is told cleanly
        output.fail(_unforeseen(error))
        return CrmError.exit_code


def _run(arguments: Sequence[str], work: CommandRun) -> int:
    if _only_opens(arguments, work):
        from tuicrm.cli.running.on_screen import open_on_screen

        return open_on_screen(work.place, work.as_user)
    from tuicrm.cli.grammar.typed import Exit
    from tuicrm.cli.root import run_words

    try:
        run_words(arguments, work)
    except Exit as end:
        return end.exit_code
    return 0


def _only_opens(arguments: Sequence[str], work: CommandRun) -> bool:
    """Whether the screen is all that is asked for, at a terminal, in plain words: then no command need be read."""
    if not (sys.stdin.isatty() and sys.stdout.isatty() and has_screen()):
        return False
    given = dict(zip(arguments[::2], arguments[1::2], strict=False))
    plain = all(word and not word.startswith("-") for word in given.values())
    if 2 * len(given) != len(arguments) or not plain or not {"--data", "--as"}.issuperset(given):
        return False
    if "--data" in given:
        work.folder = typed_place(given["--data"])
    work.as_user = given.get("--as", "")
    return True


def _of_a_file(error: OSError) -> CrmError:
    """What a path that somebody gave came to wherever it was looked at: too long a name, a folder that may not be entered."""
    if error.filename is None:
        return _unforeseen(error)
    return StorageError(_("{path}: {reason}").format(path=error.filename, reason=error.strerror or error))


def _unforeseen(error: Exception) -> CrmError:
    """A mistake of ours, with where it happened. Python would print it raw: a hostile title in it could reach the terminal."""
    import traceback

    place = traceback.extract_tb(error.__traceback__)[-1]
    told = f"{type(error).__name__}: {error} ({place.filename}:{place.lineno})"
    return CrmError(_("tuicrm failed: {what}. Please report this.").format(what=told))
