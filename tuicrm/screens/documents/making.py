"""Making documents on screen: a template is chosen, what it would say is shown, then it is made."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

from tuicrm.domain.context import Choice
from tuicrm.domain.documents.templates import DocTemplate
from tuicrm.domain.items import Ref
from tuicrm.errors import Conflict, CrmError, Interrupted, Refusal
from tuicrm.i18n import _, ngettext
from tuicrm.screens.documents.preview import DocumentPreview, plan, plan_again
from tuicrm.screens.host import Host
from tuicrm.services.documents import making, making_several, versions
from tuicrm.services.documents.making import DocumentPlan
from tuicrm.services.documents.making_several import MadeOne
from tuicrm.services.documents.reading import Document
from tuicrm.services.kernel.permissions import why_not_shape_templates
from tuicrm.widgets.confirm import Confirm
from tuicrm.widgets.picker import Picker
from tuicrm.widgets.progress import WorkStopped, with_progress

_WHY_NOT = 3
"""Reasons that are told when several cannot be made."""


async def make_documents(host: Host, refs: Sequence[Ref], unmark: Callable[[Sequence[Ref]], None]) -> None:
    """Ask for a template and make a document of each of these items; those that were made are unmarked."""
    template = await _choose(host, refs[0])
    if template is None:
        return
    if len(refs) == 1:
        await _make_one(host, refs[0], template)
    else:
        await _make_many(host, refs, template, unmark)


async def _choose(host: Host, ref: Ref) -> DocTemplate | None:
    """Which template; the only one that fits is not asked about. Where nothing fits, how to add one is said."""
    found = making.fitting(host.session, ref)
    if not found:
        host.say(_why_none(host, ref))
        return None
    if len(found) == 1:
        return found[0]
    choices = [Choice(one.key, one.label, one.language) for one in found]
    chosen = await host.ask(Picker(host.surface, _("Which template"), choices))
    return next((one for one in found if chosen and one.key == chosen[0]), None)


def _why_none(host: Host, ref: Ref) -> str:
    session = host.session
    types = session.label(session.workspace.type(ref.type).plural).lower()
    told = _("There is no template for {types} yet.").format(types=types)
    if why_not_shape_templates(session.access) is not None:
        return f"{told} {_('An administrator can add one.')}"
    more = _("{key}, Settings, Document templates adds one from a Word file.").format(key=host.surface.keys.key("goto"))
    return f"{told} {more}"


# -- one ---------------------------------------------------------------------------------------------------------------
async def _make_one(host: Host, ref: Ref, template: DocTemplate) -> None:
    """What is refused is said, and the preview is there again, with all that was said in it."""
    planned, pdf = await plan(host, host.session, ref, template), False
    while planned is not None:
        preview = DocumentPreview(host.session, host.surface, planned, pdf=pdf)
        agreed = await host.ask(preview)
        if agreed is None:
            return
        try:
            await _carry_out(host, agreed, pdf=preview.pdf)
            return
        except (Conflict, Refusal) as error:
            host.messages.say_error(error)
            planned, pdf = await plan_again(host, host.session, agreed), preview.pdf


async def _carry_out(host: Host, planned: DocumentPlan, *, pdf: bool) -> None:
    session = host.session
    made = await with_progress(host, _("Creating the document"), lambda _tell: making.make(session, planned))
    if made is None:
        return
    why_no_pdf = await _why_no_pdf(host, made) if pdf else ""
    session.store.refresh()
    host.reload()
    told = _("{title} created ({ref})").format(title=made.record.title, ref=made.ref)
    host.say_done(f"{told}. {why_no_pdf}" if why_no_pdf else told)


async def _why_no_pdf(host: Host, made: Document) -> str:
    """Have the PDF of a new document made; why there is no PDF, as a sentence ("" where there is)."""
    try:
        await pdf_of(host, made)
    except CrmError as error:
        return error.message
    return ""


async def pdf_of(host: Host, made: Document, n: int = 0) -> bytes:
    """A version's PDF, made on a thread and kept. Raises Interrupted where it was stopped, and as `versions.pdf` does."""
    session = host.session

    def work(tell: Callable[[int, int], None]) -> bytes:
        def stopped() -> bool:
            try:
                tell(0, 0)
            except WorkStopped:
                return True
            return False

        return versions.pdf(session, made, n, stopped=stopped)

    content = await with_progress(host, _("Converting to PDF"), work, stops=_("stops it; the document stays"))
    if content is None:
        raise Interrupted(_("The PDF was stopped."))
    return content


# -- several -----------------------------------------------------------------------------------------------------------
async def _make_many(
    host: Host, refs: Sequence[Ref], template: DocTemplate, unmark: Callable[[Sequence[Ref]], None]
) -> None:
    """One after the other, all of them one step, which one undo takes back; what is stopped leaves those that were made."""
    session = host.session
    title = _("{template}: {n} documents").format(template=template.label, n=f"{len(refs):,}")
    text = _("Each is filled from its own item; what has no value prints empty. Those you may not change are left out.")
    if not await host.ask(Confirm(host.surface, title, text)):
        return

    def work(tell: Callable[[int, int], None]) -> list[MadeOne]:
        is_stopped = threading.Event()

        def told(done: int, of: int) -> None:
            try:
                tell(done, of)
            except WorkStopped:
                is_stopped.set()

        return making_several.make_many(session, refs, template, tell=told, stopped=is_stopped.is_set)

    done = await with_progress(host, title, work, stops=_("stops it; those already created stay")) or []
    session.store.refresh()
    made = [one for one in done if one.made is not None]
    unmark([one.owner for one in made])
    host.reload()
    told = [ngettext("{n} document created", "{n} documents created", len(made))]
    if len(done) < len(refs):
        told[0] = _("{told}, then stopped").format(told=told[0])
    failed = [one for one in done if one.made is None]
    told += [f"{session.workspace.show_ref(one.owner)}: {one.why_not}" for one in failed[:_WHY_NOT]]
    if len(failed) > _WHY_NOT:
        told.append(ngettext("and {n} more", "and {n} more", len(failed) - _WHY_NOT))
    host.say_done("; ".join(told))
