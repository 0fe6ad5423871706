# shellcheck shell=bash disable=SC2154,SC2034,SC2317,SC2329
# The list of seeded bugs fits the sources, and two of them are noticed; scripts/attack/seeded-bugs tries all.

test_everySeededBug_fitsItsSource() {
  accepted "$HBAR_ROOT/scripts/attack/seeded-bugs" --check
  says 'every text fits its source'
}

test_twoSeededBugs_areNoticed() {
  accepted "$HBAR_ROOT/scripts/attack/seeded-bugs" --json found.json polarity-at-tau-low bias-forgotten-packed
  says '2 of 2 noticed'
  grep -q '"noticed": true' found.json || fail "not in the JSON"
}

test_unknownSeededBug_isRefusedInOneLine() {
  refused "$HBAR_ROOT/scripts/attack/seeded-bugs" no-such-bug
  one_line
  says 'there is no bug'
}
