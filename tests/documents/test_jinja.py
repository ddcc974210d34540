"""Templates in Jinja through the child that fills them: values come out as they are, bombs end, and nothing is imported here."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Sequence

import docx
import pytest

from tests.documents.docx import making
from tuicrm.documents.jinja import fill_jinja, names
from tuicrm.errors import Refused, Unreachable, UsageError

HOSTILE = (
    "R&D <b>", "]]>&amp;&#65;<!--", "{{ 7*7 }} {% for %} {# x #} {_{ a }_} {_% b %_}", "'\"“”‘’",
    "\u202eabc\u2069 עברית",
    "a\x00b\x0cc\x07d\x1b[31m\ufffe", "half \ud800 of", "</w:t></w:r></w:p>", "😀 é ß ẞ", "x" * 10_000,
    "{%p if %} {{r x}} {%tr", "\\1 \\g<0>",
)  # fmt: skip


def template(
    paragraphs: Sequence[str], cells: Sequence[Sequence[str]] = (), header: str = "", title: str = ""
) -> bytes:
    """A Word document with so many paragraphs, a table, a header and a title."""
    document, content = docx.Document(), io.BytesIO()
    for text in paragraphs:
        document.add_paragraph(text)
    if cells:
        table = document.add_table(0, len(cells[0]))
        for row in cells:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.sections[0].header.paragraphs[0].text = header
    document.core_properties.title = title
    document.save(content)
    return content.getvalue()


def test_values_come_out_as_they_are_everywhere() -> None:
    content = template(
        ["Dear {{ client.name }}", "{% if missing %}no{% else %}yes{% endif %} {{ missing }}.", "{{ lines }}"],
        [
            ["No", "Name"],
            ["{%tr for row in rows %}", ""],
            ["{{ loop.index }}", "{{ row.name }}"],
            ["{%tr endfor %}", ""],
        ],
        header="{{ client.name }}",
        title="Offer {{ client.name }}",
    )
    rows = [{"name": value} for value in HOSTILE]
    made = docx.Document(
        io.BytesIO(fill_jinja(content, {"client": {"name": HOSTILE[0]}, "rows": rows, "lines": "a\nb\tc"}))
    )
    assert [paragraph.text for paragraph in made.paragraphs] == ["Dear R&D <b>", "yes .", "a\nb\tc"]
    assert made.sections[0].header.paragraphs[0].text == "R&D <b>"
    assert made.core_properties.title == "Offer R&D <b>"
    shown = [tuple(cell.text for cell in row.cells) for row in made.tables[0].rows]
    kept = [value.replace("\ud800", "") for value in HOSTILE]
    kept[5] = "abcd[31m"
    assert shown == [("No", "Name"), *((str(at), value) for at, value in enumerate(kept, 1))]


def test_the_names_that_a_template_asks_for_with_what_it_reads_of_each() -> None:
    content = template(
        [
            "{{ Total }} {% set own = 1 %}{{ own }}",
            "{% for row in Products %}{{ row.Name }}{{ row['Sum'] }}{% endfor %}",
        ],
        header="{{ Client.Name|upper }}",
        title="{{ Number }}",
    )
    assert names(content) == {"Client": ["Name"], "Number": [], "Products": ["Name", "Sum"], "Total": []}


def test_footnotes_are_filled_and_asked_too() -> None:
    content = making.template(
        making.p("Body {{ A }}"), footnotes=f'<w:footnote w:id="1">{making.p("Foot {{ B }}")}</w:footnote>'
    )
    assert names(content) == {"A": [], "B": []}
    made = fill_jinja(content, {"A": "x", "B": "R&D {{ A }}"})
    assert "Foot R&amp;D &#123;&#123; A &#125;&#125;" in making.part(made, "word/footnotes.xml")


@pytest.mark.parametrize(("text", "told"), [
    ("{{ cycler.__init__.__globals__.os.popen('id').read() }}", "'cycler' is undefined|does what it may not: __init__"),
    ("{{ ''.__class__ }}", "the template does what it may not: __class__ of str"),
    ("Hello {% if x %}", "the template is written wrongly: .*near “Hello {% if x %}”"),
    ("{{ 1 / 0 }}", "the template cannot be filled: division by zero"),
    ("{{ 'a' * 10000000000 }}", "the template needs too much memory"),
    ("{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}", "the template takes longer than 2 seconds"),
])  # fmt: skip
def test_what_a_template_may_not_is_said(text: str, told: str) -> None:
    with pytest.raises(Refused, match=told):
        fill_jinja(template([text]), {}, limit_seconds=2)


def test_what_is_no_document_is_refused() -> None:
    with pytest.raises(Refused, match=r"not a Word document \(\.docx\)"):
        names(b"rubbish")


def test_where_no_process_can_be_started_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(Unreachable, match="/nowhere/python could not be run: No such file"):
        names(b"")


def test_where_the_library_is_missing_one_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [path for path in sys.path if "site-packages" not in path])
    with pytest.raises(UsageError, match=r"pip install 'tuicrm\[jinja\]'"):
        names(template(["{{ x }}"]))


def test_the_libraries_stay_in_the_child() -> None:
    code = "import sys, tuicrm.documents.jinja, tuicrm.documents.pdf; print({'docxtpl', 'jinja2', 'docx', 'lxml'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "set()\n"
