"""Messages as they are kept: mails, calls, SMS and messengers; addresses, threads."""
