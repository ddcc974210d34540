"""What a screen says above its footer."""

from __future__ import annotations

from tuicrm.errors import CrmError
from tuicrm.i18n import _
from tuicrm.keymap import Keymap
from tuicrm.widgets.toast import Mood, ToastLine


class Messages:
    """Says things in a toast, as long as that stands on its screen."""

    def __init__(self, toast: ToastLine, keys: Keymap) -> None:
        self._toast = toast
        self._keys = keys

    def say(self, text: str, mood: Mood = "note", hint: str = "") -> None:
        """Show a message until the next key."""
        if self._is_there:
            self._toast.say(text, mood, hint)

    def say_whole(self, text: str, mood: Mood = "note") -> bool:
        """Show a message if all of it can be seen above the footer; whether it was shown."""
        fits = self._is_there and self._toast.fits(text)
        if fits:
            self._toast.say(text, mood)
        return fits

    def say_done(self, text: str) -> None:
        """Say what was done, and with which key it is taken back."""
        self.say(text, "done", f"{self._keys.key('undo')} {_('undo')}")

    def say_error(self, error: CrmError) -> None:
        """Say what was refused, with the fields concerned."""
        lines = [error.message, *(problem.message for problem in error.fields)]
        if error.advice:
            lines.append(_(error.advice))
        self.say("\n".join(lines), "refused")

    def say_carried(self, text: str) -> None:
        """Say what goes where with the mouse, and how to leave it where it was; "" when it is over."""
        self.hush()
        if text:
            self.say(text, hint=f"{self._keys.key('cancel')} {_('cancel')}")

    def hush(self) -> None:
        """Take the message away."""
        if self._is_there:
            self._toast.clear()

    @property
    def _is_there(self) -> bool:
        return self._toast.parent is not None
