"""The filters that are kept: to use one, to keep the present one, to rename, share and delete."""

from __future__ import annotations

from collections.abc import Sequence

from tuicrm.i18n import _
from tuicrm.screens.arranging import Arranging, ask_name
from tuicrm.services.boards import saved_filters
from tuicrm.services.boards.saved_filters import SIGN, SavedFilter
from tuicrm.services.kernel.permissions import why_not_share
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.arranger import ArrangerRow
from tuicrm.widgets.surface import Surface


class SavedFilters(Arranging):
    """Those of a type; `used` is what was chosen (`@name`), "" when no kept filter is in use."""

    scope = "saved filters"
    steps = ("saved.",)

    def __init__(self, session: Session, surface: Surface, type_key: str, text: str) -> None:
        """`text` is the filter that `n` keeps."""
        super().__init__(session, surface)
        self.title = _("Saved filters")
        self.about = self._type = type_key
        self._text = text
        self.used = ""
        key = surface.keys.key("saved.new")
        self.empty = _("Nothing saved yet: {key} saves the current filter.").format(key=key)

    def rows(self) -> Sequence[ArrangerRow]:
        rows = []
        for one in saved_filters.saved(self.session, self._type):
            wrong = saved_filters.why_unreadable(self.session, one)
            detail = f"{one.text}{' · ' + _('shared') if one.shared else ''}"
            rows.append(ArrangerRow(str(one.id), one.name, "", wrong or detail, faint=bool(wrong)))
        return rows

    def told(self) -> str:
        return _("{sign}name uses one wherever a filter is typed.").format(sign=SIGN)

    @property
    def one(self) -> SavedFilter | None:
        """The filter under the cursor."""
        there = saved_filters.saved(self.session, self._type)
        return next((one for one in there if str(one.id) == self.current), None)

    def why_no_step(self, action_id: str) -> str | None:
        if action_id == "saved.new" and not self._text.strip():
            return _("There is no filter to save.")
        if action_id in ("saved.use", "saved.rename", "saved.share", "saved.delete"):
            if self.one is None:
                return _("There is no filter under the cursor.")
            if action_id in ("saved.rename", "saved.delete"):
                return saved_filters.why_not_change(self.session, self.one)
            if action_id == "saved.share":
                return why_not_share(self.session.access)
        return None

    def do_saved_use(self) -> None:
        if self.one is not None:
            self.used = f"{SIGN}{self.one.name}"
            self.dialog.leave()

    async def do_saved_new(self) -> None:
        name = await ask_name(self.host, _("Save the filter {text}").format(text=self._text.strip()))
        if name is not None:
            self.step(lambda: saved_filters.save(self.session, self._type, name, self._text))

    async def do_saved_rename(self) -> None:
        one = self.one
        name = await ask_name(self.host, _("Rename"), one.name) if one is not None else None
        if one is not None and name is not None:
            self.step(lambda: saved_filters.rename(self.session, one, name))

    def do_saved_share(self) -> None:
        one = self.one
        if one is not None:
            self.step(lambda: saved_filters.share(self.session, one, shared=not one.shared))

    def do_saved_delete(self) -> None:
        one = self.one
        if one is not None:
            self.step(lambda: saved_filters.delete(self.session, one))
