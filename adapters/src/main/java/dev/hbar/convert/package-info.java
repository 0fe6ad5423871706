/**
 * Makes MLX checkpoint folders out of GGUF files. Pure Java with bounded memory: MLX's own GGUF
 * reader crashes on damaged files, so nothing here calls it.
 */
package dev.hbar.convert;
