"""`tuicrm doctor`: what the program finds around it, and what to do where something is off."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun
from tuicrm.cli.workspace.terminal_facts import clipboard, is_remote, multiplexer, synchronized_output
from tuicrm.errors import CrmError, Refused, StorageError
from tuicrm.i18n import _, language, ngettext
from tuicrm.render.line import Line, Run
from tuicrm.render.pairs import pairs
from tuicrm.render.text import clean

if TYPE_CHECKING:
    from tuicrm.services.kernel.session import Session

doctor = verb()
_COLUMNS, _LINES = 80, 24
_FAILED = 1


class Finding(NamedTuple):
    """One thing looked at: its name for programs and for people, the value (`text` for people, where it is said otherwise).

    `advice` says what could be better; `wrong` that the program cannot work well before that is done."""

    key: str
    label: str
    value: Any
    text: str = ""
    advice: str = ""
    wrong: bool = False


@doctor.command(
    cls=CrmCommand,
    help=_(
        "Show what tuicrm finds on this system, and how to fix problems. Terminal, colours, size, "
        "clipboard, locale, time zone, workspace, and what roles protect."
    ),
)
def _doctor(context: typer.CommandContext) -> None:
    work = work_of(context)
    sections = (
        (_("Terminal"), list(_terminal(work))),
        (_("Place and time"), list(_place(work))),
        (_("Workspace"), list(_workspace(work))),
        (_("Permissions"), list(_rights(work))),
        (_("Versions"), list(_versions())),
    )
    found = [finding for _title, findings in sections for finding in findings]
    advice = [finding for finding in found if finding.advice]
    wrong = any(finding.wrong for finding in found)
    if work.out.json:
        told = [{"about": one.key, "text": one.advice, "wrong": one.wrong} for one in advice]
        work.out.envelope(doctor={**{one.key: one.value for one in found}, "advice": told, "fine": not wrong})
    else:
        for title, findings in sections:
            if not findings:
                continue
            work.out.lines([(Run(title.upper(), "heading"),), *_lines(findings), ()])
        summary = ngettext("{n} remark, marked with →.", "{n} remarks, marked with →.", len(advice))
        work.out.text(summary if advice else _("All is well."))
    if wrong:
        raise typer.Exit(_FAILED)


def _lines(findings: list[Finding]) -> Iterator[Line]:
    texts = [(one.text or str(one.value)).split("\n") for one in findings]
    rows = [
        (one.label if not at else "", text)
        for one, several in zip(findings, texts, strict=True)
        for at, text in enumerate(several)
    ]
    shown = iter(pairs(rows))
    for finding, several in zip(findings, texts, strict=True):
        yield from islice(shown, len(several))
        if finding.advice:
            yield (Run("  → ", "accent"), Run(clean(finding.advice)))


def _terminal(work: CommandRun) -> Iterator[Finding]:
    """What the program is shown on. On a pipe nothing is wrong with it: the command line needs no terminal."""
    on_terminal = sys.stdin.isatty() and sys.stdout.isatty()
    term, inside = os.environ.get("TERM", ""), multiplexer()
    advice, wrong = "", False
    if on_terminal and term in ("", "dumb"):
        advice, wrong = _("TERM says this terminal can show nothing. Set it, for example TERM=xterm-256color."), True
    shown = term or _("TERM is not set")
    yield Finding(
        "terminal",
        _("Terminal"),
        term,
        shown if on_terminal else f"{shown} ({_('not on a terminal now')})",
        advice,
        wrong,
    )
    yield Finding(
        "stdout_is_a_terminal",
        _("Output"),
        work.out.terminal,
        _("a terminal") if work.out.terminal else _("a pipe or a file"),
    )
    yield Finding("inside", _("Runs inside"), inside, inside or _("no multiplexer"))
    yield _colours(work, term)
    yield _size(work)
    yield _synchronized(on_terminal=on_terminal)
    takes = clipboard()
    texts = {
        "yes": _("works (OSC 52)"),
        "on request": _("works if allowed (OSC 52)"),
        "no": _("not supported"),
        "unknown": _("not known"),
    }
    yield Finding("clipboard", _("Clipboard"), takes.takes, texts[takes.takes], takes.advice if on_terminal else "")


def _colours(work: CommandRun, term: str) -> Finding:
    palette = work.out.palette
    depth = palette.depth if palette else "none"
    colorterm = os.environ.get("COLORTERM", "")
    names = {"true": _("16 million"), "256": "256", "16": "16", "none": _("no colours")}
    advice = ""
    if palette and os.environ.get("NO_COLOR"):
        advice = _("NO_COLOR is set.")
    elif palette and depth != "true" and work.out.colours != "never":
        advice = _(
            "If the terminal has all colours, say so: COLORTERM=truecolor (SSH forwards it with `SendEnv COLORTERM`)."
        )
    text = f"{names[depth]} (TERM={term}, COLORTERM={colorterm})"
    return Finding("colours", _("Colours"), depth, text, advice)


def _size(work: CommandRun) -> Finding:
    columns, lines = shutil.get_terminal_size()
    large = columns >= _COLUMNS and lines >= _LINES
    advice = ""
    if work.out.terminal and not large:
        advice = _("tuicrm needs 80×24 to show everything: enlarge the window or use a smaller font.")
    return Finding(
        "size", _("Size"), {"columns": columns, "lines": lines, "large_enough": large}, f"{columns}×{lines}", advice
    )


def _synchronized(*, on_terminal: bool) -> Finding:
    known = synchronized_output()
    texts = {"yes": _("yes"), "no": _("no: large changes may flicker"), "unknown": _("not known: it did not answer")}
    text = texts[known] if on_terminal else _("not asked: not on a terminal")
    return Finding("synchronized_output", _("Flicker-free drawing"), known, text)


def _place(work: CommandRun) -> Iterator[Finding]:
    """Machine, letters, time."""
    from tuicrm.services.workspace.environment import locale_of
    from tuicrm.terminal import ascii_only

    remote = is_remote()
    yield Finding(
        "ssh", "SSH", remote, _("from {address}").format(address=remote) if remote else _("no, on this machine")
    )
    encoding = sys.stdout.encoding.lower()
    utf_8 = not ascii_only("auto") and encoding.startswith("utf")
    advice = (
        ""
        if utf_8
        else _("Only ASCII characters are shown. Set a UTF-8 locale to see lines and all letters: LC_ALL=C.UTF-8.")
    )
    yield Finding("encoding", _("Encoding"), encoding, encoding.upper(), advice)
    locale = locale_of() or "C"
    yield Finding("locale", _("Locale"), locale, locale)
    yield Finding("language", _("Language"), language())
    yield from _zone(work, remote)


def _zone(work: CommandRun, remote: str) -> Iterator[Finding]:
    from tuicrm.config import Config, config_path, read_config
    from tuicrm.services.workspace.zones import own_zone

    try:
        config, problem = read_config(), ""
    except CrmError as error:
        config, problem = Config(), error.message
    try:
        person = work.session.person.zone
    except CrmError:
        person = None
    found = own_zone(config.zone, person)
    advice = found.warning
    if not advice and remote and found.source == "server":
        advice = _(
            'This is the server\'s time zone, not yours. Set yours: `time_zone = "Europe/Rome"` '
            "in {file}; or let SSH forward it: `SendEnv TZ` in your ~/.ssh/config, `AcceptEnv TZ` "
            "in the server's sshd_config."
        ).format(file=config_path())
    sources = {
        "setting": _("your setting in {file}").format(file=config_path()),
        "person": _("your entry in the workspace"),
        "TZ": _("TZ, which SSH can forward") if remote else "TZ",
        "server": _("the server's") if remote else _("this machine's"),
    }
    yield Finding("zone", _("Time zone"), str(found.zone), "", advice)
    yield Finding("zone_source", _("Taken from"), found.source, sources[found.source])
    yield Finding("settings", _("Settings"), str(config_path()), "", problem, bool(problem))


def _workspace(work: CommandRun) -> Iterator[Finding]:
    """The workspace as it opens, or why it does not: a doctor does not fall ill himself."""
    from tuicrm.services.workspace import presence
    from tuicrm.services.workspace.start import is_free, place_warning

    place = str(work.place)
    shown = place if "://" in place else str(work.path.absolute())
    yield Finding("workspace", _("Folder"), shown, "", place_warning(work.place))
    try:
        session = work.session
    except CrmError as problem:
        free = "://" not in place and is_free(work.place)
        yield Finding("opens", _("Opens"), False, _("not created yet") if free else _("no"), problem.message, not free)
        return
    yield Finding("opens", _("Opens"), True, _("yes"))
    yield Finding("name", _("Name"), session.workspace.name)
    yield Finding("person", _("You are"), session.person.name)
    locked = session.store.read_only
    advice = (
        _("The workspace is read-only here: check the folder's permissions and the free space on its disk.")
        if locked
        else ""
    )
    yield Finding("read_only", _("Read-only"), locked, _("yes") if locked else _("no"), advice)
    yield Finding("transactions", _("Changes"), session.store.seq())
    counts = {key: count for key in session.workspace.types if (count := session.count(key))}
    yield Finding(
        "items", _("Items"), counts, ", ".join(f"{key} {count}" for key, count in counts.items()) or _("no colours")
    )
    yield from _disk(session)
    here = list(presence.names(session))
    yield Finding("others", _("Others here"), here, ", ".join(here) or _("nobody"))


def _disk(session: Session) -> Iterator[Finding]:
    """The room on the disk, and the journal that waits to be folded."""
    from tuicrm.services.workspace.upkeep import room

    try:
        found = room(session)
    except Refused:  # kept in no files of ours: there is nothing to tell
        return
    except StorageError as problem:
        yield Finding("disk_free", _("Disk"), None, _("not known"), problem.message)
        return
    advice = ""
    if found.short:
        told = _("The disk is nearly full: compacting the journal needs {needed} bytes. Free some space.")
        advice = told.format(needed=f"{found.needed:,}")
    yield Finding(
        "disk_free", _("Disk"), found.free, _("{n} bytes free").format(n=f"{found.free:,}"), advice, found.short
    )
    advice = ""
    if found.due:
        advice = _(
            "The journal has not been compacted for a long time: run `tuicrm fsck` to see why; "
            "more free space may help."
        )
    yield Finding("journal", _("Journal"), found.journal, _("{n} bytes").format(n=f"{found.journal:,}"), advice)


def _rights(work: CommandRun) -> Iterator[Finding]:
    """What roles are worth here: no more than the rights to the folder (DESIGN.md, decision 9)."""
    from tuicrm.services.workspace.environment import folder_rights
    from tuicrm.services.workspace.start import is_free

    path = work.path.absolute()
    found = None if is_free(path) else folder_rights(path)
    if found is None:
        return
    whom = {
        "owner": _("its owner, {owner}"),
        "group": _("its owner, {owner}, and the group {group}"),
        "everyone": _("everybody on this machine"),
    }[found.writable_by].format(owner=found.owner, group=found.group)
    advice, wrong = "", found.writable_by == "everyone"
    if found.open_to_all:
        advice = _("Everybody on this machine can open the folder. Close it with `chmod -R o-rwx {path}`.").format(
            path=path
        )
    yield Finding("writable_by", _("Can write"), found.writable_by, whom, advice, wrong)
    told = (
        _("Whoever can write to the folder can bypass roles."),
        _("They apply to people using tuicrm, not to its files."),
    )
    yield Finding("roles_hold_against_writers", _("Roles"), False, "\n".join(told))
    protects = (
        _("folder permissions only for people who may see everything"),
        _("a separate workspace for what not everyone may see"),
        _("later: sessions over SSH, served by a user who alone owns the folder"),
    )
    yield Finding("protects", _("Protection"), list(protects), "\n".join(protects))


def _versions() -> Iterator[Finding]:
    from importlib.metadata import version

    from tuicrm import __version__

    yield Finding("tuicrm", "tuicrm", __version__)
    yield Finding("python", "Python", ".".join(map(str, sys.version_info[:3])))
    yield Finding("textual", "Textual", version("textual"))
    yield Finding("platform", _("System"), sys.platform)
