"""Pictures that are named by a placeholder: another one in the same place, within the same frame, in its own proportions."""

from __future__ import annotations

from hashlib import sha256

from tuicrm.documents.docx import words
from tuicrm.documents.docx.expanding import Expansion
from tuicrm.documents.docx.image_size import image_size
from tuicrm.documents.docx.relations import PICTURE, add_link, drop_links, tell_type
from tuicrm.documents.docx.resolver import Resolver
from tuicrm.documents.docx.rows import picture_name
from tuicrm.documents.docx.xml import XmlNode
from tuicrm.domain.documents.placeholders import Placeholder, placeholders


class Pictures:
    """The pictures of one document while it is filled."""

    def __init__(self, parts: dict[str, bytes], expansion: Expansion, resolver: Resolver) -> None:
        self._parts = parts
        self._expansion = expansion
        self._resolver = resolver
        self._links: dict[tuple[str, str], str] = {}
        self._unused: dict[str, set[str]] = {}

    def fill(self, part: str, root: XmlNode) -> None:
        """Put the pictures of a part in the place of those that are named by a placeholder."""
        for properties in list(root.iter(words.DOC_PR)):
            name = picture_name(properties)
            if name:
                self._picture(part, properties, next(one for one in placeholders(name) if not one.sign))
        if part in self._unused:
            told = {value for element in root.iter() for value in element.attrib.values()}
            self._unused[part] -= told

    def finish(self) -> None:
        """Take the pictures of the template that are seen no more out of the file."""
        for part, ids in self._unused.items():
            if ids:
                drop_links(self._parts, part, ids)

    def _picture(self, part: str, properties: XmlNode, named: Placeholder) -> None:
        frame = properties.getparent()
        blip = frame.find(f".//{words.BLIP}") if frame is not None else None
        row = self._expansion.row_of(named.name, self._expansion.scope(properties))
        content = None if row == -1 else self._resolver.picture(named.name, row)
        size = image_size(content) if content else None
        if frame is None or blip is None:
            return
        self._unused.setdefault(part, set()).update(_links_in(blip))
        if content is None or size is None:
            _take_away(frame)
            return
        for told in (properties, *frame.iter(words.PICTURE_PR)):
            for place in ("name", "title", "descr"):
                if "{" in told.get(place, ""):
                    told.set(place, named.name)
        for child in list(blip):
            if child.tag == words.EXTENSIONS:
                blip.remove(child)
        blip.set(words.EMBED, self._link(part, content, size[0]))
        _uncrop(frame)
        _fit(frame, size[1], size[2])

    def _link(self, part: str, content: bytes, kind: str) -> str:
        digest = sha256(content).hexdigest()
        if (part, digest) not in self._links:
            target = f"word/media/filled-{digest[:16]}.{kind}"
            self._parts[target] = content
            tell_type(self._parts, kind, f"image/{kind}")
            self._links[part, digest] = add_link(self._parts, part, PICTURE, target)
        return self._links[part, digest]


def _links_in(blip: XmlNode) -> set[str]:
    named = (item for one in blip.iter() for item in one.attrib.items())
    return {str(value) for name, value in named if str(name).startswith(words.RELATED) and value}


def _take_away(frame: XmlNode) -> None:
    """Take a picture out of its run, with what stands there for programs that cannot show it."""
    taken = frame.getparent()
    if taken is None or taken.tag != words.DRAWING:
        taken = frame
    alternate = next(taken.iterancestors(words.ALTERNATE), None)
    taken = alternate if alternate is not None and not _holds_text(alternate) else taken
    parent = taken.getparent()
    if parent is not None:
        parent.remove(taken)


def _holds_text(element: XmlNode) -> bool:
    return element.find(f".//{words.TEXT_BOX}") is not None


def _uncrop(frame: XmlNode) -> None:
    for crop in list(frame.iter(words.CROP)):
        parent = crop.getparent()
        if parent is not None:
            parent.remove(crop)


def _fit(frame: XmlNode, width: int, height: int) -> None:
    """The largest size within the frame that keeps the picture's proportions."""
    extent = frame.find(words.EXTENT)
    if extent is None:
        return
    wide, high = _length(extent.get("cx")), _length(extent.get("cy"))
    if not wide or not high:
        return
    if wide * height <= high * width:
        high = max(wide * height // width, 1)
    else:
        wide = max(high * width // height, 1)
    for one in (extent, *(one for one in frame.iter(words.EXTENT_OF_SHAPE) if one.get("cx"))):
        one.set("cx", str(wide))
        one.set("cy", str(high))


def _length(told: str | None) -> int:
    return int(told) if told and told.isascii() and told.isdigit() and len(told) < 16 else 0
