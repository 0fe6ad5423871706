# shellcheck shell=bash
# Running the classes of tests/src/test/java/dev/hbar/tests/bench. Source project.sh first.

find_bench_classes() {
  find_jdk || die "no JDK 25 found, run scripts/setup"
  [ -d "$HBAR_ROOT/tests/target/test-classes" ] || step 'test classes' maven -q -pl tests -am -DskipTests package >&2
}

# bench_java CLASS ARGUMENT...: with the settings of both heaps, glibc's and Java's, that scripts/hbar has.
bench_java() {
  local class=$1
  shift
  MALLOC_ARENA_MAX=1 \
    "$JDK_HOME/bin/java" --enable-native-access=ALL-UNNAMED -Xmx2g -Xmn16m -XX:+UseSerialGC "-Dhbar.root=$HBAR_ROOT" \
    -cp "$HBAR_ROOT/tests/target/test-classes:$HBAR_ROOT/monitor/cli/target/lib/*" "dev.hbar.tests.bench.$class" "$@"
}
