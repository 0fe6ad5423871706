package dev.hbar.study.parity;

/**
 * How far values are from a reference. NaN and infinity on either side are kept: they are never
 * within a bound.
 *
 * @param meanAbsolute mean of |a - r|
 * @param maxAbsolute largest |a - r|
 * @param rmse root of the mean of (a - r)^2
 * @param relative largest |a - r| over the largest |r| of the same position, at the worst position:
 *     what a bound is held against. By position, because the first token's state may be a hundred
 *     times larger than all others and would hide their errors.
 * @param cosine a.r / (|a| |r|); 1 when both are zero
 * @param largest largest |r|
 */
public record ErrorStatistics(
    long count,
    double meanAbsolute,
    double maxAbsolute,
    double rmse,
    double relative,
    double cosine,
    double largest) {
  private static final double CLOSE = 0.05;
  private static final double MUCH = 10;

  /**
   * Compares two states of equal shape.
   *
   * @param positionAxis index of the axis of positions
   */
  static ErrorStatistics of(float[] reference, float[] actual, int[] shape, int positionAxis) {
    int inner = 1;
    for (int axis = positionAxis + 1; axis < shape.length; axis++) {
      inner *= shape[axis];
    }
    Sums sums = new Sums();
    for (int position = 0; position < shape[positionAxis]; position++) {
      sums.add(reference, actual, new PositionSlice(position, shape[positionAxis], inner));
    }
    return sums.statistics();
  }

  /** Whether the relative error stays within a bound. */
  public boolean within(double bound) {
    return relative <= bound;
  }

  /**
   * Whether these errors are small, and so much smaller than others against the same reference that
   * the reference must hold this state and not the other one.
   */
  boolean matchesUnlike(ErrorStatistics other) {
    return relative < CLOSE && relative * MUCH < other.relative;
  }

  /** Accumulates the errors of a state over positions. */
  static final class Sums {
    private long count;
    private double absolute;
    private double squares;
    private double largestError;
    private double largestReference;
    private double relative;
    private double product;
    private double actualSquares;
    private double referenceSquares;

    /** Adds the states of one position. */
    void add(float[] reference, float[] actual) {
      add(reference, actual, PositionSlice.whole(reference));
    }

    /** Adds one position out of states of equal length. */
    private void add(float[] reference, float[] actual, PositionSlice slice) {
      if (reference.length != actual.length) {
        throw new IllegalArgumentException(
            "%s values against %s".formatted(actual.length, reference.length));
      }
      double error = 0;
      double scale = 0;
      int size = slice.size(reference);
      for (int i = 0; i < size; i++) {
        double r = reference[slice.index(i)];
        double a = actual[slice.index(i)];
        double difference = Math.abs(a - r);
        absolute += difference;
        squares += difference * difference;
        error = Math.max(error, difference);
        scale = Math.max(scale, Math.abs(r));
        product += a * r;
        actualSquares += a * a;
        referenceSquares += r * r;
      }
      count += size;
      largestError = Math.max(largestError, error);
      largestReference = Math.max(largestReference, scale);
      relative = Math.max(relative, error == 0 ? 0 : error / scale);
    }

    ErrorStatistics statistics() {
      return new ErrorStatistics(
          count,
          absolute / count,
          largestError,
          Math.sqrt(squares / count),
          relative,
          cosine(),
          largestReference);
    }

    private double cosine() {
      boolean bothZero = actualSquares == 0 && referenceSquares == 0;
      return bothZero ? 1 : product / Math.sqrt(actualSquares * referenceSquares);
    }
  }

  /**
   * The elements of one position in a row-major state [outer, positions, inner].
   *
   * @param inner product of the axes after the one of positions
   */
  private record PositionSlice(int position, int positions, int inner) {
    /** A whole array taken as one position. */
    static PositionSlice whole(float[] values) {
      return new PositionSlice(0, 1, values.length);
    }

    /** How many elements of an array belong to this position. */
    int size(float[] values) {
      return values.length / positions;
    }

    /** The index of its i-th element. */
    int index(int i) {
      return (i / inner * positions + position) * inner + i % inner;
    }
  }
}
