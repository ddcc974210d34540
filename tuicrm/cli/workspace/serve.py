"""`tuicrm serve ssh-key`, `enter`, `doctor`: people who come in by SSH on an account that is nobody's own."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, noun
from tuicrm.cli.grammar.typed import Exit, work_of
from tuicrm.cli.running.work import CommandRun, stdin_for
from tuicrm.i18n import N_, _
from tuicrm.login import at_home
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.config_records import Person, SshKey

app = noun(_("The front of a team's server: SSH keys as log-in, and a look at how sshd is set."))
keys = noun(_("Public keys by which people come in: ssh crm@server."))
app.add_typer(keys, name="ssh-key")

_WHO = typer.Argument(metavar="WHO", help=_("Key, login or name."))
_FILE = typer.Option(
    "",
    "--file",
    metavar="FILE",
    help=_("The authorized_keys to write; by default, this account's own, ~/.ssh/authorized_keys."),
)


@keys.command(
    cls=CrmCommand,
    help=_(
        "Let a person in by a public key, read from stdin: ssh crm@server opens the program, ssh crm@server deal list runs a command, "
        "and nothing else is let in. Run it on the server, as the account that people come in on."
    ),
    examples=[("giulia < giulia.pub", N_("Her key, from the file that she sent."))],
)
def add(
    context: typer.CommandContext,
    who: str = _WHO,
    text: str = typer.Option("-", "--key", metavar="TEXT", help=_("The key itself; by default, what stdin gives.")),
    file: str = _FILE,
) -> None:
    from tuicrm.services.workspace.ssh_keys import add_key

    work = work_of(context)
    person = _person(work, who)
    key = add_key(work.session, person, stdin_for(text))
    _write(work, file)
    work.out.names(key.fingerprint, person=person.key, key=msgspec.to_builtins(key))


@keys.command("list", cls=CrmCommand, help=_("List the keys, of everybody or of one person."))
def list_(
    context: typer.CommandContext, who: str = typer.Argument("", metavar="WHO", help=_("Key, login or name."))
) -> None:
    work = work_of(context)
    people = [_person(work, who)] if who else list(work.session.workspace.people.values())
    found = [(person, key) for person in people for key in person.keys]
    if work.out.json:
        told = [{"person": person.key, **msgspec.to_builtins(key)} for person, key in found]
        work.out.envelope(keys=told, total=len(told))
        return
    heads = [TableColumn(_("Person"), style="accent"), TableColumn(_("Fingerprint")), TableColumn(_("Comment"))]
    work.out.table([*heads, TableColumn(_("Since"))], [_row(work, person, key) for person, key in found])


def _row(work: CommandRun, person: Person, key: SshKey) -> list[str]:
    from tuicrm.domain.kinds.dates import short_when

    since = short_when(key.added, work.session.context()) if key.added else ""
    return [person.key, key.fingerprint, key.comment, since]


@keys.command(cls=CrmCommand, help=_("Let nobody in by a key any more; who came in by it is put out at once."))
def remove(
    context: typer.CommandContext,
    who: str = _WHO,
    key: str = typer.Argument(metavar="KEY", help=_("Its fingerprint, comment or number in the list.")),
    file: str = _FILE,
) -> None:
    from tuicrm.services.workspace.ssh_keys import find_key, remove_key

    work = work_of(context)
    person = _person(work, who)
    found = find_key(person, key)
    remove_key(work.session, person, found)
    _write(work, file)
    work.out.names(found.fingerprint, person=person.key, removed=True)


@keys.command(cls=CrmCommand, help=_("Write authorized_keys anew, as the workspace says who has which key."))
def write(context: typer.CommandContext, file: str = _FILE) -> None:
    work = work_of(context)
    path, n = _write(work, file)
    if work.out.json:
        work.out.envelope(path=str(path), keys=n)
    else:
        work.out.text(str(path))


def _write(work: CommandRun, file: str) -> tuple[Path, int]:
    from tuicrm.services.workspace.ssh_keys import lines_of, own_file, this_program, write_file

    path = at_home(file).absolute() if file else own_file()
    lines = lines_of(work.session, str(work.path.absolute()), this_program())
    write_file(path, str(work.path.absolute()), lines)
    return path, len(lines)


def _person(work: CommandRun, who: str) -> Person:
    from tuicrm.services.workspace.people import find_person

    return find_person(work.session.workspace, who, me=work.session.person_key)


# -- coming in ---------------------------------------------------------------------------------------------------------
@app.command(
    cls=CrmCommand,
    help=_("Let somebody in who came by SSH: what sshd runs for them, by a line of authorized_keys. Nobody types it."),
)
def enter(
    context: typer.CommandContext,
    who: str = typer.Argument(metavar="PERSON", help=_("Whose key it was.")),
    key: str = typer.Option("", metavar="FINGERPRINT", help=_("The key's fingerprint.")),
) -> None:
    from tuicrm.cli.workspace.serving import serve

    raise Exit(serve(str(work_of(context).path.absolute()), who, key))


# -- looking -----------------------------------------------------------------------------------------------------------
@app.command(
    cls=CrmCommand, help=_("Check sshd's settings, owners and modes, and say what is wrong and how it is mended.")
)
def doctor(
    context: typer.CommandContext,
    file: str = _FILE,
    sshd: str = typer.Option(
        "", metavar="TEXT", help=_("What `sshd -T` prints, where it may be run by root alone; - reads stdin.")
    ),
) -> None:
    from tuicrm.services.workspace.front_checks import checks
    from tuicrm.services.workspace.ssh_keys import own_file, this_program

    work = work_of(context)
    path = at_home(file).absolute() if file else own_file()
    found = checks(work.session, work.path.absolute(), path, this_program(), stdin_for(sshd) if sshd else None)
    wrong = [one for one in found if one.state == "wrong"]
    if work.out.json:
        told: list[Any] = [msgspec.to_builtins(one) for one in found]
        work.out.envelope(checks=told, wrong=len(wrong))
    else:
        for one in found:
            sign = {"right": "✓", "wrong": "✗"}.get(one.state, "?")
            work.out.text(f"{sign} {one.told}")
            if one.mend and one.state != "right":
                work.out.text(f"    {one.mend}")
        work.out.say(_("Nothing is wrong.") if not wrong else _("Mend what is marked, and look again."))
    if wrong:
        raise Exit(1)
