# shellcheck shell=bash disable=SC2154,SC2034,SC2317,SC2329
# Some of the malformed requests of scripts/attack/serve; without a name it sends all and fills the disk.

test_malformedRequests_areRefusedInTheProtocolsForm() {
  [ -f "$CHECKPOINT/config.json" ] || skip 'no checkpoint: scripts/fetch'
  accepted "$HBAR_ROOT/scripts/attack/serve" '/v1/messages body' '/v1/messages wire' line
  says ' requests, 0 wrong'
  says_nothing_of FAILS
  says 'ends with 143'
}
