#!/bin/sh
# Passes a part of the tests (scripts/part.txt) with the lowest version of each library that pyproject.toml allows, in a venv of its own.
# Without a network nothing is tried, and that is said. The tools for tests are those of constraints.txt.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-.venv/bin/python}" -m venv "$folder"
"$folder/bin/python" scripts/lowest.py > "$folder/lowest.txt"
install() {
  "$folder/bin/python" -m pip --quiet --disable-pip-version-check --retries 1 --timeout 15 install "$@" 2>"$folder/told"
}
grep -E '^(build|editables|hatchling|hypothesis|pytest|pytest-asyncio|pytest-timeout|python-docx|setuptools|typer)==' constraints.txt > "$folder/tools.txt"
if ! install -r "$folder/lowest.txt" || ! install -c "$folder/lowest.txt" -r "$folder/tools.txt"; then
  echo "The lowest versions were not tried: they cannot be had from here ($(tail -n 1 "$folder/told"))."
  exit 0
fi
install --no-build-isolation --no-deps -e .
"$folder/bin/python" -m pip --disable-pip-version-check check
echo "With the lowest versions: $(tr '\n' ' ' < "$folder/lowest.txt")"
# shellcheck disable=SC2046 # one word each
"$folder/bin/python" -m pytest -q -p no:cacheprovider $(cat scripts/part.txt)
