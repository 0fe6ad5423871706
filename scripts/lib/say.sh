# shellcheck shell=bash
# What the scripts say: one line for each step with the time it took, and one line when they stop.

TOLD=70 # a step's exit status when it has named the reason itself

# Stops with one line: what is wrong, and what to do.
die() {
  printf '%s: %s\n' "${0##*/}" "$*" >&2
  exit "${IN_STEP:-1}"
}

section() { printf '\n== %s\n' "$*"; }

# note TEXT: what the running step's line says, in place of "done".
note() { printf '%s' "$*" >&3; }

# step TITLE COMMAND...: runs a command in a subshell that stops at the first failure; its output goes to a log.
step() {
  local title=$1 started=$SECONDS log status
  shift
  mkdir -p "$HBAR_HOME/logs"
  log=$HBAR_HOME/logs/${title// /-}.log
  printf '  %-24s ' "$title"
  set +e # `(...) || status=$?` would switch off the subshell's own set -e
  (
    set -e
    IN_STEP=$TOLD
    "$@"
  ) >"$log" 2>&1 3>"$log.note"
  status=$?
  set -e
  if [ "$status" -ne 0 ]; then
    printf 'failed after %s s\n' "$((SECONDS - started))"
    [ "$status" -ne "$TOLD" ] || { tail -n 1 "$log" >&2; exit 1; }
    tail -n 20 "$log" | sed 's/^/    /' >&2
    die "$title failed, see above (all of it: $log)"
  fi
  if [ -s "$log.note" ]; then cat "$log.note"; else printf 'done'; fi
  printf ' (%s s)\n' "$((SECONDS - started))"
}
