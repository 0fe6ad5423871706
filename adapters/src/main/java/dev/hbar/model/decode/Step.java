package dev.hbar.model.decode;

/**
 * What one step gave, in plain Java.
 *
 * @param tokens for each row
 * @param measured for each row, what the probe measured
 */
public record Step(int[] tokens, float[][] measured) {}
