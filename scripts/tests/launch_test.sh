# shellcheck shell=bash disable=SC2154,SC2034
# scripts/launch with commands that only say what they were told; RankedScoreTest runs ranks that score.

test_launch_namesWhatIsWrong() {
  refused "$HBAR_ROOT/scripts/launch" echo
  one_line && says 'give either -n or --hosts'
  refused "$HBAR_ROOT/scripts/launch" -n 2 --hosts a,b echo
  one_line && says 'give either -n or --hosts'
  refused "$HBAR_ROOT/scripts/launch" -n 0 echo
  one_line && says '-n takes a number'
  refused "$HBAR_ROOT/scripts/launch" --hosts 'a,-oProxyCommand=x' echo
  one_line && says 'names with commas'
  refused "$HBAR_ROOT/scripts/launch" -n 2
  one_line && says 'give the command'
}

test_ranksHere_shareOneSecretThatOthersCannotRead() {
  # shellcheck disable=SC2016 # expands in the ranks
  accepted "$HBAR_ROOT/scripts/launch" -n 2 --port 23456 sh -c \
    'echo "$HBAR_RANK/$HBAR_RANKS $HBAR_RANK_ADDRESS $(cat "$HBAR_RANK_SECRET_FILE")"; ls -l "$HBAR_RANK_SECRET_FILE" | cut -c 1-10'
  says '0/2 127.0.0.1:23456 '
  says '1/2 127.0.0.1:23456 '
  says '-rw-------'
  says_nothing_of 'r--'
  [ "$(printf '%s\n' "$said" | sed -n 's/.*:23456 //p' | sort -u | wc -l)" -eq 1 ] || fail "two secrets: $said"
}

test_ranksHere_getTheRingOfMlx() {
  # shellcheck disable=SC2016
  accepted "$HBAR_ROOT/scripts/launch" -n 2 --port 23456 sh -c 'echo "$MLX_RANK $(cat "$MLX_HOSTFILE")"'
  says '0 [["127.0.0.1:23457"],["127.0.0.1:23458"]]'
  says '1 [["127.0.0.1:23457"],["127.0.0.1:23458"]]'
}

test_codeOfTheFirstRank_isTheCode() {
  code=0
  # shellcheck disable=SC2016
  "$HBAR_ROOT/scripts/launch" -n 2 sh -c 'exit $((4 + HBAR_RANK))' || code=$?
  [ $code -eq 4 ] || fail "ended with $code"
}

test_rankThatStays_isStoppedAfterTheFirst() {
  # shellcheck disable=SC2016
  accepted "$HBAR_ROOT/scripts/launch" -n 2 sh -c 'echo $$ >pid$HBAR_RANK; [ $HBAR_RANK = 0 ] || exec sleep 60; sleep 1'
  # Whoever takes over orphans may take its time to see that it has ended.
  for _ in $(seq 100); do
    kill -0 "$(cat pid1)" 2>/dev/null || return 0
    sleep 0.1
  done
  fail 'rank 1 goes on'
}

test_otherHosts_getTheSecretOverSshAndTheArgumentsAsTheyAre() {
  mkdir bin
  # shellcheck disable=SC2016
  printf '#!/bin/sh\nshift 2; echo "ssh to $1"; shift; exec sh -c "$*"\n' >bin/ssh
  chmod +x bin/ssh
  # shellcheck disable=SC2016
  PATH=$PWD/bin:$PATH accepted "$HBAR_ROOT/scripts/launch" --hosts me@first,second --port 23456 sh -c \
    'echo "$HBAR_RANK $HBAR_RANK_ADDRESS $(wc -c <"$HBAR_RANK_SECRET_FILE") $1"; echo "$MLX_RANK of $(cat "$MLX_HOSTFILE")"' x "it's a \"b\" \$c"
  says 'ssh to second'
  [ "$(printf '%s\n' "$said" | grep -c "first:23456 *64 it's a \"b\" \$c")" -eq 2 ] || fail "$said"
  says '0 of [["first:23457"],["second:23458"]]'
  says '1 of [["first:23457"],["second:23458"]]'
}
