# shellcheck shell=bash disable=SC2154,SC2034,SC2317,SC2329
# Some of the cases of scripts/attack/cases, and that a case which does not hold is noticed.

test_casesOfTheFirstAttack_hold() {
  [ -f "$CHECKPOINT/config.json" ] || skip 'no checkpoint: scripts/fetch'
  accepted "$HBAR_ROOT/scripts/attack/cases" 'tokenizer strip' 'changed digit: summary' 'template power' 'resamples'
  says '4 cases, 0 failed'
}

test_caseThatDoesNotHold_isNoticed() {
  # shellcheck source=scripts/attack/case.sh
  . "$HBAR_ROOT/scripts/attack/case.sh"
  chosen=() count=0 failed=0
  {
    holds 'another exit code' 1 '' 'exit 2'
    holds 'other words' 1 'missing' 'echo "hbar: a: no such file" >&2; exit 1'
    holds 'two lines' 1 'hbar' 'printf "hbar: a\nhbar: b\n" >&2; exit 1'
    holds 'a trace' 1 '' 'printf "hbar: a\n\tat b\n" >&2; exit 1'
    holds 'an escape' 1 '' 'printf "hbar: \033[31m\n" >&2; exit 1'
    holds 'too long' 0 '' 'sleep 3' 1
    holds 'as it should be' 1 'hbar' 'echo "hbar: a" >&2; exit 1'
  } >held
  [ "$count" -eq 7 ] && [ "$failed" -eq 6 ] || fail "$(cat held)"
}
