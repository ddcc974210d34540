"""blake2b by itself. hashlib, which takes it from the same place, loads OpenSSL besides: 3 ms at every start."""

from __future__ import annotations

try:
    from _blake2 import blake2b
except ImportError:  # another Python than CPython
    from hashlib import blake2b

__all__ = ["blake2b"]
