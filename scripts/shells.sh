#!/bin/sh
# The tests of completion type into real shells. Where zsh or fish is missing, Debian's packages are installed if we may.
set -eu

has_all() { command -v bash && command -v zsh && command -v fish; } >/dev/null 2>&1

has_all && exit 0
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
if command -v apt-get >/dev/null && $as_root true 2>/dev/null; then
  echo "Installing bash, zsh and fish for the tests of completion"
  { $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y bash zsh fish
  } >/dev/null || true
fi
has_all || echo "bash, zsh or fish is missing and could not be installed: the tests of completion will fail." >&2
