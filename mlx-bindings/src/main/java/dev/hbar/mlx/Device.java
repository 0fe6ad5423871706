package dev.hbar.mlx;

/** Where MLX computes; the order is MLX's own numbering. */
public enum Device {
  /** The processor. */
  CPU,
  /** Metal on a Mac, CUDA where MLX was set up with it. */
  GPU
}
