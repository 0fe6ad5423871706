/**
 * MLX for the JVM. Exported are {@code dev.hbar.mlx}, arrays and operations, and {@code
 * dev.hbar.mlx.safetensors}, the file format; the generated bindings and everything that names a
 * memory segment stay behind it.
 */
module dev.hbar.mlx {
  requires com.fasterxml.jackson.core;

  exports dev.hbar.mlx;
  exports dev.hbar.mlx.safetensors;
}
