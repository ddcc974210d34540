"""Templates that are broken in one way or several."""

from __future__ import annotations

import random
import re
from copy import deepcopy

from lxml import etree

from tests.documents.docx.making import p, parts_of, picture, table, text_box, zipped
from tests.documents.docx.test_pictures import SAMPLE


def rich() -> dict[str, bytes]:
    """The parts of a template with all there is."""
    note = f'<w:footnote w:id="1">{p("{A}")}</w:footnote>'
    body = p("{#A}x{A}", "{/A}", picture("{Stamp}"), text_box(p("{A}")))
    body += p("{#Products}") + p("{ProductsName}") + p("{/Products}")
    body += table(["{ProductsName}", p(picture("{ProductsPhoto}"))], ["{#A}a", "b{/A}"])
    body += f"<w:sdt><w:sdtContent>{p('{A}')}</w:sdtContent></w:sdt>"
    parts = parts_of(body, [("rId9", "image", "media/a.png")], header1=p("{A}"), footnotes=note)
    return {**parts, "word/media/a.png": SAMPLE}


STRANGE = (b'""', b'"-1"', b'"' + b"9" * 30 + b'"', b'"{A}"', b'"../../a"')


def _broken(parts: dict[str, bytes], drawn: random.Random) -> None:
    """Break one part: gone, cut, overwritten, without a tag, with other tags or values, another part's, or shuffled."""
    name = drawn.choice(sorted(parts))
    content = parts[name]
    at = drawn.randrange(len(content) + 1)
    tags = re.findall(rb"<[^<>]+>", content) or [b""]
    names = re.findall(rb"<([A-Za-z:]+)", content) or [b"a"]
    told = re.findall(rb'"[^"]*"', content) or [b'""']
    old, new = drawn.choice(names), drawn.choice(names)
    shuffled = re.split(rb"(?=<)", content)
    drawn.shuffle(shuffled)
    ways = [
        content[:at],
        content[:at] + drawn.randbytes(drawn.randint(1, 4)) + content[at + 1 :],
        content.replace(drawn.choice(tags), b"", 1),
        content.replace(b"<" + old, b"<" + new).replace(b"</" + old, b"</" + new),
        content.replace(drawn.choice(told), drawn.choice(STRANGE)),
        drawn.choice(sorted(parts.values())),
        b"".join(shuffled),
    ]
    way = drawn.randrange(len(ways) + 1)
    if way == len(ways):
        del parts[name]
    else:
        parts[name] = ways[way]


def _disordered(parts: dict[str, bytes], drawn: random.Random) -> None:
    """Put the elements of one part in disorder, so that it is XML still."""
    name = drawn.choice([one for one in sorted(parts) if one.endswith((".xml", ".rels"))])
    root = etree.fromstring(parts[name])
    for _time in range(drawn.randint(1, 4)):
        inside = list(root.iter())[1:]
        if not inside:
            break
        one, other = drawn.choice(inside), drawn.choice(inside)
        parent = one.getparent()
        way = drawn.randrange(5)
        if way == 0 and parent is not None:
            parent.remove(one)
        elif way == 1:
            one.addnext(deepcopy(other))
        elif way == 2:
            one.tag = other.tag
        elif way == 3 and other not in one.iter():
            other.append(one)
        else:
            one.attrib.update(other.attrib)
            one.text = other.text
    parts[name] = etree.tostring(root)


def mutated(seed: int) -> bytes:
    """A template that is broken, the same for the same seed: its parts, its bytes, or its end missing."""
    drawn = random.Random(seed)
    parts = rich()
    if seed % 2:
        _disordered(parts, drawn)
        return zipped(parts)
    for _time in range(drawn.randint(1, 2)):
        _broken(parts, drawn)
    file = bytearray(zipped(parts))
    for _time in range(drawn.choice([0, 0, 0, 1, 5, 50])):
        file[drawn.randrange(len(file))] = drawn.randrange(256)
    return bytes(file[: drawn.choice([len(file)] * 5 + [drawn.randrange(len(file))])])
