"""Trying channels by which texts go, step by step: nothing is sent by it."""

from __future__ import annotations

import os
import shlex
import shutil
import socket
import ssl
from collections.abc import Iterator
from urllib.parse import urlsplit

from tuicrm.channels.asking import checked_url
from tuicrm.channels.channel import TriedStep
from tuicrm.channels.texts.telegram import bot_name
from tuicrm.channels.texts.whatsapp import number_shown
from tuicrm.domain.channels import Channel
from tuicrm.errors import AccessDenied, Refusal, Refused, Unreachable
from tuicrm.i18n import _
from tuicrm.login import at_home
from tuicrm.services.messages.servers import certificates
from tuicrm.services.messages.text_servers import bot_of, folders_of_daemon, gateway_of, line_of, text_secret

_PATIENCE = 15


def try_texts(channel: Channel) -> Iterator[TriedStep]:
    """Try one; ends with the first step that does not work."""
    try:
        secret = text_secret(channel)
    except AccessDenied as problem:
        yield TriedStep("secret", False, problem.message)
        return
    if secret:
        yield TriedStep("secret", True, channel.secret.source if channel.secret else "")
    ways = {
        "sms_command": _program,
        "sms_folder": _folders,
        "sms_http": _gateway,
        "whatsapp": _log_in,
        "telegram": _log_in,
    }
    yield from ways[channel.kind](channel)


def _program(channel: Channel) -> Iterator[TriedStep]:
    program = shlex.split(channel.settings.get("command", ""))[0]
    try:
        found = shutil.which(str(at_home(program, own=True)) if "/" in program else program)
    except Refused as problem:
        yield TriedStep("program", False, problem.message)
        return
    told = found or _("there is no program {name}").format(name=program)
    yield TriedStep("program", found is not None, told)


def _folders(channel: Channel) -> Iterator[TriedStep]:
    where = folders_of_daemon(channel)
    for path, wanted in ((where.outgoing, os.W_OK), (where.failed, os.R_OK), (where.incoming, os.R_OK)):
        works = path.is_dir() and os.access(path, wanted | os.X_OK)
        told = "" if works else _("it is not there, or may not be used")
        yield TriedStep("folder", works, f"{path}: {told}" if told else str(path))
        if not works:
            return


def _gateway(channel: Channel) -> Iterator[TriedStep]:
    gateway = gateway_of(channel)
    try:
        parts = urlsplit(checked_url(gateway.url.replace("{", "").replace("}", "")))
    except Refusal as problem:
        yield TriedStep("name", False, problem.message)
        return
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    step = "port"
    try:
        with socket.create_connection((host, port), _PATIENCE) as line:
            yield TriedStep("port", True, f"{host}:{port}")
            if parts.scheme == "https":
                step = "tls"
                context = ssl.create_default_context(cafile=certificates(channel) or None)
                with context.wrap_socket(line, server_hostname=host) as safe:
                    yield TriedStep("tls", True, safe.version() or "")
    except OSError as problem:
        yield TriedStep(step, False, f"{host}: {problem.strerror or problem}")


def _log_in(channel: Channel) -> Iterator[TriedStep]:
    try:
        told = bot_name(bot_of(channel)) if channel.kind == "telegram" else number_shown(line_of(channel))
    except (Refusal, Unreachable) as problem:
        yield TriedStep("login", False, problem.message)
        return
    named = channel.settings.get("bot", "").removeprefix("@")
    if channel.kind == "telegram" and told.casefold() != named.casefold():
        other = _("the token is of {bot}: its invitations would lead to another").format(bot=told)
        yield TriedStep("login", False, other)
        return
    yield TriedStep("login", True, told)
