# shellcheck shell=bash disable=SC2154,SC2034,SC2317
# Which JDK is taken, among folders that look like JDKs.
# shellcheck source=scripts/lib/tools.sh
. "$HBAR_ROOT/scripts/lib/tools.sh"

usual_jdk_places() { JDK_PLACES=("$PWD"/usual/*); }

found_is() {
  find_jdk || fail "found no JDK"
  [ "$JDK_HOME" = "$1" ] || fail "found $JDK_HOME, not $1"
}

test_javaHomeNewEnough_wins() {
  fake_jdk usual/a 25.0.1
  fake_jdk mine 26
  JAVA_HOME=$PWD/mine found_is "$PWD/mine"
}

test_javaHomeTooOld_isPassedOver() {
  fake_jdk mine 17.0.15
  fake_jdk usual/a 1.8.0_402
  fake_jdk usual/b 25
  JAVA_HOME=$PWD/mine found_is "$PWD/usual/b"
}

test_jdkOnPathBehindRelativeLinks_isFound() {
  unset JAVA_HOME
  fake_jdk deep/jdk 25.0.3
  mkdir bin
  ln -s ../deep/javac bin/javac
  ln -s jdk/bin/javac deep/javac
  PATH=$PWD/bin:$PATH found_is "$PWD/deep/jdk"
}

test_intelJdkOnMac_isPassedOver() {
  unset JAVA_HOME
  fake_jdk usual/a 25 x86_64
  fake_jdk usual/b 25 aarch64
  OSTYPE=darwin24 found_is "$PWD/usual/b"
}

test_noJdk_isNamedWithACommand() {
  unset JAVA_HOME
  PATH=/usr/bin:/bin
  jdk_on_path() { return 1; }
  package_manager() { echo dnf; }
  refused need_tools no jdk
  one_line
  says 'missing: jdk; install with: dnf install -y java-25-openjdk-devel'
}

test_debianWithoutJdk25_namesTemurin() {
  jdk_on_path() { return 1; }
  unset JAVA_HOME
  apt-cache() { return 1; }
  package_manager() { echo apt-get; }
  refused need_tools no jdk
  one_line
  says 'Temurin 25'
}

test_toolsMissing_areAllNamedInOneCommand() {
  has_cmake() { return 1; }
  has_cargo() { return 1; }
  has_openblas() { return 1; }
  package_manager() { echo apt-get; }
  refused need_tools no cmake cargo openblas
  one_line
  says 'missing: cmake cargo openblas; install with: apt-get install -y --no-install-recommends cmake cargo libopenblas-dev'
}

test_macWithoutCompiler_namesApplesOwn() {
  uname() { echo Darwin; }
  has_compiler() { return 1; }
  has_cmake() { return 1; }
  package_manager() { echo brew; }
  refused need_tools no cmake compiler openblas fonts
  one_line
  says 'missing: cmake compiler; install with: brew install cmake; xcode-select --install'
}
