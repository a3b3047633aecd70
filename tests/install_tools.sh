#!/bin/sh
# What the tests need beside Python: a browser and LibreOffice. As root on Debian they are installed; elsewhere the
# tests that need a missing one say so and are skipped, or fail where CI is set.
set -eu
# soffice alone may be LibreOffice without Calc, so Debian's own list of packages is asked where there is one.
has_calc() {
  command -v soffice >/dev/null 2>&1 || command -v libreoffice >/dev/null 2>&1 || return 1
  command -v dpkg-query >/dev/null 2>&1 || return 0
  dpkg-query -W -f '${Status}\n' libreoffice-calc libreoffice-calc-nogui 2>/dev/null | grep -q '^install ok installed'
}

missing=""
command -v chromium >/dev/null 2>&1 || command -v google-chrome >/dev/null 2>&1 || missing="$missing chromium"
has_calc || missing="$missing libreoffice-calc-nogui"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  apt-get update -qq
  # Ubuntu's chromium is a stub that asks for a snap, which a container has none of.
  apt-cache policy chromium | grep -q 'Candidate: [0-9]' || missing="${missing# chromium}"
  [ -n "$missing" ] || exit 0
  echo "Installing$missing for the tests ..."
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing fonts-dejavu-core >/dev/null
else
  echo "Not installed:$missing (needs root and apt-get); the tests that need them will be skipped."
fi
