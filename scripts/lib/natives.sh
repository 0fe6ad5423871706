# shellcheck shell=bash
# The jars of native MLX: for each platform the pinned wheel, libmlxc and, on Linux, OpenBLAS with what it needs.
# A jar is written when everything in it was found to fit; the one of another platform is made with a compiler for it.

# shellcheck disable=SC2034 # for scripts/natives
NATIVES_PLATFORMS='linux-x86_64 linux-aarch64 macos-aarch64'
NATIVES_JARS=$HBAR_ROOT/mlx-bindings/natives/target
ZIG_WHEEL=ziglang-0.17.1-py3-none-manylinux_2_12_x86_64.manylinux2010_x86_64.musllinux_1_1_x86_64.whl
OPENBLAS_LIBRARIES='libopenblas libgfortran libquadmath'

# As the classifiers of the jars are called.
this_platform() {
  case $(uname -s)-$(uname -m) in
    Darwin-arm64) echo macos-aarch64 ;;
    Linux-arm64 | Linux-aarch64) echo linux-aarch64 ;;
    Linux-*) echo "linux-$(uname -m)" ;;
    *) die "native MLX is not built on $(uname -s) $(uname -m)" ;;
  esac
}

# natives_stamp PLATFORM: changes with the pins, the way of building, and set-up's own build where that goes into the jar.
natives_stamp() {
  [ "$1" != "linux-$(uname -m)" ] || cat "$NATIVE/stamp" 2>/dev/null || true
  cat "$HBAR_ROOT/scripts/lib/pins.sh" "$HBAR_ROOT/scripts/lib/natives.sh" "$HBAR_ROOT"/scripts/lib/native/* | cksum
}

natives_are_current() {
  [ -f "$NATIVES_JARS/mlx-natives-$1.jar" ] && [ "$(cat "$NATIVES_JARS/mlx-natives-$1.stamp" 2>/dev/null)" = "$(natives_stamp "$1")" ]
}

# build_natives PLATFORM: leaves the jar in the module's target folder, whole or not at all.
build_natives() {
  local stage=$HBAR_HOME/natives.$1 jar=$NATIVES_JARS/mlx-natives-$1.jar
  rm -rf "$stage"
  mkdir -p "$stage/licenses" "$NATIVES_JARS"
  case $1 in
    "linux-$(uname -m)")
      native_is_current pinned || die "native MLX is not the pinned build of this version here: run scripts/setup --pinned first"
      cp -R "$NATIVE/mlx" "$NATIVE"/mlx_*.libs "$NATIVE"/mlx_*.dist-info "$stage"
      openblas_of_this_machine "$stage"
      ;;
    linux-aarch64) cross_build "$1" 'Linux aarch64 0' need_arm64_tools linux_aarch64_mlx_c ;;
    macos-aarch64) cross_build "$1" 'Darwin arm64 14' need_mac_tools macos_mlx_c ;;
    *) die "linux-x86_64 is built on Linux on x86-64 only, this is $(uname -s) $(uname -m)" ;;
  esac
  cp "$stage"/mlx_*.dist-info/licenses/LICENSE "$stage/licenses/mlx.txt"
  tar -xzOf "$HBAR_HOME/downloads/mlx-sys-$MLX_C_VERSION.crate" "mlx-sys-$MLX_C_VERSION/src/mlx-c/LICENSE" >"$stage/licenses/mlx-c.txt"
  case $1 in linux-*) check_linux_natives "$stage" ;; esac
  pack_natives "$1" "$stage" "$jar"
  natives_stamp "$1" >"${jar%.jar}.stamp"
  rm -rf "$stage"
  note "$(basename "$jar"), $(($(wc -c <"$jar") >> 20)) MiB"
}

# cross_build PLATFORM 'SYSTEM MACHINE MACOS' NEED BUILD: unpacks the wheel into the stage and builds libmlxc in it.
cross_build() {
  local stage=$HBAR_HOME/natives.$1 wheel source
  "$3"
  # shellcheck disable=SC2207,SC2086 # words without blanks
  wheel=($(native_wheel $2 pinned))
  fetch_wheel "${wheel[0]}" "$MLX_VERSION" "${wheel[2]}" "${wheel[1]}"
  fetch_crate mlx-sys "$MLX_C_VERSION" "$MLX_SYS_CRATE_SHA256"
  python3 -m zipfile -e "$HBAR_HOME/downloads/${wheel[2]}" "$stage"
  tar -xzf "$HBAR_HOME/downloads/mlx-sys-$MLX_C_VERSION.crate" -C "$stage"
  source=$stage/mlx-sys-$MLX_C_VERSION/src/mlx-c
  "$4" "$stage" "$source" "$stage/build"
}

need_arm64_tools() {
  local each
  [ "$(uname -s)" = Linux ] || die "linux-aarch64 is built on Linux, this is $(uname -s)"
  for each in aarch64-linux-gnu-g++ apt-get dpkg-deb; do
    command -v "$each" >/dev/null ||
      die "no $each: linux-aarch64 is built on such a machine, or on Debian for x86-64 with apt-get install g++-aarch64-linux-gnu"
  done
}

linux_aarch64_mlx_c() {
  openblas_of_arm64 "$1"
  build_mlx_c "$2" "$3" "$1/mlx" Linux '' "-L'$1/blas' -Wl,-rpath-link,'$1/mlx/lib' -Wl,-rpath-link,'$1/mlx_cpu.libs'" \
    -DCMAKE_SYSTEM_NAME=Linux -DCMAKE_SYSTEM_PROCESSOR=aarch64 \
    -DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc -DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++
}

need_mac_tools() {
  case $(uname -s)-$(uname -m) in
    Darwin-arm64) ;;
    Linux-x86_64) fetch_wheel ziglang "$(echo "$ZIG_WHEEL" | cut -d- -f2)" "$ZIG_WHEEL" manylinux_2_12_x86_64 ;;
    *) die "macos-aarch64 is built on a Mac with Apple silicon, or on Linux on x86-64" ;;
  esac
}

# macos_mlx_c STAGE SOURCE BUILD: with Apple's own compiler on a Mac; with zig elsewhere, which links its own C++ runtime unless it
# is told not to.
macos_mlx_c() {
  local zig=$1/zig/ziglang/zig
  if [ "$(uname -s)" = Darwin ]; then
    build_mlx_c "$2" "$3" "$1/mlx" Darwin '' '' -DCMAKE_OSX_DEPLOYMENT_TARGET=14.0
    return
  fi
  python3 -m zipfile -e "$HBAR_HOME/downloads/$ZIG_WHEEL" "$1/zig"
  chmod +x "$zig"
  ZIG_GLOBAL_CACHE_DIR=$1/zig/cache ZIG_LOCAL_CACHE_DIR=$1/zig/cache build_mlx_c "$2" "$3" "$1/mlx" Darwin \
    '-target aarch64-macos.14.0 -fno-sized-deallocation' "-nostdlib++ '$HBAR_ROOT/scripts/lib/native/libc++.tbd'" \
    -DCMAKE_SYSTEM_NAME=Darwin -DCMAKE_SYSTEM_PROCESSOR=arm64 -DCMAKE_OSX_SYSROOT= '-DCMAKE_C_FLAGS=-target aarch64-macos.14.0' \
    -DCMAKE_C_COMPILER="$zig" -DCMAKE_C_COMPILER_ARG1=cc -DCMAKE_CXX_COMPILER="$zig" -DCMAKE_CXX_COMPILER_ARG1=c++ \
    -DCMAKE_INSTALL_NAME_TOOL=/bin/true -DCMAKE_MACOSX_RPATH=ON -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON
}

# What libmlxc was linked with, under the names that it asks for, and their licences.
openblas_of_this_machine() {
  local each path
  for each in $OPENBLAS_LIBRARIES; do
    path=$(ldd "$1/mlx/lib/libmlxc.so" | awk -v name="$each" 'index($1, name ".so") == 1 { print $3 }')
    [ -z "$path" ] || cp -L "$path" "$1/mlx/lib/$(basename "$path")"
  done
  openblas_licenses /usr/share "$1/licenses"
}

# The same from Debian's packages for arm64, which apt checks; its own lists and architecture stay as they are.
openblas_of_arm64() {
  local apt=$1/apt
  mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial" "$1/blas"
  : >"$apt/status"
  (
    cd "$apt" || exit
    set -- -q -o APT::Architecture=arm64 -o APT::Architectures=arm64 -o APT::Sandbox::User=root -o "Dir::State::lists=$apt/lists" \
      -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache"
    apt-get "$@" update
    apt-get "$@" download libopenblas0-pthread libgfortran5 gcc-12-base
    for each in ./*.deb; do dpkg-deb -x "$each" "$apt/root"; done
  )
  cp -L "$apt/root/usr/lib/aarch64-linux-gnu/openblas-pthread/libopenblas.so.0" "$apt/root/usr/lib/aarch64-linux-gnu/libgfortran.so.5" "$1/mlx/lib"
  ln -s "$1/mlx/lib/libopenblas.so.0" "$1/blas/libopenblas.so"
  ln -s "$1/mlx/lib/libgfortran.so.5" "$1/blas/libgfortran.so.5"
  openblas_licenses "$apt/root/usr/share" "$1/licenses"
}

# openblas_licenses SHARE FOLDER: in Debian's place for them, or in that of Fedora and Arch.
openblas_licenses() {
  local each kept
  for each in openblas 'gfortran|gcc'; do
    kept=$(find -L "$1/doc" "$1/licenses" -type f \( -name copyright -o -name 'LICENSE*' -o -name 'COPYING*' \) 2>/dev/null |
      grep -E "/(lib)?($each)[^/]*/[^/]*$" | sort | head -n 1) || true
    [ -n "$kept" ] || die "no licence of ${each%|*} below $1: it has to go into the jar"
    cp "$kept" "$2/${each%|*}.txt"
  done
}

