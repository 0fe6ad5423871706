/**
 * MLX for any JVM program: arrays ({@link dev.hbar.mlx.MlxArray}), the scopes that own them ({@link
 * dev.hbar.mlx.MlxScope}) and the operations on them, under MLX's own names.
 */
package dev.hbar.mlx;
