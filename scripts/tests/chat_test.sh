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

# What is printed is lost where nobody can read it: said once, with exit code 1.
test_chatAndServeWithoutRoomForOutput_endWithOne() {
  [ -f "$CHECKPOINT/config.json" ] || skip 'no checkpoint: scripts/fetch'
  [ -e /dev/full ] || skip 'only Linux has /dev/full'
  for command in chat 'serve --port 0'; do
    status=0
    # shellcheck disable=SC2086 # a command is words
    echo Hi | "$HBAR_ROOT/scripts/hbar" ${command%% *} "$CHECKPOINT" ${command#"${command%% *}"} >/dev/full 2>err || status=$?
    said=$(cat err)
    [ "$status" -eq 1 ] || fail "$command ended with $status: $said"
    says 'could not be written whole'
  done
}
