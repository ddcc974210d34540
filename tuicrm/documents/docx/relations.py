"""What the parts of a file are, and which of them belong to which."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from msgspec import Struct

from tuicrm.documents.docx.package import TYPES
from tuicrm.documents.docx.xml import parsed, written

_PACKAGE = "{http://schemas.openxmlformats.org/package/2006/relationships}"
_TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
MAIN, PICTURE, HYPERLINK = _OFFICE + "officeDocument", _OFFICE + "image", _OFFICE + "hyperlink"
STRICT_MAIN = "http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml."


class PartLink(Struct, frozen=True):
    """A relationship of a part (of the package itself, for ""): the part it leads to, or an address outside the file."""

    id: str
    kind: str
    target: str
    external: bool


def relations_of(part: str) -> str:
    """The name of the part that holds a part's relationships."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def owner_of(relations: str) -> str:
    """The part whose relationships a part holds: the other way round."""
    folder, name = posixpath.split(relations)
    return posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))


def links(parts: Mapping[str, bytes], part: str) -> list[PartLink]:
    """The relationships of a part, in their order. Targets inside the file are names of parts."""
    name = relations_of(part)
    if name not in parts:
        return []
    found = []
    for one in parsed(name, parts[name]).iter(f"{_PACKAGE}Relationship"):
        target, external = one.get("Target", ""), one.get("TargetMode") == "External"
        if not external and not target.startswith("#"):
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
        found.append(PartLink(one.get("Id", ""), one.get("Type", ""), target, external))
    return found


def add_link(parts: dict[str, bytes], part: str, kind: str, target: str) -> str:
    """Have a part lead to another; returns the relationship's id."""
    name = relations_of(part)
    root = parsed(name, parts.get(name) or f'<Relationships xmlns="{_PACKAGE[1:-1]}"/>'.encode())
    taken = {one.get("Id") for one in root}
    number = len(root) + 1
    while f"rId{number}" in taken:
        number += 1
    given = {"Id": f"rId{number}", "Type": kind, "Target": f"/{target}"}
    root.append(root.makeelement(f"{_PACKAGE}Relationship", given))
    parts[name] = written(root)
    return f"rId{number}"


def drop_links(parts: dict[str, bytes], part: str, ids: set[str]) -> None:
    """Take relationships of a part away, and the parts that nothing leads to any more."""
    name = relations_of(part)
    gone = {one.target for one in links(parts, part) if one.id in ids and not one.external}
    root = parsed(name, parts[name])
    for one in list(root):
        if one.get("Id") in ids:
            root.remove(one)
    parts[name] = written(root)
    everywhere = [owner_of(one) for one in parts if one.endswith(".rels")]
    wanted = {one.target for owner in everywhere for one in links(parts, owner)}
    for target in gone - wanted:
        parts.pop(target, None)


def content_types(parts: Mapping[str, bytes]) -> dict[str, str]:
    """The content type of each part, "" where it is not told."""
    root = parsed(TYPES, parts[TYPES])
    endings = {one.get("Extension", "").lower(): one.get("ContentType", "") for one in root.iter(f"{_TYPES}Default")}
    named = {one.get("PartName", "").lstrip("/"): one.get("ContentType", "") for one in root.iter(f"{_TYPES}Override")}
    return {name: named.get(name) or endings.get(name.rpartition(".")[2].lower(), "") for name in parts}


def tell_type(parts: dict[str, bytes], ending: str, kind: str) -> None:
    """Have the file say of which type the parts with an ending are."""
    root = parsed(TYPES, parts[TYPES])
    if not any(one.get("Extension", "").lower() == ending for one in root.iter(f"{_TYPES}Default")):
        root.insert(0, root.makeelement(f"{_TYPES}Default", {"Extension": ending, "ContentType": kind}))
        parts[TYPES] = written(root)
