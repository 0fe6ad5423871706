# shellcheck shell=bash disable=SC2154
# Set-up as a user runs it, on this very project, which is set up already.

SETUP=$HBAR_ROOT/scripts/setup

# kept_home: a home of this test's own that shares the downloads and the native library, so that nothing is fetched.
kept_home() {
  mkdir home
  ln -s "$HBAR_HOME/downloads" home/downloads
  cp -R "$HBAR_HOME/native" home/native
  cp "$HBAR_HOME/native.variant" home/native.variant
}

# broken_cmake COMMANDS: a cmake that only runs these shell commands.
broken_cmake() {
  mkdir -p bin
  printf '#!/bin/sh\n%s\n' "$1" >bin/cmake
  chmod +x bin/cmake
}

test_setUpTwice_doesNothingTheSecondTime() {
  accepted "$SETUP"
  accepted "$SETUP"
  says 'native MLX               up to date'
  says 'Java build               up to date'
  says 'Next: scripts/hbar'
}

test_setUpFromAnotherFolder_works() {
  cd /
  accepted "$SETUP" --native-only
  says 'up to date'
}

test_nativeLibrary_loadsWithNoEnvironment() {
  [ "$(uname -s)" = Linux ] || skip "Apple's Python may not load other libraries; hbar doctor does"
  accepted env -i "$(command -v python3)" -c 'import ctypes, sys
mlx = ctypes.CDLL(sys.argv[1] + "/libmlxc.so")
mlx.mlx_array_new_float.restype = ctypes.c_void_p
assert mlx.mlx_array_new_float' "$HBAR_HOME/native/mlx/lib"
}

test_nativeLibrary_takesMatmulFromOpenBlas() {
  [ "$(uname -s)" = Linux ] || skip "macOS has Accelerate"
  accepted readelf -d "$HBAR_HOME/native/mlx/lib/libmlxc.so"
  case ${said%%libmlx.so*} in *libopenblas*) ;; *) fail "OpenBLAS does not come first: $said" ;; esac
}

test_changedPins_failingBuild_leavesTheOldLibrary() {
  kept_home
  echo 'other pins' >home/native/stamp
  broken_cmake 'echo no such generator; exit 1'
  refused env HBAR_HOME="$PWD/home" PATH="$PWD/bin:$PATH" "$SETUP" --native-only
  says 'no such generator'
  says 'build native MLX failed'
  [ "$(cat home/native/stamp)" = 'other pins' ] || fail "the old library is gone"
  [ ! -e home/lock ] || fail "the lock was left"
}

test_killedBuild_leavesNoHalfLibrary_andTheNextSetUpGoesOn() {
  kept_home
  rm -rf home/native
  broken_cmake 'touch reached; exec sleep 20'
  HBAR_HOME=$PWD/home PATH=$PWD/bin:$PATH "$SETUP" --native-only &
  until [ -e reached ]; do
    kill -0 $! 2>/dev/null || fail "set-up ended before cmake"
    sleep 0.1
  done
  kill -9 $!
  wait $! 2>/dev/null || true
  [ ! -e home/native ] || fail "half a library is in its place"
  [ -e home/lock ] || fail "expected the lock of the killed set-up, for the next step to mean something"
  cp -R "$HBAR_HOME/native" home/native
  accepted env HBAR_HOME="$PWD/home" "$SETUP" --native-only
  says 'up to date'
  [ ! -e home/native.stage ] || fail "what the killed set-up left is still there"
}

test_unknownOption_isWrongUsage() {
  status=0
  said=$("$SETUP" --cuda 11 2>&1) || status=$?
  [ $status -eq 2 ] || fail "exit status $status"
  one_line
  says 'takes 12 or 13'
}

test_homebrewElsewhere_isRefusedInOneLine_andTheLibraryStays() {
  [ "$(uname -s)" != Darwin ] || skip "this is macOS, where it would install mlx-c"
  kept_home
  refused env HBAR_HOME="$PWD/home" "$SETUP" --homebrew --native-only
  says 'setup: --homebrew is for macOS'
  accepted env HBAR_HOME="$PWD/home" "$SETUP" --native-only
  says 'up to date'
}

test_help_namesEveryOption() {
  accepted "$SETUP" --help
  says '--native-only'
  says '--homebrew'
  says_nothing_of 'set -euo'
}

test_stdFormat_putsArgumentsInPlace() {
  cat >t.cpp <<'CPP'
#include <cassert>
#ifdef __cpp_lib_format
#include <format>
#endif
int main() {
  assert(std::format("read {} of {}", 3, "x") == "read 3 of x");
  assert(std::format("none") == "none");
  assert(std::format("{}{}!", 1, 2L) == "12!");
}
CPP
  accepted c++ -std=c++20 -include "$HBAR_ROOT/scripts/lib/native/std_format.h" t.cpp -o t
  accepted ./t
}

# A machine runs the better of its instruction sets only; both are compared with sums in double.
test_kernelsOfBothInstructionSets_areSumsInDouble() {
  [ "$(uname -sm)" = 'Linux x86_64' ] || return 0
  accepted c++ -std=c++20 -O2 -I "$HBAR_ROOT/scripts/lib/native" "$HBAR_ROOT/scripts/tests/kernels/check.cpp" -o check
  accepted ./check
  says ': 0 faults'
}
