# shellcheck shell=bash
# Where things are. Source this first: it finds the project from its own place and reads the other files here.

HBAR_ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd -P)
HBAR_HOME=${HBAR_HOME:-$HBAR_ROOT/.hbar}
case $HBAR_HOME in /*) ;; *) HBAR_HOME=$PWD/$HBAR_HOME ;; esac
export HBAR_HOME

# Homebrew's tools are not on the PATH of a shell that nobody logged in to.
case $OSTYPE in darwin*) PATH=$PATH:/opt/homebrew/bin ;; esac

# shellcheck disable=SC2034 # for the scripts that source this
{
  CHECKPOINT=$HBAR_HOME/models/SmolLM2-135M-Instruct-4bit
  HALUEVAL=$HBAR_HOME/data/halueval
  HALLUQA=$HBAR_HOME/data/halluqa/dataset_halluqa.json
}

# shellcheck source=scripts/lib/pins.sh
. "$HBAR_ROOT/scripts/lib/pins.sh"
# shellcheck source=scripts/lib/say.sh
. "$HBAR_ROOT/scripts/lib/say.sh"
# shellcheck source=scripts/lib/jdk.sh
. "$HBAR_ROOT/scripts/lib/jdk.sh"

# The text between the first line and the first line that is no comment is a script's --help.
help_and_exit() {
  sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
  exit 0
}

wrong_usage() {
  printf '%s: %s (%s --help shows the options)\n' "${0##*/}" "$1" "${0##*/}" >&2
  exit 2
}

# mvn with the JDK that was found, without the notices that Maven's own libraries cause on new JDKs.
maven() (
  cd "$HBAR_ROOT"
  JAVA_HOME=$JDK_HOME \
    MAVEN_OPTS="--sun-misc-unsafe-memory-access=allow --enable-native-access=ALL-UNNAMED ${MAVEN_OPTS:-}" \
    mvn -B "$@"
)
