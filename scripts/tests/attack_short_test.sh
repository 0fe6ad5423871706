# shellcheck shell=bash disable=SC2154,SC2034,SC2317,SC2329
# Short forms of scripts/attack/fuzz and scripts/attack/races.

test_fuzzedReader_leavesNothingFound() {
  accepted "$HBAR_ROOT/scripts/attack/fuzz" --seconds 5 header
  says 'places covered, 0 found'
}

test_unknownReader_isRefusedInOneLine() {
  refused "$HBAR_ROOT/scripts/attack/fuzz" no-such-reader
  one_line
  says 'unknown reader no-such-reader'
}

test_interleavings_haveNoForbiddenOutcome() {
  accepted "$HBAR_ROOT/scripts/attack/races" --quick
  says 'Failed tests: No matches'
}
