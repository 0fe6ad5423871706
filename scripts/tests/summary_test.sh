# shellcheck shell=bash disable=SC2154
# The closing list of scripts/test.

# report FILE TESTCASES: a Surefire report.
report() {
  mkdir -p "p/$1/target/surefire-reports"
  printf '<testsuite>%s</testsuite>' "$2" >"p/$1/target/surefire-reports/TEST-dev.hbar.T.xml"
}

PASSED='<testcase classname="dev.hbar.T" name="a_works"/>'
SKIPPED='<testcase classname="dev.hbar.T" name="b_needsGpu(int)[1]"><skipped message="no GPU here"/></testcase>'
FAILED='<testcase classname="dev.hbar.T" name="c_breaks"><failure message="1 is not 2">at T</failure></testcase>'

summary() {
  printf '| test | reason |\n|---|---|\n%s\n' "${2:-}" >skips.md
  printf '%s\n' "$1" >scripts.txt
  python3 "$HBAR_ROOT/scripts/tests/summary.py" p scripts.txt skips.md
}

test_allPassed_isCounted() {
  report x "$PASSED"
  accepted summary 'ok one'
  says '2 passed, 0 failed, 0 skipped'
}

test_skipNobodyAllowed_isAFailure() {
  report x "$PASSED$SKIPPED"
  refused summary 'ok one'
  says 'skipped  T#b_needsGpu(int)[1]: no GPU here  <- NOT ALLOWED'
}

test_allowedSkip_isListedWithItsReason() {
  report x "$PASSED$SKIPPED"
  accepted summary 'ok one' '| T#b_needsGpu | GPU |'
  says 'skipped  T#b_needsGpu(int)[1]: no GPU here'
  says_nothing_of 'NOT ALLOWED'
}

test_failedTests_areNamed() {
  report x "$PASSED"
  report y "$FAILED"
  refused summary 'not ok two: it broke'
  says 'FAILED   T#c_breaks: 1 is not 2'
  says 'FAILED   scripts/two: it broke'
  says '1 passed, 2 failed, 0 skipped'
}

test_moduleWhoseTestsDidNotRun_isAFailure() {
  report x "$PASSED"
  mkdir -p p/y/src/test/java/dev
  touch p/y/src/test/java/dev/UTest.java
  refused summary 'ok one'
  says 'FAILED   y: none of its tests ran'
  says_nothing_of 'FAILED   x'
}
