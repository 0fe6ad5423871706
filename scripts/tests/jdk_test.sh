# shellcheck shell=bash disable=SC2154,SC2034,SC2317,SC2329
# Which JDK is taken, among folders that look like JDKs.
# shellcheck source=scripts/lib/tools.sh
. "$HBAR_ROOT/scripts/lib/tools.sh"
# shellcheck source=scripts/lib/native.sh
. "$HBAR_ROOT/scripts/lib/native.sh"

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

# A Mac whose /usr/bin holds Apple's stubs, with the Command Line Tools or without.
mac_with_stubs() {
  uname() { echo Darwin; }
  mkdir -p stubs
  # shellcheck disable=SC2086 # a number
  eval "xcode-select() { return $1; }"
  command() { if [ "$1" = -v ]; then echo "/usr/bin/$2"; else builtin command "$@"; fi; }
}

test_stubsOfTheCommandLineTools_areNotTheTools() {
  mac_with_stubs 2
  refused has_python
  refused has_make
  refused has_compiler
  mac_with_stubs 0
  accepted has_make
  command() { if [ "$1" = -v ]; then echo "/opt/homebrew/bin/$2"; else builtin command "$@"; fi; }
  eval 'xcode-select() { return 2; }'
  accepted has_make
}

test_macWithoutHomebrew_namesWhatWorksThere() {
  uname() { echo Darwin; }
  package_manager() { echo none; }
  jdk_on_path() { return 1; }
  unset JAVA_HOME
  has_jdk() { return 1; }
  has_maven() { return 1; }
  has_python() { return 1; }
  has_cmake() { return 1; }
  has_compiler() { return 1; }
  refused need_tools no jdk maven python cmake compiler
  one_line
  says "missing: jdk maven python cmake compiler; install with: a JDK $JDK_WANTED for macOS aarch64 from https://adoptium.net; Maven from"
  says_nothing_of brew
  says_nothing_of sdk
  [ "$(printf '%s' "$said" | grep -o 'xcode-select --install' | wc -l)" -eq 1 ] || fail "said twice: $said"
}

test_keptArchive_needsNoCargo() {
  HBAR_HOME=$PWD/home
  cargo() { return 1; }
  refused has_cargo
  mkdir -p home/downloads
  echo 'not the archive' >"home/downloads/mlx-sys-$MLX_C_VERSION.crate"
  refused has_cargo
  MLX_SYS_CRATE_SHA256=$(sha256_of "home/downloads/mlx-sys-$MLX_C_VERSION.crate")
  accepted has_cargo
}

# brew_has "MLX-C LINE" "MLX LINE": a Homebrew with these.
brew_has() {
  mlxc_line=$1 mlx_line=$2
  uname() { echo Darwin; }
  brew() { case $3 in mlx-c) echo "$mlxc_line" ;; mlx) echo "$mlx_line" ;; esac; }
}

test_homebrewsMlxC_isTakenWithinTheVersionGateOnly() {
  grep -q "MLX_MINIMUM = \"$MLX_LEAST\"" "$HBAR_ROOT/mlx-bindings/src/main/java/dev/hbar/mlx/internal/VersionGate.java" || fail 'another least MLX in Java'
  brew_has "mlx-c $MLX_C_VERSION" 'mlx 0.32.1'
  accepted homebrew_fits
  brew_has "mlx-c ${MLX_C_VERSION}_1" 'mlx 0.33.0_2'
  accepted homebrew_fits
  brew_has "mlx-c $MLX_C_VERSION" 'mlx 0.32.0'
  refused homebrew_fits
  brew_has "mlx-c $MLX_C_VERSION" 'mlx 0.4.10'
  refused homebrew_fits
  brew_has 'mlx-c 0.6.0' 'mlx 0.32.2'
  refused homebrew_fits
  brew_has '' ''
  refused homebrew_fits
}

test_cargoWithoutToolchain_isNamedWithRustupsCommand() {
  HBAR_HOME=$PWD/home # that keeps no archive
  mkdir bin
  printf '#!/bin/sh\necho "error: rustup could not choose a version of cargo to run" >&2\nexit 1\n' >bin/cargo
  chmod +x bin/cargo
  PATH=$PWD/bin:$PATH
  package_manager() { echo none; }
  refused need_tools no cargo
  one_line
  says 'missing: cargo; install with: rustup default stable (cargo is here, but has no toolchain)'
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
