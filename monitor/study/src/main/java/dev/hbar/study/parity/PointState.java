package dev.hbar.study.parity;

import dev.hbar.model.capture.CapturePoint;

/**
 * A named state of the prompt's pass on the host.
 *
 * @param shape with the batch axis of 1 and the axis of positions, whatever their number
 * @param values float32, row by row
 */
public record PointState(CapturePoint point, int[] shape, float[] values) {}
