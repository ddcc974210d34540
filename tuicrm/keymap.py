"""Which key does what: the action table under a preset and the user's own bindings, checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from tuicrm.action import Action
from tuicrm.actions import ACTIONS
from tuicrm.errors import UsageError
from tuicrm.i18n import _
from tuicrm.limits import KEYS
from tuicrm.scopes import SCOPES

NAMED_KEYS = (
    *("enter", "esc", "space", "tab", "backspace", "del", "insert", "up", "down", "left", "right"),
    *("pgup", "pgdn", "home", "end"),
    *(f"F{number}" for number in range(1, 13)),
)
_MODIFIERS = ("ctrl", "alt", "shift")

PRESETS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "vi": {},
    # For those whom letters that move the cursor would surprise: arrows and named keys do what letters do in vi.
    "plain": {
        "move.left": ("left",),
        "move.down": ("down",),
        "move.up": ("up",),
        "move.right": ("right",),
        "move.last": ("end",),
        "card.left": ("left",),
        "card.right": ("right",),
        "back": ("esc",),
        "close": ("esc", "enter"),
        "open": ("enter",),
        "new": ("n", "insert"),
        "delete": ("del",),
        "timeline.delete": ("del",),
        "customise.delete": ("del",),
        "views.delete": ("del",),
        "options.delete": ("del",),
        "field.delete": ("del",),
        "customise.down": ("shift+down",),
        "customise.up": ("shift+up",),
        "filter": ("/", "F3"),
        "commands": ("F10", ":", "ctrl+p"),
        "help": ("F1", "?"),
    },
}


class Keymap:
    """The keys as they are bound now."""

    def __init__(self, keys: Mapping[str, tuple[str, ...]]) -> None:
        self._keys = dict(keys)
        self._by_scope: dict[str, dict[str, Action]] = {scope: {} for scope in ("", *SCOPES)}
        for action in ACTIONS:
            for scope in action.scopes:
                self._by_scope[scope].update(dict.fromkeys(self._keys[action.id], action))

    def find(self, scope: str, key: str) -> Action | None:
        """What the key does in the scope; None for nothing. "" is where nothing has the cursor: what had it was just taken away."""
        return self._by_scope[scope].get(key)

    def keys(self, action_id: str) -> tuple[str, ...]:
        """All keys of an action, the first being the one to show. Raises KeyError for an unknown id."""
        return self._keys[action_id]

    def key(self, action_id: str) -> str:
        """The key to show for an action; "" when it has none."""
        return next(iter(self._keys[action_id]), "")


def keymap(preset: str = "vi", bound: Mapping[str, Sequence[str]] | None = None) -> Keymap:
    """The preset's keys with the user's own put in place of them, by action id; an empty list unbinds.

    Raises UsageError for a preset, id or key that does not exist (naming the nearest) and for a key bound twice in a scope.
    """
    if preset not in PRESETS:
        raise UsageError(unknown(_("There is no key set {name!r}.").format(name=preset), preset, PRESETS))
    keys = {**{action.id: action.keys for action in ACTIONS}, **PRESETS[preset]}
    bound = bound or {}
    for action_id, wanted in bound.items():
        if action_id not in keys:
            raise UsageError(unknown(_("There is no action {name!r}.").format(name=action_id), action_id, keys))
        if len(wanted) > KEYS.most:
            raise UsageError(f"{action_id}: {KEYS.told}")
        keys[action_id] = tuple(_checked(key, action_id) for key in wanted)
    _refuse_conflicts(keys, bound)
    return Keymap(keys)


def unknown(message: str, given: str, known: Iterable[str]) -> str:
    """The message, with the nearest of what there is."""
    from difflib import get_close_matches

    nearest = get_close_matches(given, list(known), n=1, cutoff=0.5)
    return f"{message} {_('Did you mean {name!r}?').format(name=nearest[0])}" if nearest else message


def _checked(key: str, action_id: str) -> str:
    if is_key(key):
        return key
    message = _("{action}: there is no key {name!r}.").format(action=action_id, name=key)
    raise UsageError(unknown(message, key, NAMED_KEYS))


def is_key(key: str) -> bool:
    """Whether a key is written as keys are: one character, a name, or either after `ctrl+`, `alt+`, `shift+`."""
    *modifiers, name = key.split("+") if len(key) > 1 and key != "+" else [key]
    if any(modifier not in _MODIFIERS for modifier in modifiers) or len(set(modifiers)) < len(modifiers):
        return False
    return name in NAMED_KEYS or (len(name) == 1 and name.isprintable() and name != " ")


def _refuse_conflicts(keys: Mapping[str, tuple[str, ...]], bound: Mapping[str, Sequence[str]]) -> None:
    taken: dict[tuple[str, str], str] = {}
    for action in ACTIONS:
        for scope in action.scopes:
            for key in keys[action.id]:
                other = taken.setdefault((scope, key), action.id)
                if other != action.id:
                    ours, theirs = (action.id, other) if action.id in bound else (other, action.id)
                    message = _("{action}: the key {key!r} already does {other} ({scope}).")
                    raise UsageError(message.format(action=ours, key=key, other=theirs, scope=scope))