# check_linux_natives STAGE: every library that one of them needs is in the jar or on every Linux, in the version that the wheel asks for.
check_linux_natives() {
  local library needed newest
  for library in "$1"/mlx/lib/*.so* "$1"/mlx_*.libs/*; do
    for needed in $(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'); do
      case $needed in
        libc.so.6 | libm.so.6 | libdl.so.2 | libpthread.so.0 | librt.so.1 | libstdc++.so.6 | libgcc_s.so.1 | ld-linux-*) ;;
        *) [ -f "$1/mlx/lib/$needed" ] || [ -f "$(echo "$1"/mlx_*.libs)/$needed" ] || die "${library##*/} needs $needed, which is not there" ;;
      esac
    done
    for newest in GLIBC_2.35 GLIBCXX_3.4.30; do # of the wheel: manylinux_2_35
      needed=$(readelf -V "$library" | grep -oE "Name: ${newest%%_*}_[0-9.]+" | sed 's/.*_//' | sort -t . -k 1,1n -k 2,2n -k 3,3n | tail -n 1) || true
      [ -z "$needed" ] || at_least "${newest#*_}" "$needed" ||
        die "${library##*/} needs ${newest%%_*} $needed, newer than ${newest#*_}: build on an older system, such as Debian 12"
    done
  done
}

