# What mlx-c needs to know of an unpacked MLX wheel; HBAR_MLX_PREFIX names its mlx/ folder.
# It stands in for the wheel's own package file, which names the Xcode of the machine that built the macOS wheel
# and asks for a whole CUDA toolkit where the CUDA wheel only needs its run-time libraries.
add_library(mlx SHARED IMPORTED)
set_target_properties(mlx PROPERTIES
  IMPORTED_LOCATION "${HBAR_MLX_PREFIX}/lib/libmlx${CMAKE_SHARED_LIBRARY_SUFFIX}"
  INTERFACE_INCLUDE_DIRECTORIES "${HBAR_MLX_PREFIX}/include"
  INTERFACE_COMPILE_FEATURES cxx_std_20
  INTERFACE_COMPILE_OPTIONS "SHELL:-include '${CMAKE_CURRENT_LIST_DIR}/gather_qmm.h'")
set(MLX_FOUND TRUE)

# hbar's own operations go into the same library, once mlx-c's own target is there.
set(HBAR_OWN "${CMAKE_CURRENT_LIST_DIR}/kernels.cpp" "${CMAKE_CURRENT_LIST_DIR}/packed_matmul.cpp"
  "${CMAKE_CURRENT_LIST_DIR}/fast_ops.cpp")
cmake_language(DEFER CALL target_sources mlxc PRIVATE ${HBAR_OWN})
