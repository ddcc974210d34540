#!/bin/sh
# Passes a part of the tests (scripts/part.txt) with the newest Python that is here, of those that pyproject.toml names; `all`: with each.
# Which are not here is said. What is installed is what constraints.txt has.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
find_python() {
  # A shim of pyenv answers to the name without having it: ask each, don't just look.
  for python in "python$1" "$HOME/.pyenv/versions/$1".*/bin/"python$1" "/usr/bin/python$1"; do
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 || continue
    echo "$python"
    break
  done
}
own=$(.venv/bin/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')
versions=$(sed -n 's/.*Programming Language :: Python :: \(3\.[0-9]*\)".*/\1/p' pyproject.toml | sort -t. -k2 -rn)
for version in $versions; do
  if [ "$version" = "$own" ]; then
    if [ "${1:-newest}" = all ]; then continue; else break; fi
  fi
  python=$(find_python "$version")
  if [ -z "$python" ]; then
    echo "Python $version is not here: nothing was tried with it."
    continue
  fi
  "$python" -m venv --clear "$folder/venv"
  install() {
    "$folder/venv/bin/python" -m pip --quiet --disable-pip-version-check --retries 1 --timeout 15 install -c constraints.txt "$@" 2>"$folder/told"
  }
  if ! install hatchling editables setuptools build hypothesis pytest pytest-asyncio pytest-timeout python-docx typer || ! install --no-build-isolation -e .; then
    echo "Python $version was not tried: what it needs cannot be had from here ($(tail -n 1 "$folder/told"))."
    continue
  fi
  echo "With Python $version:"
  # shellcheck disable=SC2046 # one word each
  "$folder/venv/bin/python" -m pytest -q -p no:cacheprovider $(cat scripts/part.txt)
  if [ "${1:-newest}" != all ]; then break; fi
done
