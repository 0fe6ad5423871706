# shellcheck shell=bash
# Native MLX in $HBAR_HOME/native: the wheel as it is, with libmlxc built from mlx-c's source beside libmlx.

NATIVE=$HBAR_HOME/native
MLX_LEAST=0.32.1 # as VersionGate has it

# shellcheck source=scripts/lib/download.sh
. "$HBAR_ROOT/scripts/lib/download.sh"
# shellcheck source=scripts/lib/native/build.sh
. "$HBAR_ROOT/scripts/lib/native/build.sh"

# native_wheel SYSTEM MACHINE MACOS VARIANT (MACOS: 15 or 26.2): prints "PACKAGE PLATFORM FILE" of the pinned wheel.
native_wheel() {
  local package=mlx-cpu platform major=${3%%.*} minor=0
  case $3 in *.*) minor=${3#*.} minor=${minor%%.*} ;; esac
  case $1-$2 in
    Linux-x86_64) platform=manylinux_2_35_x86_64 ;;
    Linux-aarch64 | Linux-arm64) platform=manylinux_2_35_aarch64 ;;
    Darwin-arm64)
      package=mlx-metal
      # The libraries of the wheel for macOS 26 are built for 26.2 (their LC_BUILD_VERSION says so).
      if [ "$major" -gt 26 ] || { [ "$major" -eq 26 ] && [ "$minor" -ge 2 ]; }; then platform=macosx_26_0_arm64
      elif [ "$major" -ge 14 ]; then platform=macosx_$((major > 15 ? 15 : major))_0_arm64
      else die "macOS $3 is too old for MLX $MLX_VERSION: macOS 14 or newer is needed"; fi
      ;;
    Darwin-*) die "MLX needs Apple silicon, and this shell runs on $2; on an M-series Mac start it without Rosetta" ;;
    *) die "MLX $MLX_VERSION is not published for $1 on $2; it is for Linux on x86-64 and arm64, and macOS on Apple silicon" ;;
  esac
  case $4 in
    cuda-*)
      [ "$1" = Linux ] || die "MLX for CUDA is published for Linux only; without --cuda the Mac's own GPU is used"
      package=mlx-$4
      ;;
  esac
  echo "$package $platform $(echo "$package" | tr - _)-$MLX_VERSION-py3-none-$platform.whl"
}

this_machines_wheel() {
  local macos=0
  [ "$(uname -s)" != Darwin ] || macos=$(sw_vers -productVersion)
  native_wheel "$(uname -s)" "$(uname -m)" "$macos" "$1"
}

# Every wheel that a Mac may be given: tests read what its libraries ask of the system.
fetch_mac_wheels() {
  local macos wheel
  for macos in 14 15 26.2; do
    # shellcheck disable=SC2207 # three words without blanks
    wheel=($(native_wheel Darwin arm64 "$macos" pinned))
    fetch_wheel "${wheel[0]}" "$MLX_VERSION" "${wheel[2]}" "${wheel[1]}"
  done
}

