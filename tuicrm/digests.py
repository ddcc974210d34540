"""blake2b and random names by themselves. hashlib and secrets, which take them from the same places, load OpenSSL and more besides:
7 ms at every start."""

from __future__ import annotations

import os

try:
    from _blake2 import blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b

__all__ = ["blake2b", "token_hex"]


def token_hex(size: int) -> str:
    """So many random bytes, in hex, as `secrets.token_hex` gives them."""
    return os.urandom(size).hex()
