"""What a screen is for those that it holds, and for the functions that work on it: no more than they need."""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Sequence
from typing import Any, NamedTuple, Protocol, TypeVar, runtime_checkable

from textual.app import App
from textual.geometry import Size

from tuicrm.domain.items import Ref
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.asker import Asker
from tuicrm.widgets.dispatcher import Dispatcher
from tuicrm.widgets.keyed import Answers
from tuicrm.widgets.messages import Messages
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.toast import Mood

Given = TypeVar("Given")


class Asks(Protocol):
    """Where dialogs are shown."""

    @property
    def surface(self) -> Surface:
        """The keys and the look for the dialogs."""

    async def ask(self, dialog: Answers[Given], /) -> Given | None:
        """Open a dialog and wait for its answer; None for `esc`."""


class Opener(Protocol):
    """Whence another screen is opened."""

    @property
    def app(self) -> App[object]: ...
    @property
    def session(self) -> Session:
        """The person at work, and the workspace."""

    @property
    def surface(self) -> Surface:
        """The keys and the look for the screen that is opened."""


class Host(Opener, Asks, Protocol):
    """Asks, says, and reads again what was changed."""

    @property
    def messages(self) -> Messages:
        """What says things above the footer."""

    def say(self, text: str, mood: Mood = "note", hint: str = "") -> None:
        """Show a message until the next key."""

    def say_done(self, text: str) -> None:
        """Say what was done, and with which key it is taken back."""

    @property
    def knows_of(self) -> Callable[[int, Sequence[Ref]], bool]:
        """Whether a step was done here, or one of the items that it is about is in sight."""

    def reload(self) -> None:
        """Read again what is shown."""

    def catch_up(self) -> None:
        """Read again unless what is shown is the newest."""


class Workplace(Host, Protocol):
    """Edits in place besides, and has things done in the background."""

    @property
    def asker(self) -> Asker:
        """Asks for a value in its place on the screen, and saves the answer."""

    @property
    def is_attached(self) -> bool: ...
    @property
    def size(self) -> Size: ...
    def start(self, work: Coroutine[Any, Any, Any]) -> None:
        """Go on with something that waits; what it refuses is said."""

    def run_worker(
        self,
        work: Any,  # noqa: ANN401 - whatever Textual's own takes
        /,
        *,
        group: str = "default",
        exit_on_error: bool = True,
        exclusive: bool = False,
    ) -> Any:  # noqa: ANN401 - a Worker, of which nothing is asked
        """Do something in the background, as Textual has it done."""


class TrailSpot(NamedTuple):
    """A place that somebody was at. Spots with the same `key` are the same place."""

    key: object
    cursor: Any = None
    """Where they stood there."""
    go: Callable[[Workplace], None] | None = None
    """Opens it again from another screen; None where it is there only as long as its screen is. Raises CrmError."""


class Standing:
    """What a screen shows and where the cursor is in it, for the way back (`screens/trail.py`): the screen says both."""

    def __init__(self, screen: object) -> None:
        self.spot: Callable[[], TrailSpot] = lambda: TrailSpot(("screen", id(screen)))
        """Where one is."""
        self.stand_on: Callable[[Any], None] = lambda _cursor: None
        """Puts the cursor where it was, as the spot has it."""
        self.seen: Callable[[], Sequence[tuple[Ref, str]]] = lambda: ()
        """The items in sight and their names, first the one under the cursor."""
        self.begin_at: Callable[[Ref], None] = lambda _ref: None
        """Before the screen is shown: has the cursor begin on an item, where that is there."""


@runtime_checkable
class WholeScreen(Workplace, Protocol):
    """A whole screen, that keys act on and that can be left and come back to."""

    @property
    def dispatcher(self) -> Dispatcher:
        """Finds what a key asks for here, and does it."""

    def call_after_refresh(self, callback: Callable[..., Any], /, *args: Any) -> bool:  # noqa: ANN401 - as Textual has it
        """Have something done once it is laid out."""

    def leave(self) -> None:
        """Close it."""

    @property
    def standing(self) -> Standing:
        """Where the person is on it, for the way back."""
