/**
 * The safetensors format: headers validated before a byte is loaded, tensors read into MLX, files
 * written. Reading a header needs no native library.
 */
package dev.hbar.mlx.safetensors;
