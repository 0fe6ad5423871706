/**
 * MLX for the JVM. Only {@code dev.hbar.mlx} is exported: the generated bindings and everything
 * that names a memory segment stay behind it.
 */
module dev.hbar.mlx {
  requires com.fasterxml.jackson.core;

  exports dev.hbar.mlx;
}
