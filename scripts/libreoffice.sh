#!/bin/sh
# The tests of PDF files convert with LibreOffice and read what came out with poppler. Where they are missing, Debian's packages are
# installed if we may.
set -eu

has_all() { command -v soffice && command -v pdftotext && command -v pdftoppm; } >/dev/null 2>&1

has_all && exit 0
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
if command -v apt-get >/dev/null && $as_root true 2>/dev/null; then
  echo "Installing LibreOffice Writer for the tests of PDF files"
  { $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
      libreoffice-writer-nogui poppler-utils fonts-crosextra-carlito fonts-liberation
  } >/dev/null || true
fi
has_all || echo "LibreOffice (soffice) or poppler (pdftotext) is missing and could not be installed: the tests of PDF files will fail." >&2
