#!/bin/sh
# The tests over SSH start an sshd of their own. Where OpenSSH is missing, Debian's packages are installed if we may.
# RUNLEVEL=1 keeps Debian from starting an sshd for all.
set -eu
PATH="$PATH:/usr/sbin:/usr/local/sbin"

has_all() { command -v sshd && command -v ssh && command -v ssh-keygen; } >/dev/null 2>&1

has_all && exit 0
if [ "$(id -u)" = 0 ]; then as_root=""; else as_root="sudo -n"; fi
if command -v apt-get >/dev/null && $as_root true 2>/dev/null; then
  echo "Installing OpenSSH for the tests over SSH"
  { $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -qq -y openssh-server openssh-client
  } >/dev/null || true
fi
has_all || echo "OpenSSH (sshd, ssh, ssh-keygen) is missing and could not be installed: the tests over SSH will fail." >&2
