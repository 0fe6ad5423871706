# shellcheck shell=bash
# How libmlxc is built. A change in this folder makes scripts/setup build it again.

# build_mlx_c SOURCE BUILD PREFIX
build_mlx_c() {
  local linker="" rpath=@loader_path
  if [ "$(uname -s)" = Linux ]; then
    # The wheel's BLAS is the slow reference one. Symbols are taken from the first library that has them, so OpenBLAS
    # linked into libmlxc makes libmlx's own matmul 20 to 35 times faster.
    linker='-Wl,--no-as-needed -lopenblas'
    rpath="\$ORIGIN"
  fi
  cmake -S "$1" -B "$2" -DCMAKE_BUILD_TYPE=Release -DBUILD_SHARED_LIBS=ON \
    -DMLX_C_USE_SYSTEM_MLX=ON -DMLX_C_BUILD_EXAMPLES=OFF \
    -DMLX_DIR="$HBAR_ROOT/scripts/lib/native" -DHBAR_MLX_PREFIX="$3" \
    "-DCMAKE_CXX_FLAGS=-include '$HBAR_ROOT/scripts/lib/native/std_format.h'" \
    "-DCMAKE_SHARED_LINKER_FLAGS=$linker" \
    -DCMAKE_INSTALL_PREFIX="$3" -DCMAKE_INSTALL_LIBDIR=lib "-DCMAKE_INSTALL_RPATH=$rpath"
  cmake --build "$2" -j "$(getconf _NPROCESSORS_ONLN)"
  cmake --install "$2"
}
