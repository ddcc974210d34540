#!/bin/sh
# The tests of mail start a Postfix and a Dovecot of their own, on loopback; those of SMS a gammu-smsd, whose phone is none.
# Where they are missing, Debian's packages are installed if we may.
# policy-rc.d (or RUNLEVEL=1) keeps Debian from starting them for all.
set -eu
PATH="$PATH:/usr/sbin:/usr/local/sbin"

has_all() { command -v postfix && command -v dovecot && command -v saslpasswd2 && command -v openssl && command -v gammu-smsd; } >/dev/null 2>&1

has_all && exit 0
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
if command -v apt-get >/dev/null && $as_root true 2>/dev/null; then
  echo "Installing Postfix, Dovecot and gammu-smsd for the tests of messages"
  { $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
      apt-get install -qq -y --no-install-recommends postfix dovecot-imapd sasl2-bin libsasl2-modules libsasl2-modules-db openssl gammu-smsd
  } >/dev/null || true
fi
has_all || echo "Postfix, Dovecot or gammu-smsd is missing and could not be installed: the tests that use them are passed over." >&2
