"""Translation of tuicrm's own texts: gettext with English sources. What users typed is never translated."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from tuicrm.files import data_folder

if TYPE_CHECKING:
    from gettext import NullTranslations

LANGUAGES = ("en", "it")
_current = "en"
_ascii = False


@lru_cache(maxsize=8)
def _catalogue(language: str) -> NullTranslations:
    # 2 ms to import, and as many to read: the texts in the program are English.
    import gettext

    return gettext.translation("tuicrm", str(data_folder() / "locale"), [language], fallback=True)


def set_language(language: str) -> None:
    """Choose the language of this process ("it", "it_IT.UTF-8"); unknown ones mean English."""
    global _current
    code = language.partition(".")[0].partition("_")[0].lower()
    _current = code if code in LANGUAGES else "en"


def language() -> str:
    """The language in use: one of LANGUAGES."""
    return _current


def set_ascii(only: bool) -> None:
    """Choose whether this process shows ASCII letters alone: amounts then have the currency's code, not its sign."""
    global _ascii
    _ascii = only


def only_ascii() -> bool:
    """Whether only ASCII letters are shown."""
    return _ascii


def _(message: str) -> str:
    """Translate now. Named values go in afterwards: `_("{n} of {all}").format(n=1, all=2)`."""
    # A catalogue's own heading stands under the empty text.
    return message if _current == "en" or not message else _catalogue(_current).gettext(message)


def in_language(message: str, language: str) -> str:
    """Translate into a language ("it", "it_IT") whatever the one in use: what stands in a document."""
    code = language.replace("-", "_").partition("_")[0].lower()
    return message if code not in LANGUAGES[1:] or not message else _catalogue(code).gettext(message)


def ngettext(one: str, many: str, n: int, **named: object) -> str:
    """Translate by number; `{n}` is filled in, and what else is named."""
    if _current == "en":
        return (one if n == 1 else many).format(n=n, **named)
    return _catalogue(_current).ngettext(one, many, n).format(n=n, **named)


def N_(message: str) -> str:
    """Mark a text for translation where it is defined; `_` translates it where it is shown."""
    return message
