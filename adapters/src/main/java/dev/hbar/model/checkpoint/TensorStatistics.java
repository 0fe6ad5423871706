package dev.hbar.model.checkpoint;

/**
 * What the values of a tensor are like. Mean, deviation and extremes are those of the finite
 * values, and NaN when there is none.
 *
 * @param finite number of values that are neither NaN nor infinite
 * @param nan number of NaNs
 * @param infinite number of infinities
 * @param deviation the standard deviation, with the number of values as divisor
 */
public record TensorStatistics(
    long finite, long nan, long infinite, double min, double max, double mean, double deviation) {
  /** Of no values. */
  static final TensorStatistics EMPTY =
      new TensorStatistics(0, 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

  /**
   * Of both parts together. Sums of squared differences are joined by the formula of Chan, Golub
   * and LeVeque, which loses no digits where sums of squares would.
   */
  TensorStatistics and(TensorStatistics other) {
    if (finite == 0 || other.finite == 0) {
      TensorStatistics known = finite == 0 ? other : this;
      return new TensorStatistics(
          known.finite,
          nan + other.nan,
          infinite + other.infinite,
          known.min,
          known.max,
          known.mean,
          known.deviation);
    }
    long count = finite + other.finite;
    double difference = other.mean - mean;
    double joined = mean + difference * other.finite / count;
    double squares =
        squares() + other.squares() + difference * difference * finite * other.finite / count;
    return new TensorStatistics(
        count,
        nan + other.nan,
        infinite + other.infinite,
        Math.min(min, other.min),
        Math.max(max, other.max),
        joined,
        Math.sqrt(squares / count));
  }

  private double squares() {
    return deviation * deviation * finite;
  }
}
