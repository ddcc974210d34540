"""What the built package says of itself where pyproject.toml cannot know it: its addresses, and a README for a package index.

The address is asked of these, in this order: TUICRM_REPOSITORY, `repository` in `[tool.hatch.metadata.hooks.custom]`, git's `origin`.
With one, links and pictures of README are absolute; without, a picture is its words, since a broken picture helps nobody.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Any

from hatchling.metadata.plugin.interface import MetadataHookInterface

_TARGET = re.compile(r"(!?)\[([^\]]*)\]\((?!\w+:|#)([^)\s]+)\)")
_FROM_GIT = re.compile(r"(--from|--spec) git\+ADDRESS tuicrm")
_RAW = {"github.com": "{address}/raw/v{version}/{path}", "gitlab.com": "{address}/-/raw/v{version}/{path}"}
_PAGE = {"github.com": "{address}/blob/v{version}/{path}", "gitlab.com": "{address}/-/blob/v{version}/{path}"}
_ELSEWHERE_RAW, _ELSEWHERE_PAGE = "{address}/raw/tag/v{version}/{path}", "{address}/src/tag/v{version}/{path}"
"""As Forgejo and Gitea have them (Codeberg)."""


class CustomMetadataHook(MetadataHookInterface):
    """Adds `readme` and `urls`."""

    def update(self, metadata: dict[str, Any]) -> None:
        root = Path(self.root)
        address = public(os.environ.get("TUICRM_REPOSITORY") or self.config.get("repository", "") or _origin(root))
        text = (root / "README.md").read_text(encoding="utf-8")
        version = re.search(r'__version__ = "(.+?)"', (root / "tuicrm" / "__init__.py").read_text(encoding="utf-8"))
        if version is None:
            raise ValueError("tuicrm/__init__.py says no version")
        metadata["readme"] = {"content-type": "text/markdown", "text": for_index(text, address, version[1])}
        metadata["urls"] = urls(address, version[1])


def public(address: str) -> str:
    """The address as a browser takes it, of whatever form git has; "" for what nobody else can reach, such as a folder."""
    found = re.fullmatch(
        r"(?:https://|ssh://)?(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+)(?::\d+)?[/:](.+?)(?:\.git)?/?", address
    )
    return f"https://{found[1]}/{found[2]}" if found else ""


def urls(address: str, version: str) -> dict[str, str]:
    """`[project.urls]`: none without an address."""
    if not address:
        return {}
    pages = {
        "Documentation": "docs/guide/README.md",
        "Changelog": "CHANGELOG.md",
        "Security": "SECURITY.md",
    }
    told = {label: _of(address, path, version, _PAGE, _ELSEWHERE_PAGE) for label, path in pages.items()}
    return {"Homepage": address, "Source": address, **told}


def for_index(text: str, address: str, version: str) -> str:
    """README as a package index shows it: whoever reads it there installs from there, and has no files beside it."""

    def absolute(found: re.Match[str]) -> str:
        picture, words, path = found.groups()
        if not address:
            return f"*({words})*" if picture else words
        where = _of(address, path, version, *((_RAW, _ELSEWHERE_RAW) if picture else (_PAGE, _ELSEWHERE_PAGE)))
        return f"{picture}[{words}]({where})"

    return _TARGET.sub(absolute, _FROM_GIT.sub("tuicrm", text))


def _of(address: str, path: str, version: str, forms: dict[str, str], elsewhere: str) -> str:
    host = address.split("/")[2]
    return forms.get(host, elsewhere).format(address=address, version=version, path=path)


def _origin(root: Path) -> str:
    try:
        asked = subprocess.run(
            ["git", "-C", str(root), "remote", "get-url", "origin"], capture_output=True, text=True, check=False
        )
    except OSError:
        return ""
    return asked.stdout.strip()
