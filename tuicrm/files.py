"""Where the shipped data lies: beside the package in a checkout, inside it in a wheel."""

from __future__ import annotations

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


def code_digest(*modules: ModuleType) -> str:
    """What tells the code of some modules from another version of it; "" where it cannot be read."""
    digest = blake2b(digest_size=8)
    try:
        for module in modules:
            digest.update(Path(str(module.__file__)).read_bytes())
    except OSError:
        return ""
    return digest.hexdigest()
