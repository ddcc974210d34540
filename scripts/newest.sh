#!/bin/sh
# Asks the newest Textual and TinyDB for the private names that tuicrm uses (scripts/insides.py), in a venv of its own.
# Of those that pyproject.toml allows each must be there; what later ones lack is only told. Without a network nothing is asked.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-.venv/bin/python}" -m venv "$folder"
install() {
  "$folder/bin/python" -m pip --quiet --disable-pip-version-check --retries 1 --timeout 15 install --no-deps --upgrade "$@" 2>"$folder/told"
}
# shellcheck disable=SC2046 # one word each
if ! install $("$folder/bin/python" scripts/insides.py --allowed); then
  echo "The newest Textual and TinyDB were not asked: they cannot be had from here ($(tail -n 1 "$folder/told"))."
  exit 0
fi
"$folder/bin/python" scripts/insides.py
if install textual tinydb && ! "$folder/bin/python" scripts/insides.py; then
  echo "pyproject.toml does not allow these yet; tuicrm/widgets/textual_inside.py and tuicrm/store/tinydb_inside.py say what for."
fi
