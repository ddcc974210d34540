"""Three hundred values that look like something else: markup, code, placeholders, letters of all kinds, controls, long ones."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

_MARKUP = (
    *(
        "<b>bold</b>",
        "</w:t></w:r></w:p>",
        "<w:p/>",
        "&amp;",
        "&#65;",
        "&lt;w:t&gt;",
        "]]>",
        "<![CDATA[x]]>",
        "<!-- x -->",
        "<?xml?>",
    ),
    *(
        "R&D <b>",
        "\"quoted\" 'too'",
        "<script>alert(1)</script>",
        "&",
        "<",
        ">",
        "&&&",
        "<!DOCTYPE a>",
        "&entity;",
        "<a/>" * 100,
    ),
)
_CODE = (
    *(
        "{{ 7*7 }}",
        "{% for a in b %}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{# x #}",
        "{%p if a %}",
        "{{",
    ),
    *(
        "{Name}",
        "{Other}",
        "{#Name}",
        "{/Name}",
        "{^Name}x{/Name}",
        "{#Products}{ProductsName}{/Products}",
        "{Name~d.m.Y}",
        "{",
        "}",
    ),
    *(
        "{Na",
        "me}",
        "{Na{Name}me}",
        "}{",
        "{Name",
        "$Name",
        "%s %(a)s",
        "${jndi:ldap://a}",
        "=1+1",
        "@SUM(A1)",
        "\\n",
        "\\1",
        "\\g<0>",
    ),
    *(
        "#LAST_NAME#",
        "~",
        "IF {A}",
        "DDEAUTO c:\\\\cmd.exe",
        "INCLUDEPICTURE http://a/b.png",
        "../../etc/passwd",
        "http://a/?b=c&d",
    ),
)
_LETTERS = (
    *(
        "שלום עולם",
        "مرحبا",
        "\u202eabc\u202c",
        "\u200fabc",
        "\u2066x\u2069",
        "日本語",
        "ἀλφα",
        "e\u0301",
        "\U0001f600",
        "👨‍👩‍👧",
        "\u00a0",
        "\u200b",
    ),
    *(
        "ẞß",
        "ﷺ",
        "\u2028",
        "\u2029",
        "\u0085",
        "\ufeff",
        "\ufdd0",
        "İı",
        "🇮🇹",
        "a\u0300\u0301\u0302" * 20,
        "½ € £",
        "…–—",
        "\U0010fffd",
    ),
)
_CONTROLS = (
    *(
        "\x00",
        "a\x00b",
        "\x01\x02",
        "\x1b[31mred\x1b[0m",
        "\x07",
        "\x08",
        "\x0b",
        "\x0c",
        "\x7f",
        "\x9b",
        "\ud800",
        "\udfff",
        "\ufffe",
    ),
    *(
        "\uffff",
        "a\rb",
        "a\r\nb",
        "a\nb",
        "\n",
        "\n\n\n",
        "\t",
        "a\tb\n\tc",
        " leading",
        "trailing ",
        "   ",
        "a  b",
        "",
    ),
)
_LONG = (
    "x" * 10_000,
    "{Name}" * 1_700,
    "<b>" * 3_400,
    "word " * 2_000,
    "é" * 10_000,
    "\n" * 1_000,
    "&" * 10_000,
    "9" * 10_000,
)


def values() -> Iterator[str]:
    """300 of them: each alone, then in pairs."""
    alone = (*_MARKUP, *_CODE, *_LETTERS, *_CONTROLS, *_LONG)
    yield from alone
    for one, other in product(_CODE, (*_MARKUP, *_LETTERS, *_CONTROLS)):
        yield f"{one}{other}{one}"


VALUES = list(islice(values(), 300))
