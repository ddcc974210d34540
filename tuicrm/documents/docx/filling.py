"""A template filled: each placeholder by what the resolver says of it, once."""

from __future__ import annotations

from tuicrm.documents.docx import words
from tuicrm.documents.docx.expanding import Expansion
from tuicrm.documents.docx.package import packed
from tuicrm.documents.docx.pictures import Pictures
from tuicrm.documents.docx.resolver import Resolver
from tuicrm.documents.docx.template import Template
from tuicrm.documents.docx.texts import put
from tuicrm.documents.docx.xml import XmlNode, parsed, written
from tuicrm.domain.documents.placeholders import placeholders


def fill(template: Template, resolver: Resolver) -> bytes:
    """The document (.docx) that a template becomes: the same bytes for the same template and values. Raises BadTemplate where it
    would become too large.
    """
    parts = dict(template.parts)
    expansion = Expansion(resolver)
    pictures = Pictures(parts, expansion, resolver)
    for name in template.named:
        root = parsed(name, template.parts[name])
        expansion.expand(root)
        _fill_texts(root, expansion)
        pictures.fill(name, root)
        parts[name] = written(root)
    pictures.finish()
    return packed(parts)


def _fill_texts(root: XmlNode, expansion: Expansion) -> None:
    # All of them first: what is filled in is no part of the template, and is not looked at.
    for piece in [one for one in root.iter(words.T) if one.text and "{" in one.text]:
        text = piece.text or ""
        filled, done = [], 0
        scope = None
        for one in placeholders(text):
            if one.sign:
                continue
            scope = expansion.scope(piece) if scope is None else scope
            filled += [text[done : one.start], expansion.text(one, scope)]
            done = one.end
        if done:
            put(piece, "".join([*filled, text[done:]]))
