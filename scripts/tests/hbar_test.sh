# shellcheck shell=bash disable=SC2154
# The launcher.

# other_project: a project that is not built, with the same scripts.
other_project() {
  mkdir -p other/scripts
  cp -R "$HBAR_ROOT/scripts/hbar" "$HBAR_ROOT/scripts/lib" other/scripts/
}

test_notBuilt_namesSetUpInOneLine() {
  other_project
  refused other/scripts/hbar --help
  one_line
  says 'run '
  says '/other/scripts/setup'
}

test_calledThroughLinks_findsTheProject() {
  mkdir -p a/b
  ln -s "$HBAR_ROOT/scripts/hbar" a/b/absolute
  ln -s b/absolute a/relative
  accepted env LANG=C LC_ALL=C a/relative --help
  says Usage
}

test_wrongCommand_isWrongUsage() {
  status=0
  said=$("$HBAR_ROOT/scripts/hbar" no-such-command 2>&1) || status=$?
  [ $status -eq 2 ] || fail "exit status $status: $said"
}

test_jvmOptionsOfTheUser_reachTheJvm() {
  accepted env HBAR_JAVA_OPTS=-XshowSettings:properties "$HBAR_ROOT/scripts/hbar" --help
  says "hbar.root = $HBAR_ROOT"
  says 'stdout.encoding = UTF-8'
}

test_closedStdout_isRefusedInOneLine() {
  status=0
  "$HBAR_ROOT/scripts/hbar" --version 2>said >&- || status=$?
  said=$(cat said)
  [ $status -eq 1 ] || fail "exit status $status: $said"
  one_line
  says 'stdout is closed'
}

test_closedStdinAndStderr_doNoHarm() {
  "$HBAR_ROOT/scripts/hbar" --version >said 2>&- <&- || fail "exit status $?"
  said=$(cat said)
  one_line
  says 'hbar '
}

test_noPathAndNoEnvironment_findTheTools() {
  accepted env PATH= "$HBAR_ROOT/scripts/hbar" --version
  says 'hbar '
  accepted env -i "$BASH" "$HBAR_ROOT/scripts/hbar" --version
  says 'hbar '
}

test_heapThatIsTooSmall_isOneLineWithTheWayOut() {
  refused env HBAR_JAVA_OPTS='-Xmx12m -Xmn1m' "$HBAR_ROOT/scripts/hbar" generate \
    "$HBAR_HOME/models/SmolLM2-135M-Instruct-4bit" --prompt hello --max-tokens 1
  one_line
  says 'HBAR_JAVA_OPTS=-Xmx4g'
}

test_heapThatNoJvmStartsWith_isOneLineWithTheWayOut() {
  for size in 1 2m 12287k 12582911; do
    refused env HBAR_JAVA_OPTS="-Xmx4g -Xmx$size" "$HBAR_ROOT/scripts/hbar" --version
    one_line
    says 'too small for the JVM to start; set HBAR_JAVA_OPTS=-Xmx4g'
  done
  accepted env HBAR_JAVA_OPTS="-Xmx2m -Xmx12M" "$HBAR_ROOT/scripts/hbar" --version
}

# The limit ends where the JVM starts: one KiB below is refused, and with a small heap there is room.
test_addressSpaceThatNoJvmStartsIn_isOneLineWithTheWayOut() {
  for space in 100000 1000000 2697151; do
    refused "$BASH" -c "ulimit -v $space; exec \"\$0\" --version" "$HBAR_ROOT/scripts/hbar"
    one_line
    says "ulimit -v leaves $space KiB"
    says 'HBAR_JAVA_OPTS=-Xmx512m'
  done
  # shellcheck disable=SC2016 # the inner shell's own word
  accepted "$BASH" -c 'ulimit -v 2697152; exec "$0" --version' "$HBAR_ROOT/scripts/hbar"
  # shellcheck disable=SC2016
  accepted env HBAR_JAVA_OPTS=-Xmx512m "$BASH" -c 'ulimit -v 1124288; exec "$0" --version' "$HBAR_ROOT/scripts/hbar"
}

test_noTemporaryFolder_doesNoHarm() {
  accepted env HBAR_JAVA_OPTS="-Djava.io.tmpdir=$PWD/none" TMPDIR="$PWD/none" "$HBAR_ROOT/scripts/hbar" generate \
    "$HBAR_HOME/models/SmolLM2-135M-Instruct-4bit" --prompt 'The capital of France is' --max-tokens 1
  says ' Paris'
}

test_help_startsQuietly() {
  accepted "$HBAR_ROOT/scripts/hbar" --help
  says_nothing_of WARNING
  says_nothing_of '[warning]'
}