# pack_natives PLATFORM STAGE JAR: the same bytes each time.
pack_natives() {
  local root=$2/jar place=META-INF/hbar/natives/$1 each
  mkdir -p "$root/$place/mlx/lib" "$root/META-INF/licenses"
  for each in "$2"/mlx/lib/*.so* "$2"/mlx/lib/*.dylib "$2"/mlx/lib/*.metallib; do
    [ ! -f "$each" ] || cp -L "$each" "$root/$place/mlx/lib"
  done
  for each in "$2"/mlx_*.libs; do
    [ ! -d "$each" ] || cp -R "$each" "$root/$place"
  done
  cp "$2"/licenses/* "$root/META-INF/licenses"
  (
    cd "$root/$place/mlx/lib" || exit
    for each in lib* mlx.* ../../mlx_*.libs/*; do
      [ ! -f "$each" ] || printf '%s  %s\n' "$(sha256_of "$each")" "$each"
    done >"$2/hbar.sha256"
    mv "$2/hbar.sha256" .
  )
  printf 'Automatic-Module-Name: dev.hbar.mlx.natives.%s\nMLX-Version: %s\nMLX-C-Version: %s\n' "$(echo "$1" | tr - .)" \
    "$MLX_VERSION" "$MLX_C_VERSION" >"$2/manifest"
  (cd "$root" && find META-INF -type f | LC_ALL=C sort) >"$2/files"
  (cd "$root" && "$JDK_HOME/bin/jar" --create --file "$2/natives.jar" --date 2026-01-01T00:00:00Z --manifest "$2/manifest" "@$2/files")
  mv "$2/natives.jar" "$3"
}
