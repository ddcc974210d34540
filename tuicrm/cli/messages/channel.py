"""`tuicrm channel list`, `add`, `show`, `edit`, `test`, `trust`, `retire`, `restore`, `remove` (`channel_run.py` has more)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tuicrm.cli.arguments.retiring import retiring
from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import CrmCommand, TextCommand, noun
from tuicrm.cli.grammar.typed import Exit, work_of
from tuicrm.cli.messages import channel_listen, channel_run
from tuicrm.cli.running.work import CommandRun, assignments
from tuicrm.errors import UsageError
from tuicrm.i18n import N_, _
from tuicrm.render.table import TableColumn

if TYPE_CHECKING:
    from tuicrm.domain.channels import Channel

app = noun(_("Channels: the accounts by which messages go out and come in."))

_WHICH = typer.Argument(metavar="CHANNEL", help=_("A channel, by key or name."))
_WORDS = typer.Argument(
    metavar="ACCOUNT=VALUE",
    help=_(
        "What the account is: address, host, port, security (starttls, tls or plain), user, ca, name, signature, html; of what comes "
        "in, path, folders, shared, days, move and take (known or all); of SMS and messengers what `tuicrm channel kinds` lists; and "
        "where its secret is found: secret=keyring, secret=command:PROGRAM, secret=variable:NAME, secret=file:PATH."
    ),
)
_WHOSE = typer.Option(None, metavar="WHO", help=_("Whose it is: a person or a department; by default, yours."))


@app.command("list", cls=CrmCommand, help=_("List the channels, in order."))
def list_(
    context: typer.CommandContext, all_of_them: bool = typer.Option(False, "--all", help=_("Include retired ones."))
) -> None:
    from tuicrm.services.messages.accounts import channels

    work = work_of(context)
    found = channels(work.session, retired=all_of_them)
    if work.out.json:
        work.out.envelope(channels=[_plain(work, one) for one in found], total=len(found))
        return
    heads = [TableColumn(_("Key"), style="accent"), TableColumn(_("Name")), TableColumn(_("Kind"))]
    heads += [TableColumn(_("Address")), TableColumn(_("Whose")), TableColumn("")]
    rows = [
        [one.key, one.label, one.kind, one.address, _whose(work, one), _("retired") if one.retired else ""]
        for one in found
    ]
    work.out.table(heads, rows)


@app.command(
    cls=TextCommand,
    help=_("Add a channel; prints its key. No secret is kept: say where it is found."),
    examples=[
        (
            '"My mail" smtp address=anna@example.com host=mail.example.com user=anna secret=keyring',
            N_("The password is kept by: keyring set tuicrm-channel anna@mail.example.com"),
        ),
        (
            "Sales smtp --whose department:sales address=sales@example.com host=localhost port=25",
            N_("A shared address, by a server on this machine."),
        ),
        (
            '"My inbox" imap address=anna@example.com host=mail.example.com user=anna secret=keyring',
            N_(
                "Mail that comes is taken in where it is of somebody who is known; it is for you alone until you share it."
            ),
        ),
        (
            '"Mail here" maildir address=anna@example.com path=~/Maildir take=all',
            N_("A Maildir of this machine; mail of people who are not known waits in the inbox."),
        ),
    ],
)
def add(
    context: typer.CommandContext,
    name: str = typer.Argument(metavar="NAME", help=_("The name people see.")),
    kind: str = typer.Argument(
        metavar="KIND",
        help=_(
            "What it is: smtp sends; imap and maildir take in; sms_command, sms_folder, sms_http, whatsapp and telegram carry texts."
        ),
    ),
    words: list[str] = _WORDS,
    whose: str = _WHOSE,
    key: str = typer.Option("", metavar="KEY", help=_("The permanent key; by default, made from the name.")),
) -> None:
    from tuicrm.services.messages.accounts import add_channel

    work = work_of(context)
    _answer(work, add_channel(work.session, name, kind, assignments(words), whose=whose or "", key=key))


@app.command(cls=CrmCommand, help=_("List what can be said of channels of a kind, or of all kinds."))
def kinds(
    context: typer.CommandContext,
    kind: str = typer.Argument("", metavar="KIND", help=_("A kind, such as sms_http.")),
) -> None:
    from tuicrm.services.messages.accounts import kind_settings

    work = work_of(context)
    rows = [(name, one.key, one.required, _(one.label)) for name, one in kind_settings(kind)]
    if work.out.json:
        work.out.envelope(
            settings=[
                {"kind": name, "key": key, "required": needed, "label": label} for name, key, needed, label in rows
            ]
        )
        return
    heads = [TableColumn(_("Kind")), TableColumn(_("Key"), style="accent"), TableColumn(_("Needed")), TableColumn("")]
    work.out.table(heads, [[name, key, _("yes") if needed else "", label] for name, key, needed, label in rows])


@app.command(cls=CrmCommand, help=_("Show a channel. Where its secret is found is told to those who may change it."))
def show(context: typer.CommandContext, channel: str = _WHICH) -> None:
    from tuicrm.services.messages.accounts import find_channel

    work = work_of(context)
    found = find_channel(work.session, channel, begins=True)
    plain = _plain(work, found)
    if work.out.json:
        work.out.envelope(channel=plain)
        return
    pairs = [
        (_("Key"), found.key),
        (_("Name"), found.label),
        (_("Kind"), found.kind),
        (_("Whose"), _whose(work, found)),
    ]
    for label, text in [*pairs, *plain["settings"].items()]:
        if text:
            work.out.text(f"{label}: {text}")
    if found.retired:
        work.out.text(_("retired"))


@app.command(cls=TextCommand, help=_("Change a channel; an empty value takes a setting away."))
def edit(
    context: typer.CommandContext,
    channel: str = _WHICH,
    words: list[str] | None = typer.Argument(
        None, metavar="ACCOUNT=VALUE", help=_("What is to be otherwise, as in add.")
    ),
    name: str = typer.Option(None, metavar="NAME", help=_("The name people see.")),
    whose: str = _WHOSE,
) -> None:
    from tuicrm.services.messages.accounts import edit_channel, find_channel

    work = work_of(context)
    if not words and name is None and whose is None:
        raise UsageError(_("Nothing to change: give at least one option."))
    key = find_channel(work.session, channel).key
    _answer(work, edit_channel(work.session, key, assignments(words or []), label=name, whose=whose))


@app.command(
    "test", cls=CrmCommand, help=_("Try a channel, and tell step by step what works: name, port, TLS, log-in, folders.")
)
def try_(context: typer.CommandContext, channel: str = _WHICH) -> None:
    from tuicrm.services.messages.accounts import find_channel, require_use
    from tuicrm.services.messages.trials import try_channel

    work = work_of(context)
    found = find_channel(work.session, channel)
    require_use(work.session, found)
    steps = list(try_channel(found))
    works = all(one.works for one in steps)
    if work.out.json:
        told = [{"step": one.name, "works": one.works, "told": one.told} for one in steps]
        work.out.envelope(channel=found.key, works=works, steps=told)
    else:
        names = {
            "secret": _("Secret"), "name": _("Name"), "port": _("Port"), "tls": _("TLS"), "login": _("Log-in"),
            "folder": _("Folder"), "program": _("Program"),
        }  # fmt: skip
        heads = [TableColumn(_("Step"), style="accent"), TableColumn(_("Works")), TableColumn("")]
        work.out.table(heads, [[names[one.name], _("yes") if one.works else _("no"), one.told] for one in steps])
    if not works:
        raise Exit(1)


@app.command(
    cls=CrmCommand,
    help=_("Agree that a channel takes its secret where it says, and sends it there, though somebody else said so."),
)
def trust(context: typer.CommandContext, channel: str = _WHICH) -> None:
    from tuicrm.services.messages import trust as trusted
    from tuicrm.services.messages.accounts import find_channel, require_use, words_of

    work = work_of(context)
    found = find_channel(work.session, channel)
    require_use(work.session, found)
    trusted.agree(found)
    said = words_of(found)
    told = (
        _("Agreed: {channel} takes in what lies in {path}.")
        if said.get("path")
        else _("Agreed: {channel} does on this machine what it says.")
        if not said.get("host")
        else _("Agreed: the secret of {channel} is taken from {secret} and goes to {host}.")
    )
    where = {"secret": said.get("secret") or _("nowhere"), "host": said.get("host", ""), "path": said.get("path", "")}
    work.out.done(
        told.format(channel=found.label, **where),
        channel=found.key,
    )


def _retire(work: CommandRun, channel: str, *, back: bool) -> None:
    from tuicrm.services.messages.accounts import find_channel, retire_channel

    _answer(work, retire_channel(work.session, find_channel(work.session, channel).key, back=back))


retiring(
    app,
    _WHICH,
    _retire,
    retire=_("Retire a channel: nothing goes out by it any more; what did stays."),
    restore=_("Restore a retired channel."),
)


@app.command(cls=CrmCommand, help=_("Remove a channel by which no message went."))
def remove(context: typer.CommandContext, channel: str = _WHICH) -> None:
    from tuicrm.services.messages.accounts import find_channel, remove_channel

    work = work_of(context)
    found = find_channel(work.session, channel)
    remove_channel(work.session, found.key)
    work.out.done(_("Removed: {name}.").format(name=found.label), channel=found.key)


channel_run.register(app)
channel_listen.register(app)


# -- what is told ------------------------------------------------------------------------------------------------------
def _answer(work: CommandRun, channel: Channel) -> None:
    work.out.names(channel.key, channel=_plain(work, channel))


def _whose(work: CommandRun, channel: Channel) -> str:
    workspace = work.session.workspace
    if channel.department:
        part = workspace.departments.get(channel.department)
        return part.name if part is not None else channel.department
    person = workspace.people.get(channel.person)
    return person.name if person is not None else channel.person


def _plain(work: CommandRun, channel: Channel) -> dict[str, Any]:
    from tuicrm.services.messages.accounts import may_change, words_of

    said = words_of(channel)
    if not may_change(work.session, channel):
        said.pop("secret", None)
    return {
        "key": channel.key,
        "label": channel.label,
        "kind": channel.kind,
        "person": channel.person or None,
        "department": channel.department or None,
        "settings": said,
        "retired": channel.retired,
    }
