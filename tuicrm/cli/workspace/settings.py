"""`tuicrm settings`: how the program looks and speaks to oneself, and what holds for everyone in the workspace."""

from __future__ import annotations

from tuicrm.cli.grammar import typed as typer
from tuicrm.cli.grammar.grammar import TextCommand, verb
from tuicrm.cli.grammar.typed import work_of
from tuicrm.cli.running.work import CommandRun, assignments
from tuicrm.i18n import _
from tuicrm.render.symbols import DOT

settings = verb()


@settings.command(
    cls=TextCommand,
    help=_(
        "Show or choose theme, contrast and language, for you alone. What config.toml says goes before it. For everyone: working "
        "time, holidays, and what is asked."
    ),
)
def _settings(
    context: typer.CommandContext,
    choices: list[str] = typer.Argument(
        None,
        metavar="SETTING=VALUE...",
        help=_(
            "theme=auto|dark|light|terminal contrast=usual|high language=system|en|it; for everyone: working_hours=09:00-18:00 "
            "working_days=mon-fri holidays=IT,2026-12-24 ask_next_step=on|off soon_minutes=15 counter_of=activities|items "
            "invite_by_mail=on|off; nothing after the = forgets it."
        ),
    ),
) -> None:
    from tuicrm.services.workspace import own_settings, shared_settings

    work = work_of(context)
    if choices:
        given = assignments(choices)
        shared = {key: text for key, text in given.items() if shared_settings.is_shared(key)}
        own = {key: text for key, text in given.items() if key not in shared}
        for key in own:
            own_settings.own_setting(key)
        if shared:
            shared_settings.change(work.session, shared)
        own_settings.choose(work.session, own)
    _answer(work)


def _answer(work: CommandRun) -> None:
    from tuicrm.config import config_path, is_set, read_config, with_own
    from tuicrm.render.pairs import pairs
    from tuicrm.services.workspace import own_settings, shared_settings

    session, config = work.session, read_config()
    chosen = own_settings.chosen(session)
    held = with_own(config, chosen)
    if work.out.json:
        found = {
            one.key: {
                "value": getattr(held, one.key)
                if is_set(config, one.key) or one.key in chosen
                else next(iter(one.values)),
                "chosen": chosen.get(one.key, ""),
                "set_in": str(config_path()) if is_set(config, one.key) else "",
            }
            for one in own_settings.OWN_SETTINGS
        }
        for each in shared_settings.SHARED_SETTINGS:
            said = str(session.workspace.settings.get(each.key) or "")
            found[each.key] = {"value": shared_settings.value_of(session, each.key), "chosen": said, "set_in": ""}
        work.out.envelope(settings=found)
        return
    rows = []
    for one in own_settings.OWN_SETTINGS:
        said = getattr(config, one.key) if is_set(config, one.key) else ""
        words = own_settings.told(session, one, said)
        rows.append((one.key, f"{words} {DOT} {_('set in {file}').format(file=config_path())}" if said else words))
    rows += [
        (one.key, shared_settings.value_of(session, one.key) or _("only weekends"))
        for one in shared_settings.SHARED_SETTINGS
    ]
    work.out.lines(pairs(rows))
