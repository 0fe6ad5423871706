# shellcheck shell=bash
# The Java build, and the lock that keeps two set-ups apart.

BUILT=$HBAR_ROOT/monitor/cli/target/built

# Whether no source, no build file and no JDK changed since the last build. A removed file changes its folder.
build_is_current() {
  [ -f "$BUILT" ] && [ "$(cat "$BUILT")" = "$JDK_HOME" ] || return 1
  [ -z "$(find "$HBAR_ROOT"/pom.xml "$HBAR_ROOT"/*/pom.xml "$HBAR_ROOT"/monitor/*/pom.xml "$HBAR_ROOT"/*/src "$HBAR_ROOT"/monitor/*/src -newer "$BUILT" -print 2>/dev/null | head -n 1)" ]
}

build_java() {
  local started=$HBAR_HOME/build.started
  : >"$started"
  # A jar of an earlier version would stay on the class path.
  rm -rf "$HBAR_ROOT/monitor/cli/target/lib"
  maven -q -DskipTests -Dmaven.javadoc.skip -Dmaven.source.skip package || die "the Java build failed: see $HBAR_HOME/logs/Java-build.log"
  # As old as the start: what was edited during the build is newer.
  echo "$JDK_HOME" >"$BUILT"
  touch -r "$started" "$BUILT"
  rm -f "$started"
  note "monitor/cli/target/lib"
}

# An archive of the classes that a start of hbar loads: it halves the time. A start without it works as well.
# The start is that of doctor, so that set-up ends with the self-test of the native library.
archive_classes() {
  local archive=$HBAR_ROOT/monitor/cli/target/hbar.aot
  rm -f "$archive"
  HBAR_ARCHIVE_TO=$archive.part "$HBAR_ROOT/scripts/hbar" doctor || {
    rm -f "$BUILT" # the next set-up tries again
    die "hbar doctor found something that does not hold: see $HBAR_HOME/logs/self-test,-quick-start.log"
  }
  mv "$archive.part" "$archive"
  note "monitor/cli/target/hbar.aot"
}

# Waits for another set-up of this project, and clears away what one that was killed left behind.
lock_home() {
  local lock=$HBAR_HOME/lock owner waited=0
  mkdir -p "$HBAR_HOME"
  until mkdir "$lock" 2>/dev/null; do
    owner=$(cat "$lock/pid" 2>/dev/null || true)
    # Without an owner for a while it was killed between the two lines below.
    if [ -n "$owner" ] && ! kill -0 "$owner" 2>/dev/null || [ -z "$owner" ] && [ $waited -gt 5 ]; then
      rm -rf "$lock"
      continue
    fi
    [ $waited -gt 0 ] || echo "  waiting for the set-up that is running already (process $owner)"
    waited=$((waited + 1))
    sleep 1
  done
  echo $$ >"$lock/pid"
  trap 'rm -rf "$HBAR_HOME/lock"' EXIT
  rm -rf "$HBAR_HOME"/downloads/.fresh.* "$HBAR_HOME"/native.stage
}
