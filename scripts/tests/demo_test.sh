# shellcheck shell=bash disable=SC2154,SC2034
# What can be told of scripts/demo without running it; the whole-program tests run its commands.

test_demoWithWrongOptions_isWrongUsage() {
  local status=0
  said=$("$HBAR_ROOT/scripts/demo" --records 0x 2>&1) || status=$?
  [ $status -eq 2 ] || fail "exit status $status"
  one_line
  says 'takes a number'
}

test_fetchTwice_doesNothingTheSecondTime() {
  accepted "$HBAR_ROOT/scripts/fetch"
  says 'model                    up to date'
  says 'data                     up to date'
}

test_fetchWithUnknownWord_isWrongUsage() {
  local status=0
  said=$("$HBAR_ROOT/scripts/fetch" weights 2>&1) || status=$?
  [ $status -eq 2 ] || fail "exit status $status"
  one_line
}
