package dev.hbar.monitor.signal;

/** p = softmax(z) without temperature, shifted by the largest logit so that exp cannot overflow. */
final class Softmax {
  private Softmax() {}

  /**
   * Probabilities of one row of logits.
   *
   * @param logits [vocab], finite
   * @return [vocab], sums to 1
   */
  static double[] of(float[] logits) {
    int likeliest = 0;
    for (int i = 1; i < logits.length; i++) {
      likeliest = logits[i] > logits[likeliest] ? i : likeliest;
    }
    double[] p = new double[logits.length];
    double others = 0;
    for (int i = 0; i < p.length; i++) {
      p[i] = Math.exp(logits[i] - (double) logits[likeliest]);
      others += i == likeliest ? 0 : p[i];
    }
    // Added last: small values added to 1 one by one would lose their digits.
    double sum = 1 + others;
    for (int i = 0; i < p.length; i++) {
      p[i] /= sum;
    }
    return p;
  }
}
