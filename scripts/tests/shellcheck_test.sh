# shellcheck shell=bash disable=SC2164
# The scripts themselves. The runner runs each test under set -e.

scripts_of_the_project() {
  grep -lE '^#!/usr/bin/env bash|^# shellcheck shell=bash' "$HBAR_ROOT"/.ci/* "$HBAR_ROOT"/scripts/* "$HBAR_ROOT"/scripts/lib/*.sh \
    "$HBAR_ROOT"/scripts/lib/native/*.sh "$HBAR_ROOT"/scripts/tests/* "$HBAR_ROOT"/jextract/* 2>/dev/null
}

test_shellcheck() {
  command -v shellcheck >/dev/null || skip "shellcheck is not installed"
  cd "$HBAR_ROOT"
  # shellcheck disable=SC2046
  shellcheck -x $(scripts_of_the_project) || fail "shellcheck found something"
}

# macOS brings bash 3.2 and BSD tools.
test_nothingNewerThanBash32_isUsed() {
  # shellcheck disable=SC2046
  found=$(grep -nE 'mapfile|readarray|declare -[Agn]|local -[An]|\$\{[A-Za-z_]+(\^|,,)|EPOCH(REAL|SEC)|&>>|wait -n|readlink -f|sha256sum \$|sed -i |\bnproc\b|date \+%N|grep -P|\[\[ -v' \
    $(scripts_of_the_project | grep -v shellcheck_test) | grep -v '^[^:]*:[0-9]*: *#' | grep -v 'older macOS has no') && fail "$found"
  return 0
}
