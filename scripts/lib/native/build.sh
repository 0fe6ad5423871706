# shellcheck shell=bash
# How libmlxc is built. A change in this folder makes scripts/setup build it again.

# build_mlx_c SOURCE BUILD PREFIX SYSTEM CXX_FLAGS LINKER_FLAGS [CMAKE_OPTION...]: SYSTEM is Linux or Darwin.
build_mlx_c() {
  local source=$1 build=$2 prefix=$3 linker=$6 rpath=@loader_path
  if [ "$4" = Linux ]; then
    # The wheel's BLAS is the slow reference one. Symbols are taken from the first library that has them, so OpenBLAS
    # linked into libmlxc makes libmlx's own matmul 20 to 35 times faster. The run path is also that of what OpenBLAS needs.
    linker="-Wl,--disable-new-dtags,--no-as-needed -lopenblas $linker"
    rpath="\$ORIGIN"
  fi
  cmake -S "$source" -B "$build" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON \
    -DMLX_C_USE_SYSTEM_MLX=ON -DMLX_C_BUILD_EXAMPLES=OFF \
    -DMLX_DIR="$HBAR_ROOT/scripts/lib/native" -DHBAR_MLX_PREFIX="$prefix" \
    "-DCMAKE_CXX_FLAGS=-include '$HBAR_ROOT/scripts/lib/native/std_format.h' $5" \
    "-DCMAKE_SHARED_LINKER_FLAGS=$linker" \
    -DCMAKE_INSTALL_PREFIX="$prefix" -DCMAKE_INSTALL_LIBDIR=lib "-DCMAKE_INSTALL_RPATH=$rpath" "${@:7}"
  cmake --build "$build" -j "$(getconf _NPROCESSORS_ONLN)"
  cmake --install "$build"
}
