package dev.hbar.study.parity;

/** Gathers the errors of a state over positions. */
final class ErrorSums {
  private long count;
  private double absolute;
  private double squares;
  private double largestError;
  private double largestReference;
  private double relative;
  private double product;
  private double actualSquares;
  private double referenceSquares;

  /** Adds one position's states. */
  void add(float[] reference, float[] actual) {
    add(reference, actual, Piece.whole(reference));
  }

  /** Adds one position out of states of equal length. */
  void add(float[] reference, float[] actual, Piece piece) {
    if (reference.length != actual.length) {
      throw new IllegalArgumentException(
          "%s values against %s".formatted(actual.length, reference.length));
    }
    double error = 0;
    double scale = 0;
    int size = piece.size(reference);
    for (int i = 0; i < size; i++) {
      double r = reference[piece.index(i)];
      double a = actual[piece.index(i)];
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
