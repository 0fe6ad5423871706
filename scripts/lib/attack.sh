# shellcheck shell=bash disable=SC2034,SC2154
# What the attacks on a built project have in common. Source project.sh first, and find_jdk.

JUNIT_CONSOLE=org.junit.platform:junit-platform-console-standalone:1.14.4

# attack_jar GROUP:ARTIFACT:VERSION: sets $jar to that jar in $HBAR_HOME/tools, fetched if it is not there.
attack_jar() {
  local name=${1#*:}
  jar=$HBAR_HOME/tools/${name/:/-}.jar
  [ -f "$jar" ] || maven -q dependency:copy -N -Dartifact="$1" -DoutputDirectory="$HBAR_HOME/tools"
}

# find_test_path: sets $test_path to all modules' classes and test classes and the libraries.
find_test_path() {
  local module
  test_path=
  for module in tests monitor/cli monitor/serve monitor/study monitor/core adapters mlx-bindings; do
    test_path=$test_path$HBAR_ROOT/$module/target/test-classes:$HBAR_ROOT/$module/target/classes:
  done
  local jar
  for jar in "$HBAR_ROOT"/monitor/cli/target/lib/*.jar; do
    case ${jar##*/} in
      mlx-bindings-* | adapters-* | monitor-*) ;;
      *) test_path=$test_path$jar: ;;
    esac
  done
  [ -d "$HBAR_ROOT/monitor/cli/target/test-classes" ] || die 'the project is not built: run mvn package -DskipTests'
}
