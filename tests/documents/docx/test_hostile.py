"""Values that look like something else come out as they are, once; templates that are broken are refused, never a traceback."""

from __future__ import annotations

import io
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import docx
import pytest

from tests.documents.docx.broken import mutated
from tests.documents.docx.hostile_values import VALUES
from tests.documents.docx.making import Values, W, filled, made, p, part, table, template, text_box
from tests.documents.docx.test_pictures import png
from tuicrm.documents.docx.bad_template import BadTemplate
from tuicrm.documents.docx.filling import fill
from tuicrm.documents.docx.template import open_template

ROOT = Path(__file__).resolve().parents[3]


def expected(value: str) -> str:
    """The value as a document can hold it: without what XML forbids, lines ended in one way."""
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    return re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]", "", value)


def shown(element: Any) -> str:
    """What a paragraph or cell shows, line ends and tabs too."""
    told = {f"{{{W}}}br": "\n", f"{{{W}}}tab": "\t"}
    return "".join(told.get(one.tag, one.text or "") for one in element.iter(f"{{{W}}}t", *told))


def test_three_hundred_hostile_values_come_out_as_they_are_once() -> None:
    rows = {"Products": [{"Name": one, "Other": f"[{one}]"} for one in VALUES]}
    cut = p("a{Prod", "ucts", "Other}b{ProductsName}")
    content = template(table(["{ProductsName}", cut]) + p("{#Products}{ProductsName}|{/Products}"))
    values = Values(rows)
    document = docx.Document(io.BytesIO(fill(open_template(content), values)))
    (made_table,) = document.tables
    assert len(VALUES) == len(set(VALUES)) == len(made_table.rows) == 300
    for value, row in zip(VALUES, made_table.rows, strict=True):
        one = expected(value)
        assert [shown(cell) for cell in row._tr.tc_lst] == [one, f"a[{one}]b{one}"]
    assert shown(document.paragraphs[0]._p) == "".join(f"{expected(one)}|" for one in VALUES)
    assert len(values.asked) == 4 * 300


@pytest.mark.parametrize("value", ["{B}", "{#B}x{/B}", "{", "{{ b }}"])
def test_what_is_filled_in_is_never_a_placeholder_not_even_with_what_stands_beside(value: str) -> None:
    content = template(p("{A}B}{A}", "{B}{A}", "B}"))
    (paragraph,) = filled(content, A=value, B="b").paragraphs
    assert paragraph.text == f"{value}B}}{value}b{value}B}}"


def test_the_same_value_stands_in_headers_notes_and_boxes() -> None:
    value = '<w:p>&{A}{{ x }}"'
    note = f'<w:footnote w:id="1">{p("{A}")}</w:footnote>'
    content = made(template(p(text_box(p("{A}"))), header1=p("{A}"), footnotes=note), A=value)
    for name in ("document", "header1", "footnotes"):
        assert '&lt;w:p&gt;&amp;{A}{{ x }}"<' in part(content, f"word/{name}.xml")


# -- templates ---------------------------------------------------------------------------------------------------------
def is_filled(seed: int) -> bool:
    """Whether a broken template could be filled all the same: what it became is opened again."""
    rows: dict[str, Any] = {"Products": [{"Name": "a", "Photo": png(1, 1)}, {"Name": "b"}], "Empty": []}
    try:
        broken = open_template(mutated(seed))
        told = [broken.found(), broken.faults()]
        content = fill(broken, Values(rows, A="x", Stamp=png(1, 1)))
    except BadTemplate as error:
        return not error.message
    open_template(content)
    return bool(told)


def test_a_sample_of_broken_templates_is_refused_or_filled() -> None:
    done = [is_filled(seed) for seed in range(80)]
    assert 5 < sum(done) < 75


@pytest.mark.slow
def test_five_hundred_broken_templates_take_no_more_than_200_mb() -> None:
    code = (
        "import resource\nfrom tests.documents.docx.test_hostile import is_filled\n"
        "print(sum(map(is_filled, range(500))), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    done, megabytes = map(int, run.stdout.split())
    assert 50 < done < 450
    assert megabytes <= 200


@pytest.mark.slow
def test_the_largest_document_that_may_be_takes_no_more_than_200_mb() -> None:
    code = (
        "import resource\nfrom tests.documents.docx.making import Values, table, template\n"
        "from tuicrm.documents.docx.filling import fill\nfrom tuicrm.documents.docx.template import open_template\n"
        "rows = Values({'Products': [{'Name': 'x'}] * 1000})\n"
        "fill(open_template(template(table(['{ProductsName}'] * 6) * 19)), rows)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert int(run.stdout) <= 200


ATTRIBUTE = 'w:a{}=""'


@pytest.mark.parametrize(
    "body",
    [
        f"<w:p {' '.join(map(ATTRIBUTE.format, range(30)))}/>" * 14_000 + p("{A}"),
        p("{A}" + "x" * 12_582_912),
        p("{#A}" * 5_001 + "{/A}" * 5_000),
    ],
    ids=["attributes", "text", "placeholders"],
)
def test_what_would_take_too_much_memory_is_refused(body: str) -> None:
    with pytest.raises(BadTemplate, match="too much in it"):
        open_template(template(body))


def test_sections_as_deep_as_there_may_be_are_shown() -> None:
    (paragraph,) = filled(template(p("{#A}" * 100 + "{A}" + "{/A}" * 100)), A="x").paragraphs
    assert paragraph.text == "x"
