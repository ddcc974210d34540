"""Places, layouts and sections as people name them: a pipeline or variant, `common`, `mine`, a view, a section's title."""

from __future__ import annotations

from tuicrm.domain import named
from tuicrm.domain.layout_use import BUILT_IN, COMMON, PERSONAL, LayoutPlace, LayoutUse
from tuicrm.domain.schema import Layout, Section, Variant
from tuicrm.errors import FieldProblem, NotFound, Refused
from tuicrm.i18n import _
from tuicrm.services.kernel.lookup import find_pipeline
from tuicrm.services.kernel.session import Session
from tuicrm.services.layouts import layouts, views

VIEW = "view:"
"""Stands before the key of a view that is called like one of the others (`view:mine`)."""


def find_place(session: Session, type_key: str, *, pipeline: str = "", variant: str = "") -> LayoutPlace:
    """Where a layout holds: for a pipeline's items, or a variant's (each by key or label); for the type's first without. Raises
    Refused listing those there are."""
    variants = session.workspace.variants(type_key)
    if pipeline and session.workspace.type(type_key).variants:
        raise _refused(
            "pipeline", _("its layouts are not kept by pipeline, but for: {known}"), session, variants, pipeline
        )
    if pipeline:
        return LayoutPlace(type_key, find_pipeline(session, type_key, pipeline).key)
    if not variant:
        return LayoutPlace(type_key, variants[0].key)
    found = named.find(variant, [named.labelled(one, one.key, one.label, session.language) for one in variants])
    if len(found) != 1:
        raise _refused("variant", _("one of these is expected: {known}"), session, variants, variant)
    return LayoutPlace(type_key, found[0].key)


def _refused(field: str, message: str, session: Session, variants: list[Variant], text: str) -> Refused:
    told = message.format(known=", ".join(session.label(one.label) for one in variants))
    return Refused(told, [FieldProblem(field, told, text)])


def place_name(session: Session, place: LayoutPlace) -> str:
    """`Deals › Wholesale`; `Contacts` where all are alike."""
    noun = session.label(session.workspace.type(place.type).plural)
    variants = session.workspace.variants(place.type)
    of = next((session.label(one.label) for one in variants if one.key == place.variant), place.variant)
    return f"{noun} › {of}" if len(variants) > 1 else noun


# -- layouts -----------------------------------------------------------------------------------------------------------
def find_layout(session: Session, place: LayoutPlace, text: str) -> LayoutUse:
    """A layout to look at: `common`, `mine`, `built-in`, a view by key or name. Raises NotFound."""
    kind = _kind(text)
    if kind == BUILT_IN:
        return LayoutUse(BUILT_IN, session.workspace.built_in_layout(*place))
    if kind == COMMON:
        return layouts.common(session, place)
    if kind == PERSONAL:
        found = layouts.own(session, place)
        if found is None:
            raise NotFound(_("You have no personal layout here."))
        return found
    kept = views.find_view(session, place, text.removeprefix(VIEW))
    return LayoutUse("view", kept.record.layout, kept)


def layout_to_show(session: Session, place: LayoutPlace, text: str) -> LayoutUse:
    """A layout to look at, as `find_layout` has it; without a word, the one that this person has. Raises NotFound."""
    return find_layout(session, place, text) if text else layouts.in_use(session, place)


def layout_to_shape(session: Session, place: LayoutPlace, text: str) -> LayoutUse:
    """A layout to shape; without a word, the one that this person shapes. `mine` begins one where there is none. Raises NotFound,
    Refused for the built-in one."""
    if not text:
        return layouts.target(session, place)
    kind = _kind(text)
    if kind == BUILT_IN:
        raise Refused(_("The built-in layout cannot be changed; change the common one."))
    if kind == PERSONAL:
        return layouts.own(session, place) or LayoutUse(PERSONAL, layouts.in_use(session, place).layout)
    return find_layout(session, place, text)


def find_choice(session: Session, place: LayoutPlace, text: str) -> str:
    """What choosing this layout is kept as. Raises NotFound listing those that this person may use."""
    kind, wanted = _kind(text), text.strip().removeprefix(VIEW)
    found = layouts.available(session, place)
    for use in found:
        if use.kind == kind or (kind in (COMMON, BUILT_IN) and use.kind in (COMMON, BUILT_IN)):
            return use.choice
    kept = [named.Named(use, use.kept.record.key, (use.name,), use.name) for use in found if use.kept and not kind]
    if views_meant := named.find(wanted, kept):
        return views_meant[0].choice
    all_of_them = [named.Named(use, "", (layouts.describe(use),), layouts.describe(use)) for use in found]
    known = named.nearest_choices(text, all_of_them)
    raise NotFound(_("You have no layout “{name}”; choose one of: {known}").format(name=text, known=known))


def _kind(text: str) -> str:
    """Which of the layouts that have no name of their own is meant; "" for a view."""
    word = text.strip().casefold()
    known = {
        COMMON: (COMMON, _("common"), layouts.describe(LayoutUse(COMMON, Layout([])))),
        PERSONAL: (PERSONAL, "mine", _("mine"), layouts.describe(LayoutUse(PERSONAL, Layout([])))),
        BUILT_IN: (BUILT_IN, layouts.describe(LayoutUse(BUILT_IN, Layout([])))),
    }
    return next((kind for kind, words in known.items() if word in words), "")


# -- sections ----------------------------------------------------------------------------------------------------------
def find_section(session: Session, layout: Layout, text: str) -> Section:
    """A section by key or title in any language. Raises NotFound listing those there are, Refused when it may be several."""
    known = [named.labelled(one, one.key, one.title, session.language) for one in layout.sections]
    try:
        return named.the(text, known, _("There is no section “{name}” here").format(name=text))
    except named.NotNamed as missing:
        raise (Refused if missing.several else NotFound)(missing.message) from missing
