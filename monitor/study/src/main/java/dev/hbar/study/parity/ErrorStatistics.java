package dev.hbar.study.parity;

/**
 * How far values are from a reference. NaN and infinity in either stay visible: they are never
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

  /**
   * Of two states of equal shape.
   *
   * @param positionAxis which axis counts the positions
   */
  public static ErrorStatistics of(
      float[] reference, float[] actual, int[] shape, int positionAxis) {
    int inner = 1;
    for (int axis = positionAxis + 1; axis < shape.length; axis++) {
      inner *= shape[axis];
    }
    ErrorSums sums = new ErrorSums();
    for (int position = 0; position < shape[positionAxis]; position++) {
      sums.add(reference, actual, new Piece(position, shape[positionAxis], inner));
    }
    return sums.statistics();
  }

  /** Whether the relative error stays within a bound. */
  public boolean within(double bound) {
    return relative <= bound;
  }
}
