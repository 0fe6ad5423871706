/**
 * Makes MLX checkpoint folders out of GGUF files and other checkpoint folders, in bounded memory.
 * GGUF is read in pure Java, since MLX's own reader crashes on damaged files.
 */
package dev.hbar.model.convert;
