# shellcheck shell=bash disable=SC2164
# The scripts themselves. The runner runs each test under set -e.

# Relative to the project, whose own path may hold blanks.
scripts_of_the_project() {
  grep -lE '^#!(/usr/bin/env |/bin/)bash|^# shellcheck shell=bash' .ci/* scripts/* scripts/bench/* scripts/lib/*.sh scripts/lib/native/*.sh \
    scripts/tests/* jextract/* 2>/dev/null
}

test_shellcheck() {
  command -v shellcheck >/dev/null || skip "shellcheck is not installed"
  cd "$HBAR_ROOT"
  # shellcheck disable=SC2046
  shellcheck -x $(scripts_of_the_project) || fail "shellcheck found something"
}

# macOS brings bash 3.2 and BSD tools.
test_nothingNewerThanBash32_isUsed() {
  cd "$HBAR_ROOT"
  # shellcheck disable=SC2046
  found=$(grep -nE 'mapfile|readarray|declare -[Agn]|local -[An]|\$\{[A-Za-z_]+(\^|,,)|EPOCH(REAL|SEC)|&>>|wait -n|readlink -f|sha256sum \$|sed -i |\bnproc\b|date \+%N|grep -P|\[\[ -v' \
    $(scripts_of_the_project | grep -v shellcheck_test) | grep -v '^[^:]*:[0-9]*: *#' | grep -v 'older macOS has no') && fail "$found"
  return 0
}
