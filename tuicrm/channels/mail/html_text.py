"""HTML mail as clean text, its links numbered. Nothing is fetched, no picture, no style, no script; hidden parts of that kind go."""

from __future__ import annotations

import re

_TAGS = {
    "p", "br", "div", "a", "li", "ul", "ol", "blockquote", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "hr",
    "tbody", "thead", "span", "b", "i",
}  # fmt: skip
_NESTING = {"blockquote", "ul", "ol", "table", "pre"}
"""What lies within itself puts something before each line: hundreds of them would make a mail thousands of times as long."""
_MOST_NESTED = 200
_LONGEST = 2_000_000
"""Characters of HTML that are read."""
_SCHEMES = {"http", "https", "mailto", "tel"}


def html_text(html: str) -> str:
    """The text of an HTML mail: links as `word [1]` with their addresses at the end."""
    # Imported where an HTML mail is read.
    import html2text
    import nh3

    part = html[:_LONGEST]
    lower = part.casefold()
    deep = {tag for tag in _NESTING if lower.count(f"<{tag}") > _MOST_NESTED}
    clean = nh3.clean(
        part, tags=_TAGS - deep, attributes={"a": {"href"}}, url_schemes=_SCHEMES, link_rel=None, strip_comments=True
    )
    reader = html2text.HTML2Text(bodywidth=0)
    reader.inline_links = False
    reader.ignore_images = True
    reader.ignore_emphasis = True
    reader.ignore_tables = True
    reader.unicode_snob = True
    reader.single_line_break = True
    reader.escape_snob = False
    text = reader.handle(clean)
    return _tidy(text)


_LINK = re.compile(r"\[((?:[^\[\]]|\\\[|\\\]){0,500})\]\s?\[(\d+)\]")
_ESCAPED = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>])")


def _tidy(text: str) -> str:
    """Without signs of Markdown, which nobody wrote, and without piles of empty lines."""
    text = _LINK.sub(r"\1 [\2]", text)
    text = _ESCAPED.sub(r"\1", text)
    lines = [line.rstrip().replace("\xa0", " ") for line in text.splitlines()]
    kept: list[str] = []
    for line in lines:
        if line or (kept and kept[-1]):
            kept.append(line)
    return "\n".join(kept).strip()
