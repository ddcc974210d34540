"""Changing many items at once, on screen: which fields, to what, what would come of it; then one change that is one undo."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from tuicrm.domain.context import Choice
from tuicrm.domain.items import Ref
from tuicrm.domain.kinds.base import BadValue
from tuicrm.domain.schema import Field
from tuicrm.errors import FieldProblem, Refused, StorageError
from tuicrm.i18n import _, ngettext
from tuicrm.screens.asking import question, value_of, values_of
from tuicrm.screens.host import Host
from tuicrm.services.items import bulk_edit
from tuicrm.services.items.bulk_edit import EditPreview, FieldEdit
from tuicrm.widgets.pages import Pages, paragraphs
from tuicrm.widgets.progress import with_progress
from tuicrm.widgets.question import NOTE, Answer, Question
from tuicrm.widgets.surface import Surface

_STAYED = 200


class PreviewPages(Pages):
    """What would come of it; `agreed` once it is to be done."""

    scope = "preview"

    def __init__(self, surface: Surface, title: str, texts: Sequence[str]) -> None:
        super().__init__(surface, title, lambda cells: paragraphs(texts, cells))
        self.agreed = False

    def do_preview_do(self) -> None:
        self.agreed = True
        self.leave()


async def edit_many(screen: Host, refs: Sequence[Ref]) -> bool:
    """Ask what is to become of these items, show what that comes to, and do it; whether anything changed."""
    type_key, ids = refs[0].type, [ref.id for ref in refs]
    words = await _which_fields(screen, type_key)
    steps = await _what(screen, type_key, words, len(ids)) if words else []
    steps = await _with_stages(screen, type_key, ids, steps)
    more = await _what_is_asked(screen, type_key, steps) if steps else None
    if more is None:
        return False
    session, steps = screen.session, [*steps, *more]

    def look(tell: Callable[[int, int], None]) -> EditPreview:
        return bulk_edit.look(session, type_key, ids, steps, tell)

    preview = await with_progress(screen, _("Checking what would change"), look)
    while preview is not None and await _agreed(screen, preview):
        try:
            return await _do(screen, type_key, preview.changing, steps)
        except StorageError as error:
            # Shown once more, with all that was chosen: when there is room again, it is one key.
            screen.messages.say_error(error)
    screen.say(_("Nothing was changed."))
    return False


async def _do(screen: Host, type_key: str, changing: list[int], steps: Sequence[FieldEdit]) -> bool:
    session = screen.session

    def work(tell: Callable[[int, int], None]) -> list[int]:
        return bulk_edit.apply(session, type_key, changing, steps, tell)

    left_out = await with_progress(screen, _("Changing"), work)
    if left_out is None:
        screen.say(_("Stopped; nothing was changed."))
        return False
    session.store.refresh()
    screen.catch_up()
    told = ngettext("{n} changed", "{n} changed", len(changing) - len(left_out))
    if left_out:
        told += f", {ngettext('{n} was changed by others meanwhile', '{n} were changed by others meanwhile', len(left_out))}"
    screen.say_done(told)
    return True


async def _which_fields(screen: Host, type_key: str) -> tuple[str, ...]:
    """The fields, each by its key, with `+` or `-` where values are added or taken away."""
    from tuicrm.widgets.picker import Picker

    session = screen.session
    choices: list[Choice] = []
    for field in bulk_edit.fields_to_change(session, type_key):
        label = session.label(field.label)
        choices.append(Choice(field.key, label))
        if field.many:
            choices.append(Choice(f"{field.key}+", _("{field}: add").format(field=label)))
            choices.append(Choice(f"{field.key}-", _("{field}: remove").format(field=label)))
    picker = Picker(screen.surface, _("Which fields"), choices, many=True)
    return await screen.ask(picker) or ()


async def _what(screen: Host, type_key: str, words: Sequence[str], count: int) -> list[FieldEdit]:
    """What each field is to become; [] when left."""
    from tuicrm.widgets.form import Form

    session = screen.session
    fields = session.workspace.fields(type_key)
    steps: list[FieldEdit] = []
    keys = [word if word in fields else word[:-1] for word in words]

    def take(answers: Mapping[str, Answer]) -> None:
        steps.clear()
        problems = []
        for word, key in zip(words, keys, strict=True):
            try:
                steps.append(_step(screen, fields[key], word, answers[word]))
            except BadValue as bad:
                problems.append(FieldProblem(word, bad.message, answers[word]))
        if len(set(keys)) < len(keys):
            problems.append(FieldProblem(words[-1], _("is given twice")))
        if problems:
            raise Refused("; ".join(problem.message for problem in problems), problems)

    questions = [_question(screen, type_key, fields[key], word) for word, key in zip(words, keys, strict=True)]
    note = Question("note", "", NOTE, text=_("Empty values clear the field."))
    item_type = session.workspace.type(type_key)
    noun = session.label(item_type.label if count == 1 else item_type.plural).lower()
    done = await screen.ask(
        Form(screen.surface, _("Change {n} {noun}").format(n=count, noun=noun), [*questions, note], take)
    )
    return steps if done is not None else []


async def _what_is_asked(screen: Host, type_key: str, steps: Sequence[FieldEdit]) -> list[FieldEdit] | None:
    """What the stage asks for to which the steps lead, once for all; None when left. What is left empty stays as it is."""
    from tuicrm.widgets.form import Form

    session, found = screen.session, list[FieldEdit]()
    asked = {field.key: field for field in bulk_edit.asked_for(session, type_key, steps)}
    if not asked:
        return []

    def take(answers: Mapping[str, Answer]) -> None:
        found.clear()
        values = values_of(session, type_key, answers)
        found.extend(replace(_step(screen, asked[key], key, answers[key]), where_asked=True) for key in values)

    stage = next(step.text for step in steps if step.field.traits.is_stage)
    title = _("{stage} asks for").format(stage=stage)
    done = await screen.ask(Form(screen.surface, title, [question(session, field) for field in asked.values()], take))
    if done is None:
        screen.say(_("Nothing was changed."))
        return None
    return found


async def _with_stages(screen: Host, type_key: str, ids: Sequence[int], given: Sequence[FieldEdit]) -> list[FieldEdit]:
    """The steps; with a new pipeline, and no stage, it is asked which of its stages each one becomes. [] when left."""
    from tuicrm.domain.pipeline_steps import proposed
    from tuicrm.screens.items.moving import stage_choices
    from tuicrm.widgets.form import Form

    workspace, label = screen.session.workspace, screen.session.label
    at = next((n for n, step in enumerate(given) if step.field.traits.is_pipeline), -1)
    target = workspace.pipeline(type_key, given[at].value) if at >= 0 else None
    if target is None or any(step.field.traits.is_stage for step in given):
        return list(given)
    questions, held = [], bulk_edit.places(screen.session, type_key, ids, target.key)
    sources = {pipeline.key: pipeline for pipeline in workspace.pipelines(type_key)}
    several = len({pipeline for pipeline, _stage in held}) > 1
    for (pipeline, stage), count in held.items():
        source = sources[pipeline]
        known = source.stage(stage)
        name = label(known.label) if known else stage or "?"
        questions.append(
            Question(
                f"{pipeline}/{stage}",
                f"{label(source.label)}: {name} ({count:,})" if several else f"{name} ({count:,})",
                "list",
                chosen=(proposed(source, target).get(stage, target.stages[0].key),),
                choices=stage_choices(screen.session, target),
                required=True,
            )
        )
    if not questions:
        return list(given)
    title = _("Into {pipeline}: which stage becomes which").format(pipeline=label(target.label))
    answers = await screen.ask(Form(screen.surface, title, questions))
    if answers is None:
        return []
    stages = {place: str(answers["/".join(place)][0]) for place in held}
    return [replace(step, stages=stages) if n == at else step for n, step in enumerate(given)]


def _question(screen: Host, type_key: str, field: Field, word: str) -> Question:
    session = screen.session
    if field.traits.is_stage:
        pipelines = session.workspace.pipelines(type_key)
        labels = dict.fromkeys(session.label(stage.label) for one in pipelines for stage in one.stages)
        choices = [Choice(label, label) for label in labels]
        return Question(word, session.label(field.label), "list", choices=choices, required=True)
    if field.traits.is_pipeline:
        choices = [Choice(one.key, session.label(one.label)) for one in session.workspace.pipelines(type_key)]
        return Question(word, session.label(field.label), "list", choices=choices, required=True)
    asked = question(session, field, None, required=word != field.key)
    sign = {"+": _("{field}: add"), "-": _("{field}: remove")}.get(word[-1:] if word != field.key else "", "{field}")
    return asked._replace(key=word, label=sign.format(field=asked.label))


def _step(screen: Host, field: Field, word: str, answer: Answer) -> FieldEdit:
    """What was answered for a field. Raises BadValue."""
    if field.traits.is_stage:
        return FieldEdit(field, text=str((*answer, "")[0]))
    if field.traits.is_pipeline:
        return FieldEdit(field, value=str((*answer, "")[0]))
    value = value_of(screen.session, field, answer)
    if word == field.key:
        if field.traits.has_currency and value is not None:
            return FieldEdit(field, text=str(answer))
        return FieldEdit(field, value=value)
    return FieldEdit(field, "add" if word.endswith("+") else "remove", value)


async def _agreed(screen: Host, preview: EditPreview) -> bool:
    session = screen.session
    if not preview.changing:
        why = [f"{count}: {reason}" for reason, count in bulk_edit.reasons(session, preview.stayed)[:3]]
        raise Refused("\n".join((_("Nothing would change."), *why)))
    texts = []
    for one in preview.examples:
        texts.append(f"{session.workspace.show_ref(one.ref)} {one.title}")
        texts += [f"    {label}: {before or '—'} → {after or '—'}" for label, before, after in one.changes]
    if preview.stayed:
        texts += ["", ngettext("{n} is unchanged", "{n} are unchanged", len(preview.stayed))]
        texts += [f"    {count}: {reason}" for reason, count in bulk_edit.reasons(session, preview.stayed)]
        texts += ["", *(bulk_edit.told(session, one) for one in preview.stayed[:_STAYED])]
    pages = PreviewPages(screen.surface, " · ".join(bulk_edit.tally(preview)), texts)
    await screen.ask(pages)
    return pages.agreed
