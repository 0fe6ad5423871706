# shellcheck shell=bash disable=SC2154,SC2034
# What can be told of scripts/sweep without a model: SweepCommandTest runs the command.

test_sweepHelp_saysWhatItTakes() {
  accepted "$HBAR_ROOT/scripts/sweep" --help
  says 'CHECKPOINT'
  says 'hbar sweep'
}
