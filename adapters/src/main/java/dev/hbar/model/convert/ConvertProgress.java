package dev.hbar.model.convert;

/**
 * How far a conversion is.
 *
 * @param step what is being done: {@code hashing the source}, or the name of the tensor being
 *     written
 * @param done bytes of the output that are written
 * @param total bytes of the output's tensors
 */
public record ConvertProgress(String step, long done, long total) {}
