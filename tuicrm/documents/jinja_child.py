"""The process in which a template written in Jinja is filled: it reads it on stdin, answers on stdout, and can do nothing else.

A template is a program of somebody's. Three walls stand around it, each enough for what is known: Jinja's immutable sandbox with what
documents have no use for taken out; hooks that refuse files, programs, sockets and imports, and cannot be taken away again; and
the system's own limits, by which no descriptor can be opened any more, nothing written, and time and memory end. It is a program of
its own, run by its path, and imports nothing of tuicrm.

Asked (JSON in a line, then the template): {"verb": "fill" or "names", "values": {…}, "seconds": 10, "memory": bytes}. Answered (JSON
in a line, then the document): {"fine": true} and what was made, or {"fine": false, "reason": "syntax", "unsafe", "large", "failed",
"no_docx" or "missing", "told": what is said of it, "near": the text around it}.
"""

from __future__ import annotations

import io
import json
import re
import sys
from typing import Any

FORBIDDEN = re.compile(
    r"(open|import|mmap\.|os\.|shutil\.|socket\.|subprocess\.|ctypes\.|pty\.|resource\.|_posixsubprocess|urllib\.|ftplib\.|sqlite3|fcntl)"
)
"""Events of Python's audit that end what wanted them, once the template is let in."""
NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
"""What XML cannot hold; and what docxtpl would take for a new page or paragraph."""
_NEAR = 160
_PROPERTIES = ("author", "comments", "identifier", "language", "subject", "title")
_ENCODINGS = ("ascii", "latin-1", "utf-8", "utf-16", "cp1252", "unicode-escape", "raw-unicode-escape", "idna")
_WARMING = "{% for x in a %}{{ x|upper ~ 'a\\n'|trim }}{{ 1.5|round }}{% endfor %}"


def shut_in(seconds: int, memory: int) -> None:
    """From here on no file, program, socket or module can be opened, and time (of the processor) and memory end."""
    try:
        import resource
    except ImportError:  # Windows: the hooks, and the time that the parent measures
        pass
    else:
        _limit(resource.RLIMIT_CPU, seconds)
        _limit(resource.RLIMIT_AS, memory)
        _limit(resource.RLIMIT_CORE, 0)
        _limit(resource.RLIMIT_FSIZE, 0)
        # stdin, stdout and stderr are open; it is handed on to whatever could be started, which then loads no library.
        _limit(resource.RLIMIT_NOFILE, 3)
        _limit(resource.RLIMIT_NPROC, 0)
    sys.addaudithook(_refuse)


def _limit(which: int, most: int) -> None:
    import resource

    _soft, hard = resource.getrlimit(which)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(which, (most, most))


def _refuse(event: str, _arguments: tuple[Any, ...]) -> None:
    if FORBIDDEN.match(event):
        raise PermissionError(f"{event} is forbidden here")


def environment() -> Any:
    """Jinja's environment in which templates of documents run."""
    from jinja2 import ChainableUndefined, FunctionLoader
    from jinja2.exceptions import SecurityError
    from jinja2.sandbox import ImmutableSandboxedEnvironment, safe_range
    from markupsafe import Markup, escape

    class Shut(ImmutableSandboxedEnvironment):
        """Refuses at once what the sandbox would only make undefined, and formats of texts, which were its way out four times."""

        intercepted_binops = frozenset({"**"})

        def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
            if isinstance(obj, str) and attr in ("format", "format_map", "translate"):
                return False
            return super().is_safe_attribute(obj, attr, value)

        def wrap_str_format(self, value: Any) -> None:
            """No wrapper: `is_safe_attribute` has the word."""

        def unsafe_undefined(self, obj: Any, attribute: str) -> Any:
            raise SecurityError(f"{attribute} of {type(obj).__name__}")

        def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
            # One step of the processor's, however long: no signal comes through.
            raise SecurityError(f"{left} ** {right}"[:80])

    def printed(value: Any) -> Any:
        """Braces are written by their numbers: docxtpl reads what was printed once more."""
        if isinstance(value, Markup):
            return value
        if value is None:
            return ""
        text = NOT_XML.sub("", str(value))
        return Markup(str(escape(text)).replace("{", "&#123;").replace("}", "&#125;"))

    def other_file(name: str) -> None:
        raise SecurityError(f"it asks for another file: {name}")

    made = Shut(autoescape=True, undefined=ChainableUndefined, finalize=printed, loader=FunctionLoader(other_file))
    made.globals.clear()
    made.globals["range"] = safe_range
    for name in ("safe", "urlize", "xmlattr", "tojson", "pprint", "attr", "random"):
        made.filters.pop(name)
    return made


def _template(content: bytes) -> Any:
    from docxtpl import DocxTemplate  # type: ignore[import-untyped]

    class Template(DocxTemplate):  # type: ignore[misc]  # it has no types
        """docxtpl's, with properties of the file that are plain text, not XML."""

        def render_properties(self, context: Any, jinja_env: Any = None) -> None:
            from markupsafe import Markup

            properties = self.docx.core_properties
            for name in _PROPERTIES:
                text = getattr(properties, name)
                if "{" in text:
                    setattr(properties, name, Markup(jinja_env.from_string(text).render(context)).unescape()[:255])

    return Template(io.BytesIO(content))


