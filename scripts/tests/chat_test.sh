# shellcheck shell=bash disable=SC2154
# hbar chat on a terminal.

test_chatOnATerminal_editsStopsAndGoesOn() {
  [ -f "$CHECKPOINT/config.json" ] || skip 'no checkpoint: scripts/fetch'
  accepted env XDG_STATE_HOME="$PWD/state" python3 "$HBAR_ROOT/scripts/tests/chat_pty.py" \
    "$HBAR_ROOT/scripts/hbar" chat "$CHECKPOINT" --max-tokens 30
  says ok
  history=state/hbar/chat-history
  grep -q 'lighthouse' "$history" || fail 'the history has not what was typed'
  [ "$(find "$history" -perm 600)" ] || fail 'others can read the history'
}
