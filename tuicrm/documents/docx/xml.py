"""XML that is read without ever fetching or expanding anything, and written."""

from __future__ import annotations

from typing import TypeAlias

from lxml import etree

from tuicrm.documents.docx.bad_template import BadTemplate
from tuicrm.i18n import _
from tuicrm.limits import TEMPLATE_TAGS, TEMPLATE_XML
from tuicrm.regex import regex

XmlNode: TypeAlias = etree._Element
_FORBIDDEN = regex("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def parsed(name: str, content: bytes) -> XmlNode:
    """The root of a part. Raises BadTemplate for what is no XML, and for what declares a type or entities."""
    # What an element and an attribute take is alike, about 200 bytes.
    for limit, size in ((TEMPLATE_XML, len(content)), (TEMPLATE_TAGS, content.count(b"<") + content.count(b"="))):
        if size > limit.most:
            raise BadTemplate(_("the file has too much in it: {told}").format(told=limit.told))
    # In UTF-16 too.
    if b"<!DOCTYPE" in content.replace(b"\0", b""):
        raise BadTemplate(_("{part} declares entities (DTD), which no document of Word does").format(part=name))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, collect_ids=False)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise BadTemplate(_("the file is damaged: {part} cannot be read as XML").format(part=name)) from error
    if root is None or root.getroottree().docinfo.internalDTD is not None:
        raise BadTemplate(_("the file is damaged: {part} cannot be read as XML").format(part=name))
    return root


def written(root: XmlNode) -> bytes:
    """The part as it stands in a file."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def possible(text: str) -> str:
    """Without the characters that XML forbids; each line ends with one line feed."""
    return _FORBIDDEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