def fill(content: bytes, values: dict[str, Any]) -> bytes:
    """The document. Raises what docxtpl, Jinja and lxml raise."""
    template, made = _template(content), io.BytesIO()
    template.render(values, environment(), autoescape=True)
    template.save(made)
    return made.getvalue()


def asked_names(content: bytes) -> dict[str, list[str]]:
    """The names that a template asks for, with the parts of each: `{"Products": ["Name", "Sum"], "TotalSum": []}`."""
    from jinja2 import meta

    shut = environment()
    names: dict[str, set[str]] = {}
    for source in _sources(_template(content)):
        tree = shut.parse(source)
        shut.compile(tree)
        for name in meta.find_undeclared_variables(tree) - {"range"}:
            names.setdefault(name, set())
        _parts(tree, names)
    return {name: sorted(parts) for name, parts in sorted(names.items())}


def _sources(template: Any) -> list[str]:
    """All texts in which docxtpl looks for Jinja: the document, headers, footers, footnotes, properties of the file."""
    template.render_init()
    found = [template.get_xml()]
    for uri in (template.HEADER_URI, template.FOOTER_URI):
        found += [template.get_part_xml(part) for _key, part in template.get_headers_footers(uri)]
    parts = template.docx.part.package.iter_parts()
    found += [part.blob.decode() for part in parts if part.content_type.endswith(".footnotes+xml")]
    properties = [getattr(template.docx.core_properties, name) for name in _PROPERTIES]
    return [*map(template.patch_xml, found), *properties]


def _parts(tree: Any, names: dict[str, set[str]]) -> None:
    """Add to each name what is read of it, or of the rows that a loop takes from it."""
    from jinja2 import nodes

    rows = {
        loop.target.name: loop.iter.name
        for loop in tree.find_all(nodes.For)
        if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Name)
    }
    for node in tree.find_all((nodes.Getattr, nodes.Getitem)):
        part = node.attr if isinstance(node, nodes.Getattr) else getattr(node.arg, "value", None)
        if isinstance(node.node, nodes.Name) and isinstance(part, str):
            name = rows.get(node.node.name, node.node.name)
            if name in names:
                names[name].add(part)


def _reason(problem: BaseException) -> str:
    from jinja2.exceptions import SecurityError, TemplateSyntaxError
    from lxml.etree import LxmlError

    if isinstance(problem, MemoryError):
        return "large"
    if isinstance(problem, SecurityError | PermissionError):
        return "unsafe"
    if isinstance(problem, TemplateSyntaxError):
        return "syntax"
    return "no_docx" if isinstance(problem, LxmlError) else "failed"


def _near(problem: BaseException) -> str:
    lines = [line.strip() for line in getattr(problem, "docx_context", ())]
    return next((line for line in lines if "{" in line), "")[:_NEAR]


def _load() -> None:
    """Import all that filling needs, also what the libraries import late: afterwards nothing can be."""
    import codecs
    import html
    import textwrap
    import traceback
    import unicodedata
    import zipfile

    import docx
    import jinja2.debug
    import jinja2.meta
    import jinja2.sandbox

    del html, textwrap, traceback, unicodedata, zipfile, jinja2
    for name in _ENCODINGS:
        codecs.lookup(name)
    # A document is opened and saved once: parts and encodings that come late come now.
    document, out = docx.Document(), io.BytesIO()
    document.save(out)
    environment().from_string(_WARMING).render(a=["x"])
    fill(out.getvalue(), {})


def _opened(content: bytes) -> bool:
    """Whether it is a Word document at all."""
    import docx

    try:
        docx.Document(io.BytesIO(content))
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - python-docx and zipfile raise of many kinds
        return False
    return True


def main() -> None:
    """One question, one answer."""
    asked = json.loads(sys.stdin.buffer.readline())
    content = sys.stdin.buffer.read()
    answer: dict[str, Any]
    made = b""
    try:
        _load()
    except ImportError as missing:
        answer = {"fine": False, "reason": "missing", "told": str(missing)}
    else:
        shut_in(asked["seconds"], asked["memory"])
        answer, made = _answer(asked, content)
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + made)
    sys.stdout.buffer.flush()


def _answer(asked: dict[str, Any], content: bytes) -> tuple[dict[str, Any], bytes]:
    try:
        if not _opened(content):
            return {"fine": False, "reason": "no_docx", "told": ""}, b""
        if asked["verb"] == "names":
            return {"fine": True, "names": asked_names(content)}, b""
        return {"fine": True}, fill(content, asked["values"])
    except Exception as problem:  # noqa: BLE001 - a template may raise anything
        return {"fine": False, "reason": _reason(problem), "told": str(problem)[:_NEAR], "near": _near(problem)}, b""


if __name__ == "__main__":
    main()
