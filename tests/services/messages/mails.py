"""Mails for the tests, written by us."""

from __future__ import annotations

from email.message import EmailMessage


def mail(
    subject: str = "Your offer",
    text: str = "Hello, we take it. When can you begin?",
    *,
    sender: str = "Maria Rossi <maria@example.com>",
    to: str = "sales@ours.example",
    number: str = "1@example.com",
    **headers: str,
) -> bytes:
    """The bytes of a mail; `headers` with `_` for `-`."""
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = sender, to, subject
    made["Date"] = "Tue, 03 Nov 2026 10:00:00 +0100"
    if number:
        made["Message-ID"] = f"<{number}>"
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made.as_bytes()