# native_stamp VARIANT: changes with the pins, the platform and the way of building.
native_stamp() {
  [ "$1" != homebrew ] || { echo homebrew; return; }
  this_machines_wheel "$1"
  cat "$HBAR_ROOT/scripts/lib/pins.sh" "$HBAR_ROOT"/scripts/lib/native/* | cksum
}

native_is_current() {
  [ -f "$NATIVE/stamp" ] && [ "$(cat "$NATIVE/stamp")" = "$(native_stamp "$1")" ]
}

fetch_native() {
  local wheel
  # shellcheck disable=SC2207 # three words without blanks
  wheel=($(this_machines_wheel "$1"))
  fetch_wheel "${wheel[0]}" "$MLX_VERSION" "${wheel[2]}" "${wheel[1]}"
  fetch_crate mlx-sys "$MLX_C_VERSION" "$MLX_SYS_CRATE_SHA256"
  case $1 in
    cuda-*) # pip itself checks NVIDIA's wheels against the sha256 in this file
      python3 -m pip download -q --disable-pip-version-check --no-deps --require-hashes --only-binary=:all: \
        -r "$HBAR_ROOT/scripts/lib/native/$1.txt" -d "$HBAR_HOME/downloads/$1"
      ;;
  esac
  note "${wheel[2]}, mlx-sys-$MLX_C_VERSION.crate"
}

# Builds in a folder beside the final one and renames it at the end, so that there is a whole one or none.
build_native() {
  local stage=$HBAR_HOME/native.stage wheel source each
  wheel=$(this_machines_wheel "$1")
  rm -rf "$stage"
  mkdir -p "$stage"
  python3 -m zipfile -e "$HBAR_HOME/downloads/${wheel##* }" "$stage"
  case $1 in
    cuda-*) for each in "$HBAR_HOME/downloads/$1"/*.whl; do python3 -m zipfile -e "$each" "$stage"; done ;;
  esac
  tar -xzf "$HBAR_HOME/downloads/mlx-sys-$MLX_C_VERSION.crate" -C "$stage"
  source=$stage/mlx-sys-$MLX_C_VERSION
  build_mlx_c "$source/src/mlx-c" "$stage/build" "$stage/mlx" "$(uname -s)" '' ''
  rm -rf "$source" "$stage/build"
  check_loads "$stage/mlx/lib"
  hash_libraries "$stage/mlx/lib"
  native_stamp "$1" >"$stage/stamp"
  replace_native "$stage"
  note "libmlx $MLX_VERSION and libmlxc $MLX_C_VERSION in $NATIVE/mlx/lib"
}

# hash_libraries FOLDER: writes their SHA-256 beside them, for `hbar doctor` to compare.
hash_libraries() (
  cd "$1" || exit
  if command -v sha256sum >/dev/null; then sha256sum libmlx*.*; else shasum -a 256 libmlx*.*; fi >hbar.sha256
)

# A library that needs an environment variable to load must be found out here, not in Java. Apple's Python may be
# forbidden to load it, so on macOS `hbar doctor` is the first to try.
check_loads() {
  [ "$(uname -s)" = Linux ] || return 0
  case $(readelf -d "$1/libmlx.so" 2>/dev/null) in *libcuda.so*) return 0 ;; esac # needs NVIDIA's driver
  env -u LD_LIBRARY_PATH python3 -c 'import ctypes, sys; ctypes.CDLL(sys.argv[1])' "$1/libmlxc.so"
}

# replace_native FOLDER: puts it in the place of the installed one.
replace_native() {
  rm -rf "$NATIVE.old"
  [ ! -e "$NATIVE" ] || mv "$NATIVE" "$NATIVE.old"
  mv "$1" "$NATIVE"
  rm -rf "$NATIVE.old"
}

# Homebrew's mlx-c in place of the pinned build; whether its version will do is for `hbar doctor` to say.
# Whether Homebrew has brought an mlx-c that hbar takes: the pinned version of it, and an MLX that is no older than it needs.
homebrew_fits() {
  local library binding
  [ "$(uname -s)" = Darwin ] && command -v brew >/dev/null || return 1
  binding=$(brew list --versions mlx-c 2>/dev/null | awk '{ print $NF }')
  library=$(brew list --versions mlx 2>/dev/null | awk '{ print $NF }')
  [ "${binding%%_*}" = "$MLX_C_VERSION" ] && at_least "${library%%_*}" "$MLX_LEAST"
}

# at_least VERSION LEAST: whether a version of numbers and dots is no older than another.
at_least() {
  [ -n "$1" ] && [ "$(printf '%s\n%s\n' "$2" "$1" | sort -t . -k 1,1n -k 2,2n -k 3,3n | head -n 1)" = "$2" ]
}

use_homebrew() {
  if [ "$(uname -s)" != Darwin ] || ! command -v brew >/dev/null; then
    die "--homebrew is for macOS with Homebrew; scripts/setup --pinned brings the pinned build"
  fi
  homebrew_fits || brew install mlx-c
  rm -rf "$HBAR_HOME/native.stage"
  mkdir -p "$HBAR_HOME/native.stage"
  native_stamp homebrew >"$HBAR_HOME/native.stage/stamp"
  replace_native "$HBAR_HOME/native.stage"
  note "mlx-c $(brew list --versions mlx-c | cut -d' ' -f2) of Homebrew"
}
