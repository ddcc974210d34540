"""Where files lie: the shipped data (beside the package in a checkout, inside it in a wheel), and what begins with `~`."""

from __future__ import annotations

import os
from functools import lru_cache
from pathlib import Path
from types import ModuleType

from tuicrm.digests import blake2b


@lru_cache(maxsize=1)
def data_folder() -> Path:
    """The folder of shipped data. Raises FileNotFoundError naming both places when the installation is broken."""
    package = Path(__file__).resolve().parent
    inside, beside = package / "data", package.parent / "data"
    for folder in (inside, beside):
        if (folder / "types").is_dir():
            return folder
    raise FileNotFoundError(f"tuicrm's shipped data is neither in {inside} nor in {beside}")


def at_home(path: str | os.PathLike[str]) -> Path:
    """A path as somebody typed it, with `~` and `~name` read. Raises Refused for the home of somebody who is not known here."""
    try:
        return Path(path).expanduser()
    except RuntimeError as unknown:
        # Both of them look for their words through this module.
        from tuicrm.errors import Refused
        from tuicrm.i18n import _

        told = _("{path}: there is no such user here; ./{path} names a file that is called so").format(
            path=os.fspath(path)
        )
        raise Refused(told) from unknown


def code_digest(*modules: ModuleType) -> str:
    """What tells the code of some modules from another version of it; "" where it cannot be read."""
    digest = blake2b(digest_size=8)
    try:
        for module in modules:
            digest.update(Path(str(module.__file__)).read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()
