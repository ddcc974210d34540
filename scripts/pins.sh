#!/bin/sh
# Prints constraints.txt: everything that tuicrm and its development need, at the newest versions that pyproject.toml allows.
# Run it (make pins) with the oldest Python that is supported: what installs there installs on the newer ones.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"${PYTHON:-python3.11}" -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip --quiet --disable-pip-version-check install ".[dev]" editables tzdata colorama >&2
echo "# Every version that is installed, for running and for development. Written by: make pins"
"$folder/venv/bin/python" -m pip --disable-pip-version-check freeze --exclude tuicrm
