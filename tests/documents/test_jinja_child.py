"""The sandbox by itself: what is known to have led out of Jinja's is refused, and the walls around it hold without it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jinja2.exceptions import SecurityError, TemplateRuntimeError, TemplateSyntaxError, UndefinedError

from tuicrm.documents import jinja_child
from tuicrm.documents.jinja_child import environment

VALUES: dict[str, Any] = {
    "text": "R&D <b>",
    "rows": [{"name": "a"}, {"name": "b"}],
    "group": {"a": 1, "nothing": None},
    "_hidden": "x",
}

UNSAFE = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ text['_' ~ '_class_' ~ '_'] }}",
    "{{ text['\\x5f\\x5fclass\\x5f\\x5f'] }}",
    "{{ ().__class__.__base__ }}",
    "{{ range.__globals__ }}",
    "{{ range.__init__.__globals__['os'].popen('id').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ loop.__class__ if loop else self.__class__ }}",
    "{% for x in rows %}{{ loop._iterator.__class__ }}{% endfor %}",
    "{% macro m() %}{% endmacro %}{{ m.__init__.__globals__ }}",
    "{% macro m() %}{% endmacro %}{{ m._func }}",
    "{{ missing.__init__.__globals__ }}",
    "{{ missing.x.__class__ }}",
    # CVE-2016-10745, 2019-10906, 2024-56326, 2025-27516: formats of texts
    "{{ '{0.__class__}'.format(text) }}",
    "{{ '{x.__class__}'.format_map({'x': text}) }}",
    "{{ ('{0.__class__}'|e).format(text) }}",
    "{{ ['{0.__class__}'.format]|map('upper')|list }}",
    "{% set f = '{0.__class__}'.format %}{{ [f]|first }}",
    "{{ ['{0.__class__}']|map(attribute='format')|list }}",
    "{{ [text]|map(attribute='__class__')|list }}",
    "{{ rows|map(attribute='name.__class__')|list }}",
    "{{ rows|groupby('__class__') }}",
    "{{ rows|sort(attribute='__class__') }}",
    "{{ rows|sum(attribute='__class__') }}",
    "{{ rows|selectattr('__class__')|list }}",
    "{{ rows|rejectattr('name.__class__')|list }}",
    "{{ rows|unique(attribute='__class__')|list }}",
    "{{ rows|min(attribute='__class__') }}",
    "{{ (text|e).translate({38: '<w:p/>'}) }}",
    "{{ rows.append(1) }}", "{{ rows.clear() }}", "{{ group.update({'a': 2}) }}", "{{ group.pop('a') }}",
    "{{ rows.sort() }}",
    "{{ 10 ** 10 ** 10 }}",
    "{% include '/etc/passwd' %}", "{% include text %}", "{% import '/etc/passwd' as p %}", "{% from 'x' import y %}",
    "{% extends '/etc/passwd' %}",
    "{% include ['a', 'b'] %}",
]  # fmt: skip

NOT_THERE = [
    *(f"{{{{ {name}.__init__ }}}}" for name in ("cycler", "lipsum", "joiner", "namespace", "dict")),
    "{{ lipsum() }}", "{{ cycler('a').next() }}", "{{ joiner()() }}", "{{ namespace(a=1).a }}", "{{ dict(a=1) }}",
    "{{ config.items() }}", "{{ request.application() }}", "{{ get_flashed_messages() }}", "{{ url_for('x') }}",
    "{{ text|attr('upper') }}", "{{ [text]|map('attr', 'upper')|list }}", "{{ text|safe }}", "{{ text|urlize }}",
    "{{ group|xmlattr }}", "{{ group|tojson }}", "{{ rows|pprint }}", "{{ rows|random }}",
    "{% debug %}", "{% do rows %}",
]  # fmt: skip


def _printed(template: str) -> str:
    return str(environment().from_string(template).render(VALUES))


@pytest.mark.parametrize("template", UNSAFE)
def test_what_led_out_of_a_sandbox_is_refused(template: str) -> None:
    with pytest.raises(SecurityError):
        _printed(template)


@pytest.mark.parametrize("template", NOT_THERE)
def test_what_documents_have_no_use_for_is_not_there(template: str) -> None:
    with pytest.raises((SecurityError, UndefinedError, TemplateSyntaxError, TemplateRuntimeError)):
        _printed(template)


@pytest.mark.parametrize("template", [
    "{{ text }}", "{{ text|upper|lower|replace('r&d', 'R&D') }}", "{% autoescape false %}{{ text }}{% endautoescape %}",
    "{% set x %}{{ text }}{% endset %}{{ x }}", "{% macro m(t) %}{{ t }}{% endmacro %}{{ m(text) }}",
    "{% filter trim %}{{ text }}{% endfilter %}", "{{ text|e }}", "{{ '%s'|format(text) }}", "{{ [text]|join }}",
])  # fmt: skip
def test_a_value_is_text_however_it_is_printed(template: str) -> None:
    assert _printed(template) == "R&amp;D &lt;b&gt;"


def test_what_is_of_no_value_prints_empty_and_braces_are_written_by_number() -> None:
    assert (
        _printed("a{{ missing }}{{ missing.of.what }}{{ group.nothing }}b{% for x in missing %}x{% endfor %}") == "ab"
    )
    assert (
        environment().from_string("{{ x }}").render(x="{{ 1 }} {_{ \x00\x0c\x07\ufffe")
        == "&#123;&#123; 1 &#125;&#125; &#123;_&#123; "
    )
    assert _printed("{% for row in rows %}{{ loop.cycle('odd', 'even') }}{% endfor %}") == "oddeven"
    with pytest.raises(OverflowError):
        _printed("{% for x in range(100000000) %}{% endfor %}")


_TRIALS = {
    "open": "open('/etc/passwd')",
    "write": "open('/tmp/tuicrm-escaped', 'w')",
    "socket": "socket.socket()",
    "address": "socket.getaddrinfo('localhost', 80)",
    "system": "os.system('true') and 1/0",
    "spawn": "os.waitpid(os.posix_spawn('/bin/true', ['true'], {}), 0)[1] and 1/0",
    "process": "subprocess.run(['/bin/true'], check=True)",
    "import": "__import__('this')",
    "folder": "os.listdir('/')",
    "memory": "bytearray(1 << 30)",
}
_TRIED = """
import os, re, socket, subprocess, sys
sys.path.insert(0, sys.argv[1])
import jinja_child
if sys.argv[2] == "system":
    jinja_child.FORBIDDEN = re.compile("(?!)")
jinja_child.shut_in(5, 400 << 20)
for name, code in {trials!r}.items():
    try:
        eval(code)
        print("went through:", name)
    except (PermissionError, MemoryError, OSError, ZeroDivisionError, subprocess.CalledProcessError) as refused:
        print(name, type(refused).__name__)
"""


@pytest.mark.parametrize("wall", ["hooks", "system"])
def test_the_walls_hold_without_the_sandbox(wall: str) -> None:
    """By the hooks, and by the system's limits alone: those do not know of imports that are compiled in, nor of listings."""
    trials = {name: code for name, code in _TRIALS.items() if wall == "hooks" or name not in ("address",)}
    folder = Path(jinja_child.__file__).parent
    ran = subprocess.run(
        [sys.executable, "-S", "-P", "-c", _TRIED.format(trials=trials), str(folder), wall],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    told = ran.stdout.splitlines()
    assert "went through" not in ran.stdout, ran.stdout
    assert [line.partition(" ")[0] for line in told] == list(trials), ran.stderr
    assert not Path("/tmp/tuicrm-escaped").exists()
