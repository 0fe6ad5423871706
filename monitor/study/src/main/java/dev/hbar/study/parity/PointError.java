package dev.hbar.study.parity;

import java.util.OptionalDouble;

/**
 * The error at one point.
 *
 * @param growth relative error over that of the block before; only for block outputs, and only
 *     where there is one before with an error
 */
public record PointError(PointPair pair, ErrorStatistics error, OptionalDouble growth) {}
