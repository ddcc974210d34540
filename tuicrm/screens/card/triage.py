"""Triage: whatever a filter leaves becomes a queue. One item fills the screen, one key gives the outcome and the next step, and the
next item comes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref, Walk
from tuicrm.domain.kinds.moments import today
from tuicrm.domain.schema import Stage
from tuicrm.domain.tabs import GENERAL
from tuicrm.i18n import N_, _, ngettext
from tuicrm.render.line import Line, Run
from tuicrm.render.symbols import CLOCK, LINE
from tuicrm.render.text import clean, cut, width
from tuicrm.screens.card.item import CardController, CardHost
from tuicrm.screens.card.screen import CardScreen
from tuicrm.screens.card.tabs import CardTabs
from tuicrm.screens.host import Opener, Standing
from tuicrm.screens.items.allowed import why_not_allowed
from tuicrm.screens.items.deleting import delete
from tuicrm.screens.items.planning import plan
from tuicrm.screens.items.stage_moving import move_item
from tuicrm.screens.items.which_one import which_one
from tuicrm.screens.taking_back import said, take_back
from tuicrm.services.calendar import planning, repeating, series_changes
from tuicrm.services.items import activities
from tuicrm.services.kernel.session import Session
from tuicrm.widgets.field_pane import FieldPane
from tuicrm.widgets.one_line import LineSource
from tuicrm.widgets.pages import Pages, paragraphs
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.surface import Surface
from tuicrm.widgets.timeline_pane import TimelinePane

OUTCOMES = {
    "done": N_("done"),
    "moved": N_("to another stage"),
    "won": N_("won"),
    "lost": N_("lost"),
    "later": N_("postponed"),
    "planned": N_("planned"),
    "deleted": N_("deleted"),
    "skipped": N_("skipped"),
}
"""What became of items, in the order in which the summary tells it."""

_ENDS = {"triage.won": "success", "triage.lost": "failure"}
_EDITS = ("triage.done", "triage.tomorrow", "triage.week", "triage.plan", "activity.log", *_ENDS)


def open_triage(over: Opener, refs: Sequence[Ref], closed: Callable[[], None]) -> None:
    """Go through these items, of one type, one after the other."""
    queue = Walk(refs[0].type, [ref.id for ref in refs])
    screen = TriageScreen(over.session, over.surface, refs[0], queue)
    _shown = over.app.push_screen(screen, lambda _answer: closed())


class TriageScreen(CardScreen):
    """The card of the item whose turn it is."""

    mode = N_("Triage")

    def __init__(self, session: Session, surface: Surface, ref: Ref, walk: Walk) -> None:
        super().__init__(session, surface, ref, walk)
        self.fields.own_scope = "triage"
        self.triage = Triage(self, self.tabs, self.fields, self.timeline)
        self.controllers = (self.triage, *self.controllers)
        self.stage_actions.moved = self.triage.moved
        self.add_class("-triage")
        self.standing = Standing(self)  # the queue ends when it is left

    def rule(self) -> LineSource:
        return self.triage.rule_line


class Triage(CardController):
    """The queue: its outcomes, and whose turn is next."""

    def __init__(self, host: CardHost, tabs: CardTabs, fields: FieldPane, timeline: TimelinePane) -> None:
        super().__init__(host)
        self._tabs = tabs
        self._fields = fields
        self._timeline = timeline
        self.outcomes: dict[Ref, str] = {}
        """What became of each item that had its turn, the latest last."""
        self._ending = False
        host.following.shows = lambda ref: ref == host.shown.ref or ref in self.outcomes

    def rule_line(self, cells: int) -> Line:
        """What is to be done next with the item: it may stand in the pane that is behind."""
        shown, session = self._host.shown, self._session
        planned = [] if shown.gone else activities.open_of(session, shown.ref)
        if not planned:
            told, style = _("nothing planned"), "faint"
        else:
            timing, when = activities.next_of(session, shown.ref, session.context())
            told, style = f"{CLOCK} {when}  {planned[0].doc['what']}", "late" if timing == "late" else "value"
        text = cut(clean(told), max(cells - 6, 1))
        return Run(" ─ ", "rule"), Run(text, style), Run(f" {LINE * max(cells - width(text) - 5, 0)} ", "rule")

    # -- why not -------------------------------------------------------------------------------------------------------
    def why_not(self, action_id: str) -> str | None:
        shown, session = self._host.shown, self._session
        if not action_id.startswith("triage.") and action_id != "activity.log":
            return None
        if shown.gone:
            return None if action_id == "triage.skip" else shown.gone
        if action_id in _EDITS and (reason := why_not_allowed(session, "edit", shown.item)):
            return reason
        if action_id == "triage.done" and not activities.open_of(session, shown.ref):
            return _("No activity to mark as done; {key} plans one.").format(key=self._key("triage.plan"))
        return self._why_not_end(_ENDS[action_id]) if action_id in _ENDS else None

    def _key(self, action_id: str) -> str:
        return self._surface.keys.key(action_id)

    def _why_not_end(self, semantics: str) -> str | None:
        stages = self._ends(semantics)
        if not stages:
            return _("This type has no stages.")
        if len(stages) == 1 and stages[0].key == self._item.get("stage"):
            return _("It is already in {stage}.").format(stage=self._session.label(stages[0].label))
        return None

    def _ends(self, semantics: str) -> list[Stage]:
        pipeline = self._session.workspace.pipeline_of(self._ref.type, self._item.fields)
        return [stage for stage in pipeline.stages if stage.semantics == semantics] if pipeline else []

    # -- the queue -----------------------------------------------------------------------------------------------------
    async def had_its_turn(self, outcome: str) -> None:
        """Note what became of the item, and go on to the next; after the last, tell what became of all."""
        self.outcomes.pop(self._ref, None)
        self.outcomes[self._ref] = outcome
        here = self._ref
        while (beside := self._host.shown.walk.beside(here, 1)) is not None:
            here = beside
            if self._session.peek(here) is not None and here not in self.outcomes:
                self.show_item(here)
                return
        await self._finish()

    def show_item(self, ref: Ref) -> None:
        """Another item of the queue."""
        self._host.shown.ref = ref
        self._timeline.cursor = None
        self._fields.cursor = None
        self._host.following.tell_where()
        self._host.reload()
        self._fields.focus()

    def do_back(self) -> None:
        if self._tabs.tab != GENERAL:
            self._tabs.show(GENERAL)
        else:
            self._host.start(self._finish())

    def do_trail_back(self) -> None:
        self._host.start(self._finish())

    async def _finish(self) -> None:
        """Tell what became of the items, and leave."""
        if self._ending:
            return
        self._ending = True
        if self.outcomes:
            await self._host.ask(Pages(self._surface, _("Triage"), lambda cells: paragraphs(self.summary(), cells)))
        self._host.leave()

    def summary(self) -> list[str]:
        """What became of how many."""
        counts = Counter(self.outcomes.values())
        lines = [f"{counts[key]:>6}  {_(label)}" for key, label in OUTCOMES.items() if counts[key]]
        left = len(self._host.shown.walk) - len(self.outcomes)
        if left:
            lines.append(f"{left:>6}  {ngettext('is left', 'are left', left)}")
        return [*lines, "", _("{key} undoes the last action.").format(key=self._key("undo"))]

    # -- outcomes ------------------------------------------------------------------------------------------------------
    async def do_triage_done(self) -> None:
        """The next activity is done, of a series what is chosen; what comes next is asked for where nothing else is planned, and may
        be nothing. One undo."""
        here, *others = activities.open_of(self._session, self._ref)
        which, answered = await which_one(self._host, here.id, _("Done"))
        if not answered:
            return
        meant = series_changes.finished(self._session, here.id, which)
        goes_on = which == "this" and repeating.next_ones(here.id, here.doc, self._session.context())
        if others or goes_on or not await plan(self._host, self._ref, finishing=here.id, which=which):
            planning.follow_up(self._session, here.id, "", {}, finishing=True, meant=meant)
        await self.had_its_turn("done")

    async def do_triage_plan(self) -> None:
        if await plan(self._host, self._ref):
            await self.had_its_turn("planned")

    async def do_activity_log(self) -> None:
        """What was done instead of what was planned, too."""
        from tuicrm.screens.items.logging_done import log_done

        if await log_done(self._host, self._ref):
            await self.had_its_turn("done")

    async def do_triage_tomorrow(self) -> None:
        await self._put_off(1)

    async def do_triage_week(self) -> None:
        await self._put_off(7)

    async def _put_off(self, days: int) -> None:
        """The next activity moves so many days from today, of a series what is chosen; where nothing is planned, something is."""
        context = self._session.context()
        day = today(context) + timedelta(days=days)
        planned = activities.open_of(self._session, self._ref)
        if planned:
            at = activities.time_on(day, context, planned[0].doc["at"])
            which, answered = await which_one(self._host, planned[0].id, _("Postpone"))
            if not answered:
                return
            if which is None:
                activities.edit(self._session, planned[0].id, {"at": at}, base=planned[0].doc)
            else:
                series_changes.move(self._session, planned[0].id, lambda _planned: at, which)
        else:
            given = {"at": activities.time_on(day, context), "responsible": self._session.person_key}
            if not await plan(self._host, self._ref, given):
                return
        await self.had_its_turn("later")

    async def do_triage_won(self) -> None:
        await self._end("success")

    async def do_triage_lost(self) -> None:
        await self._end("failure")

    async def _end(self, semantics: str) -> None:
        stages = self._ends(semantics)
        stage = stages[0]
        if len(stages) > 1:
            choices = [Choice(one.key, self._session.label(one.label)) for one in stages]
            chosen = await self._host.ask(Picker(self._surface, _("Move to"), choices))
            if not chosen:
                return
            stage = next(one for one in stages if one.key == chosen[0])
        if await move_item(self._host, self._ref, stage, self._item.get("pipeline") or ""):
            await self.had_its_turn("won" if semantics == "success" else "lost")

    async def moved(self) -> None:
        """The item went to another stage."""
        await self.had_its_turn("moved")

    async def do_triage_skip(self) -> None:
        await self.had_its_turn("skipped")

    async def do_triage_delete(self) -> None:
        self._host.say_done(delete(self._session, [self._ref]))
        await self.had_its_turn("deleted")

    async def do_undo(self) -> None:
        """Back to the item on which something was taken back: it has its turn again."""
        undone = await take_back(self._host, self._session)
        if undone is None:
            return
        again = next((ref for ref in reversed(self.outcomes) if ref in undone.refs), None)
        if again is None and self.outcomes and not undone.refs:
            again = next(reversed(self.outcomes))
        if again is not None and self._session.peek(again) is not None:
            self.outcomes.pop(again)
            self.show_item(again)
        else:
            self._host.catch_up()
        self._host.say(said(undone), "done")
