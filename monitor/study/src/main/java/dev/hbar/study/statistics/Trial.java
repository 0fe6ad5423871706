package dev.hbar.study.statistics;

/**
 * A point on the line of a line search.
 *
 * @param step distance from the start, in units of the direction
 * @param value of the function there
 * @param slope its derivative along the direction
 */
record Trial(double step, double value, double slope) {
  /** The same point of the function with a linear one, {@code gradient * step}, added. */
  Trial plus(double gradient) {
    return new Trial(step, value + step * gradient, slope + gradient);
  }
}
